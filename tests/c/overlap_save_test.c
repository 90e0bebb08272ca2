/* The whole-clip transform against what its header promises, in double precision: tones at exact
 * times, its impulse response in closed form, and integers. */
#include "overlap_save.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const double pi = 3.14159265358979323846;

static const uint32_t rates_hz[] = {8000,  11025, 12000, 16000, 22050,  24000, 32000,
                                    44100, 48000, 88200, 96000, 176400, 192000};
enum { RATES = sizeof rates_hz / sizeof *rates_hz };

typedef struct ratio {
    uint32_t in, out;
} ratio;

/* Without and with 7s, down and up, both ends of the range, and the shortest transforms. */
static const ratio ratios[] = {{3, 1},  {441, 160}, {1, 3},     {80, 147}, {1, 2},
                               {2, 1},  {147, 320}, {147, 160}, {3, 2},    {160, 147},
                               {24, 1}, {1, 24},    {441, 20},  {20, 441}, {1280, 441}};
enum { RATIOS = sizeof ratios / sizeof *ratios };

enum { SEED = 1 };

static void fill_with_noise(float *x, uint32_t count, uint32_t seed) {
    for (uint32_t n = 0; n < count; n++) {
        seed = seed * 1664525u + 1013904223u;
        x[n] = (float)(seed >> 8) / (1 << 23) - 1;
    }
}

static void *allocate(size_t size) {
    void *memory = aligned_alloc(16, (size + 15) / 16 * 16);
    assert_non_null(memory);
    return memory;
}

static float *samples(uint32_t count) {
    float *memory = malloc(count * sizeof *memory); /* so that a sanitizer sees its end */
    assert_non_null(memory);
    return memory;
}

static overlap_save *make(ratio r) {
    const uint32_t size = overlap_save_size(r.in, r.out);
    assert_true(size > 0);
    overlap_save *os = allocate(size);
    memset(os, 0xa5, size);
    overlap_save_init(os, r.in, r.out);
    return os;
}

static uint32_t inputs_read(ratio r) {
    const overlap_save_shape shape = overlap_save_shape_of(r.in, r.out);
    return shape.inputs + 2 * shape.margin;
}

static uint32_t outputs_of(ratio r) {
    return overlap_save_shape_of(r.in, r.out).outputs;
}

static double db(double amplitude) {
    return 20 * log10(amplitude + 1e-30);
}

static uint32_t common_divisor(uint32_t a, uint32_t b) {
    return b ? common_divisor(b, a % b) : a;
}

/* ---- Which ratios, and their integers ---- */

static void check_integers(ratio r, uint32_t size) {
    const overlap_save_shape shape = overlap_save_shape_of(r.in, r.out);
    assert_true(shape.inputs > 0);
    assert_int_equal((uint64_t)shape.inputs * r.out, (uint64_t)shape.outputs * r.in);
    assert_int_equal(shape.margin % r.in, 0);     /* a time that both rates have */
    assert_true(shape.inputs > 2 * shape.margin); /* most of the work is not thrown away */
    assert_true(size <= 1536 * 1024);
}

static void test_usual_rates(void **state) {
    (void)state;
    int unfit = 0;
    for (int i = 0; i < RATES; i++)
        for (int j = 0; j < RATES; j++) {
            if (i == j) continue;
            const uint32_t divisor = common_divisor(rates_hz[i], rates_hz[j]);
            const ratio r = {rates_hz[i] / divisor, rates_hz[j] / divisor};
            const uint32_t size = overlap_save_size(r.in, r.out);
            if (r.in > 1280 || r.out > 1280) {
                assert_int_equal(size, 0);
                unfit++;
            } else {
                check_integers(r, size);
            }
        }
    assert_int_equal(unfit, 2); /* 11025 from and to 192000 */
}

