/* voicepath/resampler.h: any sample rate to any other, streaming, one channel.
 *
 * What comes out
 *   Output sample k is the band-limited input at time k * input_rate / output_rate: the filters are
 *   linear phase and their delay is already taken out, so nothing has to be trimmed or shifted.
 *   Up to N pushed input samples, process() and flush() together give exactly
 *   ceil(N * output_rate / input_rate) samples, the same bits however the input is cut into blocks.
 *
 * Quality (fN: the lower of the two Nyquist frequencies)
 *   pass band flat within 0.1 dB up to .87 fN, stop band -100 dB from fN on.
 *
 * Bad samples
 *   NaN and infinity count as 0, and magnitudes are limited to VP_SAMPLE_LIMIT, so that one bad
 *   sample can never outlive the filter.
 */
#ifndef VOICEPATH_RESAMPLER_H
#define VOICEPATH_RESAMPLER_H

#include "voicepath/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define VP_RATE_MIN_HZ 8000
#define VP_RATE_MAX_HZ 192000

/* Largest magnitude a sample keeps; beyond it, it is clipped. Full scale is 1. */
#define VP_SAMPLE_LIMIT 65536

typedef struct vp_resampler vp_resampler;

typedef struct vp_resampler_config {
    uint32_t input_rate_hz;  /* VP_RATE_MIN_HZ .. VP_RATE_MAX_HZ */
    uint32_t output_rate_hz; /* VP_RATE_MIN_HZ .. VP_RATE_MAX_HZ */
} vp_resampler_config;

/* What one call took and gave. */
typedef struct vp_resampler_progress {
    uint32_t consumed; /* input samples taken */
    uint32_t produced; /* output samples written */
} vp_resampler_progress;

/* Bytes for vp_resampler_init(), or VP_E_NULL, VP_E_RATE. */
int32_t vp_resampler_size(const vp_resampler_config *config);

/* Designs the filters (a few ms at most) and starts a stream.
 * Errors: VP_E_NULL, VP_E_MEMORY, VP_E_RATE. */
int32_t vp_resampler_init(vp_resampler *resampler, uint32_t size,
                          const vp_resampler_config *config);

/* Takes up to input_length samples and writes up to output_capacity samples, which must not overlap
 * the input. Stops when the input is used up or the output is full; call again with the rest. A
 * buffer of length 0 may be NULL. Errors, which leave *progress alone: VP_E_NULL; VP_E_FLUSHED
 * after vp_resampler_flush(). */
int32_t vp_resampler_process(vp_resampler *resampler, const float *input, uint32_t input_length,
                             float *output, uint32_t output_capacity,
                             vp_resampler_progress *progress);

/* Ends the stream: gives the samples still held back. Call until progress->produced is 0.
 * Errors: VP_E_NULL. */
int32_t vp_resampler_flush(vp_resampler *resampler, float *output, uint32_t output_capacity,
                           vp_resampler_progress *progress);

/* Starts a new stream with the same rates. */
void vp_resampler_reset(vp_resampler *resampler);

/* The delay of a live stream: the output at time t, counted in input samples, is given as soon as
 * more than t + latency input samples have been pushed. 0 when the rates are equal. */
double vp_resampler_latency_samples(const vp_resampler *resampler);

/* What process() for input_length more samples and a flush() after it give together, so never less
 * than process() alone. UINT32_MAX when it would be more. */
uint32_t vp_resampler_output_bound(const vp_resampler *resampler, uint32_t input_length);

#ifdef __cplusplus
}
#endif
#endif
