/* The trim: every output against the tone it is to be a sample of, at the time that the trims so far
 * give it, in double precision. A trim that comes late, a time that jumps, a step that is rounded:
 * each shows as a phase. */
#include "resampler_stream.h"

static const kind ADJUSTABLE[] = {
    {VP_RESAMPLER_BALANCED, 1},
    {VP_RESAMPLER_BEST, 1},
    {VP_RESAMPLER_ULTRA, 1},
    {VP_RESAMPLER_LOW_LATENCY, 1},
};
enum { ADJUSTABLE_COUNT = sizeof ADJUSTABLE / sizeof *ADJUSTABLE };

#define EACH_ADJUSTABLE(config, pair_count, channels)                                              \
    for (int pair_ = 0; pair_ < (pair_count); pair_++)                                             \
        for (int kind_ = 0, once_ = 1; kind_ < ADJUSTABLE_COUNT; kind_++, once_ = 1)               \
            for (vp_resampler_config config =                                                      \
                     config_of(PAIRS[pair_], ADJUSTABLE[kind_], channels);                         \
                 once_; once_ = 0)

/* What an output's noise may be beside the tone: the mildest stop band of the modes, and a little. */
static const double NOISE = 1e-5;

static double random_trim(uint64_t *seed) {
    const double uniform = (double)(next(seed) >> 11) / 9007199254740992.0;
    switch (below(seed, 6)) {
    case 0:
        return VP_TRIM_MAX;
    case 1:
        return -VP_TRIM_MAX;
    case 2:
        return 0;
    case 3:
        return 1e-4 * (2 * uniform - 1);
    default:
        return VP_TRIM_MAX * (2 * uniform - 1);
    }
}

/* cos(2 pi f t / input_rate + 1) at input times t. */
static audio tone(const vp_resampler_config *config, double frequency_hz, uint32_t frames) {
    audio a = audio_new(frames, 1, F32);
    for (uint32_t i = 0; i < frames; i++)
        audio_put(&a, 0, i, (float)cos(2 * PI * frequency_hz / config->input_rate_hz * i + 1));
    return a;
}

/* ---- A tone and its time ------------------------------------------------------------------- */

/* The cosine and the sine that fit best, and the worst that is left beside them. */
typedef struct fit {
    double a, b, worst;
} fit;

static fit fit_tone(const audio *output, const double *phase, uint32_t from, uint32_t to) {
    double cc = 0, cs = 0, ss = 0, yc = 0, ys = 0;
    for (uint32_t k = from; k < to; k++) {
        const double c = cos(phase[k]), s = sin(phase[k]), y = audio_sample(output, 0, k);
        cc += c * c, cs += c * s, ss += s * s, yc += y * c, ys += y * s;
    }
    const double determinant = cc * ss - cs * cs;
    fit f = {(yc * ss - ys * cs) / determinant, (ys * cc - yc * cs) / determinant, 0};
    for (uint32_t k = from; k < to; k++) {
        const double model = f.a * cos(phase[k]) + f.b * sin(phase[k]);
        const double left = fabs(audio_sample(output, 0, k) - model);
        if (left > f.worst) f.worst = left;
    }
    return f;
}

/* Trims at random outputs: from output at on, it is trim. */
typedef struct change {
    uint32_t at;
    double trim;
} change;

enum { CHANGES = 12 };

static void random_changes(change changes[CHANGES], uint32_t outputs, uint64_t *seed) {
    for (uint32_t i = 0; i < CHANGES; i++) {
        changes[i].at = outputs * i / CHANGES + below(seed, outputs / CHANGES);
        changes[i].trim = random_trim(seed);
    }
    changes[0] = (change){0, random_trim(seed)};
    changes[CHANGES / 2].at = changes[CHANGES / 2 - 1].at + 1;
}

static audio convert_with_changes(vp_resampler *r, const vp_resampler_config *config,
                                  const audio *input, const change changes[CHANGES], cut how) {
    run s =
        run_start(r, input, (uint64_t)(1.02 * (double)expected_length(config, input->frames)), F32);
    for (int i = 0; i < CHANGES; i++) {
        run_until(&s, input->frames, changes[i].at, how);
        assert_int_equal(s.given, changes[i].at);
        assert_int_equal(vp_resampler_trim(r, changes[i].trim), VP_OK);
    }
    return run_end(&s, how);
}

