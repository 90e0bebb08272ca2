/* Four automata read the text side by side, one code point at a time. wasm/unicode makes them from
 * the rules of UAX #29 and UAX #14, and says how rules that look ahead become at most one undecided
 * boundary of each kind.
 *
 * A code point belongs to a group: all that is to be known of it. So a trie is searched once, and
 * the rest are small tables: group -> class for each automaton, and there
 *     next[class][state], action[class][state]
 * where an action has the flags of the boundary before the code point as they are written, and three
 * bits that are seldom set: that boundary is undecided; an older one is decided now; it is one.
 * Tables lie by class and not by state, so that only an addition and a load lie between a state and
 * the next. */
#include "segment.h"

#include <string.h>

typedef struct automaton {
    const uint8_t *class_of; /* a group */
    const uint8_t *next, *action;
    uint32_t states; /* the first is that of no text */
    uint32_t end;    /* the class of the end of the text; not read with next */
} automaton;

#include "segment_tables.gen.h"

enum { GRAPHEME, WORD, SENTENCE, LINE, KINDS };

_Static_assert(SEGMENT_GRAPHEME == 1 << GRAPHEME && SEGMENT_WORD == 1 << WORD &&
                   SEGMENT_SENTENCE == 1 << SENTENCE && SEGMENT_LINE == 1 << LINE &&
                   SEGMENT_LINE_MUST == 2 << LINE && SEGMENT_BITS < DECIDED,
               "actions have flags as they are written");

/* In segmenter.high: its flags are written, as those of one that stays without its other half. */
enum { WRITTEN = 0x400 };

/* ---- Code points ------------------------------------------------------------------------- */

static bool is_high(uint32_t unit) {
    return (unit & 0xFC00) == 0xD800;
}

static uint32_t group(uint32_t code_point) {
    const uint32_t block = block_of[code_point >> BLOCK_BITS];
    return group_of[block << BLOCK_BITS | (code_point & ((1u << BLOCK_BITS) - 1))];
}

uint32_t segment_traits(uint32_t code_point) {
    return traits_of[group(code_point)];
}

/* ---- The automata ------------------------------------------------------------------------ */

#define ALL(action) ((action)*0x01010101u)

/* The actions of the four kinds, a byte for each; the first kind's is the lowest. */
static inline uint32_t step(uint32_t states[KINDS], uint32_t group) {
    uint32_t actions = 0;
    for (uint32_t kind = 0; kind < KINDS; kind++) {
        const automaton *a = &automata[kind];
        const uint32_t cell = a->class_of[group] * a->states + states[kind];
        actions |= (uint32_t)a->action[cell] << 8 * kind;
        states[kind] = a->next[cell];
    }
    return actions;
}

static uint32_t action_at_end(uint32_t kind, uint32_t state) {
    return automata[kind].action[automata[kind].end * automata[kind].states + state];
}

static void decide(segmenter *s, uint8_t *flags, uint32_t kind, bool boundary) {
    if (s->pending[kind] == SEGMENT_NONE) return; /* segmenter_end() did */
    if (boundary) flags[s->pending[kind]] |= (uint8_t)(1u << kind);
    s->pending[kind] = SEGMENT_NONE;
}

/* Seldom, and so kept out of the loop. */
__attribute__((noinline)) static void look_back(segmenter *s, uint8_t *flags, uint32_t at,
                                                uint32_t actions) {
    for (uint32_t kind = 0; kind < KINDS; kind++, actions >>= 8) {
        if (actions & OLDER) decide(s, flags, kind, actions & OLDER_YES);
        if (!(actions & DECIDED)) s->pending[kind] = at;
    }
}

/* Of the code point at text[at]; the bits of flags[at] are clear. */
static inline void write(segmenter *s, uint8_t *flags, uint32_t at, uint32_t actions) {
    flags[at] |= (actions | actions >> 8 | actions >> 16 | actions >> 24) & SEGMENT_BITS;
    if ((actions & ALL(DECIDED | OLDER)) != ALL(DECIDED)) look_back(s, flags, at, actions);
}

/* ---- The segmenter ----------------------------------------------------------------------- */

void segmenter_init(segmenter *s) {
    memset(s, 0, sizeof *s);
    for (uint32_t kind = 0; kind < KINDS; kind++)
        s->pending[kind] = SEGMENT_NONE;
    s->last = (uint16_t)group('\n'); /* something that nothing joins */
}

void segmenter_push(segmenter *s, const uint16_t *text, uint8_t *flags, uint32_t units) {
    uint32_t at = s->units;
    if (at >= units) return;
    for (uint32_t i = at; i < units; i++)
        flags[i] &= (uint8_t)~SEGMENT_BITS;
    s->units = units;

    uint32_t states[KINDS], last = s->last, length;
    for (uint32_t kind = 0; kind < KINDS; kind++)
        states[kind] = s->state[kind];
    if (s->high) {
        const uint16_t pair[] = {s->high & (uint16_t)~WRITTEN, text[at]};
        last = group(segment_code_point(pair, 2, 0, &length));
        const uint32_t actions = step(states, last);
        if (!(s->high & WRITTEN)) write(s, flags, at - 1, actions);
        at += length - 1;
        s->high = 0;
    }
    for (; at < units; at += length) {
        const uint32_t code_point = segment_code_point(text, units, at, &length);
        if (is_high(code_point) && at + 1 == units) {
            s->high = (uint16_t)code_point;
            break;
        }
        last = group(code_point);
        write(s, flags, at, step(states, last));
    }
    for (uint32_t kind = 0; kind < KINDS; kind++)
        s->state[kind] = (uint16_t)states[kind];
    s->last = (uint16_t)last;
}

void segmenter_end(segmenter *s, uint8_t *flags) {
    uint32_t states[KINDS];
    for (uint32_t kind = 0; kind < KINDS; kind++)
        states[kind] = s->state[kind];
    if (s->high && !(s->high & WRITTEN)) {
        write(s, flags, s->units - 1, step(states, group(s->high)));
        s->high |= WRITTEN;
    }
    for (uint32_t kind = 0; kind < KINDS; kind++)
        decide(s, flags, kind, action_at_end(kind, states[kind]) & OLDER_YES);
}

bool segmenter_open(const segmenter *s) {
    const automaton *a = &automata[GRAPHEME];
    const uint32_t class = a->class_of[s->last];
    if (s->high || class == CLASS_ZWJ || class == CLASS_PREPEND) return true;
    return class == CLASS_REGIONAL &&
           !(a->action[class * a->states + s->state[GRAPHEME]] & SEGMENT_GRAPHEME);
}

void segmenter_rebase(segmenter *s, uint32_t units) {
    s->units -= units;
    for (uint32_t kind = 0; kind < KINDS; kind++)
        if (s->pending[kind] != SEGMENT_NONE) s->pending[kind] -= units;
}
