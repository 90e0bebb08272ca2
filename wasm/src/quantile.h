/* A quantile of a stream in five numbers: P² of Jain and Chlamtac, Communications of the ACM 28
 * (1985), pp. 1076-1085. Private to monitor.c. */
#ifndef VP_QUANTILE_H
#define VP_QUANTILE_H

#include <stdint.h>

typedef struct quantile {
    double probability;
    double heights[5];
    double positions[5]; /* 1-based, as in the paper */
    double wanted[5];
    uint32_t count; /* up to 5 */
} quantile;

/* 0 < probability < 1. */
void quantile_init(quantile *q, double probability);

void quantile_add(quantile *q, double value);

/* NaN when nothing was added; exact up to five values. */
double quantile_value(const quantile *q);

#endif
