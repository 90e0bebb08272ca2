/* What happens to samples that are no audio: NaN and infinity count as 0, magnitudes beyond
 * VP_SAMPLE_LIMIT are clipped, so no filter or recurrent state is ever poisoned. */
#ifndef VP_SAMPLE_H
#define VP_SAMPLE_H

#include "voicepath/resampler.h"

static inline float vp_sample_clean(float x) {
    const float limit = VP_SAMPLE_LIMIT;
    if (!(x - x == 0.0f)) return 0.0f; /* NaN - NaN and inf - inf are NaN */
    return x > limit ? limit : x < -limit ? -limit : x;
}

#endif
