/* What is in the frames, against closed formulas in double precision: the tone that goes in must come
 * out at its time and height with nothing beside it, or not at all. A short form of bench/resampler,
 * which sweeps. */
#include "resampler_stream.h"

static const double AMPLITUDE = .8912509381337456; /* -1 dB of full scale */

static double db(double ratio) {
    return 20 * log10(ratio + 1e-30);
}

/* ---- A tone ------------------------------------------------------------------------------ */

typedef struct tone {
    double gain;  /* of the fitted tone, by that which went in */
    double phase; /* how late it is, within half a period */
    double rest;  /* RMS of what is not the fitted tone, by the RMS of what went in */
    double all;   /* RMS of all, by the same */
} tone;

/* What was added to the tone's RMS when its samples were rounded to floats, as far as it lies below
 * fN; it is in the output too, and no fault of the resampler. */
static double in_band(const vp_resampler_config *c, double rounding_power) {
    return rounding_power * 2 * nyquist_hz(c) / c->input_rate_hz;
}

static double without(double rms, double power) {
    return sqrt(fmax(0, rms * rms - power));
}

/* Sends cos(2 pi f t + 1) through and fits the same tone, at the times the outputs ought to have, to
 * the settled part of what comes out. */
static tone send_tone(vp_resampler *r, const vp_resampler_config *config, double frequency_hz,
                      uint32_t frames) {
    const uint32_t settle = settled_after(config);
    const double omega = 2 * PI * frequency_hz / config->input_rate_hz;
    audio input = audio_new(2 * settle + frames, 1, F32);
    double rounding = 0;
    for (uint32_t i = 0; i < input.frames; i++) {
        const double x = AMPLITUDE * cos(omega * i + 1);
        audio_put(&input, 0, i, (float)x);
        rounding += (x - (float)x) * (x - (float)x) / input.frames;
    }
    vp_resampler_reset(r);
    audio output = convert_with(r, config, &input, F32, WHOLE);
    const uint32_t from = (uint32_t)expected_length(config, settle);
    const uint32_t to = (uint32_t)expected_length(config, settle + frames);
    double cc = 0, cs = 0, ss = 0, yc = 0, ys = 0, all = 0, rest = 0;
    for (uint32_t k = from; k < to; k++) {
        const double phase = omega * output_time(config, k) + 1, c = cos(phase), s = sin(phase);
        const double y = audio_sample(&output, 0, k);
        cc += c * c, cs += c * s, ss += s * s, yc += y * c, ys += y * s, all += y * y;
    }
    const double determinant = cc * ss - cs * cs;
    const double a = (yc * ss - ys * cs) / determinant, b = (ys * cc - yc * cs) / determinant;
    for (uint32_t k = from; k < to; k++) {
        const double phase = omega * output_time(config, k) + 1;
        const double e = audio_sample(&output, 0, k) - a * cos(phase) - b * sin(phase);
        rest += e * e;
    }
    audio_free(input), audio_free(output);
    const double rms = AMPLITUDE * sqrt(.5), outputs = to - from;
    return (tone){
        .gain = hypot(a, b) / AMPLITUDE,
        .phase = atan2(b, a),
        .rest = without(sqrt(rest / outputs), in_band(config, rounding)) / rms,
        .all = without(sqrt(all / outputs), in_band(config, rounding)) / rms,
    };
}

/* Enough for the fit, and for OFFLINE to go past a block. */
static uint32_t usual_frames(const vp_resampler *r, const vp_resampler_config *config) {
    const uint32_t twentieth = config->input_rate_hz / 20;
    if (config->mode != VP_RESAMPLER_OFFLINE) return twentieth;
    return twentieth + latency_frames(r);
}

/* ---- What the header promises, at any rates --------------------------------------------------- */

/* The table of the modes; and what remains of any tone, at best, where a sample between two stages, or
 * of a long transform, is a float: that is told apart from the filters here, and not in what was asked
 * for at the rates that matter, below. */
static const struct {
    double flat, from_fn_db, beyond_db; /* flat: where -0.1 dB is, by fN; beyond: 1.09 fN */
    double floor_db;
} MODES[] = {
    [VP_RESAMPLER_BALANCED] = {.87, -106, -112, -150},
    [VP_RESAMPLER_BEST] = {.946, -131, -145, -150},
    [VP_RESAMPLER_ULTRA] = {.96, -147, -147, -150},
    [VP_RESAMPLER_LOW_LATENCY] = {.9, -117, -117, -140},
    [VP_RESAMPLER_OFFLINE] = {.959, -140, -140, -136},
};

static double with_floor(const vp_resampler_config *c, double limit_db) {
    return 10 * log10(pow(10, limit_db / 10) + pow(10, MODES[c->mode].floor_db / 10));
}

