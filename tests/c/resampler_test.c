/* The resampler as a stream: how many frames come, when they come, and that they are the same bits
 * however the input is cut. The lengths are integer arithmetic; resampler_quality_test.c looks at
 * what is in the frames. */
#include "resampler_stream.h"

/* A few blocks of OFFLINE's, which has a delay of one; much shorter for the rest. */
static uint32_t several_blocks(const vp_resampler *r) {
    return 1500 + (uint32_t)(2.2 * latency_frames(r));
}

/* ---- Lengths ----------------------------------------------------------------------------- */

static void test_lengths(void **state) {
    (void)state;
    uint64_t seed = 5;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, PAIR_COUNT, 1) {
        const uint32_t counts[] = {
            0, 1, 2, 3, 10, 47, 128, 441, 1000, 2 + below(&seed, 300), 2 + below(&seed, 5000)};
        vp_resampler *r = make(&config);
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            audio input = audio_noise(counts[i], 1, F32, &seed);
            audio_free(convert_with(r, &config, &input, F32, WHOLE)); /* compares the length */
            audio_free(input);
            vp_resampler_reset(r);
        }
        free(r);
    }
}

static void test_every_short_length(void **state) {
    (void)state;
    uint64_t seed = 6;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, FEW, 1) {
        vp_resampler *r = make(&config);
        for (uint32_t count = 0; count < 150; count++) {
            if (config.mode == VP_RESAMPLER_OFFLINE && count > 9) break;
            audio input = audio_noise(count, 1, F32, &seed);
            audio_free(convert_with(r, &config, &input, F32, (cut){40, 40, &seed}));
            audio_free(input);
            vp_resampler_reset(r);
        }
        free(r);
    }
}

/* ---- Blocks ------------------------------------------------------------------------------ */

static void test_any_blocks_same_bits(void **state) {
    (void)state;
    uint64_t seed = 7;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, PAIR_COUNT, 1) {
        const cut ways[] = {
            {128, 4096, NULL}, {1, 64, NULL},    {UINT32_MAX, 1, NULL}, {UINT32_MAX, 7, NULL},
            {500, 300, &seed}, {40, 900, &seed}, {7, 3, &seed},         {20000, 20000, &seed},
        };
        vp_resampler *r = make(&config);
        audio input = audio_noise(several_blocks(r), 1, F32, &seed);
        audio whole = convert_with(r, &config, &input, F32, WHOLE);
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
            vp_resampler_reset(r); /* so this is also the test that reset is as good as new */
            audio output = convert_with(r, &config, &input, F32, ways[i]);
            if (!audio_same(&output, &whole))
                fail_msg("%u -> %u mode %u%s: other bits in way %zu", config.input_rate_hz,
                         config.output_rate_hz, config.mode, config.adjustable ? " adjustable" : "",
                         i);
            audio_free(output);
        }
        audio_free(whole);
        audio_free(input);
        free(r);
    }
}

/* Who says that there is all the room of the world gets what who counts gets, and no more. */
static void test_room_without_end(void **state) {
    (void)state;
    uint64_t seed = 17;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, FEW, 1) {
        vp_resampler *r = make(&config);
        audio input = audio_noise(several_blocks(r), 1, F32, &seed);
        audio expected = convert_with(r, &config, &input, F32, WHOLE);
        vp_resampler_reset(r);
        /* One after the other, as 2^32 frames of room may not overlap the input. */
        float *memory = allocate((input.frames + expected.frames + 1) * sizeof *memory);
        float *output = memory + input.frames;
        for (uint32_t i = 0; i < input.frames; i++)
            memory[i] = audio_sample(&input, 0, i);
        output[expected.frames] = 123;
        vp_resampler_io io = {.input = memory,
                              .input_frames = input.frames,
                              .output = output,
                              .output_frames = UINT32_MAX};
        assert_int_equal(vp_resampler_process(r, &io), VP_OK);
        assert_int_equal(io.consumed, input.frames);
        const uint32_t produced = io.produced;
        io.output = output + produced;
        assert_int_equal(vp_resampler_flush(r, &io), VP_OK);
        assert_int_equal(produced + io.produced, expected.frames);
        for (uint32_t i = 0; i < expected.frames; i++)
            assert_true(output[i] == audio_sample(&expected, 0, i));
        assert_true(output[expected.frames] == 123);
        free(memory);
        audio_free(expected), audio_free(input);
        free(r);
    }
}

