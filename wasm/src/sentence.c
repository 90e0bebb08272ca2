#include "sentence.h"

#include <stddef.h>

bool sentence_has_word(const track *t, span text) {
    for (uint32_t i = 0, length; i < text.units; i += length) {
        const uint32_t c = segment_code_point(t->text, t->used, text.start + i, &length);
        if (segment_traits(c) & TRAIT_WORD) return true;
    }
    return false;
}

static bool is_upper(uint16_t unit) {
    return unit >= 'A' && unit <= 'Z';
}

static bool is_letter(uint16_t unit) {
    return is_upper(unit & (uint16_t)~32);
}

/* A capital, at most two letters more, and a full stop: "Mr. ", "Dr. ", "J. ". To take "Bob." for one
 * costs nothing: two sentences share a cue. */
bool sentence_is_abbreviated(const track *t, span text) {
    const uint16_t *unit = t->text + text.start;
    uint32_t end = text.units;
    while (end && unit[end - 1] == ' ')
        end--;
    if (end == 0 || unit[--end] != '.') return false;
    uint32_t letters = 0;
    while (letters < end && letters < 4 && is_letter(unit[end - 1 - letters]))
        letters++;
    return letters >= 1 && letters <= 3 && is_upper(unit[end - letters]);
}

/* Whether a language that puts spaces between words may have this at a word's edge. */
static bool is_spaced(const track *t, uint32_t at) {
    const uint16_t unit = t->text[at];
    const bool hangul = unit >= 0xAC00 && unit <= 0xD7A3;
    return hangul || !(track_traits(t, at) & (TRAIT_WIDE | TRAIT_SPACE));
}

/* Marks that belong to what is before them; dots do not: "...and" begins so. */
static bool is_stop(uint16_t unit) {
    static const uint16_t stops[] = {'!',    '?',    ',',    ';',    ':',    0x3001,
                                     0x3002, 0xFF01, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF1F};
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++)
        if (unit == stops[i]) return true;
    return false;
}

bool sentence_has_gap(const track *t, span before, span text) {
    if (before.units == 0 || text.units == 0) return false;
    uint32_t last = before.start + before.units - 1;
    if (before.units > 1 && (t->text[last] & 0xFC00) == 0xDC00) last--;
    if (!is_spaced(t, last) || track_traits(t, last) & TRAIT_OPEN) return false;
    const bool closes = track_traits(t, text.start) & TRAIT_CLOSE || is_stop(t->text[text.start]);
    return is_spaced(t, text.start) && !closes;
}

uint32_t sentence_marks(const track *t, span before, span text) {
    if (!sentence_has_word(t, text)) return text.units;
    uint32_t quotes = 0;
    for (uint32_t i = 0; i < before.units; i++)
        quotes += t->text[before.start + i] == '"';
    uint32_t units = 0;
    for (; units < text.units; units++) {
        const uint32_t at = text.start + units;
        const bool closing_quote = t->text[at] == '"' && quotes++ % 2;
        if (!closing_quote && !is_stop(t->text[at]) && !(track_traits(t, at) & TRAIT_CLOSE)) break;
    }
    while (units && units < text.units && track_traits(t, text.start + units) & TRAIT_SPACE)
        units++;
    return units;
}
