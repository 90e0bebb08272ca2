/* Where text may be divided, by Unicode 17: between grapheme clusters, words and sentences (UAX #29)
 * and lines (UAX #14).
 *
 * Text comes in pieces cut anywhere, also inside a surrogate pair, and gives the same boundaries as
 * the whole. Some boundaries depend on what follows (no break in "can't", one after "can'"): each of
 * the four kinds keeps at most one undecided, and decides it when the text says so.
 *
 * Text is UTF-16. A surrogate without its other half counts as one code point, as UAX #29 has it. */
#ifndef SEGMENT_H
#define SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

/* Bits of a unit's flags: a boundary lies before it. */
enum {
    SEGMENT_GRAPHEME = 1,
    SEGMENT_WORD = 2,
    SEGMENT_SENTENCE = 4,
    SEGMENT_LINE = 8,      /* a line may be broken here */
    SEGMENT_LINE_MUST = 16 /* and must be; comes with SEGMENT_LINE */
};
#define SEGMENT_BITS 31
#define SEGMENT_START 7 /* what the first unit of a text has */

enum { SEGMENT_KIND_GRAPHEME, SEGMENT_KIND_WORD, SEGMENT_KIND_SENTENCE, SEGMENT_KIND_LINE };

/* The state between two pieces. Units are counted from the start of the text. */
typedef struct segmenter {
    uint32_t units;      /* of text so far */
    uint32_t pending[4]; /* by SEGMENT_KIND: where the undecided boundary
                            is; SEGMENT_NONE for none */
    uint16_t state[4];   /* of each kind's automaton */
    uint16_t high; /* a high surrogate that waits for its other half, at units - 1; 0 for none */
    uint16_t last; /* what segmenter_open() looks at */
} segmenter;
#define SEGMENT_NONE UINT32_MAX

/* Before the first unit. */
void segmenter_init(segmenter *s);

/* The text goes on: text[s->units .. units) is new, the rest is as it was. Sets the SEGMENT_BITS of
 * the new units' flags, and of an older one only to decide it; leaves the other bits of all flags
 * alone. The first unit of a text has a grapheme, word and sentence boundary, and none for lines.
 * An undecided boundary reads as none. */
void segmenter_push(segmenter *s, const uint16_t *text, uint8_t *flags, uint32_t units);

/* The text ends here: decides what is undecided. The end itself is a boundary of every kind, which
 * nobody writes. To push more afterwards is allowed: what was decided stays as it was decided, and
 * what follows is as if it had not been asked. */
void segmenter_end(segmenter *s, uint8_t *flags);

/* Whether the last cluster is known to be unfinished: it ends in a lone high surrogate, a joiner
 * (ZWJ), a first regional indicator, or something that only prepends. */
bool segmenter_open(const segmenter *s);

/* Whether every boundary in the first `units` units is decided. */
static inline bool segmenter_is_decided(const segmenter *s, uint32_t units) {
    for (int kind = 0; kind < 4; kind++)
        if (s->pending[kind] < units) return false;
    return true;
}

/* The first `units` units of the text are forgotten: all offsets count from there. No boundary
 * before that may be undecided. */
void segmenter_rebase(segmenter *s, uint32_t units);

/* What else is to be known of a code point. */
enum {
    TRAIT_WIDE = 1,  /* two columns: East_Asian_Width W or F */
    TRAIT_ZERO = 2,  /* no column: Mn, Me, Cf without U+00AD, Hangul vowels and trailing jamo */
    TRAIT_WORD = 4,  /* general category L, M or N */
    TRAIT_SPACE = 8, /* White_Space */
    TRAIT_OPEN = 16, /* general category Ps or Pi */
    TRAIT_CLOSE = 32 /* general category Pe or Pf */
};
uint32_t segment_traits(uint32_t code_point);

/* The code point at text[at] and how many units it takes (1 or 2); at < units. */
static inline uint32_t segment_code_point(const uint16_t *text, uint32_t units, uint32_t at,
                                          uint32_t *length) {
    const uint32_t first = text[at];
    *length = 1;
    if ((first & 0xFC00) != 0xD800 || at + 1 >= units || (text[at + 1] & 0xFC00) != 0xDC00)
        return first;
    *length = 2;
    return 0x10000 + ((first & 0x3FF) << 10) + (text[at + 1] & 0x3FF);
}

#endif
