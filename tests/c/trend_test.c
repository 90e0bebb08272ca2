/* Trends: the exact statistics against brute force, closed tables and other ways to count; then what
 * each verdict is for. */
#include "voicepath/monitor.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs three of these */
#include <cmocka.h>

#include "kendall.h"
#include "theil_sen.h"
#include "trend_series.h"

static double numbers[KENDALL_NUMBERS];
static const bool all_in[VP_TREND_POINTS_MAX];

static double p_of(const double *values, uint32_t count) {
    return kendall_chance(values, all_in, count, INFINITY, numbers);
}

static int score(const double *values, uint32_t count) {
    int sum = 0;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < i; j++)
            sum += (values[i] > values[j]) - (values[i] < values[j]);
    return sum;
}

static bool near(double a, double b, double relative) {
    return fabs(a - b) <= relative * fabs(b);
}

/* ---- Chance ------------------------------------------------------------------------------ */

/* All orders of `values`, counted by their S + 28. */
static void count_orders(double *values, uint32_t count, uint32_t fixed, double *orders) {
    if (fixed == count) {
        orders[score(values, count) + 28]++;
        return;
    }
    for (uint32_t i = fixed; i < count; i++) {
        double swapped = values[i];
        values[i] = values[fixed];
        values[fixed] = swapped;
        count_orders(values, count, fixed + 1, orders);
        values[fixed] = values[i];
        values[i] = swapped;
    }
}

static void every_order_of_up_to_eight_values(void **state) {
    (void)state;
    const char *const kinds[] = {"01",       "00",       "012",      "0112",     "01234",
                                 "00112",    "00001",    "012345",   "001122",   "000111",
                                 "0123456",  "0011233",  "0000001",  "01234567", "00112233",
                                 "00000111", "01111112", "00123344", "00001111", "01223334"};
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        uint32_t count = (uint32_t)strlen(kinds[kind]);
        double values[8], orders[57] = {0}, all = 0;
        for (uint32_t i = 0; i < count; i++)
            values[i] = kinds[kind][i];
        count_orders(values, count, 0, orders);
        for (uint32_t s = 0; s < 57; s++)
            all += orders[s];
        uint64_t seed = kind;
        for (uint32_t round = 0; round < 200; round++) {
            for (uint32_t i = count - 1; i > 0; i--) {
                uint32_t other = (uint32_t)(draw(&seed) % (i + 1));
                double swapped = values[i];
                values[i] = values[other];
                values[other] = swapped;
            }
            double as_great = 0;
            for (int s = score(values, count); s <= 28; s++)
                as_great += orders[s + 28];
            assert_true(near(p_of(values, count), as_great / all, 1e-14));
        }
    }
}

/* An order of 0..count-1 with so many discordant pairs: from its Lehmer code. */
static void order_with(uint32_t count, uint32_t discordant, double *values) {
    bool used[64] = {false};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t skip = discordant < count - 1 - i ? discordant : count - 1 - i, value = 0;
        discordant -= skip;
        for (;; value++) {
            if (used[value]) continue;
            if (skip-- == 0) break;
        }
        used[value] = true;
        values[i] = value;
    }
}

/* One-sided probabilities of M. G. Kendall, Rank Correlation Methods, appendix table 1: as printed. */
static void the_closed_table(void **state) {
    (void)state;
    const struct {
        uint32_t count;
        int score;
        double p;
    } table[] = {
        {4, 4, 0.167},    {4, 6, 0.042},   {5, 4, 0.242},   {5, 6, 0.117},   {5, 8, 0.042},
        {5, 10, 0.0083},  {6, 9, 0.068},   {6, 11, 0.028},  {6, 13, 0.0083}, {6, 15, 0.0014},
        {7, 11, 0.068},   {7, 13, 0.035},  {7, 15, 0.015},  {7, 17, 0.0054}, {7, 19, 0.0014},
        {8, 16, 0.031},   {8, 18, 0.016},  {8, 20, 0.0071}, {9, 18, 0.038},  {9, 20, 0.022},
        {9, 24, 0.0063},  {10, 21, 0.036}, {10, 23, 0.023}, {10, 25, 0.014}, {10, 27, 0.0083},
        {10, 29, 0.0046},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        double values[64];
        uint32_t count = table[i].count, pairs = count * (count - 1) / 2;
        order_with(count, (pairs - (uint32_t)table[i].score) / 2, values);
        assert_int_equal(score(values, count), table[i].score);
        double half_a_digit = table[i].p < 0.01 ? 0.00005001 : 0.0005001;
        assert_true(fabs(p_of(values, count) - table[i].p) <= half_a_digit);
    }
}

