/* A series is two accumulators in a row. Values gather in the period's; a tick makes a point of them,
 * which goes to the recent ring and gathers in the life's. When that has as many points as one of the
 * life ring stands for, they become one; and when the life ring is full, neighbours are merged and each
 * stands for twice as many. So 32 to 63 points always cover the whole life, at even distances, and a
 * leak of one object an hour is seen as well as one of a hundred a second.
 *
 * Periods that nobody ticked (timers of hidden pages ring once a minute) leave NaN in the recent ring,
 * which stays aligned to time; what was summed meanwhile is spread over them.
 */
#include "voicepath/monitor.h"

#include <math.h>
#include <stdbool.h>

#include "cause.h"
#include "memory.h"
#include "quantile.h"
#include "time_ms.h"

#define PERIOD_MIN_MS 10.0
#define PERIOD_MAX_MS 3600000.0
#define PERIODS_MAX 0x7fffffff
#define EWMA_WEIGHT 0.2 /* of the newest point: an unchanged series is there within ten */

/* What was gathered, until it becomes one. */
typedef struct gathering {
    double sum;
    double max;
    double last;
    uint32_t count;
} gathering;

typedef struct series {
    vp_series_config config;
    quantile p50;
    quantile p95;
    quantile best;    /* the lower quartile of the points */
    gathering period; /* values */
    gathering life;   /* points, or values for EACH */
} series;

struct vp_monitor {
    double period_ms;
    double ticked_ms;
    uint32_t capacity;
    uint32_t count;
    uint32_t periods;
    uint32_t signals[VP_SIGNAL_COUNT]; /* the number of its series + 1; 0 for none */
    series *series;
    vp_series_stats *stats;
    double *recent;         /* [capacity][VP_RECENT_POINTS] */
    double *life;           /* [capacity][VP_LIFE_POINTS] */
    signal_window *windows; /* [VP_SIGNAL_COUNT], while a diagnosis is made */
    vp_inbox_entry *inbox;  /* [VP_INBOX_ENTRIES] */
};

/* ---- Lifetime ---------------------------------------------------------------------------- */

/* Lays the parts out from `base` on; returns the bytes they take. */
static uint32_t lay_out(vp_monitor *m, uintptr_t base, uint32_t capacity) {
    uintptr_t at = base;
    vp_carve(&at, 1, sizeof *m);
    m->series = vp_carve(&at, capacity, sizeof *m->series);
    m->stats = vp_carve(&at, capacity, sizeof *m->stats);
    m->recent = vp_carve(&at, (size_t)capacity * VP_RECENT_POINTS, sizeof *m->recent);
    m->life = vp_carve(&at, (size_t)capacity * VP_LIFE_POINTS, sizeof *m->life);
    m->windows = vp_carve(&at, VP_SIGNAL_COUNT, sizeof *m->windows);
    m->inbox = vp_carve(&at, VP_INBOX_ENTRIES, sizeof *m->inbox);
    return (uint32_t)(at - base);
}

int32_t vp_monitor_size(const vp_monitor_config *config) {
    if (!config) return VP_E_NULL;
    if (config->series < 1 || config->series > VP_SERIES_MAX) return VP_E_CAPACITY;
    if (!(config->period_ms >= PERIOD_MIN_MS && config->period_ms <= PERIOD_MAX_MS))
        return VP_E_DURATION;
    vp_monitor m;
    return (int32_t)lay_out(&m, 0, config->series);
}

int32_t vp_monitor_init(vp_monitor *monitor, uint32_t size, const vp_monitor_config *config,
                        double now_ms) {
    if (!monitor) return VP_E_NULL;
    const int32_t needed = vp_monitor_size(config);
    if (needed < 0) return needed;
    if (!vp_block_fits(monitor, size, needed)) return VP_E_MEMORY;
    if (!vp_time_fits(now_ms)) return VP_E_TIME;
    *monitor = (vp_monitor){
        .period_ms = config->period_ms, .ticked_ms = now_ms, .capacity = config->series};
    lay_out(monitor, (uintptr_t)monitor, config->series);
    return VP_OK;
}

int32_t vp_monitor_view(vp_monitor *monitor, vp_monitor_views *views) {
    if (!monitor || !views) return VP_E_NULL;
    *views = (vp_monitor_views){.stats = monitor->stats,
                                .recent = monitor->recent,
                                .life = monitor->life,
                                .inbox = monitor->inbox};
    return VP_OK;
}

/* ---- Gathering --------------------------------------------------------------------------- */

