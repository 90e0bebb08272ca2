/* Any series with any values at any times. Whatever comes: a refused call changes nothing, the counts
 * are right, the rings hold finite numbers or NaN, and a diagnosis names known causes with known
 * signals, the surest first. */
#include "voicepath/monitor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tape.h"

enum { SERIES_MAX = 24 };

static void require(int holds) {
    if (!holds) abort();
}

/* Plain numbers, large ones, and any bits at all. */
static double take_number(tape *t) {
    const uint32_t kind = take(t, 1);
    if (kind < 200) return (double)take(t, 2) / (kind % 7 + 1);
    if (kind < 230) return -(double)take(t, 4);
    const uint64_t bits = (uint64_t)take(t, 4) << 32 | take(t, 4);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static void check_diagnosis(vp_monitor *m) {
    vp_diagnosis d;
    const int32_t count = vp_monitor_diagnose(m, &d);
    require(count >= 0 && count <= VP_CAUSE_COUNT && (uint32_t)count == d.finding_count);
    require(d.symptoms < 16);
    uint32_t causes = 0;
    for (int32_t i = 0; i < count; i++) {
        const vp_finding *f = &d.findings[i];
        require(f->cause < VP_CAUSE_COUNT && !(causes & 1u << f->cause));
        causes |= 1u << f->cause;
        require(f->score >= 0 && f->score <= 1 && (i == 0 || f->score <= d.findings[i - 1].score));
        require(f->evidence_count >= 1 && f->evidence_count <= VP_EVIDENCE_MAX);
        for (uint32_t j = 0; j < f->evidence_count; j++) {
            const vp_evidence *e = &f->evidence[j];
            require(e->signal > VP_SIGNAL_NONE && e->signal < VP_SIGNAL_COUNT && e->against <= 1);
            require(isfinite(e->value) && isfinite(e->limit) && !isinf(e->baseline));
        }
    }
}

static void check_series(vp_monitor *m, const vp_monitor_views *views, uint32_t at) {
    const vp_series_stats *s = &views->stats[at];
    require(s->life_points < VP_LIFE_POINTS && s->life_merged >= 1);
    if (s->count > 0) {
        require(s->min <= s->last && s->last <= s->max && s->min <= s->p50 && s->p95 <= s->max);
        const double rounding = 1e-9 * fmax(fabs(s->min), fabs(s->max));
        require(s->mean >= s->min - rounding && s->mean <= s->max + rounding);
    }
    for (uint32_t i = 0; i < s->life_points; i++)
        require(isfinite(views->life[at * VP_LIFE_POINTS + i]));
    for (uint32_t i = 0; i < VP_RECENT_POINTS; i++)
        require(!isinf(views->recent[at * VP_RECENT_POINTS + i]));
    vp_trend trend;
    require(vp_monitor_trend(m, at, &trend) == VP_OK);
    require(trend.verdict <= VP_VERDICT_RISING && trend.p >= 0 && trend.p <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    tape t = {data, length};
    const vp_monitor_config config = {.period_ms = 10 + take(&t, 2),
                                      .series = take(&t, 1) % SERIES_MAX};
    const int32_t size = vp_monitor_size(&config);
    if (size < 0) return 0;
    vp_monitor *m = aligned_alloc(VP_ALIGNMENT, (size_t)size);
    memset(m, 0xa5, (size_t)size);
    double now_ms = take_number(&t);
    if (vp_monitor_init(m, (uint32_t)size, &config, now_ms) < 0) {
        free(m);
        return 0;
    }
    vp_monitor_views views;
    require(vp_monitor_view(m, &views) == VP_OK);
    double counts[SERIES_MAX] = {0};
    uint32_t series = 0;
    while (t.left > 0) {
        const uint32_t what = take(&t, 1), at = take(&t, 1) % SERIES_MAX;
        if (what < 40) {
            const vp_series_config one = {
                .tolerance = take_number(&t), .point = what % 6, .signal = at};
            const int32_t made = vp_monitor_add(m, &one);
            if (made >= 0) require((uint32_t)made == series++);
        } else if (what < 180) {
            const double value = take_number(&t);
            const int good = at < series && fabs(value) <= VP_VALUE_MAX;
            const uint32_t copies = what < 100 ? 1 : what - 99;
            for (uint32_t i = 0; i < copies; i++)
                views.inbox[i] = (vp_inbox_entry){.value = value, .series = at};
            /* When they are wrong the first is not: it is not recorded either. */
            if (copies > 1 && series > 0 && !good)
                views.inbox[0] = (vp_inbox_entry){.value = 1, .series = 0};
            const int32_t status =
                copies == 1 ? vp_monitor_record(m, at, value) : vp_monitor_take(m, copies);
            require((status == VP_OK) == good);
            if (good) counts[at] += copies;
            for (uint32_t i = 0; i < series; i++)
                require(views.stats[i].count == counts[i]);
        } else {
            const double step_ms =
                what < 250 ? config.period_ms * (what - 179) / 8 : take_number(&t);
            const int32_t periods = vp_monitor_tick(m, now_ms + step_ms);
            if (periods >= 0)
                now_ms += step_ms;
            else
                require(periods == VP_E_TIME);
            check_diagnosis(m);
        }
    }
    for (uint32_t i = 0; i < series; i++)
        check_series(m, &views, i);
    free(m);
    return 0;
}