typedef unsigned __int128 u128;

/* Mahonian numbers, A008302: T(n, k) = T(n-1, k) + … + T(n-1, k-n+1), in whole numbers. */
static void all_scores_of_up_to_twenty_values(void **state) {
    (void)state;
    static u128 row[191], next[191];
    memset(row, 0, sizeof row);
    row[0] = 1;
    u128 orders = 1;
    for (uint32_t n = 2; n <= 20; n++) {
        uint32_t pairs = n * (n - 1) / 2;
        memset(next, 0, sizeof next);
        for (uint32_t k = 0; k <= pairs; k++)
            for (uint32_t i = 0; i < n && i <= k; i++)
                next[k] += row[k - i];
        memcpy(row, next, sizeof row);
        orders *= n;
        u128 as_great = 0;
        for (uint32_t k = 0; k <= pairs; k++) {
            double values[64];
            as_great += row[k];
            order_with(n, k, values);
            assert_true(near(p_of(values, n), (double)as_great / (double)orders, 1e-14));
        }
    }
    assert_true(row[0] == 1 && row[1] == 19 && row[2] == 189); /* as in A008302 */
}

/* Orders of groups of equal values, in whole numbers, by another way: each value in turn is put before
 * some of those that are there, q-Pascal: [m+t over t] = [m+t-1 over t-1] + q^t [m+t-1 over t]. */
static void ties_by_whole_numbers(void **state) {
    (void)state;
    const uint32_t kinds[][8] = {{10, 10},        {17, 3},        {5, 5, 5, 5},
                                 {4, 4, 4, 4, 4}, {2, 9, 9},      {1, 1, 1, 7, 7, 3},
                                 {1, 19},         {6, 1, 6, 1, 6}};
    enum { PAIRS = 191 };
    static u128 product[PAIRS], factor[21][21][PAIRS], sum[PAIRS];
    for (uint32_t m = 0; m <= 20; m++) {
        for (uint32_t t = 0; m + t <= 20; t++) {
            memset(factor[m][t], 0, sizeof factor[m][t]);
            if (m == 0 || t == 0) {
                factor[m][t][0] = 1;
                continue;
            }
            for (uint32_t k = 0; k < PAIRS; k++)
                factor[m][t][k] = factor[m][t - 1][k] + (k >= t ? factor[m - 1][t][k - t] : 0);
        }
    }
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        double values[20];
        uint32_t count = 0;
        memset(product, 0, sizeof product);
        product[0] = 1;
        for (uint32_t group = 0; group < 8; group++) {
            uint32_t size = kinds[kind][group];
            memset(sum, 0, sizeof sum);
            for (uint32_t a = 0; a < PAIRS; a++)
                for (uint32_t b = 0; a + b < PAIRS; b++)
                    sum[a + b] += product[a] * factor[count][size][b];
            memcpy(product, sum, sizeof product);
            for (uint32_t i = 0; i < size; i++)
                values[count++] = group;
        }
        assert_int_equal(count, 20);
        u128 orders = 0;
        int pairs = score(values, count);
        for (int k = 0; k <= pairs; k++)
            orders += product[k];
        uint64_t seed = kind;
        for (uint32_t round = 0; round < 100; round++) {
            uint32_t a = (uint32_t)(draw(&seed) % 20), b = (uint32_t)(draw(&seed) % 20);
            u128 as_great = 0;
            for (int k = 0; k <= (pairs - score(values, count)) / 2; k++)
                as_great += product[k];
            assert_true(near(p_of(values, count), (double)as_great / (double)orders, 1e-13));
            double swapped = values[a];
            values[a] = values[b];
            values[b] = swapped;
        }
    }
}

