/* silero.h: one frame of 16 kHz audio -> the probability that it is speech. Private to vad.c. */
#ifndef VP_SILERO_H
#define VP_SILERO_H

#include "voicepath/vad.h"

typedef struct silero_weights silero_weights;
typedef struct silero silero;

uint32_t silero_weights_size(void);

/* Returns the generation, 5 or 6, or VP_E_WEIGHTS_*. */
int32_t silero_weights_unpack(silero_weights *weights, const uint8_t *bytes, uint32_t byte_length);

uint32_t silero_size(void);

void silero_init(silero *model, const silero_weights *weights, int with_context);

/* Back to silence: zero context and recurrent state. */
void silero_reset(silero *model);

/* frame: VP_VAD_FRAME_SAMPLES finite samples. */
float silero_process(silero *model, const float *frame);

#endif
