/* Boundaries against the Unicode Character Database's cases, and against the rules read one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "break_test.h"
#include "segment.h"
#include "segment_model.h"

#ifndef VP_UCD
#    error "VP_UCD is the folder of the Unicode Character Database"
#endif

/* ---- The Unicode Character Database's cases ---------------------------------------------- */

static void check_case(const break_case *c, const segmenter *s, const uint8_t *flags, uint8_t bit) {
    for (uint32_t i = 0; i < c->units; i++)
        if (!!(flags[i] & bit) != c->boundary[i])
            fail_msg("%.200s: boundary %d at unit %u", c->line, !c->boundary[i], i);
    assert_int_equal(s->units, c->units);
}

/* Pieces that end at `first` and then every `step` units. */
static void run_case(const break_case *c, uint32_t first, uint32_t step, uint8_t bit) {
    uint8_t flags[BREAK_CASE_UNITS];
    memset(flags, 0xFF, sizeof flags); /* whatever was there before */
    segmenter s;
    segmenter_init(&s);
    for (uint32_t units = first; units < c->units; units += step)
        segmenter_push(&s, c->text, flags, units);
    segmenter_push(&s, c->text, flags, c->units);
    segmenter_end(&s, flags);
    check_case(c, &s, flags, bit);
}

static void run_file(const char *name, uint8_t bit, uint32_t cases) {
    break_file *file = break_open(VP_UCD, name);
    break_case c;
    uint32_t count = 0, runs = 0;
    for (; break_next(file, &c); count++) {
        for (uint32_t split = 0; split < c.units; split++, runs++)
            run_case(&c, split, c.units, bit);
        run_case(&c, 1, 1, bit);
    }
    break_close(file);
    print_message("%s: %u cases, %u splits\n", name, count, runs);
    assert_int_equal(count, cases);
}

static void grapheme_cases_of_unicode_pass(void **state) {
    (void)state;
    run_file("GraphemeBreakTest.txt", SEGMENT_GRAPHEME, 766);
}

static void word_cases_of_unicode_pass(void **state) {
    (void)state;
    run_file("WordBreakTest.txt", SEGMENT_WORD, 1944);
}

static void sentence_cases_of_unicode_pass(void **state) {
    (void)state;
    run_file("SentenceBreakTest.txt", SEGMENT_SENTENCE, 512);
}

static void line_cases_of_unicode_pass(void **state) {
    (void)state;
    run_file("LineBreakTest.txt", SEGMENT_LINE, 19338);
}

/* ---- Random numbers: xorshift64* --------------------------------------------------------- */

static uint64_t random_state;

static uint64_t random_u64(void) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(0x2545f4914f6cdd1d);
}

static uint32_t below(uint32_t limit) {
    return (uint32_t)((random_u64() >> 32) * limit >> 32);
}

/* ---- Texts beside the model -------------------------------------------------------------- */

enum { TEXT_UNITS = 256 };

/* The model's flags of units: those of a code point, and 0 for a low half. */
static void model_units(const uint16_t *text, uint32_t units, uint8_t *flags) {
    uint32_t code_points[TEXT_UNITS], starts[TEXT_UNITS], count = 0;
    uint8_t of_code_points[TEXT_UNITS];
    for (uint32_t i = 0; i < units; i++) {
        const bool pair = i + 1 < units && text[i] >> 10 == 0x36 && text[i + 1] >> 10 == 0x37;
        starts[count] = i;
        code_points[count++] =
            pair ? 0x10000u + ((text[i] & 0x3FFu) << 10 | (text[i + 1] & 0x3FFu)) : text[i];
        i += pair;
    }
    model_segment(code_points, count, of_code_points);
    memset(flags, 0, units);
    for (uint32_t i = 0; i < count; i++)
        flags[starts[i]] = of_code_points[i];
}

static void fail_text(const uint16_t *text, uint32_t units, uint32_t at, uint32_t got,
                      uint32_t expected) {
    char words[TEXT_UNITS * 5 + 1];
    for (uint32_t i = 0; i < units; i++)
        sprintf(words + 5 * i, "%04X ", text[i]);
    fail_msg("%s: %#x instead of %#x before unit %u", words, got, expected, at);
}

/* Up to here no boundary is undecided, nor whether a unit is a surrogate's half. */
static uint32_t decided_units(const segmenter *s) {
    uint32_t decided = s->high ? s->units - 1 : s->units;
    for (uint32_t kind = 0; kind < 4; kind++)
        if (s->pending[kind] < decided) decided = s->pending[kind];
    return decided;
}

/* In random pieces; now and then the text ends, or its beginning is forgotten. */
static void check_text(const uint16_t *text, uint32_t units) {
    uint8_t flags[TEXT_UNITS], before[TEXT_UNITS], expected[TEXT_UNITS], model[TEXT_UNITS];
    for (uint32_t i = 0; i < units; i++)
        flags[i] = before[i] = (uint8_t)random_u64();
    uint32_t base = 0, known = 0, at = 0;
    segmenter s;
    segmenter_init(&s);
    while (at < units) {
        at += below(4) ? below(4) : below(units + 1);
        if (at > units) at = units;
        segmenter_push(&s, text + base, flags + base, at - base);
        if (at == units || below(8) == 0) {
            segmenter_end(&s, flags + base);
            model_units(text, at, model);
            for (; known < at; known++)
                expected[known] = model[known];
        }
        if (below(8) == 0) {
            const uint32_t forgotten = below(decided_units(&s) + 1);
            segmenter_rebase(&s, forgotten);
            base += forgotten;
        }
    }
    for (uint32_t i = 0; i < units; i++)
        if (flags[i] != ((before[i] & ~SEGMENT_BITS) | expected[i]))
            fail_text(text, units, i, flags[i] & SEGMENT_BITS, expected[i]);
}

