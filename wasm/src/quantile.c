/* The five markers stand at the least value, at p/2, p, (1+p)/2 and at the greatest. Every new value
 * moves the places where the three in the middle should be; one that is a whole place off moves by
 * one, and its height follows a parabola through its neighbours, or a line where the parabola would
 * leave them. */
#include "quantile.h"

#include <math.h>

static void insert(quantile *q, double value) {
    uint32_t at = q->count++;
    for (; at > 0 && q->heights[at - 1] > value; at--)
        q->heights[at] = q->heights[at - 1];
    q->heights[at] = value;
}

/* From which marker on the places move up: 1..4. */
static uint32_t cell_of(quantile *q, double value) {
    if (value < q->heights[0]) q->heights[0] = value;
    if (value >= q->heights[4]) q->heights[4] = value;
    uint32_t above = 1;
    while (above < 4 && value >= q->heights[above])
        above++;
    return above;
}

static double parabola(const quantile *q, uint32_t i, double by) {
    const double *n = q->positions + i, *h = q->heights + i;
    double up = (n[0] - n[-1] + by) * (h[1] - h[0]) / (n[1] - n[0]);
    double down = (n[1] - n[0] - by) * (h[0] - h[-1]) / (n[0] - n[-1]);
    return h[0] + by / (n[1] - n[-1]) * (up + down);
}

static void adjust(quantile *q, uint32_t i) {
    double *n = q->positions + i, *h = q->heights + i;
    double off = q->wanted[i] - n[0];
    int up = off >= 1 && n[1] - n[0] > 1, down = off <= -1 && n[-1] - n[0] < -1;
    if (!up && !down) return;
    int by = up ? 1 : -1;
    double height = parabola(q, i, by);
    if (!(h[-1] < height && height < h[1])) height = h[0] + (h[by] - h[0]) / fabs(n[by] - n[0]);
    h[0] = height;
    n[0] += by;
}

void quantile_init(quantile *q, double probability) {
    *q = (quantile){.probability = probability};
    for (uint32_t i = 0; i < 5; i++)
        q->positions[i] = i + 1;
    q->wanted[0] = 1;
    q->wanted[1] = 1 + 2 * probability;
    q->wanted[2] = 1 + 4 * probability;
    q->wanted[3] = 3 + 2 * probability;
    q->wanted[4] = 5;
}

void quantile_add(quantile *q, double value) {
    if (q->count < 5) {
        insert(q, value);
        return;
    }
    const double moves[5] = {0, q->probability / 2, q->probability, (1 + q->probability) / 2, 1};
    for (uint32_t i = cell_of(q, value); i < 5; i++)
        q->positions[i]++;
    for (uint32_t i = 0; i < 5; i++)
        q->wanted[i] += moves[i];
    for (uint32_t i = 1; i < 4; i++)
        adjust(q, i);
}

/* Up to five values: the one at the place, or between the two nearest in proportion. */
static double value_of_few(const quantile *q) {
    double place = q->probability * (q->count - 1);
    uint32_t below = (uint32_t)place;
    if (below + 1 >= q->count) return q->heights[q->count - 1];
    return q->heights[below] + (place - below) * (q->heights[below + 1] - q->heights[below]);
}

double quantile_value(const quantile *q) {
    if (q->count == 0) return NAN;
    return q->positions[4] > 5 ? q->heights[2] : value_of_few(q);
}