static void fail_at(const vp_resampler_config *c, double f, const char *what, double is,
                    double limit) {
    fail_msg("%u -> %u mode %u%s at %.4f fN: %s is %.6g, not %.6g", c->input_rate_hz,
             c->output_rate_hz, c->mode, c->adjustable ? " adjustable" : "", f, what, is, limit);
}

/* Flat, in time, and nothing beside the tone. */
static void test_pass_band(void **state) {
    (void)state;
    EACH_CONFIG(config, PAIR_COUNT, 1) {
        vp_resampler *r = make(&config);
        const double flat = MODES[config.mode].flat;
        const double points[] = {.013, .11, .29, .431, .6007, .757, .83, .87, flat};
        for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
            const double f = points[i] < flat ? points[i] : flat;
            const tone t = send_tone(r, &config, f * nyquist_hz(&config), usual_frames(r, &config));
            if (!(fabs(db(t.gain)) <= .1)) fail_at(&config, f, "gain in dB", db(t.gain), .1);
            if (config.mode != VP_RESAMPLER_LOW_LATENCY && !(fabs(t.phase) < 1e-5))
                fail_at(&config, f, "phase in radians", t.phase, 1e-5);
            const double limit = with_floor(&config, MODES[config.mode].beyond_db);
            if (f < .91 && !(db(t.rest) <= limit))
                fail_at(&config, f, "the rest in dB", db(t.rest), limit);
        }
        free(r);
    }
}

/* Going down, nothing from fN on comes through, wherever it would fold; going up, nothing between fN
 * and .91 fN leaves an image. */
static void test_stop_band(void **state) {
    (void)state;
    static const double above[] = {1.0001, 1.003, 1.01, 1.037, 1.08, 1.0901, 1.17, 1.31, 1.51,
                                   1.77,   1.93,  2.02, 2.57,  2.94, 3.01,   5.5,  10.9};
    static const double inside[] = {.915, .937, .955, .98, .996};
    EACH_CONFIG(config, PAIR_COUNT, 1) {
        vp_resampler *r = make(&config);
        const double fn_hz = nyquist_hz(&config), top = config.input_rate_hz / 2. / fn_hz;
        for (size_t i = 0; i < sizeof above / sizeof *above && above[i] < top; i++) {
            const double f = above[i];
            const double limit = with_floor(&config, f < 1.09 ? MODES[config.mode].from_fn_db
                                                              : MODES[config.mode].beyond_db);
            const double all = db(send_tone(r, &config, f * fn_hz, usual_frames(r, &config)).all);
            if (!(all <= limit)) fail_at(&config, f, "the alias in dB", all, limit);
        }
        for (size_t i = 0; top <= 1 && i < sizeof inside / sizeof *inside; i++) {
            const double f = inside[i], limit = with_floor(&config, MODES[config.mode].from_fn_db);
            const double rest = db(send_tone(r, &config, f * fn_hz, usual_frames(r, &config)).rest);
            if (!(rest <= limit)) fail_at(&config, f, "the image in dB", rest, limit);
        }
        free(r);
    }
}

/* A constant is one to 0.0002 dB. */
static void test_gain_at_zero(void **state) {
    (void)state;
    const double least = pow(10, -.0002 / 20), most = pow(10, .0002 / 20);
    EACH_CONFIG(config, PAIR_COUNT, 1) {
        vp_resampler *r = make(&config);
        audio input = audio_new(3 * settled_after(&config), 1, F32);
        for (uint32_t i = 0; i < input.frames; i++)
            audio_put(&input, 0, i, .75f);
        audio output = convert_with(r, &config, &input, F32, WHOLE);
        for (uint32_t k = output.frames * 3 / 8; k < output.frames * 5 / 8; k++) {
            const double gain = audio_sample(&output, 0, k) / .75;
            if (!(gain > least && gain < most)) fail_at(&config, 0, "gain", gain, most);
        }
        audio_free(input), audio_free(output);
        free(r);
    }
}

/* Twice the rate: an impulse comes out around its own time, the same to both sides. */
static void test_linear_phase(void **state) {
    (void)state;
    for (int i = 0; i < KIND_COUNT; i++) {
        if (KINDS[i].mode == VP_RESAMPLER_LOW_LATENCY) continue;
        const vp_resampler_config config = config_of((rate_pair){24000, 48000}, KINDS[i], 1);
        enum { FRAMES = 3000 };
        audio input = audio_new(FRAMES, 1, F32);
        for (uint32_t k = 0; k < FRAMES; k++)
            audio_put(&input, 0, k, k == FRAMES / 2);
        audio output = convert(&config, &input);
        const float peak = audio_sample(&output, 0, FRAMES);
        const double tolerance = pow(10, MODES[config.mode].beyond_db / 20) + 1e-7;
        for (uint32_t k = 1; k < FRAMES; k++) {
            const float before = audio_sample(&output, 0, FRAMES - k);
            const float after = audio_sample(&output, 0, FRAMES + k);
            assert_true(fabsf(before - after) < tolerance && peak > fabsf(after));
        }
        audio_free(input), audio_free(output);
    }
}