static void test_reset_in_mid_stream(void **state) {
    (void)state;
    uint64_t seed = 8;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, FEW, 1) {
        vp_resampler *r = make(&config);
        audio input = audio_noise(several_blocks(r), 1, F32, &seed);
        audio fresh = convert_with(r, &config, &input, F32, WHOLE);
        for (int i = 0; i < 3; i++) {
            vp_resampler_reset(r);
            run s = run_start(r, &input, expected_length(&config, input.frames), F32);
            run_until(&s, 1 + below(&seed, input.frames), UINT32_MAX, (cut){300, 61, NULL});
            if (i == 1) run_step(&s, true, 0, 0);
            audio_free(s.output);
            vp_resampler_reset(r);
            audio again = convert_with(r, &config, &input, F32, WHOLE);
            assert_true(audio_same(&again, &fresh));
            audio_free(again);
        }
        audio_free(fresh);
        audio_free(input);
        free(r);
    }
}

/* What is fixed and equal only goes through the rule for bad samples. */
static void test_equal_rates_copy(void **state) {
    (void)state;
    uint64_t seed = 9;
    print_message("seed %llu\n", (unsigned long long)seed);
    audio input = audio_noise(1000, 2, F32, &seed);
    for (int i = 0; i < KIND_COUNT; i++) {
        if (KINDS[i].adjustable) continue;
        const vp_resampler_config config = config_of((rate_pair){44100, 44100}, KINDS[i], 2);
        vp_resampler *r = make(&config);
        assert_true(vp_resampler_latency_samples(r) == 0);
        audio output = convert_with(r, &config, &input, F32, (cut){70, 30, &seed});
        assert_true(audio_same(&output, &input));
        audio_free(output);
        vp_resampler_reset(r);
        vp_resampler_io nothing = {0};
        assert_int_equal(vp_resampler_process(r, &nothing), VP_OK);
        assert_true(nothing.consumed == 0 && nothing.produced == 0);
        free(r);
    }
    audio_free(input);
}

/* The same impulse after a whole number of common periods gives the same samples: to the bit where
 * the rates are fixed, since position in the period is all there is. */
static void test_no_drift(void **state) {
    (void)state;
    static const struct {
        rate_pair rates;
        uint32_t in, out, periods;
    } cases[] = {{{44100, 16000}, 441, 160, 1000},
                 {{44101, 16000}, 44101, 16000, 10},
                 {{16000, 44100}, 160, 441, 1000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int k = 0; k < KIND_COUNT; k++) {
            if (KINDS[k].mode == VP_RESAMPLER_OFFLINE) continue;
            const vp_resampler_config config = config_of(cases[i].rates, KINDS[k], 1);
            const uint32_t shift = cases[i].in * cases[i].periods;
            audio input = audio_new(shift + 4000, 1, F32);
            for (uint32_t frame = 0; frame < input.frames; frame++)
                audio_put(&input, 0, frame, frame == 2000 || frame == shift + 2000);
            audio output = convert(&config, &input);
            const uint32_t span = (uint32_t)expected_length(&config, 4000);
            const float tolerance = config.adjustable ? 1e-6f : 0;
            for (uint32_t early = 0; early < span; early++) {
                const uint32_t late = early + cases[i].out * cases[i].periods;
                const float change =
                    audio_sample(&output, 0, late) - audio_sample(&output, 0, early);
                assert_true(fabsf(change) <= tolerance);
            }
            audio_free(output);
            audio_free(input);
        }
}

/* OFFLINE's rates that have no transform are converted by ULTRA's filters. */
static void test_offline_without_transform(void **state) {
    (void)state;
    uint64_t seed = 10;
    print_message("seed %llu\n", (unsigned long long)seed);
    static const rate_pair none[] = {
        {44101, 16000}, {16001, 16000}, {192000, 11025}, {48000, 44000}, {26000, 16000}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        vp_resampler_config config = {none[i].input_hz, none[i].output_hz, VP_RESAMPLER_ULTRA, 1,
                                      0};
        audio input = audio_noise(3000, 1, F32, &seed);
        audio ultra = convert(&config, &input);
        config.mode = VP_RESAMPLER_OFFLINE;
        audio offline = convert(&config, &input);
        assert_true(audio_same(&offline, &ultra));
        audio_free(input);
        audio_free(ultra);
        audio_free(offline);
    }
}

/* ---- When ------------------------------------------------------------------------------- */

/* Frame by frame: output k stands for the input time t, and is there exactly when more than
 * t + latency frames have come. LOW_LATENCY's own delay is measured in resampler_quality_test.c. */
static void test_latency(void **state) {
    (void)state;
    uint64_t seed = 11;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, PAIR_COUNT, 1) {
        const bool offline = config.mode == VP_RESAMPLER_OFFLINE;
        vp_resampler *r = make(&config);
        const double latency = vp_resampler_latency_samples(r);
        const bool copies = config.input_rate_hz == config.output_rate_hz && !config.adjustable;
        if (!(copies ? latency == 0 : latency > 0 && latency < 2. * config.input_rate_hz))
            fail_msg("%u -> %u mode %u: a latency of %g", config.input_rate_hz,
                     config.output_rate_hz, config.mode, latency);
        if (config.mode == VP_RESAMPLER_LOW_LATENCY) {
            free(r);
            continue;
        }
        audio input = audio_noise(latency_frames(r) * 13 / 10 + 2000, 1, F32, &seed);
        run s = run_start(r, &input, expected_length(&config, input.frames), F32);
        while (s.taken < input.frames) {
            run_step(&s, false, 1, s.output.frames - s.given);
            /* Where k's time + latency is a whole number, the sum may be rounded either way. */
            const double pushed = s.taken, next_at = output_time(&config, s.given) + latency;
            if (!(next_at > pushed - 1e-6))
                fail_msg("%u -> %u mode %u: output %u is late, after %u of %.9f",
                         config.input_rate_hz, config.output_rate_hz, config.mode, s.given, s.taken,
                         next_at);
            if (offline || !s.given) continue;
            const double last_at = output_time(&config, s.given - 1) + latency;
            if (!(last_at < pushed + 1e-6))
                fail_msg("%u -> %u mode %u: output %u is early, after %u of %.9f",
                         config.input_rate_hz, config.output_rate_hz, config.mode, s.given - 1,
                         s.taken, last_at);
        }
        audio_free(s.output);
        audio_free(input);
        free(r);
    }
}

