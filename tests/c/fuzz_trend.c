/* Any series gets a verdict, and the promises of vp_trend_of() and its parts hold. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "quantile.h"
#include "tape.h"
#include "voicepath/monitor.h"

#define CHECK(holds)                                                                               \
    if (!(holds)) abort()

/* Small whole numbers, which make ties; fractions; and now and then any bits at all. */
static double value_from(tape *t, uint32_t kind) {
    if (kind == 0) return (double)take(t, 1) - 128;
    if (kind == 1) return take(t, 1) % 3;
    if (kind == 2) return ((double)take(t, 2) - 32768) / 7;
    uint64_t bits = (uint64_t)take(t, 4) << 32 | take(t, 4);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static vp_trend checked(const double *values, uint32_t count, double tolerance) {
    vp_trend trend;
    CHECK(vp_trend_of(values, count, tolerance, &trend) == VP_OK);
    CHECK(trend.points == count);
    CHECK(trend.verdict <= VP_VERDICT_RISING);
    CHECK((trend.verdict == VP_VERDICT_INSUFFICIENT) == (count < VP_TREND_POINTS_MIN));
    CHECK(trend.p >= 0 && trend.p <= 1);
    CHECK(fabs(trend.autocorrelation) <= 1);
    CHECK(!isnan(trend.slope) && !isnan(trend.rise));
    CHECK(trend.verdict < VP_VERDICT_STEP || (trend.rise > 0 && trend.rise > tolerance));
    CHECK((trend.step_at > 0) == (trend.verdict == VP_VERDICT_STEP));
    CHECK(trend.step_at < count || count == 0);
    return trend;
}

static bool grows(const vp_trend *trend) {
    return trend->verdict >= VP_VERDICT_STEP;
}

/* What grows does not grow upside down, nor backwards. */
static void check_mirrors(const double *values, uint32_t count, const vp_trend *trend) {
    static double mirrored[VP_TREND_POINTS_MAX];
    for (uint32_t i = 0; i < count; i++)
        mirrored[i] = -values[i];
    vp_trend other = checked(mirrored, count, 0);
    CHECK(!(grows(trend) && grows(&other)));
    for (uint32_t i = 0; i < count; i++)
        mirrored[i] = values[count - 1 - i];
    other = checked(mirrored, count, 0);
    CHECK(!(grows(trend) && grows(&other)));
}

/* Doubling is exact, so it changes nothing; neither does adding a whole number to whole numbers, but
 * for rounding. */
static void check_units(const double *values, uint32_t count, uint32_t kind,
                        const vp_trend *trend) {
    static double other[VP_TREND_POINTS_MAX];
    if (kind == 3) return;
    for (uint32_t i = 0; i < count; i++)
        other[i] = 2 * values[i];
    vp_trend doubled = checked(other, count, 0);
    CHECK(doubled.verdict == trend->verdict && doubled.p == trend->p);
    CHECK(doubled.slope == 2 * trend->slope && doubled.step_at == trend->step_at);
    if (kind == 2) return;
    for (uint32_t i = 0; i < count; i++)
        other[i] = values[i] + 1000;
    vp_trend shifted = checked(other, count, 0);
    CHECK(fabs(shifted.slope - trend->slope) <= 1e-9);
}

static void check_quantile(const double *values, uint32_t count) {
    quantile q;
    quantile_init(&q, 0.95);
    double least = INFINITY, most = -INFINITY;
    for (uint32_t i = 0; i < count; i++) {
        least = fmin(least, values[i]);
        most = fmax(most, values[i]);
        quantile_add(&q, values[i]);
        CHECK(quantile_value(&q) >= least && quantile_value(&q) <= most);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    static double values[VP_TREND_POINTS_MAX + 1];
    tape t = {data, length};
    uint32_t kind = take(&t, 1) % 4, count = 0;
    double tolerance = take(&t, 1) / 16.0;
    bool within = true;
    while (t.left && count <= VP_TREND_POINTS_MAX) {
        values[count] = value_from(&t, kind);
        within = within && fabs(values[count]) <= VP_VALUE_MAX;
        count++;
    }
    vp_trend trend;
    if (count > VP_TREND_POINTS_MAX) {
        CHECK(vp_trend_of(values, count, tolerance, &trend) == VP_E_LENGTH);
        return 0;
    }
    if (!within) {
        CHECK(vp_trend_of(values, count, tolerance, &trend) == VP_E_VALUE);
        return 0;
    }
    check_quantile(values, count);
    checked(values, count, tolerance);
    trend = checked(values, count, 0);
    check_mirrors(values, count, &trend);
    check_units(values, count, kind, &trend);
    return 0;
}