/* ---- What was asked for, at the rates that matter ------------------------------------------------ */

/* In dB: THD+N of 997 Hz; the worst that is beside a tone up to .91 fN; going down, the worst alias
 * from fN, and from 1.09 fN. OFFLINE's purity was not asked for: that of its floats is there. */
static const struct {
    uint32_t mode;
    rate_pair rates;
    double thd_db, residual_db, from_fn_db, beyond_db;
} ASKED[] = {
    {VP_RESAMPLER_BEST, {48000, 16000}, -147, -145, -131, -145},
    {VP_RESAMPLER_BEST, {44100, 16000}, -147, -145, -131, -145},
    {VP_RESAMPLER_BEST, {24000, 48000}, -147, -143, 0, 0},
    {VP_RESAMPLER_BEST, {22050, 44100}, -147, -143, 0, 0},
    {VP_RESAMPLER_BEST, {16000, 48000}, -140, -140, 0, 0},
    {VP_RESAMPLER_BEST, {24000, 44100}, -140, -140, 0, 0},
    {VP_RESAMPLER_ULTRA, {48000, 16000}, -148, -147, -147, -147},
    {VP_RESAMPLER_ULTRA, {44100, 16000}, -148, -147, -147, -147},
    {VP_RESAMPLER_ULTRA, {24000, 48000}, -150, -147, 0, 0},
    {VP_RESAMPLER_ULTRA, {22050, 44100}, -150, -147, 0, 0},
    {VP_RESAMPLER_ULTRA, {16000, 48000}, -147, -147, 0, 0},
    {VP_RESAMPLER_ULTRA, {24000, 44100}, -147, -147, 0, 0},
    {VP_RESAMPLER_BALANCED, {48000, 16000}, -112, -112, -106, -106},
    {VP_RESAMPLER_BALANCED, {44100, 16000}, -112, -112, -106, -106},
    {VP_RESAMPLER_BALANCED, {24000, 48000}, -112, -112, 0, 0},
    {VP_RESAMPLER_BALANCED, {22050, 44100}, -112, -112, 0, 0},
    {VP_RESAMPLER_BALANCED, {16000, 48000}, -110, -110, 0, 0},
    {VP_RESAMPLER_BALANCED, {24000, 44100}, -110, -110, 0, 0},
    {VP_RESAMPLER_LOW_LATENCY, {48000, 16000}, -120, -120, -120, -120},
    {VP_RESAMPLER_LOW_LATENCY, {44100, 16000}, -120, -120, -120, -120},
    {VP_RESAMPLER_LOW_LATENCY, {24000, 48000}, -120, -120, 0, 0},
    {VP_RESAMPLER_LOW_LATENCY, {16000, 48000}, -120, -120, 0, 0},
    {VP_RESAMPLER_LOW_LATENCY, {24000, 44100}, -120, -120, 0, 0},
    {VP_RESAMPLER_OFFLINE, {48000, 16000}, -136, -136, -140, -140},
    {VP_RESAMPLER_OFFLINE, {44100, 16000}, -136, -136, -140, -140},
    {VP_RESAMPLER_OFFLINE, {24000, 48000}, -134.5, -134.5, 0, 0},
    {VP_RESAMPLER_OFFLINE, {16000, 48000}, -134.5, -134.5, 0, 0},
    {VP_RESAMPLER_OFFLINE, {24000, 44100}, -134.5, -134.5, 0, 0},
};

static void test_what_was_asked(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++) {
        const vp_resampler_config config = {ASKED[i].rates.input_hz, ASKED[i].rates.output_hz,
                                            ASKED[i].mode, 1, 0};
        vp_resampler *r = make(&config);
        const double fn_hz = nyquist_hz(&config), top = config.input_rate_hz / 2. / fn_hz;
        const double thd = db(send_tone(r, &config, 997, config.input_rate_hz / 2).rest);
        if (!(thd <= ASKED[i].thd_db))
            fail_at(&config, 997 / fn_hz, "THD+N in dB", thd, ASKED[i].thd_db);
        for (double f = .031; f < .91; f += .0977) {
            const double rest = db(send_tone(r, &config, f * fn_hz, usual_frames(r, &config)).rest);
            if (!(rest <= ASKED[i].residual_db))
                fail_at(&config, f, "the rest in dB", rest, ASKED[i].residual_db);
        }
        for (double f = 1.0001; f < top; f += f < 1.1 ? .0271 : .0833) {
            const double limit = f < 1.09 ? ASKED[i].from_fn_db : ASKED[i].beyond_db;
            const double all = db(send_tone(r, &config, f * fn_hz, usual_frames(r, &config)).all);
            if (!(all <= limit)) fail_at(&config, f, "the alias in dB", all, limit);
        }
        free(r);
    }
}

