/* The monitor's memory: beside each series a list that keeps every value and merges nothing tells what
 * the rings must hold. Trends and causes have tests of their own. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above */
#include <cmocka.h>

#include "voicepath/monitor.h"

enum { SERIES = 6, PERIOD_MS = 1000, VALUES_MAX = 20000 };

typedef struct rig {
    vp_monitor *monitor;
    vp_monitor_views views;
    double now_ms;
} rig;

static rig start(uint32_t series) {
    const vp_monitor_config config = {.period_ms = PERIOD_MS, .series = series};
    const int32_t size = vp_monitor_size(&config);
    assert_true(size > 0);
    rig r = {.monitor = aligned_alloc(VP_ALIGNMENT, (size_t)size), .now_ms = 5000};
    assert_int_equal(vp_monitor_init(r.monitor, (uint32_t)size, &config, r.now_ms), VP_OK);
    assert_int_equal(vp_monitor_view(r.monitor, &r.views), VP_OK);
    return r;
}

static uint32_t add(rig *r, vp_point point, vp_signal signal) {
    const vp_series_config config = {.point = point, .signal = signal};
    const int32_t at = vp_monitor_add(r->monitor, &config);
    assert_true(at >= 0);
    return (uint32_t)at;
}

static void record(rig *r, uint32_t series, double value) {
    assert_int_equal(vp_monitor_record(r->monitor, series, value), VP_OK);
}

static int32_t tick(rig *r, double after_ms) {
    r->now_ms += after_ms;
    return vp_monitor_tick(r->monitor, r->now_ms);
}

static double recent(const rig *r, uint32_t series, int32_t period) {
    return r->views.recent[series * VP_RECENT_POINTS + (uint32_t)period % VP_RECENT_POINTS];
}

/* ---- Points ------------------------------------------------------------------------------ */

static void test_points_of_a_period(void **state) {
    (void)state;
    rig r = start(SERIES);
    const uint32_t last = add(&r, VP_POINT_LAST, 0), mean = add(&r, VP_POINT_MEAN, 0),
                   max = add(&r, VP_POINT_MAX, 0), sum = add(&r, VP_POINT_SUM, 0),
                   each = add(&r, VP_POINT_EACH, 0);
    for (uint32_t s = last; s <= each; s++) {
        record(&r, s, 4);
        record(&r, s, 7);
        record(&r, s, 1);
    }
    assert_int_equal(tick(&r, PERIOD_MS), 1);
    assert_true(recent(&r, last, 0) == 1);
    assert_true(recent(&r, mean, 0) == 4);
    assert_true(recent(&r, max, 0) == 7);
    assert_true(recent(&r, sum, 0) == 12);
    assert_true(recent(&r, each, 0) == 1);
    assert_int_equal(tick(&r, PERIOD_MS), 2);
    assert_true(recent(&r, last, 1) == 1);
    assert_true(isnan(recent(&r, mean, 1)));
    assert_true(isnan(recent(&r, max, 1)));
    assert_true(recent(&r, sum, 1) == 0);
    assert_true(isnan(recent(&r, each, 1)));
    /* Each value is one in the life of the one, the points are in that of the others. */
    assert_int_equal(r.views.stats[each].life_points, 3);
    assert_int_equal(r.views.stats[last].life_points, 2);
    assert_int_equal(r.views.stats[mean].life_points, 1);
    free(r.monitor);
}

static void test_sums_stay_within_the_range_of_values(void **state) {
    (void)state;
    rig r = start(1);
    const uint32_t sum = add(&r, VP_POINT_SUM, 0);
    vp_trend trend;
    for (int32_t period = 0; period < 8; period++) {
        for (int i = 0; i < 3; i++)
            record(&r, sum, period % 2 ? VP_VALUE_MAX : -VP_VALUE_MAX);
        tick(&r, PERIOD_MS);
        assert_true(fabs(recent(&r, sum, period)) == VP_VALUE_MAX);
        assert_int_equal(vp_monitor_trend(r.monitor, sum, &trend), VP_OK);
    }
    free(r.monitor);
}

