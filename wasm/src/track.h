/* All text of one language, one cue after the other, with what is known of each unit. */
#ifndef TRACK_H
#define TRACK_H

#include <stdint.h>

#include "lines.h"
#include "segment.h"
#include "widths.h"

/* A unit's flag, beside SEGMENT_BITS and UNIT_SILENT: its cluster's width is an estimate. */
enum { UNIT_ESTIMATED = 64 };

typedef struct track {
    uint16_t *text;
    uint8_t *flags;
    float *width_px; /* of the cluster that begins here */
    widths widths;   /* languages are shown in different sizes */
    uint32_t capacity;
    uint32_t used;
    uint32_t measured; /* before this unit no width is an estimate */
} track;

/* A stretch of a track. */
typedef struct span {
    uint32_t start;
    uint32_t units;
} span;

/* One more unit at the end; there must be room. */
static inline void track_put(track *t, uint16_t unit, uint8_t flags) {
    t->text[t->used] = unit;
    t->flags[t->used++] = flags;
}

void track_put_all(track *t, const uint16_t *units, uint32_t count);

/* Cluster widths of [from, used): from the table, or estimated: em_px for a wide character, half of it
 * for others. */
void track_measure(track *t, uint32_t from, float em_px);

/* Takes the next cluster whose width is an estimate and is not in the table: t->measured is where it
 * begins. Returns its units, 0 when there is none. */
uint32_t track_next_estimate(track *t);

/* The host has measured a cluster, which may have grown since. */
void track_set_width(track *t, span cluster, float width_px);

/* Moves a span down to `to`, which is not after it; returns its units. */
uint32_t track_move(track *t, span from, uint32_t to);

/* TRAIT bits of the code point at a unit. */
static inline uint32_t track_traits(const track *t, uint32_t at) {
    uint32_t length;
    return segment_traits(segment_code_point(t->text, t->used, at, &length));
}

/* Boundaries of a text that is whole. */
void track_segment(track *t, span text);

static inline page_text track_text(const track *t, span s) {
    return (page_text){t->text + s.start, t->flags + s.start, t->width_px + s.start, s.units};
}

#endif
