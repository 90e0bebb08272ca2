/* The reveal plan, where its outcome follows from what it promises: equal weights take equal times,
 * the voice stands still in a pause, words that are known are exact, and garbage harms nothing. How far
 * it is from real speech is measured by tests/js/reveal-timing.test.ts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "reveal.h"

enum { UNITS_MAX = 4096, SLICES_MAX = 4096 };

static struct {
    uint16_t text[UNITS_MAX];
    uint8_t flags[UNITS_MAX];
    uint32_t units;
    float volumes[SLICES_MAX];
    float at_ms[UNITS_MAX];
} cue;

static reveal_scratch scratch;

/* ---- Cues -------------------------------------------------------------------------------- */

static void segment(void) {
    segmenter s;
    memset(cue.flags, 0, sizeof cue.flags);
    segmenter_init(&s);
    segmenter_push(&s, cue.text, cue.flags, cue.units);
    segmenter_end(&s, cue.flags);
}

static void write_text(const uint16_t *text) {
    for (cue.units = 0; text[cue.units]; cue.units++)
        cue.text[cue.units] = text[cue.units];
    segment();
}

/* Loudness by letters, 20 ms each: V for voice, . for silence. */
static reveal_clip heard(const char *loudness) {
    const uint32_t slices = (uint32_t)strlen(loudness);
    for (uint32_t i = 0; i < slices; i++)
        cue.volumes[i] = loudness[i] == 'V' ? 0.8f : 0;
    return (reveal_clip){.duration_ms = (float)slices * 20,
                         .slice_ms = 20,
                         .volumes = cue.volumes,
                         .volume_count = slices};
}

static reveal_clip unheard(float duration_ms) {
    return (reveal_clip){.duration_ms = duration_ms, .slice_ms = 20};
}

static void plan(const reveal_clip *clip) {
    for (uint32_t i = 0; i < UNITS_MAX; i++)
        cue.at_ms[i] = NAN;
    memset(&scratch, 0xff, sizeof scratch);
    reveal_plan(cue.text, cue.flags, cue.units, clip, cue.at_ms, &scratch);
    float before = 0;
    for (uint32_t i = 0; i < cue.units; i++) {
        assert_true(cue.at_ms[i] >= before && cue.at_ms[i] <= clip->duration_ms);
        if (i && !(cue.flags[i] & SEGMENT_GRAPHEME)) assert_true(cue.at_ms[i] == before);
        before = cue.at_ms[i];
    }
    for (uint32_t i = cue.units; i < UNITS_MAX; i++)
        assert_true(isnan(cue.at_ms[i]));
}

static void expect_ms(uint32_t unit, float ms) {
    if (fabsf(cue.at_ms[unit] - ms) > 0.01f)
        fail_msg("unit %u at %g ms instead of %g", unit, cue.at_ms[unit], ms);
}

/* ---- Weights ----------------------------------------------------------------------------- */

/* The same syllable again and again: whatever it weighs. */
static void equal_clusters_take_equal_times(void **state) {
    (void)state;
    write_text(u"山山山山山");
    const reveal_clip clip = heard("VVVVVVVVVVVVVVVVVVVVVVVVV"); /* 500 ms */
    plan(&clip);
    /* The last one may be prolonged, so only the proportions of the others are known. */
    expect_ms(0, 0);
    for (uint32_t i = 2; i < 5; i++)
        expect_ms(i, cue.at_ms[1] * (float)i);
    assert_true(cue.at_ms[4] > 380 && cue.at_ms[4] <= 400.01f);
}

static void marks_and_spaces_come_with_what_is_before(void **state) {
    (void)state;
    write_text(u"“Oh,” no!");
    const reveal_clip clip = unheard(1000);
    plan(&clip);
    expect_ms(0, cue.at_ms[1]);
    for (uint32_t i = 3; i < 6; i++)
        expect_ms(i, cue.at_ms[2]);
    assert_true(cue.at_ms[6] > cue.at_ms[5]);
    expect_ms(8, cue.at_ms[7]);
}