static void test_periods_that_nobody_ticked(void **state) {
    (void)state;
    rig r = start(SERIES);
    const uint32_t level = add(&r, VP_POINT_LAST, 0), sum = add(&r, VP_POINT_SUM, 0);
    record(&r, level, 3);
    record(&r, sum, 3);
    assert_int_equal(tick(&r, PERIOD_MS), 1);
    /* A little late is not missed; three and a half periods are four. */
    assert_int_equal(tick(&r, 1.49 * PERIOD_MS), 2);
    record(&r, sum, 8);
    assert_int_equal(tick(&r, 3.5 * PERIOD_MS), 6);
    for (int32_t missed = 2; missed < 5; missed++) {
        assert_true(isnan(recent(&r, level, missed)));
        assert_true(isnan(recent(&r, sum, missed)));
    }
    assert_true(recent(&r, level, 5) == 3);
    assert_true(recent(&r, sum, 5) == 2);
    /* A clock that goes back is one period, and so is the same time again. */
    assert_int_equal(tick(&r, -4000), 7);
    assert_int_equal(tick(&r, 0), 8);
    /* Longer than the ring: nothing old is left in it. */
    assert_int_equal(tick(&r, 1000.0 * PERIOD_MS), 1008);
    for (int32_t i = 1; i < VP_RECENT_POINTS; i++)
        assert_true(isnan(recent(&r, level, 1007 - i)));
    assert_true(recent(&r, level, 1007) == 3);
    free(r.monitor);
}

/* ---- The life ring ----------------------------------------------------------------------- */

static uint32_t below(uint32_t *seed, uint32_t limit) {
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % limit;
}

/* What a point of the ring must be, from all that it stands for. */
static double expected(const double *points, uint32_t count, vp_point point) {
    double sum = 0, max = points[0];
    for (uint32_t i = 0; i < count; i++) {
        sum += points[i];
        max = fmax(max, points[i]);
    }
    return point == VP_POINT_MAX ? max : sum / count;
}

static void test_life_covers_everything(void **state) {
    (void)state;
    static double points[VALUES_MAX];
    const vp_point kinds[] = {VP_POINT_LAST, VP_POINT_MEAN, VP_POINT_MAX, VP_POINT_SUM,
                              VP_POINT_EACH};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        rig r = start(1);
        const uint32_t series = add(&r, kinds[k], 0);
        uint32_t seed = 7;
        for (uint32_t i = 0; i < VALUES_MAX; i++) {
            points[i] = below(&seed, 1000); /* whole numbers: sums are exact */
            record(&r, series, points[i]);
            tick(&r, PERIOD_MS);
            const vp_series_stats *stats = &r.views.stats[series];
            const uint32_t of = stats->life_merged, have = stats->life_points;
            assert_true(have < VP_LIFE_POINTS);
            assert_true(of == 1 || have >= VP_LIFE_POINTS / 2);
            assert_true(have * of <= i + 1 && i + 1 < (have + 1) * of);
            if (i % 997 != 0) continue;
            for (uint32_t j = 0; j < have; j++)
                assert_true(r.views.life[j] == expected(points + j * of, of, kinds[k]));
        }
        free(r.monitor);
    }
}

/* ---- Statistics -------------------------------------------------------------------------- */

static void test_stats(void **state) {
    (void)state;
    rig r = start(2);
    const uint32_t none = add(&r, VP_POINT_MEAN, 0), some = add(&r, VP_POINT_MEAN, 0);
    for (int i = 0; i < 5; i++)
        record(&r, some, (double[]){5, 1, 4, 2, 3}[i]);
    tick(&r, PERIOD_MS);
    const vp_series_stats *stats = r.views.stats;
    assert_true(stats[none].count == 0 && isnan(stats[none].last) && isnan(stats[none].p95) &&
                isnan(stats[none].min) && isnan(stats[none].max) && isnan(stats[none].mean) &&
                isnan(stats[none].ewma));
    assert_true(stats[some].count == 5 && stats[some].last == 3 && stats[some].min == 1 &&
                stats[some].max == 5 && stats[some].mean == 3 && stats[some].ewma == 3 &&
                stats[some].p50 == 3);
    record(&r, some, 13);
    tick(&r, PERIOD_MS);
    assert_true(stats[some].ewma == 3 + 0.2 * 10);
    free(r.monitor);
}

