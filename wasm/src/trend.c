/* Does a series rise, or does it only fluctuate?
 *
 * Chance. p is Mann and Kendall's: kendall.c.
 *
 * Shape. A line, with the median of all slopes (theil_sen.c); or two levels, parted
 * where A. N. Pettitt's statistic (1979) is greatest, if these are clearly nearer to the values.
 *
 * Spikes. What is far from the shape is left out, of S too if that is a line, and the shape is fitted to
 * the rest by least squares: P. J. Rousseeuw, A. M. Leroy, Robust Regression and Outlier Detection, 1987.
 *
 * Autocorrelation. Noise that remembers wanders, and what wanders often seems to rise. So S counts for
 * no more than the rise in its own standard errors, and these are widened by the factor of K. H. Hamed
 * and A. R. Rao (J. Hydrology 204, 1998) for the autocorrelation of the residuals, freed of its bias in
 * few points (M. G. Kendall, Biometrika 41, 1954). Since it is the underestimated one that makes false
 * alarms, MEMORY_MARGIN standard errors are added to it. A series that never falls is exempt: noise
 * falls, and growth that is no line leaves residuals that look like memory.
 *
 * The constants were chosen by the trials of tests/c/trend_trials_test.c. All sums go from the first
 * value to the last.
 */
#include "voicepath/monitor.h"

#include <math.h>
#include <stdbool.h>

#include "kendall.h"
#include "order.h"
#include "theil_sen.h"

#define LEVEL 0.015       /* p of a rise is below this */
#define FEW_POINTS 10     /* of fewer, only those that never fall may rise */
#define STEP_POINTS 3     /* after a step; with fewer one cannot tell whether it stays */
#define STEP_EVIDENCE 5.0 /* how much farther from the line, summed in units of the mean distance */
#define STEP_PRICE 2.1    /* on its standard error, for having chosen its place by the values */
#define SPIKE_MADS 5.0    /* median absolute deviations, scaled to standard deviations */
#define SPIKES_ONE_IN 4   /* points at most; more of them are no spikes */
#define SPIKE_DEVIATIONS 2.6
#define SPIKE_ROUNDS 2
#define MEMORY_MARGIN 1.9
#define ENOUGH_POINTS 20 /* with fewer, autocorrelation counts less and spikes are farther off */
#define MEMORY_MAX 0.95
#define DEVIATION_OF_MAD 1.4826 /* of normal noise */
#define DUST 0x1p-40            /* against the greatest value: rounding */

typedef struct series {
    const double *values;
    uint32_t count;
    double dust;
} series;

/* The value at i is start + slope i, and from step_at on `step` more. */
typedef struct shape {
    double start;
    double slope; /* 0 of two levels */
    double step;
    uint32_t step_at; /* 0 of a line */
} shape;

typedef struct workspace {
    double numbers[KENDALL_NUMBERS];
    bool spike[VP_TREND_POINTS_MAX];
} workspace;

_Static_assert(KENDALL_NUMBERS >= THEIL_SEN_NUMBERS && KENDALL_POINTS_MAX >= VP_TREND_POINTS_MAX,
               "room for each");
_Static_assert(sizeof(workspace) <= 20 * 1024, "the stack of session.wasm is small");

/* ---- Shape ------------------------------------------------------------------------------- */

static double residual(const series *s, const shape *fitted, uint32_t i) {
    double step = i >= fitted->step_at ? fitted->step : 0;
    return s->values[i] - (fitted->start + fitted->slope * i + step);
}

static double sum_of_distances(const series *s, const shape *fitted) {
    double sum = 0;
    for (uint32_t i = 0; i < s->count; i++)
        sum += fabs(residual(s, fitted, i));
    return sum;
}

/* The median of the values from `first` up to `end`, the slope taken out. */
static double median_level(const series *s, uint32_t first, uint32_t end, double slope,
                           double *numbers) {
    for (uint32_t i = first; i < end; i++)
        numbers[i - first] = s->values[i] - slope * i;
    return order_median(numbers, end - first);
}

/* Before which the values are smaller than after, most clearly. */
static uint32_t parting(const series *s) {
    int32_t sum = 0, greatest = 0;
    uint32_t at = 1;
    for (uint32_t i = 0; i + 1 < s->count; i++) {
        double value = s->values[i];
        for (uint32_t j = 0; j < s->count; j++)
            sum += (s->values[j] > value) - (s->values[j] < value);
        if (sum > greatest) {
            greatest = sum;
            at = i + 1;
        }
    }
    return at;
}

