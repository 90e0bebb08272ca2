/* voicepath/monitor.h: what is measured over time, whether it gets worse, and why it is slow.
 *
 * The host measures and records; the monitor keeps series of fixed memory. Once a period, say a
 * second, vp_monitor_tick() makes one point of what each series was given since. Two rings keep the
 * points: the *recent* one the last VP_RECENT_POINTS periods, at the same places for all series, so
 * that causes are told by what happens together; the *life* ring everything since the beginning: when
 * it is full, neighbours are merged and a point stands for twice the time.
 *
 *     inbox → take, or record → tick → point → recent → causes
 *                                            → life   → trend: does it rise?
 *
 * Time is in ms on any clock that starts at 0 or later and is passed in. Values are numbers in
 * ±VP_VALUE_MAX; their unit is the host's affair, but for the signals below.
 */
#ifndef VOICEPATH_MONITOR_H
#define VOICEPATH_MONITOR_H

#include "voicepath/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define VP_VALUE_MAX 9007199254740992.0 /* 2^53 */

/* ---- Trends ------------------------------------------------------------------------------ */

#define VP_TREND_POINTS_MAX 1024
#define VP_TREND_POINTS_MIN 5

typedef enum vp_verdict {
    VP_VERDICT_INSUFFICIENT = 0, /* too few points to tell */
    VP_VERDICT_FLUCTUATING = 1, /* no rise that chance would not make; also falling, and constant */
    VP_VERDICT_STEP = 2,        /* it rose once and stayed */
    VP_VERDICT_RISING = 3,      /* it rises */
} vp_verdict;

typedef struct vp_trend {
    /* Theil and Sen's, in units a point: the median of all slopes. Where that is 0 because a counter
     * seldom changes, the slope of a line or step fitted to it. */
    double slope;
    double rise; /* slope * (points - 1); of a step, how high it is */
    /* That chance alone makes a rise as clear as this: Mann and Kendall's, exact and one-sided, held
     * down by the autocorrelation; 1 when insufficient. */
    double p;
    double autocorrelation; /* of neighbouring points, the trend taken out; what p allows for */
    uint32_t verdict;       /* vp_verdict */
    uint32_t points;
    uint32_t step_at; /* the first point after the step; 0 without one */
    uint32_t reserved;
} vp_trend;

/* Tells the trend of `count` values, 0..VP_TREND_POINTS_MAX, at even distances. A rise below
 * `tolerance`, 0 to VP_VALUE_MAX, is none. Errors: VP_E_NULL, VP_E_LENGTH, VP_E_VALUE. */
int32_t vp_trend_of(const double *values, uint32_t count, double tolerance, vp_trend *trend);

/* ---- Series ------------------------------------------------------------------------------ */

#define VP_SERIES_MAX 256
#define VP_RECENT_POINTS 64
#define VP_LIFE_POINTS 64

/* Which point a period makes of the values that were recorded in it. */
typedef enum vp_point {
    VP_POINT_LAST =
        0, /* a level, as bytes or open sockets; without a new value, the last one again */
    VP_POINT_MEAN = 1, /* none without a value */
    VP_POINT_MAX = 2,  /* none without a value */
    VP_POINT_SUM = 3,  /* 0 without a value */
    VP_POINT_EACH =
        4, /* each value is a point of the life ring; the recent ring has the period's last */
} vp_point;

