#include "order.h"

/* Shell's, with the gaps of D. E. Knuth. */
void order_sort(double *numbers, uint32_t count) {
    uint32_t gap = 1;
    while (gap < count / 3)
        gap = 3 * gap + 1;
    for (; gap; gap /= 3) {
        for (uint32_t i = gap; i < count; i++) {
            double moved = numbers[i];
            uint32_t at = i;
            for (; at >= gap && numbers[at - gap] > moved; at -= gap)
                numbers[at] = numbers[at - gap];
            numbers[at] = moved;
        }
    }
}

/* C. A. R. Hoare's FIND. */
double order_ranked(double *numbers, uint32_t count, uint32_t rank) {
    int32_t first = 0, last = (int32_t)count - 1, wanted = (int32_t)rank;
    while (first < last) {
        double pivot = numbers[wanted];
        int32_t low = first, high = last;
        while (low <= high) {
            while (numbers[low] < pivot)
                low++;
            while (numbers[high] > pivot)
                high--;
            if (low > high) break;
            double swapped = numbers[low];
            numbers[low++] = numbers[high];
            numbers[high--] = swapped;
        }
        if (high < wanted) first = low;
        if (low > wanted) last = high;
    }
    return numbers[wanted];
}

double order_median(double *numbers, uint32_t count) {
    double upper = order_ranked(numbers, count, count / 2);
    if (count % 2) return upper;
    double lower = numbers[0];
    for (uint32_t i = 1; i < count / 2; i++)
        if (numbers[i] > lower) lower = numbers[i];
    return (lower + upper) / 2;
}
