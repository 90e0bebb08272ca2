/* The short filter of a resampler, and the only one that meets the ratio: it reads a signal at any
 * instants, between rates of which each is well above what the signal holds. */
#ifndef VP_POLYPHASE_H
#define VP_POLYPHASE_H

#include <stdbool.h>

#include "line.h"

typedef enum polyphase_kind {
    POLYPHASE_BALANCED,
    POLYPHASE_BEST,
    POLYPHASE_ULTRA,
    POLYPHASE_LOW_LATENCY
} polyphase_kind;

/* One filter, for any number of streams. */
typedef struct polyphase {
    polyphase_kind kind;
    uint32_t taps; /* a multiple of 4 */
    uint32_t rows; /* phases for which there are taps */
    bool
        interpolate; /* rows are not all the phases there can be: what lies between is interpolated */
    double ratio;    /* the rate it reads at / the lower rate of the resampler */
    float *table;    /* polyphase_table_length() floats, the caller's */
    uint64_t unit;   /* of time: so many are one sample read */
    uint64_t nominal_step; /* from one output to the next, before trimming */
    uint64_t step;         /* what streams' steps go towards, by at most slew an output */
    uint64_t slew;
} polyphase;

/* A stream through it. */
typedef struct polyphase_stream {
    line line;
    uint64_t time; /* of the next output, after the sample before() past begin */
    uint64_t step;
} polyphase_stream;

/* Reading at the rate `from`, giving the rate `to`, where the resampler's lower rate is `low` and the
 * signal holds nothing beyond 3 low / 2 that may come out. Adjustable: polyphase_trim() may be used. */
polyphase polyphase_of(polyphase_kind kind, uint32_t from, uint32_t to, uint32_t low,
                       bool adjustable);
uint32_t polyphase_table_length(const polyphase *p);
void polyphase_design(polyphase *p);

/* From an input sample until the output that stands for it, in samples read: how long the output
 * waits where the phase is linear, else its own delay. */
double polyphase_delay(const polyphase *p);

/* The rate it gives becomes 1 + trim times the nominal one, in SLEW outputs at most: a rate that jumps
 * clicks, for the images that the steep filter has yet to remove jump with it. */
void polyphase_trim(polyphase *p, double trim);

/* Starts a stream, whose line has its memory, at the present trim. */
void polyphase_reset(const polyphase *p, polyphase_stream *s);

/* Outputs that can be given. */
uint32_t polyphase_ready(const polyphase *p, const polyphase_stream *s);

/* Gives those, up to capacity. */
uint32_t polyphase_run(const polyphase *p, polyphase_stream *s, float *output, uint32_t capacity);

/* Outputs whose time lies before that of the sample `more` samples after the line's end. */
uint64_t polyphase_outputs_before(const polyphase *p, const polyphase_stream *s, uint64_t more);

#endif
