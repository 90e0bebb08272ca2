/* A sign compares one feature of one signal, over the last five seconds, with a limit. A rule says
 * which signs a cause needs, which speak for it and which against; a cause whose signs add up is
 * named. Symptoms that no cause explains are left so: "unknown" is an answer, a guess is none.
 *
 * The limit is a multiple of a reference, within bounds: of what the signal usually is, so that a slow
 * machine is not ill for being slow; of the pauses beyond the usual, to tell what they were spent on;
 * or of the slowest heartbeat. Where the usual is not known, the upper bound counts, which is bad by
 * any standard.
 *
 * The causes differ in this: garbage is collected while the page pauses; a script is named for the
 * pauses it makes; on a busy machine the same work takes longer, and timers are late that no script
 * has kept; what has piled up is drawn; a stalled backend lets heartbeats wait while timers are in
 * time, a slow model nothing but the answer.
 */
#include "cause.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define SLICES 5          /* of the time that counts as now */
#define SLICE_MS 1000.0   /* a person notices what goes on for seconds */
#define SLICES_BAD 3      /* so many bad ones of them are a symptom: one hiccup is none */
#define SLICES_OF_RARE 10 /* a client that waits between attempts makes few of them */
#define SLICE_PERIODS_MAX (VP_RECENT_POINTS / SLICES)
#define NAMED 50 /* the score, of 100, from which on a cause is named */
#define NO_BOUND INFINITY
#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* ---- Signs ------------------------------------------------------------------------------- */

typedef enum feature {
    NEWEST,     /* the last point: of levels */
    MEDIAN,     /* of the points: of means */
    MEAN,       /* of the points: of means, where a few tell more than the many */
    SUSTAINED,  /* reached in SLICES_BAD of the slices: of maxima */
    WORST,      /* the greatest point: of waiting, which grows */
    PER_SECOND, /* of sums */
    LEAST,      /* the smallest point, in SLICES_OF_RARE */
} feature;

typedef enum comparison { AT_LEAST, AT_MOST } comparison;

typedef enum reference {
    NOTHING,
    USUAL,      /* the signal's baseline */
    PAUSES,     /* VP_SIGNAL_PAUSE_MS beyond the usual, a second */
    ROUND_TRIP, /* VP_SIGNAL_ROUND_TRIP_MS, the worst */
} reference;

typedef struct sign {
    uint32_t signal;
    feature feature;
    comparison comparison;
    /* The limit: floor <= multiple * reference <= ceiling */
    double floor;
    double multiple;
    reference of;
    double ceiling;
} sign;

#define FIXED(limit) limit, 0, NOTHING, limit
#define SHARE(share, reference) 0, share, reference, NO_BOUND

enum {
    LATE_FRAMES,
    LATE_TIMERS,
    VERY_LATE_TIMERS,
    TIMERS_IN_TIME,
    LATE_HEARTBEATS,
    HEARTBEATS_IN_TIME,
    LATE_ANSWER,
    COLLECTIONS,
    PAUSED_TO_COLLECT,
    PAUSED_BY_NOTHING_NAMED,
    BIGGER_HEAP,
    PAUSED_BY_SCRIPTS,
    NOT_ONLY_BY_SCRIPTS,
    HARDLY_BY_SCRIPTS,
    SAME_WORK_TAKES_LONGER,
    SAME_WORK_TAKES_AS_LONG,
    MACHINE_SAYS_BUSY,
    MORE_LOOPS,
    MORE_DRAWS,
    MORE_GL_OBJECTS,
    TIMERS_AS_LATE_AS_HEARTBEATS,
    MANY_OPENS,
    VERY_MANY_OPENS,
    SHORT_UPTIME,
    MANY_TABS,
    HIDDEN,
    THROTTLED,
};

