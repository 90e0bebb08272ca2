/* Whether later values are greater, and how easily chance alone would make them so. Private to trend.c. */
#ifndef VP_KENDALL_H
#define VP_KENDALL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    KENDALL_EXACT_POINTS = 96,
    /* half of the possible values of S */
    KENDALL_NUMBERS = KENDALL_EXACT_POINTS * (KENDALL_EXACT_POINTS - 1) / 4 + 1,
    KENDALL_POINTS_MAX = KENDALL_NUMBERS,
};

/* One-sided p of the values that are not left out, count <= KENDALL_POINTS_MAX: the share of all their
 * orders that rise as clearly, or, if that is less, by `worth` standard deviations. `numbers` is room
 * for KENDALL_NUMBERS. */
double kendall_chance(const double *values, const bool *left_out, uint32_t count, double worth,
                      double *numbers);

#endif
