/* The resampler against closed formulas: what a tone, a step or an impulse must come out as, in
 * double precision, and how many samples must come out, in integers. */
#include "voicepath/resampler.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef vp_resampler_config rates;

/* Without and with each stage, with few phases, with many, and at both ends of the range. */
static const rates pairs[] = {
    {48000, 16000},  {44100, 16000},  {48000, 24000},  {24000, 48000}, {44100, 48000},
    {48000, 44100},  {44101, 16000},  {11025, 48000},  {8000, 192000}, {192000, 8000},
    {22050, 24000},  {24000, 22050},  {96000, 16000},  {16000, 44100}, {16000, 24000},
    {191999, 8001},  {8001, 191999},  {192000, 11025}, {16001, 16000}, {16000, 16001},
    {192000, 96001}, {96001, 192000}, {16000, 16000},
};
enum { PAIRS = sizeof pairs / sizeof *pairs };

static const double pi = 3.14159265358979323846;

static uint32_t random_state = 1;

static uint32_t random_below(uint32_t bound) {
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)random_state * bound >> 32);
}

static float random_sample(void) {
    return (float)random_below(1u << 24) / (1 << 23) - 1;
}

static void *allocate(size_t size) {
    void *memory = aligned_alloc(VP_ALIGNMENT, (size + 15) / 16 * 16);
    assert_non_null(memory);
    return memory;
}

static vp_resampler *make(rates config) {
    const int32_t size = vp_resampler_size(&config);
    assert_true(size > 0);
    vp_resampler *r = allocate((size_t)size);
    memset(r, 0xa5, (size_t)size);
    assert_int_equal(vp_resampler_init(r, (uint32_t)size, &config), VP_OK);
    return r;
}

static uint64_t expected_length(rates config, uint64_t inputs) {
    return (inputs * config.output_rate_hz + config.input_rate_hz - 1) / config.input_rate_hz;
}

static double output_time(rates config, uint64_t output) {
    return (double)(output * config.input_rate_hz) / config.output_rate_hz;
}

static double nyquist(rates config) {
    return .5 * (config.input_rate_hz < config.output_rate_hz ? config.input_rate_hz
                                                              : config.output_rate_hz);
}

/* A whole stream, in blocks of up to block samples and answers of up to capacity: random sizes
 * including 0, or the full ones. Checks all that can be said of any stream. */
static float *stream(vp_resampler *r, rates config, const float *input, uint32_t count,
                     uint32_t block, uint32_t capacity, bool random) {
    const uint32_t length = (uint32_t)expected_length(config, count);
    float *output = allocate((length + capacity + 1) * sizeof *output);
    uint32_t taken = 0, given = 0;
    vp_resampler_progress p = {0, 0};
    while (taken < count || p.produced) {
        uint32_t in = block < count - taken ? block : count - taken, out = capacity;
        if (random) in = random_below(in + 1), out = random_below(out + 1);
        output[given + out] = 123;
        assert_int_equal(vp_resampler_process(r, input + taken, in, output + given, out, &p),
                         VP_OK);
        assert_true(p.consumed <= in && p.produced <= out);
        assert_true(p.consumed == in || p.produced == out);
        assert_true(output[given + out] == 123);
        taken += p.consumed;
        given += p.produced;
        assert_true(given <= length);
        if (random && !p.produced) p.produced = out == 0;
    }
    do {
        const uint32_t out = random ? 1 + random_below(capacity) : capacity;
        output[given + out] = 123;
        assert_int_equal(vp_resampler_flush(r, output + given, out, &p), VP_OK);
        assert_int_equal(p.consumed, 0);
        assert_true(p.produced <= out);
        assert_true(output[given + out] == 123);
        given += p.produced;
        assert_true(given <= length);
    } while (p.produced);
    assert_int_equal(given, length);
    return output;
}

static float *convert(rates config, const float *input, uint32_t count) {
    vp_resampler *r = make(config);
    const uint32_t length = (uint32_t)expected_length(config, count);
    float *output = stream(r, config, input, count, count, length + 1, false);
    free(r);
    return output;
}

/* ---- Frequency response ---- */

typedef struct response {
    double gain, delay_samples, rest; /* delay in input samples; rest: RMS of all but the tone */
} response;

/* Sends cos(2 pi f t + 1) through and fits the same tone, at the times the outputs ought to have,
 * to the settled part of what comes out. */
