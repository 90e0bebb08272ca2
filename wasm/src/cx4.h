/* Four complex numbers in two registers. */
#ifndef VP_CX4_H
#define VP_CX4_H

#include "f32x4.h"

typedef struct cx4 {
    f32x4 re, im;
} cx4;

static inline cx4 cx4_add(cx4 a, cx4 b) {
    return (cx4){a.re + b.re, a.im + b.im};
}

static inline cx4 cx4_subtract(cx4 a, cx4 b) {
    return (cx4){a.re - b.re, a.im - b.im};
}

static inline cx4 cx4_scale(cx4 a, float k) {
    return (cx4){a.re * k, a.im * k};
}

/* Times -i. */
static inline cx4 cx4_quarter_turn(cx4 a) {
    return (cx4){a.im, -a.re};
}

/* Times re + i im, lane by lane. */
static inline cx4 cx4_multiply(cx4 a, f32x4 re, f32x4 im) {
    return (cx4){a.re * re - a.im * im, a.im * re + a.re * im};
}

/* The discrete Fourier transform of four points, in place. */
static inline void cx4_dft4(cx4 x[4]) {
    const cx4 s = cx4_add(x[0], x[2]), d = cx4_subtract(x[0], x[2]);
    const cx4 u = cx4_add(x[1], x[3]), v = cx4_quarter_turn(cx4_subtract(x[1], x[3]));
    x[0] = cx4_add(s, u);
    x[1] = cx4_add(d, v);
    x[2] = cx4_subtract(s, u);
    x[3] = cx4_subtract(d, v);
}

#endif