static void what_is_silent_takes_no_time(void **state) {
    (void)state;
    const reveal_clip clip = unheard(1000);
    write_text(u"山山(笑笑笑)山山");
    for (uint32_t i = 2; i < 7; i++)
        cue.flags[i] |= UNIT_SILENT;
    plan(&clip);
    for (uint32_t i = 2; i < 7; i++)
        expect_ms(i, cue.at_ms[1]);
    const float after = cue.at_ms[7];
    write_text(u"山山山山");
    plan(&clip);
    expect_ms(2, after);
}

static void clusters_are_whole(void **state) {
    (void)state;
    write_text(u"a\u0301\u0301b \U0001F469\u200D\U0001F680 c");
    const reveal_clip clip = unheard(1000);
    plan(&clip); /* which checks it */
    expect_ms(4, cue.at_ms[3]);
    expect_ms(8, cue.at_ms[3]);
    assert_true(cue.at_ms[cue.units - 1] > cue.at_ms[3]);
}

/* ---- Loudness ---------------------------------------------------------------------------- */

static void silence_at_the_ends_is_left_out(void **state) {
    (void)state;
    write_text(u"山山山山");
    const reveal_clip alone = heard("VVVVVVVVVV");
    plan(&alone);
    float times[4];
    memcpy(times, cue.at_ms, sizeof times);
    const reveal_clip clip = heard(".....VVVVVVVVVV..........");
    plan(&clip);
    for (uint32_t i = 0; i < 4; i++)
        expect_ms(i, 100 + times[i]);
}

/* 200 ms of voice, 200 of silence, 400 of voice; the comma is after a third of the text. */
static void a_pause_is_laid_on_punctuation(void **state) {
    (void)state;
    write_text(u"山山，山山山山");
    const reveal_clip clip = heard("VVVVVVVVVV..........VVVVVVVVVVVVVVVVVVVV");
    plan(&clip);
    expect_ms(0, 0);
    expect_ms(2, cue.at_ms[1]);
    expect_ms(3, 400);
    expect_ms(5, 400 + 2 * (cue.at_ms[4] - 400));
    assert_true(cue.at_ms[1] > 80 && cue.at_ms[1] <= 100.01f);
}

/* As many pauses as commas: each has its own, though the rate is not the same everywhere. */
static void pauses_and_commas_pair_up(void **state) {
    (void)state;
    write_text(u"山山山，山山山山，山山");
    const reveal_clip clip = heard("VVVVVVVVVVVVVVVVVVVVVVVVV........."
                                   "VVVVVVVVVVVVVVVVVVVVVVVVVVVV........"
                                   "VVVVVVVVVVVVVVVVV");
    plan(&clip);
    expect_ms(4, 34 * 20);
    expect_ms(9, (34 + 36) * 20);
}

/* Of two commas the speaker made a pause at one: the one that the lengths tell. */
static void a_comma_without_a_pause(void **state) {
    (void)state;
    write_text(u"山山，山山山山，山山");
    const reveal_clip clip = heard("VVVVVVVVVVVVVVVVVVVVVVVVVVVVVV........VVVVVVVVVV");
    plan(&clip);
    expect_ms(8, 38 * 20);
    const reveal_clip other = heard("VVVVVVVVVV........VVVVVVVVVVVVVVVVVVVVVVVVVVVVVV");
    plan(&other);
    expect_ms(3, 18 * 20);
}

/* A closure as of "t" is no pause: 80 ms. */
static void short_silences_are_part_of_the_voice(void **state) {
    (void)state;
    write_text(u"山山，山山");
    const reveal_clip whole = heard("VVVVVVVVVVVVVVVVVVVV");
    plan(&whole);
    float times[5];
    memcpy(times, cue.at_ms, sizeof times);
    const reveal_clip clip = heard("VVVV....VVVVVVVVVVVV");
    plan(&clip);
    for (uint32_t i = 0; i < 5; i++)
        expect_ms(i, times[i]);
}