/* ---- The inbox --------------------------------------------------------------------------- */

static void test_inbox(void **state) {
    (void)state;
    rig r = start(2);
    const uint32_t one = add(&r, VP_POINT_SUM, 0), other = add(&r, VP_POINT_SUM, 0);
    for (uint32_t i = 0; i < VP_INBOX_ENTRIES; i++)
        r.views.inbox[i] = (vp_inbox_entry){.value = i, .series = i % 2 ? other : one};
    assert_int_equal(vp_monitor_take(r.monitor, 4), VP_OK);
    assert_true(r.views.stats[one].count == 2 && r.views.stats[one].last == 2);
    assert_true(r.views.stats[other].count == 2 && r.views.stats[other].last == 3);
    assert_int_equal(vp_monitor_take(r.monitor, 0), VP_OK);
    /* One that is wrong keeps all from being recorded. */
    r.views.inbox[7].value = NAN;
    assert_int_equal(vp_monitor_take(r.monitor, 8), VP_E_VALUE);
    r.views.inbox[7] = (vp_inbox_entry){.value = 7, .series = 2};
    assert_int_equal(vp_monitor_take(r.monitor, 8), VP_E_SERIES);
    assert_int_equal(vp_monitor_take(r.monitor, VP_INBOX_ENTRIES + 1), VP_E_LENGTH);
    assert_int_equal(vp_monitor_take(NULL, 1), VP_E_NULL);
    assert_true(r.views.stats[one].count == 2 && r.views.stats[other].count == 2);
    assert_int_equal(vp_monitor_take(r.monitor, 7), VP_OK);
    tick(&r, PERIOD_MS);
    assert_true(recent(&r, one, 0) == 0 + 2 + 0 + 2 + 4 + 6);
    assert_true(recent(&r, other, 0) == 1 + 3 + 1 + 3 + 5);
    free(r.monitor);
}

/* ---- Judgement --------------------------------------------------------------------------- */

static void test_trend_is_that_of_the_life_ring(void **state) {
    (void)state;
    rig r = start(1);
    const vp_series_config config = {.point = VP_POINT_LAST, .tolerance = 3};
    assert_int_equal(vp_monitor_add(r.monitor, &config), 0);
    vp_trend trend, direct;
    for (int i = 0; i < 500; i++) {
        record(&r, 0, i / 10);
        tick(&r, PERIOD_MS);
        const uint32_t count = r.views.stats[0].life_points;
        assert_int_equal(vp_monitor_trend(r.monitor, 0, &trend), VP_OK);
        assert_int_equal(vp_trend_of(r.views.life, count, 3, &direct), VP_OK);
        assert_memory_equal(&trend, &direct, sizeof trend);
    }
    assert_int_equal(trend.verdict, VP_VERDICT_RISING);
    free(r.monitor);
}

static void test_nothing_is_nothing(void **state) {
    (void)state;
    rig r = start(1);
    vp_diagnosis diagnosis;
    for (int i = 0; i < 200; i++) {
        assert_int_equal(vp_monitor_diagnose(r.monitor, &diagnosis), 0);
        assert_int_equal(diagnosis.symptoms, 0);
        tick(&r, PERIOD_MS);
    }
    free(r.monitor);
}

/* ---- Wrong input ------------------------------------------------------------------------- */

