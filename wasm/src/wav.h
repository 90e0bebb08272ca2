/* wav.h: where the samples of a WAV file are, and what they are. Private to wire.c. */
#ifndef VP_WAV_H
#define VP_WAV_H

#include "voicepath/wire.h"

int32_t wav_open(vp_wire_clip *clip, const uint8_t *bytes, uint32_t length);

/* Whether wav_open() made this of it. */
int wav_is_open(const vp_wire_clip *clip);

void wav_mono(const vp_wire_clip *clip, float *samples);

#endif
