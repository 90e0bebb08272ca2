/* voicepath/mic.h: microphone blocks in, speech events out: resampler and VAD in one object.
 *
 * Made for the audio thread: one call a block, no allocation, and no work but copying until a frame
 * of 32 ms is complete.
 */
#ifndef VOICEPATH_MIC_H
#define VOICEPATH_MIC_H

#include "voicepath/resampler.h"
#include "voicepath/vad.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vp_mic vp_mic;

typedef struct vp_mic_config {
    uint32_t rate_hz; /* of the blocks: VP_RATE_MIN_HZ .. VP_RATE_MAX_HZ */
    vp_vad_config vad;
} vp_mic_config;

/* Bytes for vp_mic_init(), or VP_E_NULL, VP_E_RATE, VP_E_THRESHOLD, VP_E_FRAMES. */
int32_t vp_mic_size(const vp_mic_config *config);

/* model: as for vp_vad_init(). Without one a vp_mic makes 16 kHz frames of its blocks, and reports them.
 * Errors: VP_E_NULL, VP_E_MEMORY, VP_E_RATE, VP_E_THRESHOLD, VP_E_FRAMES. */
int32_t vp_mic_init(vp_mic *mic, uint32_t size, const vp_mic_config *config,
                    const vp_vad_model *model);

/* As vp_vad_configure(). */
int32_t vp_mic_configure(vp_mic *mic, const vp_vad_config *config);

/* Takes a block of any length at rate_hz and stops after the first frame that has events. Call
 * again with the rest until it returns 0: then all of the block is taken and every event given.
 * Returns the number of events. Errors: VP_E_NULL. */
int32_t vp_mic_push(vp_mic *mic, const float *samples, uint32_t count, vp_vad_output *output);

/* The stream ends here: gives what the resampler held back, then ends the segment under way as
 * vp_vad_end() does. Call until it returns 0. The next push starts a new stream.
 * Returns the number of events. Errors: VP_E_NULL. */
int32_t vp_mic_end(vp_mic *mic, vp_vad_output *output);

/* Forgets everything heard, without events. */
void vp_mic_reset(vp_mic *mic);

/* The VAD inside, for feeding 16 kHz frames beside the microphone. */
vp_vad *vp_mic_vad(vp_mic *mic);

#ifdef __cplusplus
}
#endif
#endif
