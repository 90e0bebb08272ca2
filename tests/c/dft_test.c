/* The transform against its definition, summed in double precision. */
#include "dft.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const double pi = 3.14159265358979323846;
static uint32_t seed = 1;

static float random_sample(void) {
    seed = seed * 1664525u + 1013904223u;
    return (float)(seed >> 8) / (1 << 23) - 1;
}

static void *allocate(size_t size) {
    void *memory = aligned_alloc(16, (size + 15) / 16 * 16 + 16);
    assert_non_null(memory);
    return memory;
}

/* The largest error of any lane, relative to the RMS of what comes out. */
static double error_of(uint32_t points) {
    float *re = allocate(points * 16), *im = allocate(points * 16);
    dft_turn *turns = allocate(dft_size(points));
    cx4 *out = allocate(points * sizeof *out);
    double *cosine = malloc(points * sizeof *cosine), *sine = malloc(points * sizeof *sine);
    for (uint32_t n = 0; n < points; n++)
        cosine[n] = cos(2 * pi * n / points), sine[n] = sin(2 * pi * n / points);
    for (uint32_t n = 0; n < 4 * points; n++)
        re[n] = random_sample(), im[n] = random_sample();
    dft d;
    dft_init(&d, points, turns);
    dft_run(&d, re, im, out);
    double worst = 0;
    for (uint32_t k = 0; k < points; k++)
        for (uint32_t lane = 0; lane < 4; lane++) {
            double sum_re = 0, sum_im = 0;
            for (uint32_t n = 0; n < points; n++) {
                const double x = re[4 * n + lane], y = im[4 * n + lane];
                const double c = cosine[(uint64_t)n * k % points];
                const double s = sine[(uint64_t)n * k % points];
                sum_re += x * c + y * s;
                sum_im += y * c - x * s;
            }
            worst = fmax(worst, hypot(out[k].re[lane] - sum_re, out[k].im[lane] - sum_im));
        }
    free(re), free(im), free(turns), free(out), free(cosine), free(sine);
    return worst / sqrt(points * 2. / 3);
}

static void test_definition(void **state) {
    (void)state;
    printf("seed %u\n", seed);
    static const uint32_t lengths[] = {4,  8,   12,  16,  20,  24,  28,  32,   36,   40,
                                       64, 100, 120, 196, 256, 420, 840, 1024, 1372, 1764};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const double error = error_of(lengths[i]);
        if (!(error < 1e-6)) fail_msg("%u points: off by %g", lengths[i], error);
    }
}

/* Exchanging the parts on both sides makes the inverse. */
static void test_inverse(void **state) {
    (void)state;
    enum { POINTS = 420 };
    static float re[4 * POINTS], im[4 * POINTS], back_re[4 * POINTS], back_im[4 * POINTS];
    static cx4 out[POINTS];
    dft_turn *turns = allocate(dft_size(POINTS));
    dft d;
    dft_init(&d, POINTS, turns);
    for (int n = 0; n < 4 * POINTS; n++)
        re[n] = random_sample(), im[n] = random_sample();
    dft_run(&d, re, im, out);
    for (int n = 0; n < POINTS; n++)
        f32x4_store(back_re + 4 * n, out[n].im), f32x4_store(back_im + 4 * n, out[n].re);
    dft_run(&d, back_re, back_im, out);
    for (int n = 0; n < 4 * POINTS; n++) {
        assert_true(fabsf(out[n / 4].im[n % 4] / POINTS - re[n]) < 1e-6f);
        assert_true(fabsf(out[n / 4].re[n % 4] / POINTS - im[n]) < 1e-6f);
    }
    free(turns);
}

/* Each point that a join adds has one turn. */
static void test_size(void **state) {
    (void)state;
    assert_int_equal(dft_size(4), 0);
    assert_int_equal(dft_size(1764), 1760 * sizeof(dft_turn));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_inverse),
        cmocka_unit_test(test_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