static void test_unfit(void **state) {
    (void)state;
    static const ratio unfit[] = {{0, 1},          {1, 0},
                                  {11, 1},         {1, 11},
                                  {13, 160},       {160, 1274},
                                  {25, 1},         {1, 25},
                                  {1281, 1280},    {1280, 1281},
                                  {1296, 125},     {UINT32_MAX, 1},
                                  {1, UINT32_MAX}, {UINT32_MAX, UINT32_MAX}};
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++)
        assert_int_equal(overlap_save_size(unfit[i].in, unfit[i].out), 0);
}

/* Every ratio that is said to fit does. */
static void test_all_sizes(void **state) {
    (void)state;
    int fitting = 0;
    for (uint32_t in = 1; in <= 1300; in++)
        for (uint32_t out = 1; out <= 1300; out++) {
            if (in == out || common_divisor(in, out) > 1) continue;
            const uint32_t size = overlap_save_size(in, out);
            if (!size) continue;
            fitting++;
            check_integers((ratio){in, out}, size);
        }
    assert_true(fitting > 500);
}

/* ---- Tones ---- */

typedef struct response {
    double gain_db, late_samples; /* in input samples */
    double rest_db;               /* all but the tone: its RMS, as a sine's amplitude */
    double peak;                  /* all but the exact tone */
} response;

/* amplitude * cos(2 pi f t + 1), with f in fN: one batch, and the same tone fitted to it. */
static response tone(overlap_save *os, ratio r, double f, double amplitude) {
    const uint32_t count = inputs_read(r), margin = overlap_save_shape_of(r.in, r.out).margin;
    const uint32_t outputs = outputs_of(r);
    const double omega = pi * f * (r.in > r.out ? (double)r.out / r.in : 1);
    float *input = samples(count), *output = samples(outputs);
    for (uint32_t n = 0; n < count; n++)
        input[n] = (float)(amplitude * cos(omega * ((double)n - margin) + 1));
    overlap_save_run(os, input, output);
    double cc = 0, cs = 0, ss = 0, yc = 0, ys = 0, rest = 0, peak = 0;
    for (uint32_t k = 0; k < outputs; k++) {
        const double phase = omega * ((double)k * r.in / r.out) + 1, c = cos(phase), s = sin(phase);
        cc += c * c, cs += c * s, ss += s * s, yc += output[k] * c, ys += output[k] * s;
        peak = fmax(peak, fabs(output[k] - amplitude * c));
    }
    const double determinant = cc * ss - cs * cs;
    const bool stopped = f >= 1;
    const double a = stopped ? 0 : (yc * ss - ys * cs) / determinant;
    const double b = stopped ? 0 : (ys * cc - yc * cs) / determinant;
    for (uint32_t k = 0; k < outputs; k++) {
        const double phase = omega * ((double)k * r.in / r.out) + 1;
        const double e = output[k] - a * cos(phase) - b * sin(phase);
        rest += e * e;
    }
    free(input);
    free(output);
    return (response){db(hypot(a, b) / amplitude), atan2(b, a) / omega,
                      db(sqrt(2 * rest / outputs) / amplitude), peak / amplitude};
}

/* In its place, and alone: no image, no alias, no trace of blocks. */
static void test_pass_band(void **state) {
    (void)state;
    double worst = -999;
    for (int i = 0; i < RATIOS; i++) {
        overlap_save *os = make(ratios[i]);
        for (double f = .0131; f < .948; f += .1031) {
            const response t = tone(os, ratios[i], f, .9);
            if (fabs(t.gain_db) > 1e-5 || fabs(t.late_samples) > 1e-5 || t.peak > 1e-6 ||
                t.rest_db > -133)
                fail_msg("%u:%u at %.4f fN: %.6f dB, late by %g, %.1f dB beside it, peak %g",
                         ratios[i].in, ratios[i].out, f, t.gain_db, t.late_samples, t.rest_db,
                         t.peak);
            worst = fmax(worst, t.rest_db);
        }
        free(os);
    }
    printf("beside a tone: %.1f dB\n", worst);
}