/* When each output is, by the header, going up: the next one's time stands, and from there on every
 * step is nearer to what the trim asks for, by a 51,200th of the untrimmed one at most. Before there
 * was any input, a trim holds at once. */
static void times(const vp_resampler_config *config, const change changes[CHANGES], double *at,
                  uint32_t count) {
    const double nominal = config->input_rate_hz / (double)config->output_rate_hz;
    const double slew = nominal / 51200;
    double t = 0, wanted = nominal / (1 + changes[0].trim), step = wanted;
    int i = 1;
    for (uint32_t k = 0; k < count; k++) {
        while (i < CHANGES && changes[i].at == k)
            wanted = nominal / (1 + changes[i++].trim);
        at[k] = t;
        t += step;
        step += fmax(-slew, fmin(slew, wanted - step));
    }
}

static bool goes_down(const vp_resampler_config *c) {
    return c->input_rate_hz > c->output_rate_hz;
}

/* Going up, every output is where the trims say, from the very next one on. */
static void test_time_of_every_output(void **state) {
    (void)state;
    uint64_t seed = 31;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_ADJUSTABLE(config, PAIR_COUNT, 1) {
        if (goes_down(&config)) continue;
        vp_resampler *r = make(&config);
        const double frequency_hz = .37 * nyquist_hz(&config);
        audio input = tone(&config, frequency_hz, 4 * settled_after(&config));
        const uint32_t settled = (uint32_t)expected_length(&config, settled_after(&config));
        change changes[CHANGES];
        random_changes(changes, 3 * settled, &seed);
        audio output = convert_with_changes(r, &config, &input, changes, (cut){128, 999, NULL});
        double *phase = allocate(output.frames * sizeof *phase);
        times(&config, changes, phase, output.frames);
        for (uint32_t k = 0; k < output.frames; k++)
            phase[k] = 2 * PI * frequency_hz / config.input_rate_hz * phase[k] + 1;
        const fit best = fit_tone(&output, phase, settled, 3 * settled);
        if (!(best.worst < NOISE && fabs(hypot(best.a, best.b) - 1) < .012)) /* .1 dB */
            fail_msg("%u -> %u mode %u: an output is %g beside the tone", config.input_rate_hz,
                     config.output_rate_hz, config.mode, best.worst);
        free(phase);
        audio_free(input), audio_free(output);
        free(r);
    }
}

/* Going down, a trim takes hold where the filter still takes samples in: no later than its latency. How
 * late is in the phase that it leaves for good. */
static void test_trim_is_no_later_than_the_latency(void **state) {
    (void)state;
    EACH_ADJUSTABLE(config, PAIR_COUNT, 1) {
        vp_resampler *r = make(&config);
        const double frequency_hz = .11 * nyquist_hz(&config);
        const double omega = 2 * PI * frequency_hz / config.input_rate_hz;
        const double step = config.input_rate_hz / (double)config.output_rate_hz;
        /* On the way to a full trim the rate is half wrong, for 512 samples of the double rate. */
        const double slew = goes_down(&config) ? 128 : 256;
        const double most = slew + (goes_down(&config) ? 1 + latency_frames(r) / step : 1);
        audio input = tone(&config, frequency_hz, 6 * settled_after(&config));
        const uint32_t length = (uint32_t)expected_length(&config, input.frames), at = length / 2;
        change changes[CHANGES];
        for (int i = 0; i < CHANGES; i++)
            changes[i] = (change){at, VP_TRIM_MAX};
        changes[0] = (change){0, 0};
        audio output = convert_with_changes(r, &config, &input, changes, WHOLE);
        double *phase = allocate(output.frames * sizeof *phase);
        for (uint32_t k = 0; k < output.frames; k++)
            phase[k] = omega * step * (k < at ? k : at + (k - at) / (1 + VP_TRIM_MAX)) + 1;
        const fit before = fit_tone(&output, phase, length / 5, length / 3);
        const fit after = fit_tone(&output, phase, length * 2 / 3, length * 4 / 5);
        const double shift = remainder(atan2(before.b, before.a) - atan2(after.b, after.a), 2 * PI);
        const double late = shift / omega / (step - step / (1 + VP_TRIM_MAX));
        if (!(before.worst < NOISE && after.worst < NOISE))
            fail_msg("%u -> %u mode %u: an output is %g or %g beside the tone",
                     config.input_rate_hz, config.output_rate_hz, config.mode, before.worst,
                     after.worst);
        if (!(late > slew / 1.01 - 2 && late < most + .01))
            fail_msg("%u -> %u mode %u: the trim is late by %.3f outputs, not %.3f",
                     config.input_rate_hz, config.output_rate_hz, config.mode, late, most);
        free(phase);
        audio_free(input), audio_free(output);
        free(r);
    }
}

