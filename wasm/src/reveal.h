/* When each grapheme cluster of a sentence is spoken, as far as text and loudness tell.
 *
 * Text says how long its parts take (class weights) and where a speaker may pause; `volumes` says
 * where the voice is and where it is silent. */
#ifndef REVEAL_H
#define REVEAL_H

#include <stdint.h>

#include "segment.h"

/* A unit's flag, beside SEGMENT_BITS: shown but not spoken, as (smiles) is. */
enum { UNIT_SILENT = 32 };

/* A word whose time is known: text[unit..] begins to be spoken at at_ms after the clip's start. */
typedef struct reveal_word {
    uint32_t unit;
    float at_ms;
} reveal_word;

typedef struct reveal_clip {
    float duration_ms;    /* > 0, finite */
    float slice_ms;       /* > 0: what one of volumes stands for */
    const float *volumes; /* loudness, 0..1 (RMS divided by the clip's largest); may hold garbage */
    uint32_t volume_count;    /* 0: unknown */
    uint32_t word_count;      /* 0: unknown */
    const reveal_word *words; /* in any order, possibly garbage: what is not ascending is skipped */
} reveal_clip;

/* What lies between two clusters that are spoken, and lets a speaker pause. */
typedef struct reveal_break {
    float text_ms; /* where, in text time (reveal.c) */
    uint32_t kind;
    float missed; /* the cost if all breaks before this one went without a pause */
} reveal_break;

typedef struct reveal_pause {
    float begin_ms, end_ms;
    float missed; /* the cost if all pauses before this one were laid on no break */
} reveal_pause;

/* Beyond these, breaks are left out from the end of a text, and the shortest pauses of a clip. */
#define REVEAL_BREAKS 512
#define REVEAL_PAUSES 24
/* How many breaks are tried for a pause. */
#define REVEAL_WINDOW 32

/* Working memory. */
typedef struct reveal_scratch {
    reveal_break breaks[REVEAL_BREAKS];
    reveal_pause pauses[REVEAL_PAUSES];
    uint32_t window[REVEAL_PAUSES]; /* the first break that is tried; in the end, the one */
    float cost[REVEAL_PAUSES][REVEAL_WINDOW];
    uint16_t from[REVEAL_PAUSES][REVEAL_WINDOW]; /* the cell that the cheapest way came from */
    uint16_t bins[256];
} reveal_scratch;

/* Writes at_ms[0..units): when the cluster that the unit belongs to begins to be spoken, counted from
 * the clip's start: ascending (not strictly), finite, within 0..duration_ms, the same for all units of
 * a cluster. flags are those of a finished text (segmenter_end() was called), with UNIT_SILENT. What
 * is silent comes with what is spoken before it. Punctuation and spaces come with the cluster before
 * them, so that nothing waits for the pause that it stands for. */
void reveal_plan(const uint16_t *text, const uint8_t *flags, uint32_t units,
                 const reveal_clip *clip, float *at_ms, reveal_scratch *scratch);

#endif