/* At the edge, where the filter is at its sharpest. */
static void test_band_edge(void **state) {
    (void)state;
    double low = 0, beside = -999;
    for (int i = 0; i < RATIOS; i++) {
        overlap_save *os = make(ratios[i]);
        for (double f = .95; f < .99999; f += .0031) {
            const response t = tone(os, ratios[i], f, .9);
            assert_true(t.rest_db + t.gain_db < -130);
            beside = fmax(beside, t.rest_db);
        }
        const response edge = tone(os, ratios[i], .9595, .9);
        low = fmin(low, edge.gain_db);
        assert_true(edge.gain_db > -.1);
        free(os);
    }
    printf("gain at .9595 fN: %.4f dB; beside a tone: %.1f dB\n", low, beside);
}

/* From fN itself to the input's Nyquist frequency. What is left is rounding, of which the lower rate
 * keeps its share. */
static void test_stop_band(void **state) {
    (void)state;
    double worst = -999;
    for (int i = 0; i < RATIOS; i++) {
        if (ratios[i].in < ratios[i].out) continue;
        overlap_save *os = make(ratios[i]);
        const double top = (double)ratios[i].in / ratios[i].out;
        const double limit = top >= 2 ? -140 : -136;
        for (double f = 1; f <= top; f += f < 1.01 ? .00037 : f < 1.1 ? .0093 : .0917) {
            const double rest = tone(os, ratios[i], f, 1).rest_db;
            if (rest > limit)
                fail_msg("%u:%u at %.5f fN: %.1f dB", ratios[i].in, ratios[i].out, f, rest);
            worst = fmax(worst, rest);
        }
        free(os);
    }
    printf("stop band: %.1f dB\n", worst);
}

static void test_distortion(void **state) {
    (void)state;
    double worst = -999;
    for (int i = 0; i < RATES; i++)
        for (int j = 0; j < RATES; j++) {
            const uint32_t divisor = common_divisor(rates_hz[i], rates_hz[j]);
            const ratio r = {rates_hz[i] / divisor, rates_hz[j] / divisor};
            if (i == j || !overlap_save_size(r.in, r.out)) continue;
            const uint32_t low = rates_hz[i < j ? i : j];
            overlap_save *os = make(r);
            const response t = tone(os, r, 997 / (low / 2.), pow(10, -1 / 20.));
            const bool to_speech = rates_hz[j] == 16000 && r.in > 2 * r.out;
            if (t.rest_db > (to_speech ? -136 : -133))
                fail_msg("%u to %u Hz: %.1f dB", rates_hz[i], rates_hz[j], t.rest_db);
            worst = fmax(worst, t.rest_db);
            free(os);
        }
    printf("997 Hz at -1 dB: %.1f dB\n", worst);
}

static void test_gain_at_zero(void **state) {
    (void)state;
    for (int i = 0; i < RATIOS; i++) {
        overlap_save *os = make(ratios[i]);
        const uint32_t count = inputs_read(ratios[i]), outputs = outputs_of(ratios[i]);
        float *input = samples(count), *output = samples(outputs);
        for (uint32_t n = 0; n < count; n++)
            input[n] = 1;
        overlap_save_run(os, input, output);
        for (uint32_t k = 0; k < outputs; k++)
            assert_true(fabs(db(output[k])) < 1e-5);
        free(input);
        free(output);
        free(os);
    }
}

/* ---- The impulse response ---- */

/* At t samples of the lower rate: an ideal low-pass at the middle of the transition, times the
 * transform of the Kaiser window that the transition is the integral of. Of the block's length only
 * this is left: the transition is a whole number of bins, and the sine below periodic. */
static double impulse_response(double t, double block, uint32_t transition_bins) {
    const double beta = 15;
    const double x = pi * transition_bins * t / block, square = beta * beta - x * x;
    const double root = sqrt(fabs(square));
    const double window = (root < 1e-9  ? 1
                           : square > 0 ? sinh(root) / root
                                        : sin(root) / root) *
                          beta / sinh(beta);
    if (t == 0) return window * (1 - transition_bins / block);
    return window * sin(pi * t * (1 - transition_bins / block)) / (block * sin(pi * t / block));
}