/* ---- Low latency ------------------------------------------------------------------------- */

static double group_delay_samples(vp_resampler *r, const vp_resampler_config *config,
                                  double frequency_hz) {
    const double step_hz = 5, low_hz = frequency_hz - step_hz, high_hz = frequency_hz + step_hz;
    const uint32_t frames = config->input_rate_hz / 4;
    const double low = send_tone(r, config, low_hz, frames).phase;
    const double high = send_tone(r, config, high_hz, frames).phase;
    const double more = remainder(high - low, 2 * PI); /* there is no whole cycle between the two */
    return more / (2 * PI * (high_hz - low_hz)) * config->input_rate_hz;
}

static void test_low_latency_delay(void **state) {
    (void)state;
    static const rate_pair rates[] = {
        {48000, 16000}, {44100, 16000}, {24000, 48000}, {16000, 48000}, {24000, 44100}};
    for (size_t i = 0; i < 2 * sizeof rates / sizeof *rates; i++) {
        const vp_resampler_config config = {rates[i / 2].input_hz, rates[i / 2].output_hz,
                                            VP_RESAMPLER_LOW_LATENCY, 1, i % 2};
        vp_resampler *r = make(&config);
        for (double f = 100; f <= 3000; f += 483) {
            const double ms = group_delay_samples(r, &config, f) / config.input_rate_hz * 1e3;
            if (!(ms <= .25))
                fail_at(&config, f / nyquist_hz(&config), "group delay in ms", ms, .25);
        }
        free(r);
    }
}

/* A ramp comes out as a ramp, late by the delay of the lowest frequencies: the first moment of the
 * impulse response, exactly, over all phases. */
static double ramp_delay_samples(vp_resampler *r, const vp_resampler_config *config) {
    const uint32_t settle = settled_after(config);
    audio input = audio_new(3 * settle, 1, F32);
    for (uint32_t i = 0; i < input.frames; i++)
        audio_put(&input, 0, i, (float)i / (float)input.frames);
    vp_resampler_reset(r);
    audio output = convert_with(r, config, &input, F32, WHOLE);
    const uint32_t from = output.frames / 3, to = output.frames * 2 / 3;
    double late = 0;
    for (uint32_t k = from; k < to; k++)
        late += output_time(config, k) - (double)audio_sample(&output, 0, k) * input.frames;
    audio_free(input), audio_free(output);
    return late / (to - from);
}

/* As of the other modes: output k stands for the input time t, its own less the delay of low
 * frequencies, and is there when more than t + latency input frames are. */
static void test_low_latency_is_as_told(void **state) {
    (void)state;
    uint64_t seed = 41;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < 2 * PAIR_COUNT; i++) {
        const kind kind = {VP_RESAMPLER_LOW_LATENCY, (uint32_t)i % 2};
        const vp_resampler_config config = config_of(PAIRS[i / 2], kind, 1);
        vp_resampler *r = make(&config);
        const double latency = vp_resampler_latency_samples(r);
        const double delay = ramp_delay_samples(r, &config);
        const double uncertain = .002 * latency + .001; /* in the measured delay */
        vp_resampler_reset(r);
        audio input = audio_noise(2000, 1, F32, &seed);
        run s = run_start(r, &input, expected_length(&config, input.frames), F32);
        while (s.taken < input.frames) {
            run_step(&s, false, 1, s.output.frames - s.given);
            const double next_at = output_time(&config, s.given) - delay + latency;
            if (!(next_at > s.taken - uncertain))
                fail_msg("%u -> %u%s: output %u is late after %u: %.3f of %.3f samples",
                         config.input_rate_hz, config.output_rate_hz,
                         config.adjustable ? " adjustable" : "", s.given, s.taken, latency, delay);
            if (!s.given) continue;
            const double last_at = output_time(&config, s.given - 1) - delay + latency;
            if (!(last_at < s.taken + uncertain))
                fail_msg("%u -> %u%s: output %u is early after %u: %.3f of %.3f samples",
                         config.input_rate_hz, config.output_rate_hz,
                         config.adjustable ? " adjustable" : "", s.given - 1, s.taken, latency,
                         delay);
        }
        audio_free(s.output), audio_free(input);
        free(r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pass_band),
        cmocka_unit_test(test_stop_band),
        cmocka_unit_test(test_gain_at_zero),
        cmocka_unit_test(test_linear_phase),
        cmocka_unit_test(test_what_was_asked),
        cmocka_unit_test(test_low_latency_delay),
        cmocka_unit_test(test_low_latency_is_as_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
