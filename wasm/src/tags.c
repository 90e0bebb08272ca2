/* One kind is read at a time, by its closing mark: brackets and parentheses count their own kind,
 * stars want as many at the end as at the start, and the two marks of a thought are matched letter by
 * letter. `held` is all that was read of what may be a tag or a mark. */
#include "tags.h"

#include <stdbool.h>

enum { PAREN_OPEN_WIDE = 0xFF08, PAREN_CLOSE_WIDE = 0xFF09 };

static const char THINK[] = "<think>";
static const char THINK_END[] = "</think>";

void tags_init(tags *t) {
    t->open = t->depth = t->kind = t->inner = t->units = t->in_thought = t->again = t->previous = 0;
}

static bool is_line_end(uint16_t unit) {
    return unit == '\n' || unit == '\r' || unit == 0x2028 || unit == 0x2029;
}

static bool is_space(uint16_t unit) {
    return unit == ' ' || unit == '\t' || unit == 0x3000 || is_line_end(unit);
}

/* What was held is of no use any more, but stays to be read. */
static tags_result leave(tags *t, tags_result result) {
    t->open = t->depth = 0;
    return result;
}

/* What was held is text, or part of a thought. */
static tags_result give_up(tags *t) {
    if (!t->in_thought) t->previous = t->held[t->units - 1];
    return leave(t, TAGS_TEXT);
}

static tags_result close(tags *t, uint32_t inner) {
    t->kind = t->open - 1;
    t->inner = inner;
    return leave(t, TAGS_CLOSED);
}

static tags_result hold(tags *t, tag_kind kind, uint16_t first) {
    t->open = kind + 1;
    t->depth = 1;
    t->held[0] = first;
    t->units = 1;
    return TAGS_WAIT;
}

/* ---- Thoughts ---------------------------------------------------------------------------- */

static tags_result take_mark(tags *t, const char *mark, tags_result found) {
    const uint16_t unit = t->held[t->units - 1];
    if (unit != (uint16_t)mark[t->units - 1]) {
        t->again = t->in_thought ? unit == '<' : (uint32_t)tags_may_begin(unit);
        t->units -= t->again;
        return give_up(t);
    }
    if (mark[t->units]) return TAGS_WAIT;
    t->in_thought = !t->in_thought;
    return leave(t, found);
}

static tags_result take_in_thought(tags *t, uint16_t unit) {
    if (!t->open) return unit == '<' ? hold(t, TAG_THINK, unit) : TAGS_THOUGHT;
    t->held[t->units++] = unit;
    return take_mark(t, THINK_END, TAGS_ENDED);
}

/* ---- Marks in pairs ---------------------------------------------------------------------- */

static tags_result take_nested(tags *t, bool opens, bool closes) {
    if (opens) t->depth++;
    if (closes && --t->depth == 0) return close(t, 1);
    return TAGS_WAIT;
}

/* One star or two; a tag's text neither begins nor ends with a space. depth: stars at the start. */
static tags_result take_star(tags *t, uint16_t unit) {
    const uint32_t before = t->units - 1;
    if (before == t->depth) {
        if (unit == '*' && t->depth == 1) {
            t->depth = 2;
            return TAGS_WAIT;
        }
        if (unit == '*' || is_space(unit)) return give_up(t);
        return TAGS_WAIT;
    }
    if (unit != '*') return TAGS_WAIT;
    if (t->depth == 1) return is_space(t->held[before - 1]) ? TAGS_WAIT : close(t, 1);
    const bool closes = t->held[before - 1] == '*' && before - 1 > 2;
    return closes && !is_space(t->held[before - 2]) ? close(t, 2) : TAGS_WAIT;
}

/* A star after a digit multiplies, or two are a power. */
static tags_result begin(tags *t, uint16_t unit) {
    const bool after_digit = t->previous >= '0' && t->previous <= '9';
    if (unit != '*' || !after_digit) t->previous = unit;
    switch (unit) {
    case '[':
        return hold(t, TAG_BRACKET, unit);
    case '<':
        return hold(t, TAG_THINK, unit);
    case '(':
    case PAREN_OPEN_WIDE:
        return hold(t, TAG_PAREN, unit);
    case '*':
        return after_digit ? TAGS_UNIT : hold(t, TAG_STAR, unit);
    default:
        return TAGS_UNIT;
    }
}

/* With the unit that was held too many. It comes after a mark and not after a digit, so it is held. */
static void begin_again(tags *t) {
    if (t->again) begin(t, t->held[t->units]);
    t->again = 0;
}

tags_result tags_take(tags *t, uint16_t unit) {
    begin_again(t);
    if (t->in_thought) return take_in_thought(t, unit);
    if (!t->open) return begin(t, unit);
    t->held[t->units++] = unit;
    if (is_line_end(unit)) return give_up(t);
    tags_result result = TAGS_WAIT;
    switch ((tag_kind)(t->open - 1)) {
    case TAG_BRACKET:
        result = take_nested(t, unit == '[', unit == ']');
        break;
    case TAG_THINK:
        result = take_mark(t, THINK, TAGS_OPENED);
        break;
    case TAG_PAREN:
        result = take_nested(t, unit == '(' || unit == PAREN_OPEN_WIDE,
                             unit == ')' || unit == PAREN_CLOSE_WIDE);
        break;
    case TAG_STAR:
        result = take_star(t, unit);
        break;
    }
    return result == TAGS_WAIT && t->units == TAGS_HELD_MAX ? give_up(t) : result;
}

tags_result tags_end(tags *t) {
    begin_again(t);
    if (t->in_thought) {
        t->in_thought = 0;
        return leave(t, TAGS_ENDED);
    }
    return t->open ? leave(t, TAGS_TEXT) : TAGS_WAIT;
}
