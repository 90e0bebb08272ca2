#include "reading.h"

/* Below this are the scripts that are read letter by letter. */
enum { FIRST_WIDE = 0x1100 };

/* slowness: 1 / speed. */
static float cluster_ms(const track *t, uint32_t at, float slowness) {
    const uint16_t unit = t->text[at];
    if (unit < FIRST_WIDE) return 50 * slowness;
    if (unit >= 0x3040 && unit <= 0x30FF) return 250 * slowness;          /* kana */
    if (unit >= 0xAC00 && unit <= 0xD7A3) return 1000.0F / 12 * slowness; /* hangul */
    return (track_traits(t, at) & TRAIT_WIDE ? 1000.0F / 9 : 50) * slowness;
}

/* Where the cluster begins that unit `at` of the text belongs to. */
static uint32_t cluster_start(const track *t, span text, uint32_t at) {
    while (at > 0 && !(t->flags[text.start + at] & SEGMENT_GRAPHEME))
        at--;
    return at;
}

void reading_plan(const track *t, span text, float speed, uint32_t from, float *at_ms) {
    const uint8_t *flags = t->flags + text.start;
    const float slowness = 1 / speed;
    uint32_t cluster = from ? cluster_start(t, text, from - 1) : 0;
    if (cluster == 0) at_ms[0] = 0;
    float sum_ms = at_ms[cluster];
    for (uint32_t i = cluster + 1; i < text.units; i++) {
        if (flags[i] & SEGMENT_GRAPHEME) {
            sum_ms += cluster_ms(t, text.start + cluster, slowness);
            cluster = i;
        }
        at_ms[i] = sum_ms;
    }
}

float reading_ms(const track *t, span text, float speed, const float *at_ms) {
    if (text.units == 0) return 0;
    const uint32_t last = cluster_start(t, text, text.units - 1);
    return at_ms[last] + cluster_ms(t, text.start + last, 1 / speed);
}