static shape shape_of(const series *s, double slope, double *numbers) {
    shape line = {median_level(s, 0, s->count, slope, numbers), slope, 0, 0};
    uint32_t at = parting(s);
    shape levels = {median_level(s, 0, at, 0, numbers), 0, 0, at};
    levels.step = median_level(s, at, s->count, 0, numbers) - levels.start;
    bool nearer = sum_of_distances(s, &levels) * (s->count + STEP_EVIDENCE) <
                  sum_of_distances(s, &line) * s->count;
    return nearer && levels.step > 0 ? levels : line;
}

/* ---- Noise ------------------------------------------------------------------------------- */

/* A shape fitted by least squares, and what it leaves. */
typedef struct fit {
    shape fitted;
    uint32_t points; /* that are no spikes */
    double variance; /* of the residuals */
    double lag;      /* their autocorrelation from point to point */
    double error;    /* the standard error of the slope, or of the step */
} fit;

static void fit_line(const series *s, const bool *spike, fit *f) {
    double place = 0, mean = 0, squares = 0, products = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        if (spike[i]) continue;
        place += i;
        mean += s->values[i];
    }
    place /= f->points;
    mean /= f->points;
    for (uint32_t i = 0; i < s->count; i++) {
        if (spike[i]) continue;
        squares += (i - place) * (i - place);
        products += (i - place) * (s->values[i] - mean);
    }
    f->fitted.slope = products / squares;
    f->fitted.start = mean - f->fitted.slope * place;
    f->error = 1 / sqrt(squares);
}

static void fit_levels(const series *s, const bool *spike, fit *f) {
    double sums[2] = {0, 0}, points[2] = {0, 0};
    for (uint32_t i = 0; i < s->count; i++) {
        if (spike[i]) continue;
        points[i >= f->fitted.step_at]++;
        sums[i >= f->fitted.step_at] += s->values[i];
    }
    f->fitted.start = sums[0] / points[0];
    f->fitted.step = sums[1] / points[1] - f->fitted.start;
    f->error = STEP_PRICE * sqrt(1 / points[0] + 1 / points[1]);
}

static void fit_least_squares(const series *s, const bool *spike, fit *f) {
    if (f->fitted.step_at)
        fit_levels(s, spike, f);
    else
        fit_line(s, spike, f);
    double squares = 0, products = 0, before = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        double here = spike[i] ? 0 : residual(s, &f->fitted, i);
        squares += here * here;
        products += here * before;
        before = here;
    }
    f->variance = squares / (f->points - 2);
    f->lag = squares > 0 ? products / squares : 0;
    f->error *= sqrt(f->variance);
}

static void forget_spikes(const series *s, bool *spike) {
    for (uint32_t i = 0; i < s->count; i++)
        spike[i] = false;
}

/* What is farther than `limit` is a spike; unless it is much, or a level would have no two points left. */
static void mark_spikes(const series *s, double limit, bool *spike, fit *f) {
    uint32_t points[2] = {0, 0};
    for (uint32_t i = 0; i < s->count; i++) {
        spike[i] = fabs(residual(s, &f->fitted, i)) > limit + s->dust;
        points[i >= f->fitted.step_at] += !spike[i];
    }
    f->points = points[0] + points[1];
    bool rare = (s->count - f->points) * SPIKES_ONE_IN <= s->count;
    if (rare && points[1] > 2 && (points[0] >= 2 || !f->fitted.step_at)) return;
    forget_spikes(s, spike);
    f->points = s->count;
}

static void fit_without_spikes(const series *s, workspace *work, fit *f) {
    for (uint32_t i = 0; i < s->count; i++)
        work->numbers[i] = fabs(residual(s, &f->fitted, i));
    double mad = order_median(work->numbers, s->count);
    double limit = mad > s->dust ? SPIKE_MADS * DEVIATION_OF_MAD * mad : INFINITY;
    if (s->count < ENOUGH_POINTS) limit = limit * ENOUGH_POINTS / s->count;
    for (uint32_t round = 0; round <= SPIKE_ROUNDS; round++) {
        mark_spikes(s, limit, work->spike, f);
        fit_least_squares(s, work->spike, f);
        limit = SPIKE_DEVIATIONS * sqrt(f->variance);
    }
}

/* Of a line's residuals the mean of the autocorrelation a is about a - (2 + 4 a) / n. */
static double unbiased(double lag, uint32_t count) {
    double free = (lag + 2.0 / count) / (1 - 4.0 / count);
    return free > 1 ? 1 : free < -1 ? -1 : free;
}

/* By how much the variance of S is greater when each point remembers the one before. */
static double hamed_rao(double lag, uint32_t points) {
    double n = points, sum = 0, power = 1;
    for (uint32_t k = 1; k < points; k++) {
        power *= lag;
        sum += (n - k) * (n - k - 1) * (n - k - 2) * power;
    }
    return 1 + 2 * sum / (n * (n - 1) * (n - 2));
}