static response tone(rates config, double frequency_hz, bool fit) {
    const uint32_t settle = (uint32_t)ceil(70 * config.input_rate_hz / (2 * nyquist(config)));
    const uint32_t count = 8 * settle;
    const double omega = 2 * pi * frequency_hz / config.input_rate_hz;
    float *input = allocate(count * sizeof *input);
    for (uint32_t i = 0; i < count; i++)
        input[i] = (float)cos(omega * i + 1);
    float *output = convert(config, input, count);
    const uint32_t from = (uint32_t)expected_length(config, settle);
    const uint32_t to = (uint32_t)expected_length(config, count - settle);
    double cc = 0, cs = 0, ss = 0, yc = 0, ys = 0, rest = 0;
    for (uint32_t k = from; k < to; k++) {
        const double phase = omega * output_time(config, k) + 1, c = cos(phase), s = sin(phase);
        cc += c * c, cs += c * s, ss += s * s, yc += output[k] * c, ys += output[k] * s;
    }
    const double determinant = cc * ss - cs * cs;
    const double a = fit ? (yc * ss - ys * cs) / determinant : 0;
    const double b = fit ? (ys * cc - yc * cs) / determinant : 0;
    for (uint32_t k = from; k < to; k++) {
        const double phase = omega * output_time(config, k) + 1;
        const double e = output[k] - a * cos(phase) - b * sin(phase);
        rest += e * e;
    }
    free(input);
    free(output);
    return (response){hypot(a, b), atan2(b, a) / omega, sqrt(rest / (to - from))};
}

static double db(double ratio) {
    return 20 * log10(ratio + 1e-30);
}

/* Flat, in time, and with nothing beside the tone: no image, no alias, no phase noise. */
static void test_pass_band(void **state) {
    (void)state;
    for (int i = 0; i < PAIRS; i++)
        for (double f = .02; f < .88; f += .085) {
            const response r = tone(pairs[i], f * nyquist(pairs[i]), true);
            if (fabs(db(r.gain)) > .1 || fabs(r.delay_samples) > 1e-4 || db(r.rest) > -100)
                fail_msg("%u -> %u at %.3f fN: %.3f dB, late by %g samples, %.1f dB beside it",
                         pairs[i].input_rate_hz, pairs[i].output_rate_hz, f, db(r.gain),
                         r.delay_samples, db(r.rest));
        }
}

/* From fN to the Nyquist frequency of the input nothing may come through, wherever it would fold.
 */
static void test_stop_band(void **state) {
    (void)state;
    for (int i = 0; i < PAIRS; i++) {
        if (pairs[i].input_rate_hz <= pairs[i].output_rate_hz) continue;
        const double top = pairs[i].input_rate_hz / 2. / nyquist(pairs[i]);
        for (double f = 1; f <= top; f += f < 1.1 || (f > 2.9 && f < 3.3) ? .02 : .151) {
            const double left = db(tone(pairs[i], f * nyquist(pairs[i]), false).rest * sqrt(2));
            if (left > -100)
                fail_msg("%u -> %u at %.3f fN: %.1f dB comes through", pairs[i].input_rate_hz,
                         pairs[i].output_rate_hz, f, left);
        }
    }
}

static void test_gain_at_zero(void **state) {
    (void)state;
    float input[8000];
    for (int i = 0; i < 8000; i++)
        input[i] = 1;
    for (int i = 0; i < PAIRS; i++) {
        float *output = convert(pairs[i], input, 8000);
        const uint32_t length = (uint32_t)expected_length(pairs[i], 8000);
        for (uint32_t k = length * 2 / 5; k < length * 3 / 5; k++)
            assert_true(fabs(output[k] - 1.) < 1e-5);
        free(output);
    }
}

/* Twice the rate: an impulse comes out around its own time, the same to both sides. */
static void test_linear_phase(void **state) {
    (void)state;
    float input[400] = {[200] = 1};
    float *output = convert((rates){24000, 48000}, input, 400);
    for (int i = 1; i < 400; i++)
        assert_true(output[400 - i] == output[400 + i]);
    for (int i = 1; i < 400; i++)
        assert_true(output[400] > fabsf(output[400 + i]));
    free(output);
}

/* ---- Time ---- */

static void test_lengths(void **state) {
    (void)state;
    static const uint32_t counts[] = {0, 1, 2, 3, 10, 47, 128, 441, 1000, 4096, 5003};
    float *input = allocate(5003 * sizeof *input);
    for (int i = 0; i < 5003; i++)
        input[i] = random_sample();
    for (int i = 0; i < PAIRS; i++)
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            free(convert(pairs[i], input, counts[k])); /* stream() compares the length */
    free(input);
}