/* Noise, both blocks of a batch, against the sum over the input that the header defines. */
static void test_definition(void **state) {
    (void)state;
    printf("seed %d\n", SEED);
    for (int i = 0; i < RATIOS; i++) {
        const ratio r = ratios[i];
        overlap_save *os = make(r);
        const uint32_t low = r.in < r.out ? r.in : r.out;
        const uint32_t count = inputs_read(r), margin = overlap_save_shape_of(r.in, r.out).margin;
        const uint32_t outputs = outputs_of(r);
        const double block =
            (double)(count - overlap_save_shape_of(r.in, r.out).inputs / 2) / r.in * low;
        const uint32_t transition = (uint32_t)(.0518 * block / 2);
        const double time_scale = r.in > r.out ? (double)r.out / r.in : 1;
        float *input = samples(count), *output = samples(outputs);
        fill_with_noise(input, count, SEED);
        overlap_save_run(os, input, output);
        double worst = 0;
        for (uint32_t k = 0; k < outputs; k += 1 + outputs / 400) {
            const double at = margin + (double)((uint64_t)k * r.in) / r.out;
            double sum = 0;
            for (uint32_t n = 0; n < count; n++) {
                const double t = (n - at) * time_scale;
                if (fabs(t) < 195)
                    sum += input[n] * impulse_response(t, block, transition) * time_scale;
            }
            worst = fmax(worst, fabs(output[k] - sum));
        }
        if (worst > 1e-6) fail_msg("%u:%u: off by %g", r.in, r.out, worst);
        free(input);
        free(output);
        free(os);
    }
}

/* ---- Batches ---- */

/* The same bits after the worst of batches as without one. */
static void test_nothing_is_left_behind(void **state) {
    (void)state;
    for (int i = 0; i < RATIOS; i++) {
        overlap_save *fresh = make(ratios[i]), *used = make(ratios[i]);
        const uint32_t count = inputs_read(ratios[i]), outputs = outputs_of(ratios[i]);
        float *input = samples(count), *expected = samples(outputs), *output = samples(outputs);
        for (uint32_t n = 0; n < count; n++)
            input[n] = n % 7 ? 1e30f : NAN;
        overlap_save_run(used, input, output);
        fill_with_noise(input, count, SEED);
        overlap_save_run(fresh, input, expected);
        overlap_save_run(used, input, output);
        assert_memory_equal(output, expected, outputs * sizeof *output);
        free(input);
        free(expected);
        free(output);
        free(fresh);
        free(used);
    }
}

/* One stream in batches has no seams. */
static void test_batches_join(void **state) {
    (void)state;
    const ratio r = {441, 160};
    overlap_save *os = make(r);
    const overlap_save_shape shape = overlap_save_shape_of(r.in, r.out);
    const uint32_t inputs = shape.inputs, outputs = shape.outputs, count = inputs_read(r);
    float *input = samples(count + inputs), *output = samples(2 * outputs);
    const double omega = pi * .9 * r.out / r.in;
    for (uint32_t n = 0; n < count + inputs; n++)
        input[n] = (float)sin(omega * ((double)n - shape.margin));
    overlap_save_run(os, input, output);
    overlap_save_run(os, input + inputs, output + outputs);
    for (uint32_t k = 0; k < 2 * outputs; k++)
        assert_true(fabs(output[k] - sin(omega * ((double)k * r.in / r.out))) < 1e-6);
    free(input);
    free(output);
    free(os);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_usual_rates),  cmocka_unit_test(test_unfit),
        cmocka_unit_test(test_all_sizes),    cmocka_unit_test(test_pass_band),
        cmocka_unit_test(test_band_edge),    cmocka_unit_test(test_stop_band),
        cmocka_unit_test(test_distortion),   cmocka_unit_test(test_gain_at_zero),
        cmocka_unit_test(test_definition),   cmocka_unit_test(test_nothing_is_left_behind),
        cmocka_unit_test(test_batches_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