/* One code point of each combination of properties, any of those that have it. */
static uint32_t samples[1024], sample_count;

static void draw_samples(void) {
    static uint64_t known[1024];
    static uint32_t members[1024];
    sample_count = 0;
    for (uint32_t c = 0; c < MODEL_CODE_POINTS; c++) {
        const uint64_t properties = model_properties(c);
        uint32_t i = 0;
        while (i < sample_count && known[i] != properties)
            i++;
        if (i == sample_count) {
            assert_true(sample_count < 1024);
            known[sample_count] = properties;
            members[sample_count++] = 0;
        }
        if (below(++members[i]) == 0) samples[i] = c;
    }
}

static uint32_t any_sample(void) {
    return samples[below(sample_count)];
}

static void random_texts_break_by_the_rules(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        random_state = seed;
        draw_samples();
        for (uint32_t n = 0; n < 400000; n++) {
            uint16_t text[TEXT_UNITS];
            uint32_t units = 0, few[6], most = n % 64 ? 12 : TEXT_UNITS - 2;
            for (uint32_t i = 0; i < 6; i++)
                few[i] = any_sample();
            for (uint32_t left = 1 + below(most); left && units < most; left--)
                units += put_utf16(text + units, below(4) ? few[below(6)] : any_sample());
            check_text(text, units);
        }
        print_message("seed %llu: %u combinations of properties\n", (unsigned long long)seed,
                      sample_count);
    }
}

static void every_code_point_breaks_by_the_rules(void **state) {
    (void)state;
    random_state = 5;
    draw_samples();
    for (uint32_t c = 0; c < MODEL_CODE_POINTS; c++) {
        const uint32_t around[] = {any_sample(), any_sample(), c, c, any_sample(), c, any_sample()};
        uint16_t text[2 * sizeof around / sizeof around[0]];
        uint32_t units = 0;
        for (uint32_t i = 0; i < sizeof around / sizeof around[0]; i++)
            units += put_utf16(text + units, around[i]);
        check_text(text, units);
    }
}

static void every_code_point_has_its_traits(void **state) {
    (void)state;
    for (uint32_t c = 0; c < MODEL_CODE_POINTS; c++)
        assert_int_equal(segment_traits(c), model_traits(c));
}

/* ---- What is open ------------------------------------------------------------------------ */

static bool is_open(const uint16_t *text, uint32_t units) {
    uint8_t flags[TEXT_UNITS] = {0};
    segmenter s;
    segmenter_init(&s);
    segmenter_push(&s, text, flags, units);
    const bool open = segmenter_open(&s);
    segmenter_end(&s, flags);
    assert_true(segmenter_open(&s) == open);
    return open;
}

static void a_cluster_is_open_while_something_must_follow(void **state) {
    (void)state;
    const uint16_t flag[] = {0xD83C, 0xDDE9, 0xD83C, 0xDDEA, 0xD83C, 0xDDEB}; /* D E F */
    const bool open[] = {false, true, true, true, false, true, true};
    for (uint32_t units = 0; units <= 6; units++)
        assert_true(is_open(flag, units) == open[units]);
    const uint16_t family[] = {0xD83D, 0xDC69, 0x200D, 0xD83D, 0xDC67};
    assert_false(is_open(family, 2));
    assert_true(is_open(family, 3));
    assert_false(is_open(family, 5));
    const uint16_t number_sign[] = {0x0600, 0x0661}, accent[] = {'e', 0x0301},
                   low[] = {0xDC00, 'a'};
    assert_true(is_open(number_sign, 1));
    assert_false(is_open(number_sign, 2));
    assert_false(is_open(accent, 1));
    assert_false(is_open(accent, 2));
    assert_false(is_open(low, 1));
}

/* ---- Undecided --------------------------------------------------------------------------- */

/* "can't" and "can'": WB6 and WB7 look ahead. */
static void a_boundary_waits_for_what_decides_it(void **state) {
    (void)state;
    const uint16_t text[] = {'n', '\'', 't', '\'', ' '};
    uint8_t flags[5] = {0};
    segmenter s;
    segmenter_init(&s);
    segmenter_push(&s, text, flags, 2);
    assert_int_equal(s.pending[1], 1);
    assert_false(flags[1] & SEGMENT_WORD);
    segmenter_push(&s, text, flags, 4);
    assert_false(flags[1] & SEGMENT_WORD);
    assert_int_equal(s.pending[1], 3);
    segmenter_push(&s, text, flags, 5);
    assert_true(flags[3] & SEGMENT_WORD);
    assert_int_equal(s.pending[1], SEGMENT_NONE);
}

static int read_properties(void **state) {
    (void)state;
    model_open(VP_UCD);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grapheme_cases_of_unicode_pass),
        cmocka_unit_test(word_cases_of_unicode_pass),
        cmocka_unit_test(sentence_cases_of_unicode_pass),
        cmocka_unit_test(line_cases_of_unicode_pass),
        cmocka_unit_test(random_texts_break_by_the_rules),
        cmocka_unit_test(every_code_point_breaks_by_the_rules),
        cmocka_unit_test(every_code_point_has_its_traits),
        cmocka_unit_test(a_cluster_is_open_while_something_must_follow),
        cmocka_unit_test(a_boundary_waits_for_what_decides_it),
    };
    return cmocka_run_group_tests(tests, read_properties, NULL);
}