static const sign SIGNS[] = {
    /* Four frames of sixty a second lost, and twice the usual; at four a second nothing moves. */
    [LATE_FRAMES] = {VP_SIGNAL_FRAME_GAP_MS, SUSTAINED, AT_LEAST, 80, 2, USUAL, 250},
    /* 50 ms is a long task by definition. Input that waits for 250 ms seems stuck. */
    [LATE_TIMERS] = {VP_SIGNAL_LOOP_LAG_MS, SUSTAINED, AT_LEAST, 50, 2, USUAL, 250},
    [VERY_LATE_TIMERS] = {VP_SIGNAL_LOOP_LAG_MS, SUSTAINED, AT_LEAST, FIXED(250)},
    [TIMERS_IN_TIME] = {VP_SIGNAL_LOOP_LAG_MS, SUSTAINED, AT_MOST, 50, 2, USUAL, 250},
    /* No continent is farther than 500 ms. */
    [LATE_HEARTBEATS] = {VP_SIGNAL_ROUND_TRIP_MS, WORST, AT_LEAST, 500, 4, USUAL, 3000},
    [HEARTBEATS_IN_TIME] = {VP_SIGNAL_ROUND_TRIP_MS, WORST, AT_MOST, 500, 4, USUAL, 3000},
    /* The points of a turn rise to its whole wait, so their lower quartile is a quarter of it. Who
     * waits for ten seconds does something else: J. Nielsen, "Usability Engineering", 1993, 5.5. */
    [LATE_ANSWER] = {VP_SIGNAL_FIRST_AUDIO_MS, WORST, AT_LEAST, 3000, 4, USUAL, 10000},

    [COLLECTIONS] = {VP_SIGNAL_COLLECTIONS, PER_SECOND, AT_LEAST, FIXED(1)},
    [PAUSED_TO_COLLECT] = {VP_SIGNAL_COLLECTION_MS, PER_SECOND, AT_LEAST, SHARE(0.35, PAUSES)},
    [PAUSED_BY_NOTHING_NAMED] = {VP_SIGNAL_LONG_OTHER_MS, PER_SECOND, AT_LEAST,
                                 SHARE(0.25, PAUSES)},
    [BIGGER_HEAP] = {VP_SIGNAL_HEAP_BYTES, NEWEST, AT_LEAST, 30e6, 1.5, USUAL, NO_BOUND},
    [PAUSED_BY_SCRIPTS] = {VP_SIGNAL_LONG_SCRIPT_MS, PER_SECOND, AT_LEAST, SHARE(0.6, PAUSES)},
    [NOT_ONLY_BY_SCRIPTS] = {VP_SIGNAL_LONG_SCRIPT_MS, PER_SECOND, AT_MOST, SHARE(0.8, PAUSES)},
    [HARDLY_BY_SCRIPTS] = {VP_SIGNAL_LONG_SCRIPT_MS, PER_SECOND, AT_MOST, SHARE(0.2, PAUSES)},
    [SAME_WORK_TAKES_LONGER] = {VP_SIGNAL_FRAME_SCRIPT_MS, MEAN, AT_LEAST, 1, 1.7, USUAL, NO_BOUND},
    [SAME_WORK_TAKES_AS_LONG] = {VP_SIGNAL_FRAME_SCRIPT_MS, MEAN, AT_MOST, 1, 1.3, USUAL, NO_BOUND},
    /* 2 is serious. A page's own work counts in it. */
    [MACHINE_SAYS_BUSY] = {VP_SIGNAL_PRESSURE, MEDIAN, AT_LEAST, FIXED(2)},

    /* A model may have a loop or two, and they begin one by one. */
    [MORE_LOOPS] = {VP_SIGNAL_FRAME_CALLBACKS, MEDIAN, AT_LEAST, 4, 2, USUAL, NO_BOUND},
    [MORE_DRAWS] = {VP_SIGNAL_DRAWS, MEDIAN, AT_LEAST, 10, 1.5, USUAL, NO_BOUND},
    [MORE_GL_OBJECTS] = {VP_SIGNAL_GL_OBJECTS, NEWEST, AT_LEAST, 10, 1.5, USUAL, NO_BOUND},

    [TIMERS_AS_LATE_AS_HEARTBEATS] = {VP_SIGNAL_LOOP_LAG_MS, WORST, AT_LEAST, 50, 0.15, ROUND_TRIP,
                                      NO_BOUND},
    /* A good connection needs one, a bad one two or three. */
    [MANY_OPENS] = {VP_SIGNAL_SOCKET_OPENS, NEWEST, AT_LEAST, FIXED(6)},
    [VERY_MANY_OPENS] = {VP_SIGNAL_SOCKET_OPENS, NEWEST, AT_LEAST, FIXED(20)},
    [SHORT_UPTIME] = {VP_SIGNAL_SOCKET_UPTIME_MS, LEAST, AT_MOST, FIXED(5000)},
    /* Each with its socket, its microphone and its model. */
    [MANY_TABS] = {VP_SIGNAL_TABS, NEWEST, AT_LEAST, FIXED(4)},
    [HIDDEN] = {VP_SIGNAL_HIDDEN, NEWEST, AT_LEAST, FIXED(1)},
    /* Browsers let timers ring once a minute at least. */
    [THROTTLED] = {VP_SIGNAL_THROTTLED, PER_SECOND, AT_LEAST, FIXED(1.0 / 100)},
};

