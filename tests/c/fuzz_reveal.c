/* Any text, any flags of silence, any volumes and any words. Whatever comes: times ascend within the
 * clip, and a cluster has one. */
#include "reveal.h"

#include <stdlib.h>
#include <string.h>

#include "tape.h"

enum { UNITS_MAX = 4096, VOLUMES_MAX = 2048, WORDS_MAX = 64 };

static void require(int holds) {
    if (!holds) abort();
}

static float take_float(tape *t) {
    const uint32_t bits = take(t, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* > 0 and finite. */
static float take_positive(tape *t) {
    const float any = take_float(t);
    return any > 0 && any < 3e38f ? any : 20;
}

static uint16_t take_unit(tape *t) {
    static const uint16_t usual[] = u"aet ,.?\"山一，。かゃーっ3.0한я\u0301\u200D";
    const uint32_t kind = take(t, 1);
    return kind < 192 ? usual[kind % (sizeof usual / sizeof *usual - 1)] : (uint16_t)take(t, 2);
}

static float take_volume(tape *t) {
    const uint32_t kind = take(t, 1);
    return kind < 100 ? 0 : kind < 250 ? (float)kind / 250 : take_float(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    static uint16_t text[UNITS_MAX];
    static uint8_t flags[UNITS_MAX];
    static float volumes[VOLUMES_MAX], at_ms[UNITS_MAX];
    static reveal_word words[WORDS_MAX];
    static reveal_scratch scratch;

    tape t = {data, length};
    const uint32_t kind = take(&t, 1);
    reveal_clip clip = {.duration_ms = kind & 1 ? take_positive(&t) : (float)take(&t, 2) + 1,
                        .slice_ms = kind & 2 ? take_positive(&t) : 20,
                        .volumes = volumes,
                        .words = words};
    clip.volume_count = take(&t, 2) % (VOLUMES_MAX + 1);
    for (uint32_t i = 0, run = 0; i < clip.volume_count; i++, run--) {
        if (run == 0) run = 1 + take(&t, 1) % 32;
        volumes[i] = run > 1 && i ? volumes[i - 1] : take_volume(&t);
    }
    clip.word_count = take(&t, 1) % (WORDS_MAX + 1);
    for (uint32_t i = 0; i < clip.word_count; i++) {
        const uint32_t unit = kind & 4 ? take(&t, 4) : take(&t, 1);
        words[i] = (reveal_word){unit, kind & 8 ? take_float(&t) : (float)take(&t, 2)};
    }
    uint32_t units = 0;
    for (uint32_t repeat = 0; units < UNITS_MAX && t.left; units++) {
        if (repeat == 0) repeat = kind & 16 ? take(&t, 1) + 1 : 1;
        text[units] = --repeat && units ? text[units - 1] : take_unit(&t);
    }
    memset(flags, 0, sizeof flags);
    segmenter s;
    segmenter_init(&s);
    segmenter_push(&s, text, flags, units);
    segmenter_end(&s, flags);
    for (uint32_t i = 0; i < units; i++)
        if (kind & 32 && text[i] % 5 == 0) flags[i] |= UNIT_SILENT;

    memset(at_ms, 0xff, sizeof at_ms);
    memset(&scratch, 0xff, sizeof scratch);
    reveal_plan(text, flags, units, &clip, at_ms, &scratch);
    for (uint32_t i = 0; i < units; i++) {
        require(at_ms[i] >= (i ? at_ms[i - 1] : 0) && at_ms[i] <= clip.duration_ms);
        require(i == 0 || flags[i] & SEGMENT_GRAPHEME || at_ms[i] == at_ms[i - 1]);
    }
    return 0;
}
