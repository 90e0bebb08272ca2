/* Two doubles in one register, as f32x4.h has four floats; made from floats, and rounded once when
 * they become floats again. */
#ifndef VP_F64X2_H
#define VP_F64X2_H

#include <string.h>

typedef double f64x2 __attribute__((vector_size(16)));
typedef float f32x2 __attribute__((vector_size(8)));

/* The two floats at p, widened. */
static inline f64x2 f64x2_load_f32(const float *p) {
    f32x2 v;
    memcpy(&v, p, sizeof v);
    return __builtin_convertvector(v, f64x2);
}

/* v, rounded to the two floats at p. */
static inline void f64x2_store_f32(float *p, f64x2 v) {
    const f32x2 rounded = __builtin_convertvector(v, f32x2);
    memcpy(p, &rounded, sizeof rounded);
}

static inline f64x2 f64x2_splat(double x) {
    return (f64x2){x, x};
}

#endif