/* One sample at a time: output k is there exactly when more than its time + latency have come. */
static void test_latency(void **state) {
    (void)state;
    for (int i = 0; i < PAIRS; i++) {
        const rates c = pairs[i];
        vp_resampler *r = make(c);
        const double scaled = vp_resampler_latency_samples(r) * c.output_rate_hz;
        const uint64_t latency = (uint64_t)llround(scaled);
        assert_true(fabs(scaled - (double)latency) < 1e-3);
        uint64_t given = 0;
        for (uint64_t pushed = 1; pushed < 3000; pushed++) {
            float x = random_sample(), y[64];
            vp_resampler_progress p;
            if (c.input_rate_hz == c.output_rate_hz) assert_int_equal(latency, 0);
            assert_int_equal(vp_resampler_process(r, &x, 1, y, 64, &p), VP_OK);
            assert_int_equal(p.consumed, 1);
            given += p.produced;
            assert_true(given == 0 ||
                        (given - 1) * c.input_rate_hz + latency < pushed * c.output_rate_hz);
            assert_true(given * c.input_rate_hz + latency >= pushed * c.output_rate_hz);
        }
        free(r);
    }
}

/* The same impulse after a whole number of common periods gives the same samples, to the bit. */
static void test_no_drift(void **state) {
    (void)state;
    static const struct {
        rates rates;
        uint32_t in, out, periods;
    } cases[] = {{{44100, 16000}, 441, 160, 4000},
                 {{44101, 16000}, 44101, 16000, 30},
                 {{16000, 44100}, 160, 441, 4000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint32_t shift = cases[i].in * cases[i].periods, count = shift + 3000;
        float *input = allocate(count * sizeof *input);
        memset(input, 0, count * sizeof *input);
        input[1000] = input[shift + 1000] = 1;
        float *output = convert(cases[i].rates, input, count);
        const uint32_t span = (uint32_t)expected_length(cases[i].rates, 2000);
        const uint32_t later = cases[i].out * cases[i].periods;
        assert_memory_equal(output, output + later, span * sizeof *output);
        free(input);
        free(output);
    }
}

/* ---- Blocks ---- */

static void test_any_blocks_same_bits(void **state) {
    (void)state;
    enum { COUNT = 6000 };
    float *input = allocate(COUNT * sizeof *input);
    for (int i = 0; i < COUNT; i++)
        input[i] = random_sample();
    static const struct {
        uint32_t block, capacity;
        bool random;
    } ways[] = {{128, 4096, false}, {1, 64, false},  {COUNT, 1, false}, {COUNT, 7, false},
                {500, 300, true},   {40, 900, true}, {7, 3, true},      {300, 2, true}};
    for (int i = 0; i < PAIRS; i++) {
        const size_t bytes = expected_length(pairs[i], COUNT) * sizeof *input;
        float *whole = convert(pairs[i], input, COUNT);
        vp_resampler *r = make(pairs[i]);
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
            float *output =
                stream(r, pairs[i], input, COUNT, ways[k].block, ways[k].capacity, ways[k].random);
            assert_memory_equal(output, whole, bytes);
            free(output);
            vp_resampler_reset(r); /* so this is also the test that reset is as good as new */
        }
        free(whole);
        free(r);
    }
    free(input);
}

static void test_reset_in_mid_stream(void **state) {
    (void)state;
    float input[2000], output[64];
    for (int i = 0; i < 2000; i++)
        input[i] = random_sample();
    for (int i = 0; i < PAIRS; i++) {
        vp_resampler *r = make(pairs[i]);
        vp_resampler_progress p;
        assert_int_equal(vp_resampler_process(r, input, 777, output, 61, &p), VP_OK);
        vp_resampler_reset(r);
        const uint32_t length = (uint32_t)expected_length(pairs[i], 2000);
        float *again = stream(r, pairs[i], input, 2000, 2000, length + 1, false);
        float *fresh = convert(pairs[i], input, 2000);
        assert_memory_equal(again, fresh, length * sizeof *fresh);
        free(again);
        free(fresh);
        free(r);
    }
}

static void test_equal_rates_copy(void **state) {
    (void)state;
    float input[1000];
    for (int i = 0; i < 1000; i++)
        input[i] = random_sample();
    float *output = convert((rates){44100, 44100}, input, 1000);
    assert_memory_equal(input, output, sizeof input);
    free(output);
}

/* Of a stream that is drained as it goes, the bound asked once for a block size holds for good;
 * asked at any time, it holds for what comes until then and the flush. */
