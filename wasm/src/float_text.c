/* A decimal k / 10^n stands for v when it is nearer to v / 32768 than to any other int16's, as a
 * double and as a float: the nearest k of each n is tried. (Without looking at floats, 0.9944 would do
 * for 32584; but the float next to it is half-way to 32585.)
 *
 * A fraction of fewer decimals is one of more decimals too, so the fewest are found by going down from
 * five, which always fit, while they still do. 0.00123 takes n + 2 characters, and 123e-5 three more
 * than its digits. */
#include "float_text.h"

enum { DECIMALS = 5 };
static const uint32_t powers[DECIMALS + 1] = {1, 10, 100, 1000, 10000, 100000};
static const double fractions[DECIMALS + 1] = {1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5};

static uint32_t nearest(uint32_t v, uint32_t power) {
    return (v * power + 16384) >> 15; /* at most 32768 * 10^5 + 2^14, which is below 2^32 */
}

/* For n below DECIMALS, so that the products fit. */
static int stands_for(uint32_t v, uint32_t k, uint32_t n) {
    const int32_t distance = (int32_t)(k << 15) - (int32_t)(v * powers[n]); /* in 32768 * 10^n */
    const int32_t twice = 2 * (distance < 0 ? -distance : distance);
    if (twice >= (int32_t)powers[n]) return 0;
    const double as_float = (double)(float)(k * fractions[n]) * 32768 - v;
    return as_float < 0.5 && as_float > -0.5;
}

static char *put_digits(uint32_t k, uint32_t digits, char *text) {
    for (uint32_t i = digits; i-- > 0; k /= 10)
        text[i] = (char)('0' + k % 10);
    return text + digits;
}

char *float_text(int32_t v, char *text) {
    /* Full scale is clipped to the largest int16. */
    if (v == 32767) return put_digits(1, 1, text);
    /* Without a branch: a voice's signs are not to be foreseen. */
    *text = '-';
    text += v < 0;
    const uint32_t magnitude = (uint32_t)(v < 0 ? -v : v);
    uint32_t n = DECIMALS, k = nearest(magnitude, powers[DECIMALS]);
    while (n > 0) {
        const uint32_t fewer = nearest(magnitude, powers[n - 1]);
        if (!stands_for(magnitude, fewer, n - 1)) break;
        k = fewer;
        n--;
    }
    if (n == 0) return put_digits(k, 1, text);
    const uint32_t digits = 1 + (k >= 10) + (k >= 100) + (k >= 1000) + (k >= 10000);
    if (digits + 3 < n + 2) {
        text = put_digits(k, digits, text);
        *text++ = 'e';
        *text++ = '-';
        *text++ = (char)('0' + n);
        return text;
    }
    *text++ = '0';
    *text++ = '.';
    return put_digits(k, n, text);
}