static void noise_in_pauses_is_not_voice(void **state) {
    (void)state;
    write_text(u"山山，山山山山");
    const reveal_clip clip = heard("....VVVVVVVVVV..........VVVVVVVVVVVVVVVVVVVV.......");
    plan(&clip);
    const float begin_ms = cue.at_ms[0], comma_ms = cue.at_ms[3];
    uint32_t noise = 12345;
    for (uint32_t i = 0; i < clip.volume_count; i++) {
        noise = noise * 1664525 + 1013904223;
        if (cue.volumes[i] < 0.01f)
            cue.volumes[i] = 0.03f + 0.02f * (float)(noise >> 8) / (1 << 24);
    }
    plan(&clip);
    expect_ms(0, begin_ms);
    expect_ms(3, comma_ms);
}

/* A word and a second of silence: most of the clip is quiet, and still not all of it. */
static void a_short_voice_in_a_long_silence(void **state) {
    (void)state;
    write_text(u"山山");
    const reveal_clip clip =
        heard(".....VVVVVVVVVV..................................................");
    plan(&clip);
    expect_ms(0, 100);
    assert_true(cue.at_ms[1] > 180 && cue.at_ms[1] <= 200.01f);
}

/* Where loudness is unknown, a full stop takes longer than a comma, and that longer than a space. */
static void pauses_are_guessed_without_loudness(void **state) {
    (void)state;
    const reveal_clip clip = unheard(2000);
    const uint16_t *texts[] = {u"so so", u"so, so", u"so. so"};
    float before = 0;
    for (uint32_t i = 0; i < 3; i++) {
        write_text(texts[i]);
        plan(&clip);
        const float second = cue.at_ms[cue.units - 2];
        assert_true(second > before);
        before = second;
    }
}

/* ---- Words ------------------------------------------------------------------------------- */

static void words_are_exact(void **state) {
    (void)state;
    write_text(u"one two three four");
    const reveal_word words[] = {{0, 70}, {4, 300}, {8, 900}, {14, 950}};
    reveal_clip clip = heard("VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV");
    clip.words = words;
    clip.word_count = 4;
    plan(&clip);
    for (uint32_t i = 0; i < 4; i++)
        assert_true(cue.at_ms[words[i].unit] == words[i].at_ms);
}

/* Between two words that are known, and after the last, time goes with weight. */
static void the_rest_is_interpolated(void **state) {
    (void)state;
    write_text(u"山山山山山山");
    const reveal_word words[] = {{1, 100}, {4, 700}};
    reveal_clip clip = unheard(1100);
    clip.words = words;
    clip.word_count = 2;
    plan(&clip);
    expect_ms(1, 100);
    expect_ms(2, 300);
    expect_ms(3, 500);
    expect_ms(4, 700);
    assert_true(cue.at_ms[5] > 880 && cue.at_ms[5] <= 900.01f);
}

static void a_pause_between_two_words(void **state) {
    (void)state;
    write_text(u"山山，山山");
    const reveal_word words[] = {{0, 0}, {3, 400}};
    reveal_clip clip = heard("VVVVVVVVVV..........VVVVVVVVVV");
    clip.words = words;
    clip.word_count = 2;
    plan(&clip);
    assert_true(cue.at_ms[1] > 80 && cue.at_ms[1] <= 100.01f);
    expect_ms(3, 400);
}

static void a_word_at_a_mark_is_the_one_after_it(void **state) {
    (void)state;
    write_text(u"“山山” “山山”");
    const reveal_word words[] = {{0, 50}, {5, 600}};
    reveal_clip clip = unheard(1000);
    clip.words = words;
    clip.word_count = 2;
    plan(&clip);
    expect_ms(0, 50);
    expect_ms(1, 50);
    expect_ms(6, 600);
}

static void words_that_do_not_ascend_are_skipped(void **state) {
    (void)state;
    write_text(u"山山山山");
    const reveal_word words[] = {{1, 300}, {0, 10},       {2, 200},  {2, NAN},
                                 {2, -1},  {2, INFINITY}, {2, 1001}, {4, 900},
                                 {2, 500}, {1, 600},      {2, 700},  {UINT32_MAX, 800}};
    reveal_clip clip = unheard(1000);
    clip.words = words;
    clip.word_count = sizeof words / sizeof *words;
    plan(&clip);
    assert_true(cue.at_ms[1] == 300 && cue.at_ms[2] == 500);
    assert_true(cue.at_ms[3] > 500);
}

