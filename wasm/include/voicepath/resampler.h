/* voicepath/resampler.h: any sample rate to any other, live or by whole clips, one to eight channels.
 *
 * What comes out
 *   Output frame k is the band-limited input at time k * input_rate / output_rate: the filters are
 *   linear phase and their delay is already taken out, so nothing has to be trimmed or shifted.
 *   (VP_RESAMPLER_LOW_LATENCY is minimum phase: its short delay stays in the output.)
 *   Up to N pushed input frames, process() and flush() together give exactly
 *   ceil(N * output_rate / input_rate) frames, the same bits however the input is cut into blocks.
 *
 * Modes (fN: the lower of the two Nyquist frequencies; the delay is from 48 to 16 kHz and falls with
 * a higher fN; bench/README.md says how these are measured)
 *
 *                -0.1 dB at  alias from fN  from 1.09 fN  delay    for
 *   BALANCED     .87 fN      -106 dB        -112 dB       2.8 ms   speech to be recognised
 *   BEST         .946 fN     -131 dB        -145 dB       8.5 ms   speech and music to be heard
 *   ULTRA        .96 fN      -147 dB        -147 dB       12 ms    measurement; nothing is audible
 *   LOW_LATENCY  .91 fN      -117 dB        -117 dB       0.2 ms   monitoring one's own voice
 *   OFFLINE      .959 fN     -136 dB        -136 dB       0.5 s    whole clips, as fast as can be
 *
 *   LOW_LATENCY and OFFLINE reach -120 and -140 dB where one rate is twice the other or more.
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
#define VP_CHANNELS_MAX 8

/* Largest magnitude a sample keeps; beyond it, it is clipped. Full scale is 1. */
#define VP_SAMPLE_LIMIT 65536

/* Largest magnitude of a trim. */
#define VP_TRIM_MAX_PPM 10000
#define VP_TRIM_MAX (VP_TRIM_MAX_PPM / 1e6)

typedef struct vp_resampler vp_resampler;

typedef enum vp_resampler_mode {
    VP_RESAMPLER_BALANCED,
    VP_RESAMPLER_BEST,
    VP_RESAMPLER_ULTRA,
    VP_RESAMPLER_LOW_LATENCY,
    /* Transforms of long blocks. Rates whose ratio has no fitting transform (a term above 1280 when
     * reduced, or a prime factor above 7) are converted by ULTRA's filters instead. */
    VP_RESAMPLER_OFFLINE
} vp_resampler_mode;

typedef struct vp_resampler_config {
    uint32_t input_rate_hz;  /* VP_RATE_MIN_HZ .. VP_RATE_MAX_HZ */
    uint32_t output_rate_hz; /* VP_RATE_MIN_HZ .. VP_RATE_MAX_HZ */
    uint32_t mode;           /* a vp_resampler_mode */
    uint32_t channels;       /* 1 .. VP_CHANNELS_MAX */
    uint32_t adjustable;     /* 1: vp_resampler_trim() may be used; else 0. Not with OFFLINE. */
} vp_resampler_config;

/* One channel, VP_RESAMPLER_BALANCED, not adjustable. */
void vp_resampler_config_init(vp_resampler_config *config, uint32_t input_rate_hz,
                              uint32_t output_rate_hz);

/* How samples lie in a buffer: a sample type, with or without VP_FORMAT_INTERLEAVED. */
#define VP_FORMAT_F32 0 /* float */
#define VP_FORMAT_S16                                                                              \
    1 /* int16_t, full scale 32768; going out rounded, ties to even, and clipped */
#define VP_FORMAT_INTERLEAVED 2 /* frame by frame; else planar, channel by channel */

/* What one call reads and writes, and what became of it. Frames are one sample per channel. Buffers
 * may lie at any address. */
typedef struct vp_resampler_io {
    const void *input;
    void *output;
    uint32_t input_frames;  /* there are */
    uint32_t output_frames; /* there is room for */
    uint32_t input_format;  /* VP_FORMAT_... */
    uint32_t output_format;
    uint32_t
        input_stride; /* planar: from one channel's first sample to the next one's; >= frames */
    uint32_t output_stride;
    uint32_t consumed; /* set: input frames taken */
    uint32_t produced; /* set: output frames written */
} vp_resampler_io;

/* Bytes for vp_resampler_init(), or VP_E_NULL, VP_E_RATE, VP_E_MODE (also for an adjustable
 * OFFLINE), VP_E_CHANNELS. */
int32_t vp_resampler_size(const vp_resampler_config *config);

/* Designs the filters (a few ms at most) and starts a stream.
 * Errors: VP_E_MEMORY and those of vp_resampler_size(). */
int32_t vp_resampler_init(vp_resampler *resampler, uint32_t size,
                          const vp_resampler_config *config);

/* Takes up to input_frames and writes up to output_frames. Stops when the input is used up or the
 * output is full; call again with the rest. A buffer of 0 frames may be NULL.
 * Errors, which change nothing: VP_E_NULL; VP_E_FORMAT; VP_E_LENGTH where a stride that counts is less
 * than the frames, or a buffer would pass the end of memory; VP_E_OVERLAP where input and output, from
 * their first bytes to their last, overlap; VP_E_FLUSHED after vp_resampler_flush(). */
int32_t vp_resampler_process(vp_resampler *resampler, vp_resampler_io *io);

/* Ends the stream: gives the frames still held back. Call until io->produced is 0; the input is not
 * looked at. Errors as above, but for VP_E_FLUSHED. */
int32_t vp_resampler_flush(vp_resampler *resampler, vp_resampler_io *io);

/* Starts a new stream with the same rates, and the trim as it is. */
void vp_resampler_reset(vp_resampler *resampler);

/* The output rate moves to 1 + trim times what it was configured to be: a positive trim gives more
 * frames. For clocks that drift. The next output's time stands; from there on steps change, by a full
 * trim in 512 samples at twice the lower rate, so that nothing clicks. Going down, what the filter has
 * already taken in is not changed any more. Before the first input a trim holds at once.
 * Errors: VP_E_NULL; VP_E_MODE where the resampler is not adjustable; VP_E_TRIM where trim is not
 * within +-VP_TRIM_MAX. */
int32_t vp_resampler_trim(vp_resampler *resampler, double trim);

/* The delay of a live stream, from the last input frame pushed to the time that the newest output
 * stands for: the output at time t, in input frames, is given as soon as more than t + latency input
 * frames have been pushed; LOW_LATENCY's delay is that of its low frequencies. OFFLINE gives it then
 * or earlier, with the block that it is in. 0 when the rates are equal and fixed. */
double vp_resampler_latency_samples(const vp_resampler *resampler);

/* What process() for input_frames more and a flush() after it give together at the present trim, so
 * never less than process() alone. UINT32_MAX when it would be more. */
uint32_t vp_resampler_output_bound(const vp_resampler *resampler, uint32_t input_frames);

#ifdef __cplusplus
}
#endif
#endif
