/* The median of the slopes between all pairs of values: H. Theil 1950, P. K. Sen 1968. Private to
 * trend.c. */
#ifndef VP_THEIL_SEN_H
#define VP_THEIL_SEN_H

#include <stdint.h>

#define THEIL_SEN_NUMBERS 2048

/* Of `count` values, 2..65536, at distances of 1. The same as by sorting all slopes, to
 * the bit. `numbers` is room for THEIL_SEN_NUMBERS. */
double theil_sen(const double *values, uint32_t count, double *numbers);

#endif
