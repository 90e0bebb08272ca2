/* A stretch of signal between two stages: what lies before begin is used up, end is where the next
 * sample goes. */
#ifndef VP_LINE_H
#define VP_LINE_H

#include <stdint.h>
#include <string.h>

typedef struct line {
    float *samples;
    uint32_t begin, end, capacity;
} line;

static inline uint32_t line_length(const line *l) {
    return l->end - l->begin;
}

/* Where the next count samples go. When they do not fit, what is left moves to the start. */
static inline float *line_extend(line *l, uint32_t count) {
    if (l->end + count > l->capacity) {
        memmove(l->samples, l->samples + l->begin, line_length(l) * sizeof *l->samples);
        l->end -= l->begin;
        l->begin = 0;
    }
    float *next = l->samples + l->end;
    l->end += count;
    return next;
}

static inline void line_push(line *l, const float *samples, uint32_t count) {
    memcpy(line_extend(l, count), samples, count * sizeof *samples);
}

/* The silence before the stream. */
static inline void line_reset(line *l, uint32_t zeros) {
    l->begin = 0;
    l->end = zeros;
    memset(l->samples, 0, zeros * sizeof *l->samples);
}

#endif
