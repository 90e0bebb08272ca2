/* J. W. Cooley, J. W. Tukey, "An algorithm for the machine calculation of complex Fourier series",
 * Math. Comp. 19 (1965), in time and with mixed radices: every p-th point, from each of the first p,
 * makes p shorter transforms; where these meet, each is turned by its own phase, and p points at a
 * time go through a transform of p points. Short transforms are done to their end before the next
 * one starts, so that they stay in the first cache however long the whole is.
 *
 * The sums are those of kissfft, nearly to the bit, in three fifths of its time in WebAssembly: the
 * turns lie in the order of their use and are one number for the four lanes, the compiler is told
 * that they do not change while the points do, and the first step, of four points that need no
 * turning, reads the input where it lies. Also, kissfft has no radix 7, which 44100 Hz needs.
 *
 * Transforms of an odd number of points, x[0] with pairs x[j], x[p - j]: the sum of a pair takes
 * part in the outputs k and p - k alike, by cos(2 pi j k / p), and its difference with opposite
 * signs, by sin(2 pi j k / p).
 */
#include "dft.h"

#include <math.h>

enum { LEAF = 4 };

/* ---- Joining ----------------------------------------------------------------------------- */

static inline cx4 turned(cx4 x, dft_turn t) {
    return cx4_multiply(x, f32x4_splat(t.re), f32x4_splat(t.im));
}

static inline cx4 mix2(cx4 a, float ka, cx4 b, float kb) {
    return cx4_add(cx4_scale(a, ka), cx4_scale(b, kb));
}

static inline cx4 mix3(cx4 a, float ka, cx4 b, float kb, cx4 c, float kc) {
    return cx4_add(mix2(a, ka, b, kb), cx4_scale(c, kc));
}

static inline void join2(cx4 *x, size_t q, const dft_turn *t) {
    const cx4 x0 = x[0], x1 = turned(x[q], t[0]);
    x[0] = cx4_add(x0, x1);
    x[q] = cx4_subtract(x0, x1);
}

static inline void join3(cx4 *x, size_t q, const dft_turn *t) {
    const float cos1 = -0.5f, sin1 = 0.86602540378443864676f;
    const cx4 x0 = x[0], x1 = turned(x[q], t[0]), x2 = turned(x[2 * q], t[1]);
    const cx4 sum = cx4_add(x1, x2), difference = cx4_quarter_turn(cx4_subtract(x1, x2));
    const cx4 even = cx4_add(x0, cx4_scale(sum, cos1)), odd = cx4_scale(difference, sin1);
    x[0] = cx4_add(x0, sum);
    x[q] = cx4_add(even, odd);
    x[2 * q] = cx4_subtract(even, odd);
}

static inline void join4(cx4 *x, size_t q, const dft_turn *t) {
    cx4 y[4] = {x[0], turned(x[q], t[0]), turned(x[2 * q], t[1]), turned(x[3 * q], t[2])};
    cx4_dft4(y);
    for (size_t j = 0; j < 4; j++)
        x[j * q] = y[j];
}

static inline void join5(cx4 *x, size_t q, const dft_turn *t) {
    const float cos1 = 0.30901699437494742410f, sin1 = 0.95105651629515357212f;
    const float cos2 = -0.80901699437494742410f, sin2 = 0.58778525229247312917f;
    const cx4 x0 = x[0];
    const cx4 x1 = turned(x[q], t[0]), x4 = turned(x[4 * q], t[3]);
    const cx4 x2 = turned(x[2 * q], t[1]), x3 = turned(x[3 * q], t[2]);
    const cx4 s1 = cx4_add(x1, x4), d1 = cx4_quarter_turn(cx4_subtract(x1, x4));
    const cx4 s2 = cx4_add(x2, x3), d2 = cx4_quarter_turn(cx4_subtract(x2, x3));
    const cx4 even1 = cx4_add(x0, mix2(s1, cos1, s2, cos2)), odd1 = mix2(d1, sin1, d2, sin2);
    const cx4 even2 = cx4_add(x0, mix2(s1, cos2, s2, cos1)), odd2 = mix2(d1, sin2, d2, -sin1);
    x[0] = cx4_add(x0, cx4_add(s1, s2));
    x[q] = cx4_add(even1, odd1);
    x[2 * q] = cx4_add(even2, odd2);
    x[3 * q] = cx4_subtract(even2, odd2);
    x[4 * q] = cx4_subtract(even1, odd1);
}

