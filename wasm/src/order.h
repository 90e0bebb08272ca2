/* Numbers in order. Private to trend.c and what it stands on. */
#ifndef VP_ORDER_H
#define VP_ORDER_H

#include <stdint.h>

void order_sort(double *numbers, uint32_t count);

/* What sorting would bring to `rank`, 0..count-1; it is there afterwards, with nothing greater before
 * it and nothing smaller behind. */
double order_ranked(double *numbers, uint32_t count, uint32_t rank);

/* Of 1 number or more; changes their order. */
double order_median(double *numbers, uint32_t count);

#endif