static void test_output_bound(void **state) {
    (void)state;
    float input[200], output[8192];
    for (int i = 0; i < 200; i++)
        input[i] = random_sample();
    for (int i = 0; i < PAIRS; i++) {
        vp_resampler *r = make(pairs[i]);
        vp_resampler_progress p, q;
        const uint32_t bound = vp_resampler_output_bound(r, 128);
        assert_int_equal(bound, expected_length(pairs[i], 128));
        for (int k = 0; k < 500; k++) {
            assert_true(vp_resampler_output_bound(r, 128) >= bound);
            assert_int_equal(vp_resampler_process(r, input, 128, output, 8192, &p), VP_OK);
            assert_true(p.produced <= bound);
        }
        assert_int_equal(vp_resampler_process(r, input, 200, output, 3, &p), VP_OK);
        const uint32_t rest = vp_resampler_output_bound(r, 200);
        assert_int_equal(vp_resampler_process(r, input, 200, output, 8192, &p), VP_OK);
        assert_int_equal(p.consumed, 200);
        assert_int_equal(vp_resampler_flush(r, output, 8192, &q), VP_OK);
        assert_int_equal(p.produced + q.produced, rest);
        assert_int_equal(vp_resampler_output_bound(r, 0), 0);
        free(r);
    }
    vp_resampler *r = make((rates){8000, 192000});
    assert_int_equal(vp_resampler_output_bound(r, UINT32_MAX), UINT32_MAX);
    free(r);
}

/* ---- Bad samples ---- */

static void test_bad_samples(void **state) {
    (void)state;
    enum { COUNT = 9000 };
    static float bad[COUNT], cleaned[COUNT], good[COUNT];
    for (int i = 0; i < COUNT; i++)
        bad[i] = cleaned[i] = good[i] = random_sample();
    static const struct {
        float is, counts_as;
    } values[] = {{NAN, 0},         {-NAN, 0},      {INFINITY, 0},  {-INFINITY, 0},  {3e38f, 65536},
                  {-3e38f, -65536}, {65537, 65536}, {65536, 65536}, {1e-40f, 1e-40f}};
    for (int i = 0; i < 9; i++)
        bad[100 + i] = values[i].is, cleaned[100 + i] = values[i].counts_as;
    for (int i = 0; i < PAIRS; i++) {
        const rates c = pairs[i];
        const uint32_t length = (uint32_t)expected_length(c, COUNT);
        float *a = convert(c, bad, COUNT), *b = convert(c, cleaned, COUNT);
        float *clean = convert(c, good, COUNT);
        for (uint32_t k = 0; k < length; k++)
            assert_true(isfinite(a[k]));
        assert_memory_equal(a, b, length * sizeof *a);
        vp_resampler *r = make(c);
        const double latency = vp_resampler_latency_samples(r);
        const uint32_t passed = (uint32_t)expected_length(c, 110 + (uint32_t)ceil(latency));
        assert_memory_equal(a + passed, clean + passed, (length - passed) * sizeof *a);
        free(r);
        free(a);
        free(b);
        free(clean);
    }
}

/* ---- Errors ---- */

static void test_bad_rates(void **state) {
    (void)state;
    static const rates bad[] = {{7999, 16000},   {192001, 16000},    {16000, 7999},
                                {16000, 192001}, {0, 16000},         {16000, 0},
                                {0, 0},          {UINT32_MAX, 8000}, {8000, 1u << 31}};
    vp_resampler *memory = allocate(1000);
    memset(memory, 0x5a, 1000);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(vp_resampler_size(&bad[i]), VP_E_RATE);
        assert_int_equal(vp_resampler_init(memory, 1000, &bad[i]), VP_E_RATE);
    }
    assert_int_equal(vp_resampler_size(NULL), VP_E_NULL);
    assert_int_equal(vp_resampler_init(memory, 1000, NULL), VP_E_NULL);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(((unsigned char *)memory)[i], 0x5a);
    free(memory);
}

static void test_bad_memory(void **state) {
    (void)state;
    for (int i = 0; i < PAIRS; i++) {
        const int32_t size = vp_resampler_size(&pairs[i]);
        assert_in_range(size, 1, 200000);
        unsigned char *memory = allocate((size_t)size + 16);
        memset(memory, 0x5a, (size_t)size + 16);
        vp_resampler *r = (vp_resampler *)(void *)memory;
        assert_int_equal(vp_resampler_init(NULL, (uint32_t)size, &pairs[i]), VP_E_NULL);
        assert_int_equal(vp_resampler_init(r, (uint32_t)size - 1, &pairs[i]), VP_E_MEMORY);
        assert_int_equal(vp_resampler_init(r, 0, &pairs[i]), VP_E_MEMORY);
        for (size_t k = 1; k < 16; k++)
            assert_int_equal(vp_resampler_init((void *)(memory + k), (uint32_t)size, &pairs[i]),
                             VP_E_MEMORY);
        for (int32_t k = 0; k < size + 16; k++)
            assert_int_equal(memory[k], 0x5a);
        assert_int_equal(vp_resampler_init(r, (uint32_t)size, &pairs[i]), VP_OK);
        for (int32_t k = size; k < size + 16; k++)
            assert_int_equal(memory[k], 0x5a);
        free(memory);
    }
}