/* ---- Rules ------------------------------------------------------------------------------- */

static const struct {
    uint32_t symptom;
    uint32_t sign;
} SYMPTOMS[] = {
    {VP_SYMPTOM_JANK, LATE_FRAMES},
    {VP_SYMPTOM_LAG, LATE_TIMERS},
    {VP_SYMPTOM_WAITING, LATE_ANSWER},
    {VP_SYMPTOM_NETWORK, LATE_HEARTBEATS},
};

#define SLOW_PAGE (VP_SYMPTOM_JANK | VP_SYMPTOM_LAG)

/* Some causes explain symptoms, and are looked for when there is one; others are faults in any case,
 * and one of these is a symptom itself. */
static const struct {
    uint32_t explains;
    uint32_t is;
} CAUSES[VP_CAUSE_COUNT] = {
    [VP_CAUSE_COLLECTOR] = {.explains = SLOW_PAGE},
    [VP_CAUSE_SCRIPT] = {.explains = SLOW_PAGE},
    [VP_CAUSE_MACHINE] = {.explains = SLOW_PAGE},
    [VP_CAUSE_BACKEND] = {.explains = VP_SYMPTOM_NETWORK},
    [VP_CAUSE_MODEL] = {.explains = VP_SYMPTOM_WAITING},
    [VP_CAUSE_RECONNECT] = {.is = VP_SYMPTOM_NETWORK},
};

typedef enum role { NEED, FOR, AGAINST } role;

typedef struct rule {
    uint32_t cause;
    role role;
    int32_t weight; /* in percent */
    uint32_t sign;
} rule;

/* Evidence is told in this order. */
static const rule RULES[] = {
    {VP_CAUSE_COLLECTOR, NEED, 30, PAUSED_TO_COLLECT},
    {VP_CAUSE_COLLECTOR, NEED, 10, COLLECTIONS},
    {VP_CAUSE_COLLECTOR, FOR, 30, PAUSED_BY_NOTHING_NAMED},
    {VP_CAUSE_COLLECTOR, FOR, 30, BIGGER_HEAP},
    {VP_CAUSE_COLLECTOR, AGAINST, 30, MORE_LOOPS},

    {VP_CAUSE_SCRIPT, NEED, 70, PAUSED_BY_SCRIPTS},
    {VP_CAUSE_SCRIPT, FOR, 10, LATE_TIMERS},
    {VP_CAUSE_SCRIPT, AGAINST, 30, PAUSED_TO_COLLECT},

    {VP_CAUSE_MACHINE, FOR, 40, SAME_WORK_TAKES_LONGER},
    {VP_CAUSE_MACHINE, NEED, 20, LATE_TIMERS},
    {VP_CAUSE_MACHINE, NEED, 10, NOT_ONLY_BY_SCRIPTS},
    {VP_CAUSE_MACHINE, FOR, 10, HARDLY_BY_SCRIPTS},
    {VP_CAUSE_MACHINE, FOR, 10, MACHINE_SAYS_BUSY},
    {VP_CAUSE_MACHINE, FOR, 10, VERY_LATE_TIMERS},
    {VP_CAUSE_MACHINE, AGAINST, 10, SAME_WORK_TAKES_AS_LONG},
    {VP_CAUSE_MACHINE, AGAINST, 50, PAUSED_TO_COLLECT},
    {VP_CAUSE_MACHINE, AGAINST, 50, MORE_DRAWS},
    {VP_CAUSE_MACHINE, AGAINST, 50, MORE_LOOPS},
    {VP_CAUSE_MACHINE, AGAINST, 30, MANY_TABS},

    {VP_CAUSE_RENDERING, FOR, 40, MORE_LOOPS},
    {VP_CAUSE_RENDERING, FOR, 20, MORE_DRAWS},
    {VP_CAUSE_RENDERING, FOR, 20, MORE_GL_OBJECTS},
    {VP_CAUSE_RENDERING, FOR, 20, LATE_FRAMES},

    {VP_CAUSE_BACKEND, NEED, 60, LATE_HEARTBEATS},
    {VP_CAUSE_BACKEND, FOR, 30, TIMERS_IN_TIME},
    {VP_CAUSE_BACKEND, AGAINST, 50, TIMERS_AS_LATE_AS_HEARTBEATS},

    {VP_CAUSE_MODEL, NEED, 60, LATE_ANSWER},
    {VP_CAUSE_MODEL, FOR, 20, HEARTBEATS_IN_TIME},
    {VP_CAUSE_MODEL, FOR, 20, TIMERS_IN_TIME},
    {VP_CAUSE_MODEL, AGAINST, 40, LATE_HEARTBEATS},
    {VP_CAUSE_MODEL, AGAINST, 40, MANY_OPENS},

    {VP_CAUSE_RECONNECT, NEED, 40, MANY_OPENS},
    {VP_CAUSE_RECONNECT, NEED, 40, SHORT_UPTIME},
    {VP_CAUSE_RECONNECT, FOR, 20, VERY_MANY_OPENS},

    {VP_CAUSE_TABS, NEED, 60, MANY_TABS},
    {VP_CAUSE_TABS, FOR, 20, LATE_FRAMES},
    {VP_CAUSE_TABS, FOR, 20, LATE_TIMERS},

    {VP_CAUSE_BACKGROUND, NEED, 50, HIDDEN},
    {VP_CAUSE_BACKGROUND, NEED, 50, THROTTLED},
};

