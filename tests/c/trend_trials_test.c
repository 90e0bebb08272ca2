/* How often vp_trend_of() cries wolf, and how often it sees one: 3000 series of each kind. The facts
 * ask for false alarms in at most 1.5 %, and for a rise of four standard deviations to be seen in 75 %
 * with 10 points and in 80 % with 20 of which one in ten is a spike. The two that are narrow, over
 * 20000 trials: AR(0.5) with 20 points 1.4 %, spikes +U(0,20) 80.8 %. So another seed may fail. */
#include "trend_series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
/* cmocka needs the four above */
#include <cmocka.h>

#ifndef TREND_TRIALS
#    define TREND_TRIALS 3000
#endif
#ifndef SEED
#    define SEED 20261122
#endif

typedef enum kind { GAUSS, SPIKES_UNIFORM, SPIKES_EQUAL, INTEGERS } kind;

typedef struct trial {
    const char *name;
    kind noise;
    uint32_t points;
    double memory, rise, step;
} trial;

typedef struct tally {
    double rising, step, fluctuating; /* percent */
} tally;

static void make(const trial *t, uint64_t *state, double *values) {
    noise(state, t->memory, t->points, values);
    for (uint32_t i = 0; i < t->points; i++) {
        if (t->noise == INTEGERS) values[i] = 40 + floor(3 * uniform(state)) - 1;
        if (t->noise == SPIKES_UNIFORM && uniform(state) < 0.1) values[i] += 20 * uniform(state);
        if (t->noise == SPIKES_EQUAL && uniform(state) < 0.1) values[i] += 10;
        values[i] += t->rise * i / (t->points - 1) + (i >= t->points / 2 ? t->step : 0);
    }
}

static tally run(const trial *t) {
    uint64_t state = SEED;
    uint32_t seen[4] = {0};
    for (uint32_t i = 0; i < TREND_TRIALS; i++) {
        double values[VP_TREND_POINTS_MAX];
        make(t, &state, values);
        vp_trend trend;
        assert_int_equal(vp_trend_of(values, t->points, 0, &trend), VP_OK);
        seen[trend.verdict]++;
    }
    double percent = 100.0 / TREND_TRIALS;
    tally found = {seen[VP_VERDICT_RISING] * percent, seen[VP_VERDICT_STEP] * percent,
                   seen[VP_VERDICT_FLUCTUATING] * percent};
    print_message("%-34s n=%-3u rising %6.2f  step %6.2f  fluctuating %6.2f\n", t->name, t->points,
                  found.rising, found.step, found.fluctuating);
    return found;
}

static void noise_makes_few_alarms(void **state) {
    (void)state;
    const trial trials[] = {
        {"gauss", GAUSS, 10, 0, 0, 0},
        {"spikes +U(0,20)", SPIKES_UNIFORM, 10, 0, 0, 0},
        {"spikes +10", SPIKES_EQUAL, 10, 0, 0, 0},
        {"integers -1, 0, +1", INTEGERS, 10, 0, 0, 0},
        {"gauss", GAUSS, 20, 0, 0, 0},
        {"spikes +U(0,20)", SPIKES_UNIFORM, 20, 0, 0, 0},
        {"spikes +10", SPIKES_EQUAL, 20, 0, 0, 0},
        {"integers -1, 0, +1", INTEGERS, 20, 0, 0, 0},
        {"AR(0.3)", GAUSS, 20, 0.3, 0, 0},
        {"AR(0.5)", GAUSS, 20, 0.5, 0, 0},
        {"AR(0.5)", GAUSS, 40, 0.5, 0, 0},
        {"AR(0.5)", GAUSS, 60, 0.5, 0, 0},
        {"spikes +U(0,20)", SPIKES_UNIFORM, 64, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        tally found = run(&trials[i]);
        assert_true(found.rising + found.step <= 1.5);
    }
}

static void rises_are_seen(void **state) {
    (void)state;
    const struct {
        trial trial;
        double least;
    } trials[] = {
        {{"gauss, rise of 4", GAUSS, 10, 0, 4, 0}, 75},
        {{"gauss, rise of 4", GAUSS, 20, 0, 4, 0}, 80},
        {{"spikes +U(0,20), rise of 4", SPIKES_UNIFORM, 20, 0, 4, 0}, 80},
        {{"spikes +10, rise of 4", SPIKES_EQUAL, 20, 0, 4, 0}, 80},
    };
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        assert_true(run(&trials[i].trial).rising >= trials[i].least);
}

int main(void) {
    print_message("%d trials each, seed %d\n", TREND_TRIALS, SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_makes_few_alarms),
        cmocka_unit_test(rises_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
