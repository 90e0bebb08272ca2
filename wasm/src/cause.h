/* From what happens together to why. Private to monitor.c. */
#ifndef VP_CAUSE_H
#define VP_CAUSE_H

#include "voicepath/monitor.h"

/* The last points of one signal. */
typedef struct signal_window {
    double recent[VP_RECENT_POINTS]; /* the newest last; NaN for periods without a point */
    double baseline; /* the lower quartile, by P², of all points so far: what it was in the best
                        quarter of the life, so that a fault is not taken for normal before it has
                        lasted three times as long as all was well; NaN before
                        VP_TREND_POINTS_MIN */
    uint32_t known;  /* whether there is a series for it */
} signal_window;

/* Returns the number of findings. `windows` is [VP_SIGNAL_COUNT]; `periods` of them have passed. */
int32_t cause_diagnose(const signal_window *windows, uint32_t periods, double period_ms,
                       vp_diagnosis *diagnosis);

#endif