static void test_failed_calls_change_nothing(void **state) {
    (void)state;
    float input[300] = {1, 2, 3}, output[300];
    for (int i = 0; i < PAIRS; i++) {
        const size_t size = (size_t)vp_resampler_size(&pairs[i]);
        vp_resampler *r = make(pairs[i]);
        void *before = allocate(size);
        vp_resampler_progress p, q = {77, 88};
        assert_int_equal(vp_resampler_process(r, input, 300, output, 20, &p), VP_OK);
        memcpy(before, r, size);
        assert_int_equal(vp_resampler_process(NULL, input, 9, output, 9, &q), VP_E_NULL);
        assert_int_equal(vp_resampler_process(r, NULL, 9, output, 9, &q), VP_E_NULL);
        assert_int_equal(vp_resampler_process(r, input, 9, NULL, 9, &q), VP_E_NULL);
        assert_int_equal(vp_resampler_process(r, input, 9, output, 9, NULL), VP_E_NULL);
        assert_int_equal(vp_resampler_flush(NULL, output, 9, &q), VP_E_NULL);
        assert_int_equal(vp_resampler_flush(r, NULL, 9, &q), VP_E_NULL);
        assert_int_equal(vp_resampler_flush(r, output, 9, NULL), VP_E_NULL);
        assert_memory_equal(before, r, size);

        /* No buffer is no error where nothing is to be read or written. */
        assert_int_equal(vp_resampler_process(r, NULL, 0, NULL, 0, &p), VP_OK);
        assert_true(p.consumed == 0 && p.produced == 0);
        assert_memory_equal(before, r, size);

        assert_int_equal(vp_resampler_flush(r, NULL, 0, &p), VP_OK);
        assert_int_equal(p.produced, 0);
        memcpy(before, r, size);
        assert_int_equal(vp_resampler_process(r, input, 9, output, 9, &q), VP_E_FLUSHED);
        assert_int_equal(vp_resampler_process(r, NULL, 0, NULL, 0, &q), VP_E_FLUSHED);
        assert_memory_equal(before, r, size);
        assert_true(q.consumed == 77 && q.produced == 88);
        free(before);
        free(r);
    }
}

static void test_flush_twice(void **state) {
    (void)state;
    float input[100] = {1}, output[4096];
    for (int i = 0; i < PAIRS; i++) {
        vp_resampler *r = make(pairs[i]);
        vp_resampler_progress p;
        assert_int_equal(vp_resampler_process(r, input, 100, output, 4096, &p), VP_OK);
        assert_int_equal(vp_resampler_flush(r, output, 4096, &p), VP_OK);
        for (int k = 0; k < 3; k++) {
            assert_int_equal(vp_resampler_flush(r, output, 4096, &p), VP_OK);
            assert_true(p.consumed == 0 && p.produced == 0);
        }
        vp_resampler_reset(r);
        assert_int_equal(vp_resampler_flush(r, output, 4096, &p), VP_OK);
        assert_int_equal(p.produced, 0);
        vp_resampler_reset(r);
        assert_int_equal(vp_resampler_process(r, input, 100, output, 4096, &p), VP_OK);
        assert_int_equal(p.consumed, 100);
        free(r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pass_band),
        cmocka_unit_test(test_stop_band),
        cmocka_unit_test(test_gain_at_zero),
        cmocka_unit_test(test_linear_phase),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_latency),
        cmocka_unit_test(test_no_drift),
        cmocka_unit_test(test_any_blocks_same_bits),
        cmocka_unit_test(test_reset_in_mid_stream),
        cmocka_unit_test(test_equal_rates_copy),
        cmocka_unit_test(test_output_bound),
        cmocka_unit_test(test_bad_samples),
        cmocka_unit_test(test_bad_rates),
        cmocka_unit_test(test_bad_memory),
        cmocka_unit_test(test_failed_calls_change_nothing),
        cmocka_unit_test(test_flush_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