/* 64 points of 13 values: too many orders to count, so 200,000 of them are drawn. */
static void drawn_orders(void **state) {
    (void)state;
    enum { COUNT = 64, DRAWS = 200000 };
    uint64_t seed = 64;
    double p[3];
    int scores[3];
    double drawn[COUNT];
    for (uint32_t i = 0; i < COUNT; i++)
        drawn[i] = i / 5;
    uint32_t as_great[3] = {0};
    /* the scores one, two and three standard deviations above 0 */
    for (uint32_t at = 0; at < 3; at++) {
        double ordered[COUNT];
        memcpy(ordered, drawn, sizeof drawn);
        int wanted = 172 * ((int)at + 1);
        for (uint64_t turn = 7; score(ordered, COUNT) > wanted;) {
            uint32_t i = (uint32_t)(draw(&turn) % (COUNT - 1));
            double swapped = ordered[i];
            if (swapped >= ordered[i + 1]) continue;
            ordered[i] = ordered[i + 1];
            ordered[i + 1] = swapped;
        }
        scores[at] = score(ordered, COUNT);
        p[at] = p_of(ordered, COUNT);
    }
    for (uint32_t round = 0; round < DRAWS; round++) {
        for (uint32_t i = COUNT - 1; i > 0; i--) {
            uint32_t other = (uint32_t)(draw(&seed) % (i + 1));
            double swapped = drawn[i];
            drawn[i] = drawn[other];
            drawn[other] = swapped;
        }
        int found = score(drawn, COUNT);
        for (uint32_t at = 0; at < 3; at++)
            as_great[at] += found >= scores[at];
    }
    for (uint32_t at = 0; at < 3; at++) {
        double share = as_great[at] / (double)DRAWS, error = sqrt(p[at] / DRAWS);
        assert_true(fabs(share - p[at]) <= 4 * error);
    }
}

static double erfc_tail(double z) {
    return erfc(z / sqrt(2)) / 2;
}

/* Where exactness ends the approximation takes over without a jump. */
static void many_points_are_approximated(void **state) {
    (void)state;
    uint64_t seed = 97;
    for (uint32_t round = 0; round < 50; round++) {
        double values[200];
        uint32_t count = 90 + round;
        noise(&seed, 0, count, values);
        for (uint32_t i = 0; i < count; i++)
            values[i] = floor(4 * (values[i] + i * round / 5e3));
        double variance = count * (count - 1.0) * (2.0 * count + 5);
        for (double v = -50; v <= 50; v++) {
            double t = 0;
            for (uint32_t i = 0; i < count; i++)
                t += values[i] == v;
            variance -= t * (t - 1) * (2 * t + 5);
        }
        double normal_p = erfc_tail((score(values, count) - 1) / sqrt(variance / 18));
        bool exact = count <= KENDALL_EXACT_POINTS;
        assert_true(fabs(p_of(values, count) - normal_p) <= (exact ? 2e-3 : 1e-7));
    }
}

/* ---- Slope ------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void the_slope_is_the_median_to_the_bit(void **state) {
    (void)state;
    enum { MOST = 300 };
    static double slopes[MOST * (MOST - 1) / 2];
    uint64_t seed = 1968;
    for (uint32_t round = 0; round < 300; round++) {
        uint32_t count = 2 + (uint32_t)(draw(&seed) % (round % 10 ? 80 : MOST - 1)), pairs = 0;
        double values[MOST];
        for (uint32_t i = 0; i < count; i++) {
            double x = normal(&seed);
            const double kinds[] = {x, floor(x), floor(3 * x) + i, 1e6 + x * i, x > 2, 1 / x};
            values[i] = kinds[round % 6];
        }
        for (uint32_t i = 0; i < count; i++)
            for (uint32_t j = i + 1; j < count; j++)
                slopes[pairs++] = (values[j] - values[i]) / (j - i);
        qsort(slopes, pairs, sizeof *slopes, by_size);
        double expected = (slopes[(pairs - 1) / 2] + slopes[pairs / 2]) / 2;
        assert_true(theil_sen(values, count, numbers) == expected);
    }
}

/* ---- Verdicts ---------------------------------------------------------------------------- */

static vp_trend trend_of(const double *values, uint32_t count) {
    vp_trend trend;
    assert_int_equal(vp_trend_of(values, count, 0, &trend), VP_OK);
    assert_int_equal(trend.points, count);
    assert_true(trend.p >= 0 && trend.p <= 1);
    assert_true((trend.step_at > 0) == (trend.verdict == VP_VERDICT_STEP));
    return trend;
}

typedef double rule(uint32_t i);

static vp_trend trend_by(rule *value, uint32_t count) {
    double values[VP_TREND_POINTS_MAX];
    for (uint32_t i = 0; i < count; i++)
        values[i] = value(i);
    return trend_of(values, count);
}

static double constant(uint32_t i) {
    return 0 * i + 7;
}

static double ramp(uint32_t i) {
    return 3 + 0.1 * i;
}

static double falling(uint32_t i) {
    return -2.0 * i;
}

static double nineteen_of_twenty(uint32_t i) {
    return i - i / 20 - (i % 20 >= 7);
}

static double one_in_ten(uint32_t i) {
    return i / 10;
}

static double stairs(uint32_t i) {
    return i / 5;
}

static double noisy_stairs(uint32_t i) {
    return 100 * (i / 5) + i * 7919 % 13;
}

static double doubling(uint32_t i) {
    return ldexp(1, (int)i);
}

