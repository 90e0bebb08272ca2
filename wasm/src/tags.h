/* Finds tags in text that comes unit by unit: [joy], <think>…</think>, (smiles), *waves*.
 *
 * What may be a tag is held until it is one, or is not: it is none when a line ends, the text ends, or
 * TAGS_HELD_MAX units have come. Then all of it is text, so nothing is lost. Tags in tags are part of
 * their text. A thought is different: it is long, begins with a mark that nothing else has, and needs
 * no end, so it is dealt with unit by unit. */
#ifndef TAGS_H
#define TAGS_H

#include <stdint.h>

#define TAGS_HELD_MAX 256

/* In the order of vp_tag_kind. */
typedef enum tag_kind { TAG_BRACKET, TAG_THINK, TAG_PAREN, TAG_STAR } tag_kind;

typedef enum tags_result {
    TAGS_WAIT,    /* held: nothing comes out yet */
    TAGS_UNIT,    /* the unit itself is text */
    TAGS_TEXT,    /* held[0..units) is text, the unit included */
    TAGS_CLOSED,  /* held[0..units) is a tag of this kind; its text is held[inner..units - inner) */
    TAGS_THOUGHT, /* the unit is part of a thought */
    TAGS_OPENED,  /* a thought begins, */
    TAGS_ENDED,   /* and ends */
} tags_result;

typedef struct tags {
    uint32_t open;  /* what is being read: 0 for text, else tag_kind + 1 */
    uint32_t depth; /* of brackets of the same kind */
    uint32_t kind;  /* tag_kind of the last TAGS_CLOSED */
    uint32_t inner; /* how long its marks are */
    uint32_t units; /* held */
    uint32_t in_thought;
    uint32_t again;    /* held[units] was no part of the mark before it, and begins another */
    uint32_t previous; /* unit of text, but for stars after a digit the digit; 0 at the start */
    uint16_t held[TAGS_HELD_MAX];
} tags;

void tags_init(tags *t);

/* The held text is good until the next call. Units that were held in a thought and are no end of it are
 * TAGS_TEXT. */
tags_result tags_take(tags *t, uint16_t unit);

/* The text ends: TAGS_TEXT for what was held, TAGS_ENDED for a thought, else TAGS_WAIT. */
tags_result tags_end(tags *t);

/* Whether a unit outside of tags can begin one. */
static inline int tags_may_begin(uint16_t unit) {
    return unit == '[' || unit == '<' || unit == '(' || unit == '*' || unit == 0xFF08;
}

/* Whether nothing is held and no thought goes on. */
static inline int tags_are_closed(const tags *t) {
    return !t->open && !t->again && !t->in_thought;
}

#endif