static void test_wrong_input(void **state) {
    (void)state;
    vp_monitor_config config = {.period_ms = PERIOD_MS, .series = 3};
    _Alignas(VP_ALIGNMENT) static unsigned char block[65536];
    vp_monitor *m = (vp_monitor *)block;
    const int32_t size = vp_monitor_size(&config);
    assert_true(size > 0 && size <= (int32_t)sizeof block);
    assert_int_equal(vp_monitor_size(NULL), VP_E_NULL);
    for (int i = 0; i < 2; i++) {
        vp_monitor_config wrong = config;
        wrong.series = i ? 0 : VP_SERIES_MAX + 1;
        assert_int_equal(vp_monitor_size(&wrong), VP_E_CAPACITY);
    }
    const double periods[] = {9.9, 3600001, NAN, -1, INFINITY};
    for (int i = 0; i < 5; i++) {
        vp_monitor_config wrong = config;
        wrong.period_ms = periods[i];
        assert_int_equal(vp_monitor_size(&wrong), VP_E_DURATION);
    }
    assert_int_equal(vp_monitor_init(NULL, sizeof block, &config, 0), VP_E_NULL);
    assert_int_equal(vp_monitor_init(m, (uint32_t)size - 1, &config, 0), VP_E_MEMORY);
    assert_int_equal(vp_monitor_init((vp_monitor *)(block + 8), sizeof block - 8, &config, 0),
                     VP_E_MEMORY);
    assert_int_equal(vp_monitor_init(m, (uint32_t)size, &config, -1), VP_E_TIME);
    assert_int_equal(vp_monitor_init(m, (uint32_t)size, &config, 0), VP_OK);

    vp_series_config series = {.point = VP_POINT_LAST, .signal = VP_SIGNAL_TABS};
    assert_int_equal(vp_monitor_add(m, NULL), VP_E_NULL);
    assert_int_equal(vp_monitor_add(m, &series), 0);
    assert_int_equal(vp_monitor_add(m, &series), VP_E_SERIES); /* its signal is taken */
    assert_int_equal(vp_monitor_add(m, &(vp_series_config){.point = 5}), VP_E_SERIES);
    assert_int_equal(vp_monitor_add(m, &(vp_series_config){.signal = VP_SIGNAL_COUNT}),
                     VP_E_SERIES);
    assert_int_equal(vp_monitor_add(m, &(vp_series_config){.tolerance = -1}), VP_E_SERIES);
    assert_int_equal(vp_monitor_add(m, &(vp_series_config){.tolerance = NAN}), VP_E_SERIES);
    assert_int_equal(vp_monitor_add(m, &(vp_series_config){0}), 1);
    assert_int_equal(vp_monitor_add(m, &(vp_series_config){0}), 2);
    assert_int_equal(vp_monitor_add(m, &(vp_series_config){0}), VP_E_CAPACITY);

    assert_int_equal(vp_monitor_record(NULL, 0, 1), VP_E_NULL);
    assert_int_equal(vp_monitor_record(m, 3, 1), VP_E_SERIES);
    assert_int_equal(vp_monitor_record(m, 0, NAN), VP_E_VALUE);
    assert_int_equal(vp_monitor_record(m, 0, INFINITY), VP_E_VALUE);
    assert_int_equal(vp_monitor_record(m, 0, -1e16), VP_E_VALUE);
    assert_int_equal(vp_monitor_tick(NULL, 0), VP_E_NULL);
    assert_int_equal(vp_monitor_tick(m, NAN), VP_E_TIME);
    vp_trend trend;
    vp_diagnosis diagnosis;
    vp_monitor_views views;
    assert_int_equal(vp_monitor_trend(NULL, 0, &trend), VP_E_NULL);
    assert_int_equal(vp_monitor_trend(m, 0, NULL), VP_E_NULL);
    assert_int_equal(vp_monitor_trend(m, 3, &trend), VP_E_SERIES);
    assert_int_equal(vp_monitor_diagnose(NULL, &diagnosis), VP_E_NULL);
    assert_int_equal(vp_monitor_diagnose(m, NULL), VP_E_NULL);
    assert_int_equal(vp_monitor_view(m, NULL), VP_E_NULL);
    assert_int_equal(vp_monitor_view(NULL, &views), VP_E_NULL);
    /* Nothing of it left a trace. */
    assert_int_equal(vp_monitor_view(m, &views), VP_OK);
    assert_true(views.stats[0].count == 0 && vp_monitor_tick(m, 0) == 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_of_a_period),
        cmocka_unit_test(test_sums_stay_within_the_range_of_values),
        cmocka_unit_test(test_periods_that_nobody_ticked),
        cmocka_unit_test(test_life_covers_everything),
        cmocka_unit_test(test_stats),
        cmocka_unit_test(test_inbox),
        cmocka_unit_test(test_trend_is_that_of_the_life_ring),
        cmocka_unit_test(test_nothing_is_nothing),
        cmocka_unit_test(test_wrong_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