static double levelling_off(uint32_t i) {
    return log(1 + i);
}

static double step_of_ten(uint32_t i) {
    return i >= 10;
}

static double noisy_step(uint32_t i) {
    return i * 7919 % 13 + (i >= 12 ? 40 : 0);
}

static double step_then_ramp(uint32_t i) {
    return i < 5 ? 0 : 100 + i;
}

static double spike(uint32_t i) {
    return i == 15 ? 1000 : 5;
}

static double last_spike(uint32_t i) {
    return i == 19 ? 1000 : 5;
}

/* It rises, and falls again at the end. */
static double plateau(uint32_t i) {
    return i >= 2 && i < 25;
}

static double sawtooth(uint32_t i) {
    return 50 + i % 8 * 10;
}

/* 0, and ever more often 1: most pairs are equal, and the median of their slopes is 0. */
static double ever_more_often(uint32_t i) {
    return (i + 1) * (i + 1) / 700 - i * i / 700;
}

static double alternating(uint32_t i) {
    return i % 2;
}

static void what_rises(void **state) {
    (void)state;
    const struct {
        rule *rule;
        uint32_t count;
    } rising[] = {
        {ramp, 5},
        {ramp, 10},
        {ramp, 1024},
        {nineteen_of_twenty, 20},
        {nineteen_of_twenty, 64},
        {one_in_ten, 40},
        {one_in_ten, 64},
        {one_in_ten, 1000},
        {stairs, 20},
        {stairs, 60},
        {noisy_stairs, 20},
        {doubling, 20},
        {doubling, 50},
        {levelling_off, 40},
        {step_then_ramp, 20},
        {ever_more_often, 150},
    };
    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++) {
        vp_trend trend = trend_by(rising[i].rule, rising[i].count);
        if (trend.verdict != VP_VERDICT_RISING)
            print_message("case %zu: %u, p %g, rise %g, step at %u\n", i, trend.verdict, trend.p,
                          trend.rise, trend.step_at);
        assert_int_equal(trend.verdict, VP_VERDICT_RISING);
        assert_true(trend.slope > 0 && trend.rise == trend.slope * (trend.points - 1));
    }
    vp_trend trend = trend_by(nineteen_of_twenty, 20);
    assert_true(fabs(trend.slope - 1) < 0.06);
}

static void what_steps(void **state) {
    (void)state;
    const struct {
        rule *rule;
        uint32_t count, at;
        double rise;
    } steps[] = {
        {step_of_ten, 20, 10, 1}, {step_of_ten, 40, 10, 1}, {step_of_ten, 13, 10, 1},
        {noisy_step, 24, 12, 40}, {noisy_step, 40, 12, 40},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        vp_trend trend = trend_by(steps[i].rule, steps[i].count);
        assert_int_equal(trend.verdict, VP_VERDICT_STEP);
        assert_int_equal(trend.step_at, steps[i].at);
        assert_true(fabs(trend.rise - steps[i].rise) <= 0.1 * steps[i].rise);
    }
    vp_trend young = trend_by(step_of_ten, 12);
    assert_int_equal(young.verdict, VP_VERDICT_FLUCTUATING);
}

static void what_fluctuates(void **state) {
    (void)state;
    const struct {
        rule *rule;
        uint32_t count;
    } fluctuating[] = {
        {plateau, 27},    {constant, 5},     {constant, 20},    {constant, 1024},
        {falling, 20},    {falling, 200},    {spike, 20},       {spike, 64},
        {last_spike, 20}, {sawtooth, 16},    {sawtooth, 64},    {sawtooth, 61},
        {sawtooth, 300},  {alternating, 20}, {alternating, 64}, {step_of_ten, 11},
    };
    for (size_t i = 0; i < sizeof fluctuating / sizeof *fluctuating; i++)
        assert_int_equal(trend_by(fluctuating[i].rule, fluctuating[i].count).verdict,
                         VP_VERDICT_FLUCTUATING);
    vp_trend flat = trend_by(constant, 20);
    assert_true(flat.p == 1 && flat.slope == 0 && flat.rise == 0 && flat.autocorrelation == 0);
}

static void few_points(void **state) {
    (void)state;
    for (uint32_t count = 0; count < VP_TREND_POINTS_MIN; count++) {
        vp_trend trend = trend_by(ramp, count);
        assert_int_equal(trend.verdict, VP_VERDICT_INSUFFICIENT);
        assert_true(trend.p == 1);
    }
    const double one_falls[] = {0, 1, 2, 4, 3, 5, 6, 7, 8};
    vp_trend trend = trend_of(one_falls, 9);
    assert_true(trend.p < 0.001);
    assert_int_equal(trend.verdict, VP_VERDICT_FLUCTUATING);
}