/* The rise in standard errors. */
static double worth_of(const fit *f, uint32_t count) {
    if (f->error <= 0) return INFINITY;
    double lag = unbiased(f->lag + MEMORY_MARGIN / sqrt(count), count);
    if (count < ENOUGH_POINTS) lag *= (double)count / ENOUGH_POINTS;
    if (lag > MEMORY_MAX) lag = MEMORY_MAX;
    double rise = f->fitted.step_at ? f->fitted.step : f->fitted.slope;
    return rise / (f->error * (lag > 0 ? sqrt(hamed_rao(lag, f->points)) : 1));
}

/* ---- The verdict ------------------------------------------------------------------------- */

static bool falls(const series *s) {
    for (uint32_t i = 1; i < s->count; i++)
        if (s->values[i] < s->values[i - 1]) return true;
    return false;
}

/* Whether it rises from `first` up to `end` alone. */
static bool part_rises(const series *s, uint32_t first, uint32_t end, double tolerance,
                       workspace *work) {
    series part = *s;
    part.values += first;
    part.count = end - first;
    if (part.count < VP_TREND_POINTS_MIN) return false;
    double rise = theil_sen(part.values, part.count, work->numbers) * (part.count - 1);
    return rise > 0 && rise > tolerance &&
           kendall_chance(part.values, work->spike + first, part.count, INFINITY, work->numbers) <
               LEVEL;
}

/* Everything but the verdict. Returns where the step would be. */
static uint32_t measure(const series *s, workspace *work, vp_trend *trend) {
    trend->slope = theil_sen(s->values, s->count, work->numbers);
    fit f = {.fitted = shape_of(s, trend->slope, work->numbers), .points = s->count};
    double step = f.fitted.step, worth = INFINITY;
    forget_spikes(s, work->spike);
    if (s->count < FEW_POINTS || !falls(s)) {
        fit_least_squares(s, work->spike, &f);
    } else {
        fit_without_spikes(s, work, &f);
        worth = worth_of(&f, s->count);
        /* What rose and fell again has not stayed, however short it was. */
        if (f.fitted.step_at) forget_spikes(s, work->spike);
    }
    if (s->count >= FEW_POINTS && f.variance > 0)
        trend->autocorrelation = unbiased(f.lag, s->count);
    trend->p = kendall_chance(s->values, work->spike, s->count, worth, work->numbers);
    /* A counter that seldom changes has more equal pairs than others: their median says nothing. */
    if (trend->slope == 0 && trend->p < LEVEL)
        trend->slope = f.fitted.slope + f.fitted.step / (s->count - 1);
    trend->rise = f.fitted.step_at ? step : trend->slope * (s->count - 1);
    return f.fitted.step_at;
}

static vp_verdict verdict_of(const series *s, uint32_t step_at, double tolerance, workspace *work,
                             const vp_trend *trend) {
    if (trend->p >= LEVEL || trend->rise <= 0 || trend->rise <= tolerance)
        return VP_VERDICT_FLUCTUATING;
    if (s->count < FEW_POINTS && falls(s)) return VP_VERDICT_FLUCTUATING;
    if (!step_at) return VP_VERDICT_RISING;
    if (trend->slope * (s->count - 1) > tolerance &&
        (part_rises(s, 0, step_at, tolerance, work) ||
         part_rises(s, step_at, s->count, tolerance, work)))
        return VP_VERDICT_RISING;
    return s->count - step_at < STEP_POINTS ? VP_VERDICT_FLUCTUATING : VP_VERDICT_STEP;
}

int32_t vp_trend_of(const double *values, uint32_t count, double tolerance, vp_trend *trend) {
    if (!trend || (!values && count)) return VP_E_NULL;
    if (count > VP_TREND_POINTS_MAX) return VP_E_LENGTH;
    if (!(tolerance >= 0 && tolerance <= VP_VALUE_MAX)) return VP_E_VALUE;
    double greatest = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!(fabs(values[i]) <= VP_VALUE_MAX)) return VP_E_VALUE;
        if (fabs(values[i]) > greatest) greatest = fabs(values[i]);
    }
    *trend = (vp_trend){.p = 1, .points = count};
    if (count < VP_TREND_POINTS_MIN) return VP_OK;
    const series s = {values, count, greatest * DUST};
    workspace work;
    uint32_t step_at = measure(&s, &work, trend);
    trend->verdict = verdict_of(&s, step_at, tolerance, &work, trend);
    if (trend->verdict == VP_VERDICT_STEP)
        trend->step_at = step_at;
    else
        trend->rise = trend->slope * (count - 1);
    return VP_OK;
}