/* In the header's table, and in the issue that asked for them, in ms. */
static void test_latency_of_the_table(void **state) {
    (void)state;
    static const struct {
        uint32_t mode;
        rate_pair rates;
        double most_ms;
    } table[] = {
        {VP_RESAMPLER_BALANCED, {48000, 16000}, 3.0},
        {VP_RESAMPLER_BALANCED, {44100, 16000}, 3.0},
        {VP_RESAMPLER_BALANCED, {24000, 48000}, 1.8},
        {VP_RESAMPLER_BEST, {48000, 16000}, 8.9},
        {VP_RESAMPLER_BEST, {44100, 16000}, 8.9},
        {VP_RESAMPLER_BEST, {24000, 48000}, 5.7},
        {VP_RESAMPLER_ULTRA, {48000, 16000}, 13.5},
        {VP_RESAMPLER_LOW_LATENCY, {48000, 16000}, .25},
        {VP_RESAMPLER_LOW_LATENCY, {24000, 48000}, .25},
        {VP_RESAMPLER_LOW_LATENCY, {44100, 16000}, .25},
        {VP_RESAMPLER_LOW_LATENCY, {16000, 48000}, .25},
        {VP_RESAMPLER_LOW_LATENCY, {24000, 44100}, .25},
        {VP_RESAMPLER_OFFLINE, {48000, 16000}, 1100},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const vp_resampler_config config = {table[i].rates.input_hz, table[i].rates.output_hz,
                                            table[i].mode, 1, 0};
        vp_resampler *r = make(&config);
        const double ms = 1e3 * vp_resampler_latency_samples(r) / config.input_rate_hz;
        if (!(ms <= table[i].most_ms))
            fail_msg("%u -> %u mode %u: %.3f ms", config.input_rate_hz, config.output_rate_hz,
                     config.mode, ms);
        free(r);
    }
}

/* At any time, the bound is what then comes. */
static void test_output_bound(void **state) {
    (void)state;
    uint64_t seed = 12;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, PAIR_COUNT, 1) {
        vp_resampler *r = make(&config);
        audio input = audio_noise(several_blocks(r), 1, F32, &seed);
        for (int i = 0; i < 4; i++) {
            run s = run_start(r, &input, expected_length(&config, input.frames), F32);
            assert_int_equal(vp_resampler_output_bound(r, input.frames),
                             expected_length(&config, input.frames));
            run_until(&s, below(&seed, input.frames), below(&seed, s.output.frames),
                      (cut){i % 2 ? 30 : 3000, 3000, &seed});
            const uint32_t more = input.frames - s.taken, before = s.given;
            const uint32_t bound = vp_resampler_output_bound(r, more);
            run_until(&s, input.frames, UINT32_MAX, (cut){400, 1000, NULL});
            assert_true(s.given - before <= bound);
            const uint32_t held = vp_resampler_output_bound(r, 0), taken = s.given;
            if (i % 2 && held) run_step(&s, true, 0, held / 2);
            assert_int_equal(vp_resampler_output_bound(r, 0), held - (s.given - taken));
            audio output = run_end(&s, WHOLE);
            assert_int_equal(output.frames - before, bound);
            assert_int_equal(output.frames - taken, held);
            assert_int_equal(vp_resampler_output_bound(r, 0), 0);
            audio_free(output);
            vp_resampler_reset(r);
        }
        audio_free(input);
        free(r);
    }
}