/* What a series means to the rules for causes; at most one series has each. */
typedef enum vp_signal {
    VP_SIGNAL_NONE = 0,
    VP_SIGNAL_FRAME_GAP_MS = 1,      /* from frame to frame while the page draws; MAX */
    VP_SIGNAL_FRAME_CALLBACKS = 2,   /* requestAnimationFrame callbacks a frame; MEAN */
    VP_SIGNAL_FRAME_SCRIPT_MS = 3,   /* in those callbacks, a frame; MEAN */
    VP_SIGNAL_LONG_SCRIPT_MS = 4,    /* of long frames, in scripts; SUM */
    VP_SIGNAL_LONG_OTHER_MS = 5,     /* of long frames, in nothing that is named; SUM */
    VP_SIGNAL_LONG_RENDER_MS = 6,    /* of long frames, in style, layout and paint; SUM */
    VP_SIGNAL_LOOP_LAG_MS = 7,       /* lateness of a timer, page visible; MAX */
    VP_SIGNAL_THROTTLED = 8,         /* timers that rang on whole seconds, hidden; SUM */
    VP_SIGNAL_HIDDEN = 9,            /* the page is hidden: 1; LAST */
    VP_SIGNAL_COLLECTIONS = 10,      /* of garbage, of every kind; SUM */
    VP_SIGNAL_COLLECTION_MS = 11,    /* of pauses in which garbage was collected; SUM */
    VP_SIGNAL_PAUSE_MS = 12,         /* of all pauses; SUM */
    VP_SIGNAL_HEAP_BYTES = 13,       /* used; LAST */
    VP_SIGNAL_GL_OBJECTS = 14,       /* LAST */
    VP_SIGNAL_DRAWS = 15,            /* draw calls a frame; MEAN */
    VP_SIGNAL_ROUND_TRIP_MS = 16,    /* of a heartbeat, also one that still waits; MAX */
    VP_SIGNAL_SOCKET_OPENS = 17,     /* in the last minute; LAST */
    VP_SIGNAL_SOCKET_UPTIME_MS = 18, /* of sockets that ended; EACH */
    VP_SIGNAL_FIRST_AUDIO_MS =
        19,                  /* from the end of the user's speech, or for a turn that still waits
                                        so far; MAX */
    VP_SIGNAL_TABS = 20,     /* of this application; LAST */
    VP_SIGNAL_PRESSURE = 21, /* 0 nominal, 1 fair, 2 serious, 3 critical; MAX */
    VP_SIGNAL_COUNT = 22,
} vp_signal;

typedef struct vp_series_config {
    double tolerance; /* a rise over the life below this is none; 0 or more */
    uint32_t point;   /* vp_point */
    uint32_t signal;  /* vp_signal */
} vp_series_config;

/* Of all values ever recorded. NaN where there is none yet. */
typedef struct vp_series_stats {
    double count;
    double last;
    double min;
    double max;
    double mean;
    double ewma; /* of the points: for display */
    double p50;  /* P², Jain and Chlamtac 1985: within a few percent */
    double p95;
    uint32_t life_points; /* in the life ring */
    uint32_t life_merged; /* points, or values for EACH, that one of them stands for: 1, 2, 4, … */
} vp_series_stats;

typedef struct vp_monitor vp_monitor;

typedef struct vp_monitor_config {
    double period_ms; /* between ticks, 10..3600000 */
    uint32_t series;  /* 1..VP_SERIES_MAX */
    uint32_t reserved;
} vp_monitor_config;

/* ---- Causes ------------------------------------------------------------------------------ */

typedef enum vp_cause {
    VP_CAUSE_COLLECTOR = 0,  /* the browser collects garbage */
    VP_CAUSE_BACKEND = 1,    /* the backend, or the way to it, stalls */
    VP_CAUSE_MODEL = 2,      /* the language model or the voice is slow */
    VP_CAUSE_RENDERING = 3,  /* loops, draw calls or GL objects have piled up */
    VP_CAUSE_RECONNECT = 4,  /* sockets are opened again and again */
    VP_CAUSE_TABS = 5,       /* many tabs of the application */
    VP_CAUSE_BACKGROUND = 6, /* the browser slows a hidden page down */
    VP_CAUSE_MACHINE = 7,    /* other programs have the processor */
    VP_CAUSE_SCRIPT = 8,     /* a script of the page */
    VP_CAUSE_COUNT = 9,
} vp_cause;

/* What a person would notice. */
typedef enum vp_symptom {
    VP_SYMPTOM_JANK = 1,    /* frames come late */
    VP_SYMPTOM_LAG = 2,     /* timers and input come late */
    VP_SYMPTOM_WAITING = 4, /* answers come late */
    VP_SYMPTOM_NETWORK = 8, /* heartbeats come late, or the connection breaks */
} vp_symptom;