static void gather(gathering *g, double value) {
    g->sum += value;
    if (g->count == 0 || value > g->max) g->max = value;
    g->last = value;
    g->count++;
}

/* Two points, or all that one of the life ring stands for. Levels are averaged like all others: the
 * last of many would be a random one of them. */
static double merged(uint32_t point, const gathering *g) {
    return point == VP_POINT_MAX ? g->max : g->sum / g->count;
}

/* NaN for none. `missed`: periods that nobody ticked. */
static double point_of(const series *s, double last, uint32_t missed) {
    const gathering *g = &s->period;
    switch (s->config.point) {
    case VP_POINT_LAST:
        return last;
    case VP_POINT_SUM:
        return fmax(-VP_VALUE_MAX, fmin(g->sum / (missed + 1), VP_VALUE_MAX));
    case VP_POINT_MEAN:
        return g->count ? g->sum / g->count : NAN;
    case VP_POINT_MAX:
        return g->count ? g->max : NAN;
    default: /* VP_POINT_EACH */
        return g->count ? g->last : NAN;
    }
}

static void halve_life(vp_series_stats *stats, double *life, uint32_t point) {
    for (uint32_t i = 0; i < VP_LIFE_POINTS / 2; i++) {
        gathering pair = {0};
        gather(&pair, life[2 * i]);
        gather(&pair, life[2 * i + 1]);
        life[i] = merged(point, &pair);
    }
    stats->life_points = VP_LIFE_POINTS / 2;
    stats->life_merged *= 2;
}

static void live(vp_monitor *m, uint32_t at, double point) {
    series *s = &m->series[at];
    vp_series_stats *stats = &m->stats[at];
    double *life = &m->life[at * VP_LIFE_POINTS];
    gather(&s->life, point);
    if (s->life.count < stats->life_merged) return;
    life[stats->life_points++] = merged(s->config.point, &s->life);
    s->life = (gathering){0};
    if (stats->life_points == VP_LIFE_POINTS) halve_life(stats, life, s->config.point);
}

/* ---- Series ------------------------------------------------------------------------------ */

int32_t vp_monitor_add(vp_monitor *monitor, const vp_series_config *config) {
    if (!monitor || !config) return VP_E_NULL;
    if (monitor->count == monitor->capacity) return VP_E_CAPACITY;
    if (config->point > VP_POINT_EACH || config->signal >= VP_SIGNAL_COUNT ||
        !(config->tolerance >= 0 && config->tolerance <= VP_VALUE_MAX))
        return VP_E_SERIES;
    if (config->signal != VP_SIGNAL_NONE) {
        if (monitor->signals[config->signal] != 0) return VP_E_SERIES;
        monitor->signals[config->signal] = monitor->count + 1;
    }
    const uint32_t at = monitor->count++;
    series *s = &monitor->series[at];
    *s = (series){.config = *config};
    quantile_init(&s->p50, 0.5);
    quantile_init(&s->p95, 0.95);
    quantile_init(&s->best, 0.25);
    monitor->stats[at] = (vp_series_stats){.last = NAN,
                                           .min = NAN,
                                           .max = NAN,
                                           .mean = NAN,
                                           .ewma = NAN,
                                           .p50 = NAN,
                                           .p95 = NAN,
                                           .life_merged = 1};
    double *recent = &monitor->recent[at * VP_RECENT_POINTS];
    for (uint32_t i = 0; i < VP_RECENT_POINTS; i++)
        recent[i] = NAN;
    return (int32_t)at;
}

static int32_t check_value(const vp_monitor *m, uint32_t at, double value) {
    if (at >= m->count) return VP_E_SERIES;
    return fabs(value) <= VP_VALUE_MAX ? VP_OK : VP_E_VALUE;
}

static void record(vp_monitor *monitor, uint32_t at, double value) {
    series *s = &monitor->series[at];
    vp_series_stats *stats = &monitor->stats[at];
    const bool first = stats->count == 0;
    stats->count++;
    stats->last = value;
    stats->min = first ? value : fmin(stats->min, value);
    stats->max = first ? value : fmax(stats->max, value);
    stats->mean = first ? value : stats->mean + (value - stats->mean) / stats->count;
    quantile_add(&s->p50, value);
    quantile_add(&s->p95, value);
    stats->p50 = quantile_value(&s->p50);
    stats->p95 = quantile_value(&s->p95);
    gather(&s->period, value);
    if (s->config.point == VP_POINT_EACH) live(monitor, at, value);
}

