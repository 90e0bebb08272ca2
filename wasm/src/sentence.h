/* What the pieces that a speech backend sends have lost, and how it shows: a piece that is nothing but
 * marks, a closing quote at the next piece's start, a space that was stripped. */
#ifndef SENTENCE_H
#define SENTENCE_H

#include <stdbool.h>

#include "track.h"

/* Whether there is a letter or a digit. */
bool sentence_has_word(const track *t, span text);

/* Whether it ends as "I met Mr. " does, and so does not end there. */
bool sentence_is_abbreviated(const track *t, span text);

/* Whether a space belongs between two texts that are sentences of their own. */
bool sentence_has_gap(const track *t, span before, span text);

/* How many units at a text's start belong to the one before: all when it has no word, else the marks
 * that close, and the spaces after them. */
uint32_t sentence_marks(const track *t, span before, span text);

#endif