/* The same changes at the same outputs give the same bits, however the input came before. */
static void test_changes_at_any_cut(void **state) {
    (void)state;
    uint64_t seed = 32;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_ADJUSTABLE(config, PAIR_COUNT, 2) {
        const cut ways[] = {{1, 64, NULL}, {300, 300, &seed}, {90, 7, &seed}, {4000, 1, NULL}};
        vp_resampler *r = make(&config);
        const uint32_t held = latency_frames(r) + settled_after(&config);
        audio input = audio_noise(3000 + held, 2, F32, &seed);
        change changes[CHANGES];
        random_changes(changes, (uint32_t)expected_length(&config, 1500), &seed);
        audio expected = convert_with_changes(r, &config, &input, changes, WHOLE);
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
            assert_int_equal(vp_resampler_trim(r, 0), VP_OK);
            vp_resampler_reset(r);
            audio output = convert_with_changes(r, &config, &input, changes, ways[i]);
            if (!audio_same(&output, &expected))
                fail_msg("%u -> %u mode %u: other bits in way %zu", config.input_rate_hz,
                         config.output_rate_hz, config.mode, i);
            audio_free(output);
        }
        audio_free(input), audio_free(expected);
        free(r);
    }
}

/* ---- Clicks ------------------------------------------------------------------------------ */

/* Samples of cos(p) at phases p - a, p, p + b: their second difference is at most
 * |b - a| + (a^2 + b^2) / 2, by Taylor's theorem. At 150 Hz that leaves no room for a click. Going down,
 * second differences of twice the rate then go through a filter, and it can make of them what it is
 * worth in the sum of its magnitudes: about (4 / pi^2) ln(taps) + 1, for 900 taps less than 4. */
static void test_no_clicks(void **state) {
    (void)state;
    uint64_t seed = 33;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_ADJUSTABLE(config, PAIR_COUNT, 1) {
        vp_resampler *r = make(&config);
        const double frequency_hz = 150;
        audio input = tone(&config, frequency_hz, 6 * settled_after(&config));
        const uint32_t length = (uint32_t)expected_length(&config, input.frames);
        run s = run_start(r, &input, (uint64_t)(1.02 * length), F32);
        while (s.taken < input.frames) { /* before every block */
            assert_int_equal(vp_resampler_trim(r, random_trim(&seed)), VP_OK);
            run_until(&s, s.taken + 128 < input.frames ? s.taken + 128 : input.frames, UINT32_MAX,
                      WHOLE);
        }
        audio output = run_end(&s, WHOLE);
        const double a = 2 * PI * frequency_hz / (config.output_rate_hz * (1 - VP_TRIM_MAX));
        const double b = 2 * PI * frequency_hz / (config.output_rate_hz * (1 + VP_TRIM_MAX));
        const double gain = goes_down(&config) ? 4 : 1.012;
        const double bound = gain * (a - b + (a * a + b * b) / 2) + 4 * NOISE;
        for (uint32_t k = length / 6 + 1; k < length * 9 / 11; k++) {
            const double second = (double)audio_sample(&output, 0, k - 1) -
                                  2. * audio_sample(&output, 0, k) +
                                  audio_sample(&output, 0, k + 1);
            if (!(fabs(second) < bound))
                fail_msg("%u -> %u mode %u: output %u clicks: %g, not %g", config.input_rate_hz,
                         config.output_rate_hz, config.mode, k, second, bound);
        }
        audio_free(input), audio_free(output);
        free(r);
    }
}

/* ---- Pitch and length ------------------------------------------------------------------------ */

static const double CONSTANT_TRIMS[] = {0,      VP_TRIM_MAX, -VP_TRIM_MAX, 1e-6,   -1e-6,
                                        3.3e-4, -.00777,     1e-12,        -1e-12, .0099999};
enum { TRIM_COUNT = sizeof CONSTANT_TRIMS / sizeof *CONSTANT_TRIMS };

