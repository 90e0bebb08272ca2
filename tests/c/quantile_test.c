/* P² against the example of its paper, and against sorting. */
#include "quantile.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
/* cmocka needs three of these */
#include <cmocka.h>

#include "trend_series.h"

/* R. Jain, I. Chlamtac, CACM 28 (1985), table I: the median of 20 observations. */
static void the_example_of_the_paper(void **state) {
    (void)state;
    const double observations[] = {0.02,  0.15,  0.74,  3.39,  0.83,  22.37, 10.15,
                                   15.43, 38.62, 15.92, 34.60, 10.28, 1.47,  0.40,
                                   0.05,  11.39, 0.27,  0.42,  0.09,  11.37};
    quantile q;
    quantile_init(&q, 0.5);
    for (size_t i = 0; i < 20; i++)
        quantile_add(&q, observations[i]);
    assert_true(fabs(quantile_value(&q) - 4.44) < 0.005);
    const double heights[] = {0.02, 0.49, 4.44, 17.20, 38.62}, places[] = {1, 6, 10, 16, 20};
    for (size_t i = 0; i < 5; i++) {
        assert_true(fabs(q.heights[i] - heights[i]) < 0.01);
        assert_true(q.positions[i] == places[i]);
    }
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double sorted_quantile(double *values, uint32_t count, double probability) {
    qsort(values, count, sizeof *values, by_size);
    double place = probability * (count - 1);
    uint32_t below = (uint32_t)place, above = below + 1 < count ? below + 1 : below;
    return values[below] + (place - below) * (values[above] - values[below]);
}

static void up_to_five_values_are_sorted(void **state) {
    (void)state;
    const double values[] = {7, -3, 12, 0.5, 4};
    const double probabilities[] = {0.05, 0.5, 0.95};
    for (size_t p = 0; p < 3; p++) {
        quantile q;
        quantile_init(&q, probabilities[p]);
        assert_true(isnan(quantile_value(&q)));
        for (uint32_t count = 1; count <= 5; count++) {
            double copy[5];
            for (uint32_t i = 0; i < count; i++)
                copy[i] = values[i];
            quantile_add(&q, values[count - 1]);
            double expected = sorted_quantile(copy, count, probabilities[p]);
            assert_true(fabs(quantile_value(&q) - expected) < 1e-12);
        }
    }
}

enum { MANY = 20000 };

typedef double distribution(uint64_t *state);

static double exponential(uint64_t *state) {
    return -log(uniform(state));
}

static double long_tailed(uint64_t *state) {
    return exp(normal(state));
}

/* What the estimate stands at among the sorted values must be near the probability. */
static void many_values(void **state) {
    (void)state;
    distribution *const distributions[] = {uniform, normal, exponential, long_tailed};
    const double probabilities[] = {0.5, 0.95};
    static double values[MANY];
    uint64_t seed = 1985;
    for (size_t d = 0; d < 4; d++) {
        quantile q[2];
        for (size_t p = 0; p < 2; p++)
            quantile_init(&q[p], probabilities[p]);
        for (uint32_t i = 0; i < MANY; i++) {
            values[i] = distributions[d](&seed);
            quantile_add(&q[0], values[i]);
            quantile_add(&q[1], values[i]);
        }
        for (size_t p = 0; p < 2; p++) {
            double exact = sorted_quantile(values, MANY, probabilities[p]);
            double off = fabs(quantile_value(&q[p]) - exact);
            print_message("p%.0f of distribution %zu: exact %.4f, off by %.4f\n",
                          100 * probabilities[p], d, exact, off);
            assert_true(off <= 0.03 * (values[MANY * 3 / 4] - values[MANY / 4]));
        }
    }
}

static void markers_stay_in_order(void **state) {
    (void)state;
    uint64_t seed = 3;
    for (uint32_t round = 0; round < 2000; round++) {
        quantile q;
        quantile_init(&q, round % 2 ? 0.95 : 0.5);
        for (uint32_t i = 0; i < 200; i++) {
            double value = round % 3 ? floor(4 * uniform(&seed)) : normal(&seed);
            quantile_add(&q, value);
            for (uint32_t k = 1; q.count == 5 && k < 5; k++) {
                assert_true(q.heights[k] >= q.heights[k - 1]);
                assert_true(q.positions[k] > q.positions[k - 1]);
            }
        }
    }
}

static void equal_values_stay_what_they_are(void **state) {
    (void)state;
    quantile q;
    quantile_init(&q, 0.95);
    for (uint32_t i = 0; i < 1000; i++)
        quantile_add(&q, 16.7);
    assert_true(quantile_value(&q) == 16.7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_paper),
        cmocka_unit_test(up_to_five_values_are_sorted),
        cmocka_unit_test(many_values),
        cmocka_unit_test(markers_stay_in_order),
        cmocka_unit_test(equal_values_stay_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