/* ---- Features ---------------------------------------------------------------------------- */

typedef struct moment {
    const signal_window *windows;
    double period_ms;
    uint32_t slice; /* in periods */
} moment;

/* Points of the last `slices`, without NaN. Returns how many. */
static uint32_t last_points(const moment *now, uint32_t signal, uint32_t slices, double *points) {
    uint32_t count = slices * now->slice, known = 0;
    if (count > VP_RECENT_POINTS) count = VP_RECENT_POINTS;
    const double *recent = now->windows[signal].recent + VP_RECENT_POINTS - count;
    for (uint32_t i = 0; i < count; i++)
        if (!isnan(recent[i])) points[known++] = recent[i];
    return known;
}

/* NaN when there are too few. */
static double nth_smallest(double *values, uint32_t count, uint32_t n) {
    if (n >= count) return NAN;
    for (uint32_t i = 1; i < count; i++) {
        double value = values[i];
        uint32_t at = i;
        for (; at && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
    return values[n];
}

static double greatest(const double *values, uint32_t count) {
    double most = NAN;
    for (uint32_t i = 0; i < count; i++)
        most = fmax(most, values[i]);
    return most;
}

static double least(const double *values, uint32_t count) {
    double min = NAN;
    for (uint32_t i = 0; i < count; i++)
        min = fmin(min, values[i]);
    return min;
}

static double mean(const double *values, uint32_t count) {
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += values[i];
    return count ? sum / count : NAN;
}

static double sustained(const moment *now, uint32_t signal) {
    const double *recent = now->windows[signal].recent;
    double worst[SLICES];
    uint32_t known = 0;
    for (uint32_t i = 0; i < SLICES; i++) {
        double most = greatest(recent + VP_RECENT_POINTS - (i + 1) * now->slice, now->slice);
        if (!isnan(most)) worst[known++] = most;
    }
    return known < SLICES_BAD ? NAN : nth_smallest(worst, known, known - SLICES_BAD);
}

static double value_of(const moment *now, uint32_t signal, feature feature) {
    if (!now->windows[signal].known) return NAN;
    if (feature == SUSTAINED) return sustained(now, signal);
    double points[VP_RECENT_POINTS];
    uint32_t count = last_points(now, signal, feature == LEAST ? SLICES_OF_RARE : SLICES, points);
    switch (feature) {
    case NEWEST:
        return count ? points[count - 1] : NAN;
    case MEDIAN:
        return nth_smallest(points, count, count / 2);
    case WORST:
        return greatest(points, count);
    case MEAN:
        return mean(points, count);
    case PER_SECOND:
        return mean(points, count) * (1000 / now->period_ms);
    default: /* LEAST */
        return least(points, count);
    }
}

/* ---- Limits ------------------------------------------------------------------------------ */

/* NaN without any. */
static double pauses_of(const moment *now) {
    const double usual = now->windows[VP_SIGNAL_PAUSE_MS].baseline * (1000 / now->period_ms);
    const double pauses = value_of(now, VP_SIGNAL_PAUSE_MS, PER_SECOND) - usual;
    return pauses > 0 ? pauses : NAN;
}

/* NaN when it is not known. */
static double reference_of(const moment *now, const sign *s) {
    switch (s->of) {
    case USUAL:
        return now->windows[s->signal].baseline;
    case PAUSES:
        return pauses_of(now);
    case ROUND_TRIP:
        return value_of(now, VP_SIGNAL_ROUND_TRIP_MS, WORST);
    default:
        return NAN;
    }
}

/* NaN, which nothing reaches, when it is not known. */
static double limit_of(const sign *s, double reference) {
    if (isnan(reference)) return s->ceiling == NO_BOUND ? NAN : s->ceiling;
    return fmin(fmax(s->floor, s->multiple * reference), s->ceiling);
}

/* What is not measured shows no sign. */
static bool shows(const moment *now, uint32_t at, vp_evidence *evidence) {
    const sign *s = &SIGNS[at];
    const double reference = reference_of(now, s);
    *evidence = (vp_evidence){.signal = s->signal,
                              .value = value_of(now, s->signal, s->feature),
                              .baseline = s->of == USUAL ? reference : NAN,
                              .limit = limit_of(s, reference)};
    return s->comparison == AT_MOST ? evidence->value <= evidence->limit
                                    : evidence->value >= evidence->limit;
}

/* ---- The judgement ----------------------------------------------------------------------- */

static void add_evidence(vp_finding *finding, const vp_evidence *evidence) {
    if (finding->evidence_count < VP_EVIDENCE_MAX)
        finding->evidence[finding->evidence_count++] = *evidence;
}

/* Whether the cause is to be named. */
static bool find(const moment *now, uint32_t cause, vp_finding *finding) {
    int32_t score = 0;
    *finding = (vp_finding){.cause = cause};
    for (uint32_t i = 0; i < LENGTH(RULES); i++) {
        const rule *r = &RULES[i];
        vp_evidence evidence;
        if (r->cause != cause) continue;
        if (shows(now, r->sign, &evidence)) {
            evidence.against = r->role == AGAINST;
            score += evidence.against ? -r->weight : r->weight;
            add_evidence(finding, &evidence);
        } else if (r->role == NEED) {
            return false;
        }
    }
    finding->score = score / 100.0;
    return score >= NAMED;
}

static uint32_t symptoms_of(const moment *now) {
    uint32_t symptoms = 0;
    vp_evidence evidence;
    for (uint32_t i = 0; i < LENGTH(SYMPTOMS); i++)
        if (shows(now, SYMPTOMS[i].sign, &evidence)) symptoms |= SYMPTOMS[i].symptom;
    return symptoms;
}

/* Among equals the first named stays first. */
static void insert(vp_diagnosis *diagnosis, const vp_finding *finding) {
    uint32_t at = diagnosis->finding_count++;
    for (; at && diagnosis->findings[at - 1].score < finding->score; at--)
        diagnosis->findings[at] = diagnosis->findings[at - 1];
    diagnosis->findings[at] = *finding;
}

int32_t cause_diagnose(const signal_window *windows, uint32_t periods, double period_ms,
                       vp_diagnosis *diagnosis) {
    const double slice = fmin(fmax(floor(SLICE_MS / period_ms + 0.5), 1), SLICE_PERIODS_MAX);
    const moment now = {windows, period_ms, (uint32_t)slice};
    memset(diagnosis, 0, sizeof *diagnosis);
    if (periods < SLICES * now.slice) return 0; /* a page that loads is slow, and should be */
    diagnosis->symptoms = symptoms_of(&now);
    for (uint32_t cause = 0; cause < VP_CAUSE_COUNT; cause++) {
        const uint32_t explains = CAUSES[cause].explains;
        vp_finding finding;
        if (explains && !(diagnosis->symptoms & explains)) continue;
        if (!find(&now, cause, &finding)) continue;
        diagnosis->symptoms |= CAUSES[cause].is;
        insert(diagnosis, &finding);
    }
    return (int32_t)diagnosis->finding_count;
}
