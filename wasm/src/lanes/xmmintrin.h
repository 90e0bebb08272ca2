/* Lets kissfft's USE_SIMD mode, written for SSE, run on any target: it asks for <xmmintrin.h> but
 * uses only the type, its operators and one intrinsic, so four transforms run in the lanes of one.
 * Only kissfft and silero.c are compiled with this directory in front. */
#ifndef VP_LANES_XMMINTRIN_H
#define VP_LANES_XMMINTRIN_H

#include "f32x4.h"

typedef f32x4 __m128;

static inline f32x4 _mm_set1_ps(double x) {
    return f32x4_splat((float)x);
}

/* kissfft gets its memory from the caller, and says nothing on stderr. */
#define KISS_FFT_MALLOC(bytes) NULL
#define KISS_FFT_FREE(block) ((void)(block))
#define KISS_FFT_ALIGN_CHECK(block)
#define KISS_FFT_ALIGN_SIZE_UP(bytes) (((bytes) + 15UL) & ~15UL)
#define kiss_fft_log_h
#define KISS_FFT_ERROR(...) ((void)0)
#define KISS_FFT_WARNING(...) ((void)0)

#endif