static inline void join7(cx4 *x, size_t q, const dft_turn *t) {
    const float cos1 = 0.62348980185873353053f, sin1 = 0.78183148246802980871f;
    const float cos2 = -0.22252093395631440429f, sin2 = 0.97492791218182360702f;
    const float cos3 = -0.90096886790241912624f, sin3 = 0.43388373911755812048f;
    const cx4 x0 = x[0];
    const cx4 x1 = turned(x[q], t[0]), x6 = turned(x[6 * q], t[5]);
    const cx4 x2 = turned(x[2 * q], t[1]), x5 = turned(x[5 * q], t[4]);
    const cx4 x3 = turned(x[3 * q], t[2]), x4 = turned(x[4 * q], t[3]);
    const cx4 s1 = cx4_add(x1, x6), d1 = cx4_quarter_turn(cx4_subtract(x1, x6));
    const cx4 s2 = cx4_add(x2, x5), d2 = cx4_quarter_turn(cx4_subtract(x2, x5));
    const cx4 s3 = cx4_add(x3, x4), d3 = cx4_quarter_turn(cx4_subtract(x3, x4));
    const cx4 even1 = cx4_add(x0, mix3(s1, cos1, s2, cos2, s3, cos3));
    const cx4 even2 = cx4_add(x0, mix3(s1, cos2, s2, cos3, s3, cos1));
    const cx4 even3 = cx4_add(x0, mix3(s1, cos3, s2, cos1, s3, cos2));
    const cx4 odd1 = mix3(d1, sin1, d2, sin2, d3, sin3);
    const cx4 odd2 = mix3(d1, sin2, d2, -sin3, d3, -sin1);
    const cx4 odd3 = mix3(d1, sin3, d2, -sin1, d3, sin2);
    x[0] = cx4_add(x0, cx4_add(cx4_add(s1, s2), s3));
    x[q] = cx4_add(even1, odd1);
    x[2 * q] = cx4_add(even2, odd2);
    x[3 * q] = cx4_add(even3, odd3);
    x[4 * q] = cx4_subtract(even3, odd3);
    x[5 * q] = cx4_subtract(even2, odd2);
    x[6 * q] = cx4_subtract(even1, odd1);
}

/* x: transforms of q points, one after the other; becomes one. */
static void join(uint32_t radix, size_t q, const dft_turn *restrict t, cx4 *restrict x) {
    cx4 *const end = x + q;
    switch (radix) {
    case 2:
        for (; x < end; x++, t += 1)
            join2(x, q, t);
        return;
    case 3:
        for (; x < end; x++, t += 2)
            join3(x, q, t);
        return;
    case 4:
        for (; x < end; x++, t += 3)
            join4(x, q, t);
        return;
    case 5:
        for (; x < end; x++, t += 4)
            join5(x, q, t);
        return;
    default:
        for (; x < end; x++, t += 6)
            join7(x, q, t);
    }
}

/* ---- Running ----------------------------------------------------------------------------- */

static inline cx4 point(const float *re, const float *im, size_t n) {
    return (cx4){f32x4_load(re + n), f32x4_load(im + n)};
}

static inline void leaf(const float *re, const float *im, size_t stride, cx4 *out) {
    cx4 x[LEAF] = {point(re, im, 0), point(re, im, stride), point(re, im, 2 * stride),
                   point(re, im, 3 * stride)};
    cx4_dft4(x);
    for (size_t k = 0; k < LEAF; k++)
        out[k] = x[k];
}

/* The transform that the join makes, of every stride-th float. As deep as there are joins. */
static void transform(const dft_join *j, const dft_join *last, const float *re, const float *im,
                      size_t stride, cx4 *out) {
    const size_t radix = j->radix, q = j->points;
    for (size_t r = 0; r < radix; r++, re += stride, im += stride) {
        if (j == last)
            leaf(re, im, stride * radix, out + r * q);
        else
            transform(j + 1, last, re, im, stride * radix, out + r * q);
    }
    join((uint32_t)radix, q, j->turns, out);
}

void dft_run(const dft *d, const float *re, const float *im, cx4 *out) {
    if (d->joins)
        transform(d->join, d->join + d->joins - 1, re, im, 4, out);
    else
        leaf(re, im, 4, out);
}

/* ---- Making ------------------------------------------------------------------------------ */

/* The order that was the fastest, by a little. */
static uint32_t choose_radix(uint32_t transforms) {
    static const uint8_t radices[] = {3, 4, 2, 5};
    for (size_t i = 0; i < sizeof radices; i++)
        if (transforms % radices[i] == 0) return radices[i];
    return 7;
}

/* A join of p transforms of q points has (p - 1) q turns, which is the points that it adds. */
uint32_t dft_size(uint32_t points) {
    return (points - LEAF) * (uint32_t)sizeof(dft_turn);
}

static dft_turn *make_turns(dft_turn *t, uint32_t radix, uint32_t q) {
    for (uint32_t k = 0; k < q; k++)
        for (uint32_t j = 1; j < radix; j++) {
            const double phase = -2 * 3.14159265358979323846 * (j * k) / (radix * q);
            *t++ = (dft_turn){(float)cos(phase), (float)sin(phase)};
        }
    return t;
}

void dft_init(dft *d, uint32_t points, dft_turn *turns) {
    d->joins = 0;
    while (points > LEAF) {
        const uint32_t radix = choose_radix(points / LEAF);
        points /= radix;
        d->join[d->joins++] = (dft_join){radix, points, turns};
        turns = make_turns(turns, radix, points);
    }
}
