/* dft.h: four complex discrete Fourier transforms at once, one in each lane.
 * Private to overlap_save.c.
 */
#ifndef VP_DFT_H
#define VP_DFT_H

#include "cx4.h"

#include <stddef.h>

#define DFT_JOINS_MAX 16

/* A factor of a unit's magnitude. */
typedef struct dft_turn {
    float re, im;
} dft_turn;

/* Joins `radix` transforms of so many points into one. */
typedef struct dft_join {
    uint32_t radix;
    uint32_t points;
    const dft_turn *turns;
} dft_join;

typedef struct dft {
    dft_join join[DFT_JOINS_MAX]; /* the last to be done comes first */
    uint32_t joins;
} dft;

/* Bytes of turns for so many points. They must be 4 * 2^a * 3^b * 5^c * 7^d, below 2^18. */
uint32_t dft_size(uint32_t points);

/* Computes the turns, which stay the caller's memory; d keeps the address. */
void dft_init(dft *d, uint32_t points, dft_turn *turns);

/* out[k] = sum over n of x[n] exp(-2 pi i k n / points), where x[n] is the four complex numbers of
 * the parts re[4n .. 4n + 3] and im[4n .. 4n + 3]. The inverse, not divided by points, is the same
 * with real and imaginary parts exchanged both in x and in out. Not in place. */
void dft_run(const dft *d, const float *re, const float *im, cx4 *out);

#endif
