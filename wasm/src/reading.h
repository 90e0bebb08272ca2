/* How long text takes to read, by the characters a second that Netflix's Timed Text Style Guides allow:
 * Chinese 9, Japanese 4 for each kana, Korean 12, others 20. */
#ifndef READING_H
#define READING_H

#include "track.h"

/* at_ms[i]: when unit i of the text is read, counted from its start; those before `from` are known.
 * speed: times the guidelines'. */
void reading_plan(const track *t, span text, float speed, uint32_t from, float *at_ms);

/* How long the whole text takes, whose plan this is. */
float reading_ms(const track *t, span text, float speed, const float *at_ms);

#endif
