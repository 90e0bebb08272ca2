/* The steep filter of a resampler, at twice the lower rate: it passes what both rates can carry and
 * stops the rest, taking every second sample of what comes or putting one between any two. */
#ifndef VP_FIR_H
#define VP_FIR_H

#include <stdbool.h>

#include "line.h"

typedef enum fir_kind {
    FIR_BALANCED,
    FIR_BEST,
    FIR_ULTRA,
    FIR_LOW_LATENCY /* minimum phase, the others linear phase */
} fir_kind;

typedef struct fir fir; /* one filter, for any number of streams */

/* A stream through it. Halving reads the samples of the double rate, which lie in two lines; doubling
 * reads those of the lower rate, in even alone. */
typedef struct fir_stream {
    line even, odd;
    bool next_odd; /* the next sample of the double rate, in or out, is an odd one */
} fir_stream;

const fir *fir_of(fir_kind kind);

/* Outputs are computed so many at once: lines need room for that much past their capacity, which is
 * read, and not used. */
enum { FIR_GROUP = 16 };

/* The samples before the first one that is not yet needed, in each line of a stream. */
uint32_t fir_window(const fir *f);

/* From an input sample until the output that stands for it, in samples of the lower rate: how long
 * the output waits where the phase is linear, else its own delay. */
double fir_delay(const fir *f);

/* Starts a stream, whose lines have their memory. */
void fir_reset(const fir *f, fir_stream *s);

/* How many samples to push so that so many outputs can be given; the last one is an even one. */
uint32_t fir_halve_needs(const fir *f, const fir_stream *s, uint32_t outputs);
void fir_halve_push(fir_stream *s, const float *samples, uint32_t count);

/* Gives the outputs that can be given, up to capacity. Samples to double go into s->even. */
uint32_t fir_halve_run(const fir *f, fir_stream *s, float *output, uint32_t capacity);
uint32_t fir_double_run(const fir *f, fir_stream *s, float *output, uint32_t capacity);

#endif