typedef struct vp_evidence {
    uint32_t signal;  /* vp_signal */
    uint32_t against; /* 1: this speaks against the cause */
    double value;     /* now, in the signal's unit */
    double baseline;  /* before; NaN when only the limit counts */
    double limit;     /* what `value` is compared with */
} vp_evidence;

#define VP_EVIDENCE_MAX 8

typedef struct vp_finding {
    double score;   /* 0..1: how sure */
    uint32_t cause; /* vp_cause */
    uint32_t evidence_count;
    vp_evidence evidence[VP_EVIDENCE_MAX]; /* what weighs most comes first */
} vp_finding;

typedef struct vp_diagnosis {
    uint32_t symptoms;                   /* bits of vp_symptom */
    uint32_t finding_count;              /* 0 with symptoms: the cause is unknown */
    vp_finding findings[VP_CAUSE_COUNT]; /* the surest first */
} vp_diagnosis;

/* ---- The monitor ------------------------------------------------------------------------- */

/* Bytes for vp_monitor_init(). Errors: VP_E_NULL, VP_E_CAPACITY, VP_E_DURATION. */
int32_t vp_monitor_size(const vp_monitor_config *config);

/* Errors: those of the size, VP_E_MEMORY, VP_E_TIME. */
int32_t vp_monitor_init(vp_monitor *monitor, uint32_t size, const vp_monitor_config *config,
                        double now_ms);

/* A new series. Returns its number, from 0 on. Errors: VP_E_NULL, VP_E_CAPACITY, VP_E_SERIES for an
 * unknown kind of point or signal, a signal that is taken, or a tolerance that is none. */
int32_t vp_monitor_add(vp_monitor *monitor, const vp_series_config *config);

/* One value. Errors: VP_E_NULL, VP_E_SERIES, VP_E_VALUE. */
int32_t vp_monitor_record(vp_monitor *monitor, uint32_t series, double value);

/* A value that waits to be recorded. The host writes many, and hands them over together: so that what
 * it measures in a frame costs it no call. */
typedef struct vp_inbox_entry {
    double value;
    uint32_t series;
    uint32_t reserved;
} vp_inbox_entry;

#define VP_INBOX_ENTRIES 512

/* Records the first `count` entries of the inbox. All are checked first: when one is wrong, none is
 * recorded. Errors: VP_E_NULL, VP_E_LENGTH, VP_E_SERIES, VP_E_VALUE. */
int32_t vp_monitor_take(vp_monitor *monitor, uint32_t count);

/* The period is over: makes the points. Returns the number of periods so far, up to 2^31 - 1.
 * Errors: VP_E_NULL, VP_E_TIME. */
int32_t vp_monitor_tick(vp_monitor *monitor, double now_ms);

/* The trend of the life ring: see vp_trend_of(). Errors: VP_E_NULL, VP_E_SERIES. */
int32_t vp_monitor_trend(vp_monitor *monitor, uint32_t series, vp_trend *trend);

/* Why it is slow, if it is: from the recent rings. Returns the number of findings. Errors: VP_E_NULL. */
int32_t vp_monitor_diagnose(vp_monitor *monitor, vp_diagnosis *diagnosis);

/* Where the host reads; stays there. Rings are [series][points]. */
typedef struct vp_monitor_views {
    const vp_series_stats *stats; /* [series] */
    const double *recent;  /* the point of period i is at i % VP_RECENT_POINTS; NaN for none */
    const double *life;    /* [0, life_points), the oldest first */
    vp_inbox_entry *inbox; /* [VP_INBOX_ENTRIES], written by the host */
} vp_monitor_views;

/* Errors: VP_E_NULL. */
int32_t vp_monitor_view(vp_monitor *monitor, vp_monitor_views *views);

#ifdef __cplusplus
}
#endif
#endif
