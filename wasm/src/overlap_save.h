/* overlap_save.h: one channel from one sample rate to another by long Fourier transforms, a batch at
 * a time. Private to resampler.c.
 *
 * in and out are the two rates' ratio in lowest terms, as 3 and 1 for 48 to 16 kHz. Output n of a
 * batch is the band-limited input at n * in / out samples after the batch's first: no delay, no
 * phase. A batch needs input from before its first sample to after its last. What is given depends
 * on that alone: batches leave nothing behind for the next.
 *
 * With fN the lower of the two Nyquist frequencies: flat up to .948 fN, -0.1 dB at .9597 fN, and from
 * fN on nothing but what rounding leaves of a tone: below -140 dB when the rate is halved or more, for
 * then most of it goes with the bins, and below -136 dB always.
 */
#ifndef VP_OVERLAP_SAVE_H
#define VP_OVERLAP_SAVE_H

#include <stdint.h>

typedef struct overlap_save overlap_save;

/* Bytes for overlap_save_init(), at most 1.5 MB, or 0 where no transform fits: a term above 1280 or
 * with a prime factor above 7, or one term more than 24 times the other. */
uint32_t overlap_save_size(uint32_t in, uint32_t out);

/* In memory of that size, aligned to 16 bytes, which must not move. */
void overlap_save_init(overlap_save *os, uint32_t in, uint32_t out);

/* A batch, in samples. */
typedef struct overlap_save_shape {
    uint32_t inputs;
    uint32_t outputs; /* inputs * out / in */
    uint32_t margin;  /* input needed before the batch's first sample, and again after its last */
} overlap_save_shape;

/* Of a ratio that has a size. */
overlap_save_shape overlap_save_shape_of(uint32_t in, uint32_t out);

/* Reads margin + inputs + margin samples, the batch's first being input[margin]. Writes outputs. */
void overlap_save_run(overlap_save *os, const float *input, float *output);

#endif
