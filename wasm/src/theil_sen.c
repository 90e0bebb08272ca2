/* There are half a million slopes of 1024 values: too many to keep. So a sample of them tells where to
 * cut, a little beyond the wanted one, that each cut may leave few: R. W. Floyd, R. L. Rivest,
 * "Expected time bounds for selection", CACM 18 (1975), pp. 165-172. What is left at last fits. */
#include "theil_sen.h"

#include <math.h>

#include "order.h"

typedef struct pairs {
    const double *values;
    uint32_t count;
} pairs;

static double slope_of(const pairs *p, uint32_t i, uint32_t j) {
    return (p->values[j] - p->values[i]) / (j - i);
}

/* Every stride-th of the slopes between `low` and `high`. */
static uint32_t slopes_between(const pairs *p, double low, double high, uint32_t stride,
                               double *slopes) {
    uint32_t taken = 0, skip = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        for (uint32_t j = i + 1; j < p->count; j++) {
            double slope = slope_of(p, i, j);
            if (slope <= low || slope >= high) continue;
            if (skip == 0) {
                slopes[taken++] = slope;
                skip = stride;
            }
            skip--;
        }
    }
    return taken;
}

typedef struct standing {
    uint32_t less, equal;
    double next; /* the smallest of the greater ones */
} standing;

static standing slopes_around(const pairs *p, double pivot) {
    standing found = {0, 0, INFINITY};
    for (uint32_t i = 0; i < p->count; i++) {
        for (uint32_t j = i + 1; j < p->count; j++) {
            double slope = slope_of(p, i, j);
            found.less += slope < pivot;
            found.equal += slope == pivot;
            if (slope > pivot && slope < found.next) found.next = slope;
        }
    }
    return found;
}

static double slope_ranked(const pairs *p, uint32_t rank, double *slopes) {
    double low = -INFINITY, high = INFINITY;
    uint32_t below = 0, inside = p->count * (p->count - 1) / 2;
    for (;;) {
        uint32_t stride = (inside + THEIL_SEN_NUMBERS - 1) / THEIL_SEN_NUMBERS;
        uint32_t taken = slopes_between(p, low, high, stride, slopes);
        if (stride == 1) return order_ranked(slopes, taken, rank - below);
        uint32_t aim = (rank - below) / stride, margin = (uint32_t)sqrt(taken);
        double pivot = order_ranked(slopes, taken, aim < taken / 2 ? aim + margin : aim - margin);
        standing found = slopes_around(p, pivot);
        uint32_t up_to = found.less + found.equal;
        if (rank < found.less) {
            high = pivot;
            inside = found.less - below;
        } else if (rank < up_to) {
            return pivot;
        } else {
            low = pivot;
            inside -= up_to - below;
            below = up_to;
        }
    }
}

double theil_sen(const double *values, uint32_t count, double *numbers) {
    const pairs all = {values, count};
    uint32_t of_all = count * (count - 1) / 2;
    double lower = slope_ranked(&all, (of_all - 1) / 2, numbers), upper = lower;
    if (of_all % 2 == 0) {
        standing found = slopes_around(&all, lower);
        if (found.less + found.equal <= of_all / 2) upper = found.next;
    }
    return (lower + upper) / 2 + 0.0; /* no -0 */
}