/* Phases of the tone early and late in the stream: they drift apart if the pitch is wrong. */
static void test_pitch(void **state) {
    (void)state;
    EACH_ADJUSTABLE(config, FEW, 1) {
        vp_resampler *r = make(&config);
        const double frequency_hz = .2 * nyquist_hz(&config);
        audio input = tone(&config, frequency_hz, config.input_rate_hz / 2);
        for (int i = 0; i < TRIM_COUNT; i += 2) {
            const double rate = config.output_rate_hz * (1 + CONSTANT_TRIMS[i]);
            assert_int_equal(vp_resampler_trim(r, CONSTANT_TRIMS[i]), VP_OK);
            vp_resampler_reset(r); /* which keeps the trim */
            run s = run_start(r, &input, (uint64_t)(.51 * rate), F32);
            audio output = run_end(&s, WHOLE);
            double *phase = allocate(output.frames * sizeof *phase);
            for (uint32_t k = 0; k < output.frames; k++)
                phase[k] = 2 * PI * frequency_hz / rate * k + 1;
            const uint32_t tenth = output.frames / 10;
            const fit early = fit_tone(&output, phase, tenth, 2 * tenth);
            const fit late = fit_tone(&output, phase, 8 * tenth, 9 * tenth);
            const double drift = atan2(late.b, late.a) - atan2(early.b, early.a);
            const double error = drift / (phase[7 * tenth] - phase[0]);
            if (!(fabs(error) < 1e-7))
                fail_msg("%u -> %u mode %u, trim %g: pitch is wrong by %g", config.input_rate_hz,
                         config.output_rate_hz, config.mode, CONSTANT_TRIMS[i], error);
            free(phase);
            audio_free(output);
        }
        audio_free(input);
        free(r);
    }
}

/* Within one frame of real numbers; exact, by the test of all lengths, where there is none. */
static void test_length(void **state) {
    (void)state;
    uint64_t seed = 34;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_ADJUSTABLE(config, PAIR_COUNT, 1) {
        vp_resampler *r = make(&config);
        for (int i = 0; i < TRIM_COUNT; i++) {
            const uint32_t counts[] = {0, 1, 17, below(&seed, 1000), 5000 + below(&seed, 5000)};
            for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
                const double rate = config.output_rate_hz * (1 + CONSTANT_TRIMS[i]);
                const double exact = counts[k] * rate / config.input_rate_hz;
                audio input = audio_noise(counts[k], 1, F32, &seed);
                assert_int_equal(vp_resampler_trim(r, CONSTANT_TRIMS[i]), VP_OK);
                vp_resampler_reset(r);
                const uint32_t bound = vp_resampler_output_bound(r, counts[k]);
                run s = run_start(r, &input, (uint64_t)exact, F32);
                audio output = run_end(&s, (cut){1000, 1000, &seed});
                assert_int_equal(output.frames, bound);
                if (!(fabs(output.frames - exact) <= 1))
                    fail_msg("%u -> %u mode %u, trim %g: %u frames of %u, not %g",
                             config.input_rate_hz, config.output_rate_hz, config.mode,
                             CONSTANT_TRIMS[i], output.frames, counts[k], exact);
                audio_free(output), audio_free(input);
            }
        }
        free(r);
    }
}

/* Asked at any time, after any trims, the bound is what then comes. */
static void test_output_bound(void **state) {
    (void)state;
    uint64_t seed = 35;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_ADJUSTABLE(config, PAIR_COUNT, 1) {
        vp_resampler *r = make(&config);
        audio input = audio_noise(2000, 1, F32, &seed);
        for (int i = 0; i < 5; i++) {
            run s = run_start(r, &input, (uint64_t)(1.02 * (double)expected_length(&config, 2000)),
                              F32);
            for (int k = 0; k < 4; k++) {
                const uint32_t more = below(&seed, 400);
                assert_int_equal(vp_resampler_trim(r, random_trim(&seed)), VP_OK);
                run_until(&s, s.taken + more, s.given + below(&seed, 1000), (cut){100, 40, &seed});
            }
            assert_int_equal(vp_resampler_trim(r, random_trim(&seed)), VP_OK);
            const uint32_t before = s.given;
            const uint32_t bound = vp_resampler_output_bound(r, input.frames - s.taken);
            audio output = run_end(&s, (cut){500, 500, &seed});
            assert_int_equal(output.frames - before, bound);
            audio_free(output);
            vp_resampler_reset(r);
        }
        audio_free(input);
        free(r);
    }
}

