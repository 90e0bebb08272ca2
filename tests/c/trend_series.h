/* Seeded series for the tests of trend.c. */
#ifndef TREND_SERIES_H
#define TREND_SERIES_H

#include <math.h>
#include <stdint.h>

#include "voicepath/monitor.h"

/* G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. */
static inline uint64_t draw(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* Between 0 and 1, neither of them. */
static inline double uniform(uint64_t *state) {
    return ((double)(draw(state) >> 12) + 0.5) * 0x1p-52;
}

/* G. Box, M. Muller, 1958. */
static inline double normal(uint64_t *state) {
    double radius = sqrt(-2 * log(uniform(state)));
    return radius * cos(6.283185307179586 * uniform(state));
}

/* Noise with the standard deviation 1, in which neighbours correlate by `memory`. */
static inline void noise(uint64_t *state, double memory, uint32_t count, double *values) {
    double last = normal(state);
    for (uint32_t i = 0; i < count; i++) {
        values[i] = last;
        last = memory * last + sqrt(1 - memory * memory) * normal(state);
    }
}

#endif
