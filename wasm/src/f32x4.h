/* Four floats in one register, by the vector extension that GCC and Clang share: the same source is
 * SSE on x86, NEON on ARM and SIMD128 in WebAssembly, and, since every operation is IEEE and none
 * is fused (-ffp-contract=off), the same bits on all of them. */
#ifndef VP_F32X4_H
#define VP_F32X4_H

#include <stdint.h>
#include <string.h>

typedef float f32x4 __attribute__((vector_size(16)));
typedef int32_t i32x4 __attribute__((vector_size(16)));

static inline f32x4 f32x4_load(const float *p) {
    f32x4 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void f32x4_store(float *p, f32x4 v) {
    memcpy(p, &v, sizeof v);
}

static inline f32x4 f32x4_splat(float x) {
    return (f32x4){x, x, x, x};
}

/* Lane by lane: mask lanes are all ones (take a) or all zeros (take b). */
static inline f32x4 f32x4_select(i32x4 mask, f32x4 a, f32x4 b) {
    return (f32x4)(((i32x4)a & mask) | ((i32x4)b & ~mask));
}

/* ((v0 + v2) + (v1 + v3)): the order of every horizontal sum in this library. */
static inline float f32x4_sum(f32x4 v) {
    return (v[0] + v[2]) + (v[1] + v[3]);
}

#endif
