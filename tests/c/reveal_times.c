/* reveal_times <clips >times
 *
 * Plans clips, for tests/js/reveal-timing.ts. A clip is a line of numbers: duration_ms, slice_ms, how
 * many volumes, the volumes, how many words, unit and at_ms of each, how many UTF-16 units, the units.
 * A line of times answers it: at_ms of each unit.
 *
 * reveal_times --sounds answers with the text time of each unit and of the text's end instead, as if a
 * single sound weighed 1 ms and the others nothing: a line for each sound, in the order of reveal.c.
 * Text time is a sum of weights, so a fit needs no more. */
#include "reveal.c"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNITS_MAX = 4096, VOLUMES_MAX = 1 << 16, WORDS_MAX = 4096 };

static struct {
    uint16_t text[UNITS_MAX];
    uint8_t flags[UNITS_MAX];
    uint32_t units;
    float volumes[VOLUMES_MAX];
    reveal_word words[WORDS_MAX];
    reveal_clip clip;
    float at_ms[UNITS_MAX];
} input;

static reveal_scratch scratch;

static float number(void) {
    float value;
    if (scanf("%f", &value) != 1) {
        fprintf(stderr, "reveal_times: a number is missing\n");
        exit(1);
    }
    return value;
}

static uint32_t count(uint32_t limit) {
    const float value = number();
    if (value >= 0 && value <= (float)limit) return (uint32_t)value;
    fprintf(stderr, "reveal_times: %g is out of range\n", value);
    exit(1);
}

static bool read_clip(void) {
    float duration_ms;
    if (scanf("%f", &duration_ms) != 1) return false;
    input.clip = (reveal_clip){.duration_ms = duration_ms,
                               .slice_ms = number(),
                               .volumes = input.volumes,
                               .words = input.words};
    input.clip.volume_count = count(VOLUMES_MAX);
    for (uint32_t i = 0; i < input.clip.volume_count; i++)
        input.volumes[i] = number();
    input.clip.word_count = count(WORDS_MAX);
    for (uint32_t i = 0; i < input.clip.word_count; i++) {
        const uint32_t unit = count(UNITS_MAX);
        input.words[i] = (reveal_word){unit, number()};
    }
    input.units = count(UNITS_MAX);
    for (uint32_t i = 0; i < input.units; i++)
        input.text[i] = (uint16_t)count(0xFFFF);

    segmenter s;
    memset(input.flags, 0, sizeof input.flags);
    segmenter_init(&s);
    segmenter_push(&s, input.text, input.flags, input.units);
    segmenter_end(&s, input.flags);
    return true;
}

static void print_times(void) {
    for (uint32_t i = 0; i < input.units; i++)
        printf("%s%.9g", i ? " " : "", input.at_ms[i]);
    putchar('\n');
}

static void print_sounds(void) {
    for (uint32_t i = 0; i < SOUNDS; i++) {
        float weights[SOUNDS] = {0};
        weights[i] = 1;
        reader r = {.text = input.text,
                    .flags = input.flags,
                    .units = input.units,
                    .weights = weights,
                    .scratch = &scratch};
        const float end_ms = read_text(&r, input.at_ms);
        for (uint32_t unit = 0; unit < input.units; unit++)
            printf("%g ", input.at_ms[unit]);
        printf("%g\n", end_ms);
    }
}

int main(int argc, char **argv) {
    const bool sounds = argc == 2 && !strcmp(argv[1], "--sounds");
    while (read_clip()) {
        if (sounds) {
            print_sounds();
            continue;
        }
        reveal_plan(input.text, input.flags, input.units, &input.clip, input.at_ms, &scratch);
        print_times();
    }
}
