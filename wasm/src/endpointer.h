/* endpointer.h: probabilities in, what they mean for the segment under way out. Private to vad.c.
 *
 * Pure counting, no audio: the state machine of @ricky0123/vad-web 0.0.31's FrameProcessor.process
 * and .endSegment, condition by condition. */
#ifndef VP_ENDPOINTER_H
#define VP_ENDPOINTER_H

#include "voicepath/vad.h"

typedef struct endpointer {
    uint32_t speaking;
    uint32_t real_start_reported;
    uint32_t speech_frames;     /* at or above positive_threshold, in this segment */
    uint32_t redemption_frames; /* below negative_threshold, since the last speech frame */
} endpointer;

/* What one step reports, in this order. */
enum {
    ENDPOINTER_START = 1 << 0,
    ENDPOINTER_REAL_START = 1 << 1,
    ENDPOINTER_END = 1 << 2,
    ENDPOINTER_MISFIRE = 1 << 3
};

void endpointer_reset(endpointer *e);

/* Whether the segment under way has reached its minimum, or had when that was lower. */
int endpointer_certain(const endpointer *e, const vp_vad_config *config);

uint32_t endpointer_step(endpointer *e, const vp_vad_config *config, float probability);

/* The stream stops: ENDPOINTER_END, ENDPOINTER_MISFIRE or, in silence, 0. Resets. */
uint32_t endpointer_end(endpointer *e, const vp_vad_config *config);

#endif
