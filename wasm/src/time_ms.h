/* Times that are passed in, in ms. */
#ifndef VP_TIME_MS_H
#define VP_TIME_MS_H

#include <stdbool.h>

#define VP_TIME_MAX_MS 9007199254740992.0 /* 2^53: up to here a double holds every whole ms */

/* Written so that NaN does not. */
static inline bool vp_time_fits(double now_ms) {
    return now_ms >= 0 && now_ms <= VP_TIME_MAX_MS;
}

#endif