static void test_reset_keeps_the_trim(void **state) {
    (void)state;
    uint64_t seed = 36;
    print_message("seed %llu\n", (unsigned long long)seed);
    audio input = audio_noise(2000, 1, F32, &seed);
    EACH_ADJUSTABLE(config, FEW, 1) {
        vp_resampler *fresh = make(&config), *used = make(&config);
        const uint64_t room = (uint64_t)(1.02 * (double)expected_length(&config, 2000));
        for (int i = 0; i < 3; i++) {
            const double trim = random_trim(&seed);
            run s = run_start(used, &input, room, F32);
            run_until(&s, 1 + below(&seed, 2000), UINT32_MAX, WHOLE);
            assert_int_equal(vp_resampler_trim(used, trim), VP_OK);
            run_until(&s, s.taken + below(&seed, 2000 - s.taken + 1), UINT32_MAX, WHOLE);
            audio_free(s.output);
            vp_resampler_reset(used);
            s = run_start(used, &input, room, F32);
            audio again = run_end(&s, WHOLE);
            vp_resampler_reset(used);

            free(fresh);
            fresh = make(&config);
            assert_int_equal(vp_resampler_trim(fresh, trim), VP_OK);
            s = run_start(fresh, &input, room, F32);
            audio expected = run_end(&s, WHOLE);
            assert_true(audio_same(&again, &expected));
            audio_free(again), audio_free(expected);
        }
        free(fresh), free(used);
    }
    audio_free(input);
}

/* ---- What is refused ---------------------------------------------------------------------------- */

static void test_refused_trims(void **state) {
    (void)state;
    static const double bad[] = {NAN, INFINITY, -INFINITY, .0100001, -.0100001, 1, -1, 1e300, -2};
    uint64_t seed = 37;
    print_message("seed %llu\n", (unsigned long long)seed);
    audio input = audio_noise(2000, 1, F32, &seed);
    assert_int_equal(vp_resampler_trim(NULL, 0), VP_E_NULL);
    EACH_ADJUSTABLE(config, FEW, 1) {
        vp_resampler *r = make(&config);
        const uint64_t room = (uint64_t)(1.02 * (double)expected_length(&config, 2000));
        for (int i = 0; i < 3; i++) {
            assert_int_equal(vp_resampler_trim(r, i ? i == 1 ? VP_TRIM_MAX : -VP_TRIM_MAX : 1e-3),
                             VP_OK);
            run s = run_start(r, &input, room, F32);
            audio expected = run_end(&s, WHOLE);
            vp_resampler_reset(r);
            s = run_start(r, &input, room, F32);
            for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
                run_until(&s, 150 * (uint32_t)(k + 1), UINT32_MAX, WHOLE);
                assert_int_equal(vp_resampler_trim(r, bad[k]), VP_E_TRIM);
            }
            audio output = run_end(&s, WHOLE);
            assert_true(audio_same(&output, &expected));
            audio_free(output), audio_free(expected);
            vp_resampler_reset(r);
        }
        free(r);
    }
    audio_free(input);
}

static void test_fixed_has_no_trim(void **state) {
    (void)state;
    uint64_t seed = 38;
    print_message("seed %llu\n", (unsigned long long)seed);
    audio input = audio_noise(1000, 1, F32, &seed);
    EACH_CONFIG(config, PAIR_COUNT, 1) {
        if (config.adjustable) continue;
        vp_resampler *r = make(&config);
        audio expected = convert_with(r, &config, &input, F32, WHOLE);
        vp_resampler_reset(r);
        run s = run_start(r, &input, expected.frames, F32);
        run_until(&s, 500, UINT32_MAX, WHOLE);
        assert_int_equal(vp_resampler_trim(r, 0), VP_E_MODE);
        assert_int_equal(vp_resampler_trim(r, .005), VP_E_MODE);
        audio output = run_end(&s, WHOLE);
        assert_true(audio_same(&output, &expected));
        audio_free(output), audio_free(expected);
        free(r);
    }
    audio_free(input);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_of_every_output),
        cmocka_unit_test(test_trim_is_no_later_than_the_latency),
        cmocka_unit_test(test_changes_at_any_cut),
        cmocka_unit_test(test_no_clicks),
        cmocka_unit_test(test_pitch),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_output_bound),
        cmocka_unit_test(test_reset_keeps_the_trim),
        cmocka_unit_test(test_refused_trims),
        cmocka_unit_test(test_fixed_has_no_trim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
