/* The endpointer, by hand-made stories; tests/js compares it with vad-web's own on random ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include "endpointer.h"

static vp_vad_config config_of(uint32_t redemption, uint32_t minimum) {
    vp_vad_config config;
    vp_vad_config_init(&config);
    config.positive_threshold = 0.5f;
    config.negative_threshold = 0.35f;
    config.redemption_frames = redemption;
    config.min_speech_frames = minimum;
    return config;
}

/* Plays '#' as speech, '-' as between the thresholds, '.' as silence, and compares the reports with
 * S start, R real start, E end, M misfire, ' ' nothing; one character a frame. */
static void play(vp_vad_config config, const char *frames, const char *expected) {
    endpointer e;
    endpointer_reset(&e);
    for (size_t i = 0; frames[i]; i++) {
        float p = frames[i] == '#' ? 0.5f : frames[i] == '-' ? 0.35f : 0.3499f;
        uint32_t report = endpointer_step(&e, &config, p);
        uint32_t want = 0;
        switch (expected[i]) {
        case 'S':
            want = ENDPOINTER_START;
            break;
        case 'B':
            want = ENDPOINTER_START | ENDPOINTER_REAL_START;
            break;
        case 'R':
            want = ENDPOINTER_REAL_START;
            break;
        case 'E':
            want = ENDPOINTER_END;
            break;
        case 'M':
            want = ENDPOINTER_MISFIRE;
            break;
        }
        if (report != want) fail_msg("frame %zu of \"%s\": reported %x", i, frames, report);
    }
}

static void speech_has_a_start_a_real_start_and_an_end(void **state) {
    (void)state;
    play(config_of(3, 3), "..####...##", "  S R   ES ");
}

static void short_speech_is_a_misfire(void **state) {
    (void)state;
    play(config_of(3, 3), ".##...", " S   M");
}

static void between_the_thresholds_nothing_counts(void **state) {
    (void)state;
    play(config_of(2, 1), "#-.--.", "B    E");
    play(config_of(2, 1), "#.#.-#..", "B      E");
}

static void speech_frames_count_across_gaps(void **state) {
    (void)state;
    play(config_of(3, 3), "#..#..#...", "S     R  E");
}

static void zero_redemption_ends_at_once(void **state) {
    (void)state;
    play(config_of(0, 1), "#.#-.", "BEB E");
}

static void a_minimum_of_zero_never_is_a_misfire(void **state) {
    (void)state;
    play(config_of(1, 0), "#.", "SE");
}

static void ending_the_stream(void **state) {
    (void)state;
    vp_vad_config config = config_of(3, 2);
    endpointer e;
    endpointer_reset(&e);
    assert_int_equal(endpointer_end(&e, &config), 0);
    endpointer_step(&e, &config, 1);
    assert_int_equal(endpointer_end(&e, &config), ENDPOINTER_MISFIRE);
    endpointer_step(&e, &config, 1);
    endpointer_step(&e, &config, 1);
    assert_int_equal(endpointer_end(&e, &config), ENDPOINTER_END);
    assert_int_equal(endpointer_end(&e, &config), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speech_has_a_start_a_real_start_and_an_end),
        cmocka_unit_test(short_speech_is_a_misfire),
        cmocka_unit_test(between_the_thresholds_nothing_counts),
        cmocka_unit_test(speech_frames_count_across_gaps),
        cmocka_unit_test(zero_redemption_ends_at_once),
        cmocka_unit_test(a_minimum_of_zero_never_is_a_misfire),
        cmocka_unit_test(ending_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