int32_t vp_monitor_record(vp_monitor *monitor, uint32_t at, double value) {
    if (!monitor) return VP_E_NULL;
    const int32_t status = check_value(monitor, at, value);
    if (status == VP_OK) record(monitor, at, value);
    return status;
}

int32_t vp_monitor_take(vp_monitor *monitor, uint32_t count) {
    if (!monitor) return VP_E_NULL;
    if (count > VP_INBOX_ENTRIES) return VP_E_LENGTH;
    const vp_inbox_entry *inbox = monitor->inbox;
    for (uint32_t i = 0; i < count; i++) {
        const int32_t status = check_value(monitor, inbox[i].series, inbox[i].value);
        if (status < 0) return status;
    }
    for (uint32_t i = 0; i < count; i++)
        record(monitor, inbox[i].series, inbox[i].value);
    return VP_OK;
}

static void end_period(vp_monitor *m, uint32_t at, uint32_t missed) {
    series *s = &m->series[at];
    vp_series_stats *stats = &m->stats[at];
    const double point = point_of(s, stats->last, missed);
    double *recent = &m->recent[at * VP_RECENT_POINTS];
    for (uint32_t i = 0; i < missed && i < VP_RECENT_POINTS; i++)
        recent[(m->periods + i) % VP_RECENT_POINTS] = NAN;
    recent[(m->periods + missed) % VP_RECENT_POINTS] = point;
    s->period = (gathering){0};
    if (isnan(point)) return;
    quantile_add(&s->best, point);
    stats->ewma = isnan(stats->ewma) ? point : stats->ewma + EWMA_WEIGHT * (point - stats->ewma);
    if (s->config.point != VP_POINT_EACH) live(m, at, point);
}

/* Ticks come a little early or late: only from half a period on one was missed. */
static uint32_t missed_periods(const vp_monitor *m, double now_ms) {
    const double periods = floor((now_ms - m->ticked_ms) / m->period_ms + 0.5);
    const double left = PERIODS_MAX - 1.0 - m->periods;
    return periods < 2 ? 0 : (uint32_t)fmin(periods - 1, left);
}

int32_t vp_monitor_tick(vp_monitor *monitor, double now_ms) {
    if (!monitor) return VP_E_NULL;
    if (!vp_time_fits(now_ms)) return VP_E_TIME;
    if (monitor->periods == PERIODS_MAX) return PERIODS_MAX;
    const uint32_t missed = missed_periods(monitor, now_ms);
    for (uint32_t i = 0; i < monitor->count; i++)
        end_period(monitor, i, missed);
    monitor->ticked_ms = now_ms;
    monitor->periods += missed + 1;
    return (int32_t)monitor->periods;
}

/* ---- Judgement --------------------------------------------------------------------------- */

int32_t vp_monitor_trend(vp_monitor *monitor, uint32_t at, vp_trend *trend) {
    if (!monitor || !trend) return VP_E_NULL;
    if (at >= monitor->count) return VP_E_SERIES;
    return vp_trend_of(&monitor->life[at * VP_LIFE_POINTS], monitor->stats[at].life_points,
                       monitor->series[at].config.tolerance, trend);
}

static void fill_window(const vp_monitor *m, uint32_t signal) {
    signal_window *window = &m->windows[signal];
    *window = (signal_window){.known = m->signals[signal] != 0, .baseline = NAN};
    for (uint32_t i = 0; i < VP_RECENT_POINTS; i++)
        window->recent[i] = NAN;
    if (!window->known) return;
    const uint32_t at = m->signals[signal] - 1;
    const quantile *best = &m->series[at].best;
    if (best->count >= VP_TREND_POINTS_MIN) window->baseline = quantile_value(best);
    const double *recent = &m->recent[at * VP_RECENT_POINTS];
    const uint32_t passed = m->periods < VP_RECENT_POINTS ? m->periods : VP_RECENT_POINTS;
    for (uint32_t i = 1; i <= passed; i++)
        window->recent[VP_RECENT_POINTS - i] = recent[(m->periods - i) % VP_RECENT_POINTS];
}

int32_t vp_monitor_diagnose(vp_monitor *monitor, vp_diagnosis *diagnosis) {
    if (!monitor || !diagnosis) return VP_E_NULL;
    for (uint32_t signal = 0; signal < VP_SIGNAL_COUNT; signal++)
        fill_window(monitor, signal);
    return cause_diagnose(monitor->windows, monitor->periods, monitor->period_ms, diagnosis);
}