static void test_output_bound_of_much(void **state) {
    (void)state;
    static const struct {
        rate_pair rates;
        uint32_t frames, bound;
    } cases[] = {
        {{8000, 192000}, UINT32_MAX, UINT32_MAX},
        {{8000, 192000}, UINT32_MAX / 24, 4294967280u},
        {{8000, 192000}, UINT32_MAX / 24 + 1, UINT32_MAX},
        {{192000, 8000}, UINT32_MAX, 178956971},
        {{48000, 16000}, UINT32_MAX, 1431655765},
        {{44100, 44100}, UINT32_MAX, UINT32_MAX},
        {{48000, 16000}, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int k = 0; k < KIND_COUNT; k++) {
            const vp_resampler_config config = config_of(cases[i].rates, KINDS[k], 1);
            vp_resampler *r = make(&config);
            assert_int_equal(vp_resampler_output_bound(r, cases[i].frames), cases[i].bound);
            free(r);
        }
}

/* ---- The end ----------------------------------------------------------------------------- */

static void test_flush_twice(void **state) {
    (void)state;
    uint64_t seed = 13;
    print_message("seed %llu\n", (unsigned long long)seed);
    audio input = audio_noise(100, 1, F32, &seed);
    EACH_CONFIG(config, FEW, 1) {
        vp_resampler *r = make(&config);
        audio output = convert_with(r, &config, &input, F32, WHOLE); /* has flushed until 0 */
        vp_resampler_io io = io_between(&input, 0, 9, &output, 0, 9);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(vp_resampler_flush(r, &io), VP_OK);
            assert_true(io.consumed == 0 && io.produced == 0);
            assert_int_equal(vp_resampler_process(r, &io), VP_E_FLUSHED);
        }
        vp_resampler_reset(r);
        assert_int_equal(vp_resampler_flush(r, &io), VP_OK);
        assert_true(io.consumed == 0 && io.produced == 0);
        vp_resampler_reset(r);
        assert_int_equal(vp_resampler_process(r, &io), VP_OK);
        audio_free(output);
        free(r);
    }
    audio_free(input);
}

/* ---- Bad samples ------------------------------------------------------------------------- */

/* They count as the header says, to the bit; and when they are past the filter, nothing is left. */
static void test_bad_samples(void **state) {
    (void)state;
    static const struct {
        float is, counts_as;
    } values[] = {{NAN, 0},         {-NAN, 0},      {INFINITY, 0},  {-INFINITY, 0},  {3e38f, 65536},
                  {-3e38f, -65536}, {65537, 65536}, {65536, 65536}, {1e-40f, 1e-40f}};
    enum { VALUES = sizeof values / sizeof *values, AT = 100 };
    uint64_t seed = 14;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, PAIR_COUNT, 1) {
        vp_resampler *r = make(&config);
        const bool offline = config.mode == VP_RESAMPLER_OFFLINE;
        const uint32_t passed =
            AT + VALUES + (offline ? 2 * latency_frames(r) : settled_after(&config));
        audio good = audio_noise(passed + 1000, 1, F32, &seed);
        audio bad = audio_copy(&good, F32), cleaned = audio_copy(&good, F32);
        for (uint32_t i = 0; i < VALUES; i++) {
            audio_put(&bad, 0, AT + i, values[i].is);
            audio_put(&cleaned, 0, AT + i, values[i].counts_as);
        }
        audio a = convert_with(r, &config, &bad, F32, WHOLE);
        vp_resampler_reset(r);
        audio b = convert_with(r, &config, &cleaned, F32, WHOLE);
        vp_resampler_reset(r);
        audio c = convert_with(r, &config, &good, F32, WHOLE);
        assert_true(audio_same(&a, &b));
        for (uint32_t k = 0; k < a.frames; k++)
            assert_true(isfinite(audio_sample(&a, 0, k)));
        for (uint32_t k = (uint32_t)expected_length(&config, passed); k < a.frames; k++)
            assert_true(audio_sample(&a, 0, k) == audio_sample(&c, 0, k));
        audio_free(a), audio_free(b), audio_free(c);
        audio_free(good), audio_free(bad), audio_free(cleaned);
        free(r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_every_short_length),
        cmocka_unit_test(test_any_blocks_same_bits),
        cmocka_unit_test(test_room_without_end),
        cmocka_unit_test(test_reset_in_mid_stream),
        cmocka_unit_test(test_equal_rates_copy),
        cmocka_unit_test(test_no_drift),
        cmocka_unit_test(test_offline_without_transform),
        cmocka_unit_test(test_latency),
        cmocka_unit_test(test_latency_of_the_table),
        cmocka_unit_test(test_output_bound),
        cmocka_unit_test(test_output_bound_of_much),
        cmocka_unit_test(test_flush_twice),
        cmocka_unit_test(test_bad_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