static void a_rise_must_exceed_the_tolerance(void **state) {
    (void)state;
    double values[20], high[20];
    for (uint32_t i = 0; i < 20; i++) {
        values[i] = i;
        high[i] = step_of_ten(i);
    }
    vp_trend trend;
    assert_int_equal(vp_trend_of(values, 20, 18.99, &trend), VP_OK);
    assert_int_equal(trend.verdict, VP_VERDICT_RISING);
    assert_int_equal(vp_trend_of(values, 20, 19, &trend), VP_OK);
    assert_int_equal(trend.verdict, VP_VERDICT_FLUCTUATING);
    assert_int_equal(vp_trend_of(high, 20, 0.99, &trend), VP_OK);
    assert_int_equal(trend.verdict, VP_VERDICT_STEP);
    assert_int_equal(vp_trend_of(high, 20, 1, &trend), VP_OK);
    assert_int_equal(trend.verdict, VP_VERDICT_FLUCTUATING);
}

static void the_unit_does_not_matter(void **state) {
    (void)state;
    uint64_t seed = 2;
    const double units[] = {0x1p-100, 0x1p-10, 0x1p10, 0x1p40};
    for (uint32_t round = 0; round < 200; round++) {
        double values[32], scaled[32];
        noise(&seed, 0.3, 32, values);
        for (uint32_t i = 0; i < 32; i++)
            values[i] += i * (round % 5) / 20.0;
        vp_trend trend = trend_of(values, 32);
        for (size_t unit = 0; unit < sizeof units / sizeof *units; unit++) {
            for (uint32_t i = 0; i < 32; i++)
                scaled[i] = values[i] * units[unit];
            vp_trend other = trend_of(scaled, 32);
            assert_int_equal(other.verdict, trend.verdict);
            assert_true(other.p == trend.p);
            assert_true(other.slope == trend.slope * units[unit]);
            assert_true(other.autocorrelation == trend.autocorrelation);
        }
    }
}

static void autocorrelation_is_found(void **state) {
    (void)state;
    for (double memory = -0.6; memory < 0.95; memory += 0.3) {
        uint64_t seed = 1954;
        double sum = 0;
        for (uint32_t round = 0; round < 400; round++) {
            double values[64];
            noise(&seed, memory, 64, values);
            sum += trend_of(values, 64).autocorrelation;
        }
        assert_true(fabs(sum / 400 - memory) < 0.1);
    }
}

static void wrong_input_is_named(void **state) {
    (void)state;
    static double values[VP_TREND_POINTS_MAX + 1];
    vp_trend trend, untouched;
    memset(&trend, 0x5a, sizeof trend);
    memcpy(&untouched, &trend, sizeof trend);
    assert_int_equal(vp_trend_of(NULL, 5, 0, &trend), VP_E_NULL);
    assert_int_equal(vp_trend_of(values, 5, 0, NULL), VP_E_NULL);
    assert_int_equal(vp_trend_of(values, VP_TREND_POINTS_MAX + 1, 0, &trend), VP_E_LENGTH);
    const double wrong[] = {NAN, INFINITY, -INFINITY, 1e16};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(vp_trend_of(values, 5, wrong[i], &trend), VP_E_VALUE);
        for (uint32_t at = 0; at < 20; at += 19) {
            values[at] = wrong[i];
            assert_int_equal(vp_trend_of(values, 20, 0, &trend), VP_E_VALUE);
            values[at] = 0;
        }
    }
    assert_int_equal(vp_trend_of(values, 5, -1, &trend), VP_E_VALUE);
    assert_memory_equal(&trend, &untouched, sizeof trend);
    assert_int_equal(vp_trend_of(NULL, 0, 0, &trend), VP_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_up_to_eight_values),
        cmocka_unit_test(the_closed_table),
        cmocka_unit_test(all_scores_of_up_to_twenty_values),
        cmocka_unit_test(ties_by_whole_numbers),
        cmocka_unit_test(drawn_orders),
        cmocka_unit_test(many_points_are_approximated),
        cmocka_unit_test(the_slope_is_the_median_to_the_bit),
        cmocka_unit_test(what_rises),
        cmocka_unit_test(what_steps),
        cmocka_unit_test(what_fluctuates),
        cmocka_unit_test(few_points),
        cmocka_unit_test(a_rise_must_exceed_the_tolerance),
        cmocka_unit_test(the_unit_does_not_matter),
        cmocka_unit_test(autocorrelation_is_found),
        cmocka_unit_test(wrong_input_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
