/* S is the number of pairs in which the later value is greater, less those in which it is smaller (H. B.
 * Mann 1945; M. G. Kendall, Rank Correlation Methods). Of n values with groups of t1, t2, … equal ones,
 * the orders with k discordant pairs are counted by the coefficient of q^k in the Gaussian multinomial
 *     [n]! / ([t1]! [t2]! …)    with [n]! = (1-q)(1-q^2)…(1-q^n),
 * so p is exact with ties too. Above KENDALL_EXACT_POINTS it is the normal approximation, with the
 * corrections for ties and continuity.
 */
#include "kendall.h"

#include <math.h>

#include "order.h"

/* What the number of orders depends on. */
typedef struct orders {
    uint32_t points; /* that are not left out */
    uint32_t groups; /* of equal values; kept up to KENDALL_EXACT_POINTS points */
    uint8_t sizes[KENDALL_EXACT_POINTS];
    double pairs;    /* of different values */
    double variance; /* of S */
} orders;

static orders orders_of(const double *values, const bool *left_out, uint32_t count,
                        double *numbers) {
    orders o = {0};
    for (uint32_t i = 0; i < count; i++)
        if (!left_out[i]) numbers[o.points++] = values[i];
    order_sort(numbers, o.points);
    double n = o.points;
    o.pairs = n * (n - 1) / 2;
    o.variance = n * (n - 1) * (2 * n + 5) / 18;
    for (uint32_t i = 0, next; i < o.points; i = next) {
        for (next = i + 1; next < o.points && numbers[next] == numbers[i];)
            next++;
        double t = next - i;
        o.pairs -= t * (t - 1) / 2;
        o.variance -= t * (t - 1) * (2 * t + 5) / 18;
        if (o.points <= KENDALL_EXACT_POINTS) o.sizes[o.groups++] = (uint8_t)(next - i);
    }
    return o;
}

/* The share of the orders with at most so many discordant pairs, fewer than half. The counts are
 * whole and exact up to 2^53; beyond, since they only grow up to the middle, every rounding is small
 * against what it falls on. */
static double share_of_orders(const orders *o, uint32_t discordant, double *counts) {
    counts[0] = 1;
    for (uint32_t k = 1; k <= discordant; k++)
        counts[k] = 0;
    double all = 1;
    uint32_t points = o->sizes[0]; /* equal ones have one order */
    for (uint32_t group = 1; group < o->groups; group++) {
        for (uint32_t i = 1; i <= o->sizes[group]; i++) {
            points++;
            for (uint32_t k = discordant; k >= points; k--) /* times 1 - q^points */
                counts[k] -= counts[k - points];
            for (uint32_t k = i; k <= discordant; k++) /* by 1 - q^i */
                counts[k] += counts[k - i];
            all = all * points / i;
        }
    }
    double share = 0;
    for (uint32_t k = 0; k <= discordant; k++)
        share += counts[k];
    return share / all;
}

/* e^-x to 1e-8. */
static double exp_of_minus(double x) {
    if (x > 700) return 0;
    double h = x * 0x1p-20, e = 1 - h * (1 - h / 2 * (1 - h / 3));
    for (uint32_t i = 0; i < 20; i++)
        e *= e;
    return e;
}

/* M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 26.2.17. */
static double normal_tail(double z) {
    if (z < 0) return 1 - normal_tail(-z);
    double t = 1 / (1 + 0.2316419 * z);
    double sum = 1.330274429;
    sum = sum * t - 1.821255978;
    sum = sum * t + 1.781477937;
    sum = sum * t - 0.356563782;
    sum = sum * t + 0.319381530;
    return 0.3989422804014327 * exp_of_minus(z * z / 2) * t * sum;
}

static double score_of(const double *values, const bool *left_out, uint32_t count) {
    int32_t score = 0;
    for (uint32_t i = 0; i < count; i++) {
        double value = values[i];
        for (uint32_t j = i + 1; j < count && !left_out[i]; j++)
            if (!left_out[j]) score += (values[j] > value) - (values[j] < value);
    }
    return score;
}

double kendall_chance(const double *values, const bool *left_out, uint32_t count, double worth,
                      double *numbers) {
    orders o = orders_of(values, left_out, count, numbers);
    if (o.variance <= 0) return 1; /* all equal */
    double deviation = sqrt(o.variance), score = score_of(values, left_out, count);
    if (score > worth * deviation) score = worth * deviation;
    if (score < -o.pairs) score = -o.pairs;
    if (o.points > KENDALL_EXACT_POINTS) return normal_tail((score - 1) / deviation);
    double discordant = floor((o.pairs - score) / 2), others = o.pairs - discordant - 1;
    if (others < 0) return 1;
    if (discordant <= others) return share_of_orders(&o, (uint32_t)discordant, numbers);
    return 1 - share_of_orders(&o, (uint32_t)others, numbers);
}