/* ---- Garbage ----------------------------------------------------------------------------- */

static void nothing_is_spoken(void **state) {
    (void)state;
    const reveal_word words[] = {{0, 300}, {1, 500}};
    reveal_clip clip = heard("VVVVVVVVVVVVVVVVVVVVVVVVVVVVVV");
    clip.words = words;
    clip.word_count = 2;
    const uint16_t *texts[] = {u"", u"…", u" \n ", u"？！", u"\U0001F600"};
    for (uint32_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        write_text(texts[i]);
        plan(&clip);
        for (uint32_t unit = 0; unit < cue.units; unit++)
            expect_ms(unit, 0);
    }
    write_text(u"Hello");
    for (uint32_t unit = 0; unit < cue.units; unit++)
        cue.flags[unit] |= UNIT_SILENT;
    plan(&clip);
    for (uint32_t unit = 0; unit < cue.units; unit++)
        expect_ms(unit, 0);
}

static void volumes_that_are_no_numbers(void **state) {
    (void)state;
    static const float garbage[] = {NAN, -1, INFINITY, -INFINITY, 1e30f, 0, 5, 1e-40f};
    write_text(u"Wait, what? I can't believe it.");
    for (uint32_t i = 0; i < SLICES_MAX; i++)
        cue.volumes[i] = garbage[(i * 2654435761u >> 7) % 8];
    const float durations[] = {1e-30f, 1, 999, 81920, 1e9f, 3e38f};
    const float slices[] = {1e-30f, 20, 1e9f, 3e38f};
    for (uint32_t d = 0; d < 6; d++)
        for (uint32_t s = 0; s < 4; s++)
            for (uint32_t count = 0; count <= SLICES_MAX; count = count * 2 + 1) {
                const reveal_clip clip = {durations[d], slices[s], cue.volumes, count, 0, NULL};
                plan(&clip); /* which checks it */
            }
}

static void texts_of_any_length(void **state) {
    (void)state;
    static const char *kinds[] = {"a ", "a", ", ", "a, b. "};
    reveal_clip clip = heard("");
    for (uint32_t i = 0; i < SLICES_MAX; i++)
        cue.volumes[i] = i % 10 < 5 ? 0 : 1;
    clip.volume_count = SLICES_MAX;
    clip.duration_ms = SLICES_MAX * 20;
    for (uint32_t kind = 0; kind < 4; kind++) {
        cue.units = UNITS_MAX;
        for (uint32_t i = 0; i < UNITS_MAX; i++)
            cue.text[i] = (uint8_t)kinds[kind][i % strlen(kinds[kind])];
        segment();
        plan(&clip);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_clusters_take_equal_times),
        cmocka_unit_test(marks_and_spaces_come_with_what_is_before),
        cmocka_unit_test(what_is_silent_takes_no_time),
        cmocka_unit_test(clusters_are_whole),
        cmocka_unit_test(silence_at_the_ends_is_left_out),
        cmocka_unit_test(a_pause_is_laid_on_punctuation),
        cmocka_unit_test(pauses_and_commas_pair_up),
        cmocka_unit_test(a_comma_without_a_pause),
        cmocka_unit_test(short_silences_are_part_of_the_voice),
        cmocka_unit_test(noise_in_pauses_is_not_voice),
        cmocka_unit_test(a_short_voice_in_a_long_silence),
        cmocka_unit_test(pauses_are_guessed_without_loudness),
        cmocka_unit_test(words_are_exact),
        cmocka_unit_test(the_rest_is_interpolated),
        cmocka_unit_test(a_pause_between_two_words),
        cmocka_unit_test(a_word_at_a_mark_is_the_one_after_it),
        cmocka_unit_test(words_that_do_not_ascend_are_skipped),
        cmocka_unit_test(nothing_is_spoken),
        cmocka_unit_test(volumes_that_are_no_numbers),
        cmocka_unit_test(texts_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
