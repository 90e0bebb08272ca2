/* The order of sums, the same wherever blocks are cut and in whatever lane an output is computed:
 *
 *   linear phase   Taps come in pairs, and the two samples of a pair are added before they are
 *                  multiplied. Even and odd taps have a sum each, from the outermost pair inwards, so
 *                  that what is small is added while the sum is small. In the modes that promise
 *                  -147 dB the taps next to the centre, which are large, have sums of their own in
 *                  double precision, and a result is rounded once.
 *   minimum phase  Even and odd taps have a sum each, from the last, smallest one.
 *
 * Then even + odd where two samples make one. A group of outputs is computed at once, lane by lane;
 * one that is incomplete is computed whole and its surplus thrown away.
 */
#include "fir.h"

#include "f32x4.h"
#include "f64x2.h"
#include "filters.gen.h"
#include "integer.h"

/* Linear phase: taps 2 * side down to 0 on either side of the centre; of these inner has the last
 * where it is not NULL, from the centre on. Minimum phase: 2 * side taps in order of time. */
struct fir {
    bool linear;
    uint32_t side; /* even taps on one side, or in all; there are as many odd ones */
    const float *taps;
    const double *inner;
    uint32_t inner_pairs; /* even taps in inner but for the centre; there are as many odd ones */
};

static const fir firs[] = {
    [FIR_BALANCED] = {true, BALANCED_SIDE, balanced_fir, NULL, 0},
    [FIR_BEST] = {true, BEST_SIDE, best_outer, best_inner, BEST_INNER / 2},
    [FIR_ULTRA] = {true, ULTRA_SIDE, ultra_outer, ultra_inner, ULTRA_INNER / 2},
    [FIR_LOW_LATENCY] = {false, LOW_LATENCY_FIR_TAPS / 2, low_latency_fir, NULL, 0},
};

const fir *fir_of(fir_kind kind) {
    return &firs[kind];
}

static uint32_t before(const fir *f) {
    return f->linear ? f->side : f->side - 1;
}

uint32_t fir_window(const fir *f) {
    return f->linear ? 2 * f->side : f->side - 1;
}

double fir_delay(const fir *f) {
    if (f->linear) return f->side;
    double moment = 0, sum = 0;
    for (uint32_t i = 0; i < 2 * f->side; i++) {
        moment += (double)i * f->taps[i];
        sum += f->taps[i];
    }
    return moment / sum / 2;
}

void fir_reset(const fir *f, fir_stream *s) {
    s->next_odd = false;
    line_reset(&s->even, before(f));
    /* An output at an even place follows its odd sample in time: in linear phase one of either side. */
    if (s->odd.samples) line_reset(&s->odd, f->side);
}

/* ---- The sums for a group of outputs ---- */

enum { LANES = FIR_GROUP / 4 }; /* registers of outputs */

/* Sums for a group; exact says whether both are used, or f32 alone. */
typedef struct group_sums {
    f32x4 f32[LANES];
    f64x2 f64[2 * LANES];
} group_sums;

/* Adds the products of pairs, whose samples lie at left, left + 1 ... and right, right - 1 ... and
 * whose taps are every second one. */
static inline void add_pairs(f32x4 sum[LANES], const float *taps, uint32_t count, const float *left,
                             const float *right) {
    f32x4 s[LANES];
    memcpy(s, sum, sizeof s);
    for (uint32_t i = 0; i < count; i++, left++, right--) {
        const f32x4 h = f32x4_splat(taps[2 * i]);
        for (int lane = 0; lane < LANES; lane++)
            s[lane] += h * (f32x4_load(left + 4 * lane) + f32x4_load(right + 4 * lane));
    }
    memcpy(sum, s, sizeof s);
}

/* The same for inner taps, of which tap is the largest index and comes first. */
static inline void add_inner_pairs(f64x2 sum[2 * LANES], const double *tap, uint32_t count,
                                   const float *left, const float *right) {
    for (uint32_t i = 0; i < count; i++, left++, right--, tap -= 2) {
        for (int lane = 0; lane < 2 * LANES; lane++)
            sum[lane] += f64x2_splat(*tap) *
                         (f64x2_load_f32(left + 2 * lane) + f64x2_load_f32(right + 2 * lane));
    }
}

/* even[0] and even[2 * side] meet the outermost even taps. */
static inline void even_sums(const fir *f, bool exact, const float *even, group_sums *sum) {
    const uint32_t outer = f->side - f->inner_pairs;
    const float *right = even + 2 * f->side, *centre = even + f->side;
    add_pairs(sum->f32, f->taps, outer, even, right);
    if (exact) {
        add_inner_pairs(sum->f64, f->inner + 2 * f->inner_pairs, f->inner_pairs, even + outer,
                        right - outer);
        for (int lane = 0; lane < 2 * LANES; lane++)
            sum->f64[lane] += f64x2_splat(f->inner[0]) * f64x2_load_f32(centre + 2 * lane);
    } else {
        for (int lane = 0; lane < LANES; lane++)
            sum->f32[lane] += f32x4_splat(f->taps[2 * f->side]) * f32x4_load(centre + 4 * lane);
    }
}

/* odd[0] and odd[2 * side - 1] meet the outermost odd taps. */
static inline void odd_sums(const fir *f, bool exact, const float *odd, group_sums *sum) {
    const uint32_t outer = f->side - f->inner_pairs;
    const float *right = odd + 2 * f->side - 1;
    add_pairs(sum->f32, f->taps + 1, outer, odd, right);
    if (exact)
        add_inner_pairs(sum->f64, f->inner + 2 * f->inner_pairs - 1, f->inner_pairs, odd + outer,
                        right - outer);
}

/* Minimum phase, taps being the even or the odd ones: x[side - 1] meets the first of them. */
static inline void causal_sums(const float *taps, uint32_t side, const float *x, f32x4 sum[LANES]) {
    f32x4 s[LANES] = {0};
    for (uint32_t i = side; i-- > 0; x++) {
        const f32x4 h = f32x4_splat(taps[2 * i]);
        for (int lane = 0; lane < LANES; lane++)
            s[lane] += h * f32x4_load(x + 4 * lane);
    }
    memcpy(sum, s, sizeof s);
}

static inline void total(const group_sums *sum, bool exact, float gain, float output[FIR_GROUP]) {
    if (exact) {
        for (int lane = 0; lane < 2 * LANES; lane++) {
            const f32x4 outer = sum->f32[lane / 2];
            const f64x2 wide = {outer[lane % 2 * 2], outer[lane % 2 * 2 + 1]};
            f64x2_store_f32(output + 2 * lane, f64x2_splat(gain) * (wide + sum->f64[lane]));
        }
    } else {
        for (int lane = 0; lane < LANES; lane++)
            f32x4_store(output + 4 * lane, f32x4_splat(gain) * sum->f32[lane]);
    }
}

/* ---- Two samples make one ---- */

static inline void halve_linear(const fir *f, bool exact, const float *even, const float *odd,
                                float output[FIR_GROUP]) {
    group_sums e = {0}, o = {0};
    even_sums(f, exact, even, &e);
    odd_sums(f, exact, odd, &o);
    for (int i = 0; i < LANES; i++)
        e.f32[i] += o.f32[i];
    for (int i = 0; i < 2 * LANES; i++)
        e.f64[i] += o.f64[i];
    total(&e, exact, 1, output);
}

static void halve(const fir *f, const float *even, const float *odd, float output[FIR_GROUP]) {
    if (!f->linear) {
        f32x4 e[LANES], o[LANES];
        causal_sums(f->taps, f->side, even, e);
        causal_sums(f->taps + 1, f->side, odd, o);
        for (int lane = 0; lane < LANES; lane++)
            f32x4_store(output + 4 * lane, e[lane] + o[lane]);
    } else if (f->inner) {
        halve_linear(f, true, even, odd, output);
    } else {
        halve_linear(f, false, even, odd, output);
    }
}

void fir_halve_push(fir_stream *s, const float *samples, uint32_t count) {
    const uint32_t first = s->next_odd && count, pairs = (count - first) / 2;
    const bool last = (count - first) % 2;
    float *odd = line_extend(&s->odd, first + pairs);
    float *even = line_extend(&s->even, pairs + last);
    if (first) *odd++ = *samples++;
    for (uint32_t i = 0; i < pairs; i++) {
        even[i] = samples[2 * i];
        odd[i] = samples[2 * i + 1];
    }
    if (last) even[pairs] = samples[2 * pairs];
    s->next_odd ^= count % 2;
}

/* Positions that have all the samples they need: an odd sample never comes after its even one. */
static uint32_t ready(const fir *f, const fir_stream *s) {
    const uint32_t length = line_length(&s->even), window = fir_window(f);
    return length > window ? length - window : 0;
}

uint32_t fir_halve_needs(const fir *f, const fir_stream *s, uint32_t outputs) {
    const uint32_t evens = fir_window(f) + outputs, length = line_length(&s->even);
    return evens <= length ? 0 : 2 * (evens - length) - !s->next_odd;
}

uint32_t fir_halve_run(const fir *f, fir_stream *s, float *output, uint32_t capacity) {
    const float *even = s->even.samples + s->even.begin, *odd = s->odd.samples + s->odd.begin;
    const uint32_t count = min_u32(capacity, ready(f, s)), whole = count / FIR_GROUP * FIR_GROUP;
    for (uint32_t at = 0; at < whole; at += FIR_GROUP)
        halve(f, even + at, odd + at, output + at);
    if (whole < count) {
        float rest[FIR_GROUP];
        halve(f, even + whole, odd + whole, rest);
        memcpy(output + whole, rest, (count - whole) * sizeof *output);
    }
    s->even.begin += count;
    s->odd.begin += count;
    return count;
}

/* ---- One sample makes two: the even taps give its own place, the odd ones the place after it ---- */

static inline void double_linear(const fir *f, bool exact, const float *x, float even[FIR_GROUP],
                                 float odd[FIR_GROUP]) {
    group_sums e = {0}, o = {0};
    even_sums(f, exact, x, &e);
    total(&e, exact, 2, even);
    odd_sums(f, exact, x + 1, &o);
    total(&o, exact, 2, odd);
}

static void double_group(const fir *f, const float *x, float output[2 * FIR_GROUP]) {
    float even[FIR_GROUP], odd[FIR_GROUP];
    if (!f->linear) {
        f32x4 e[LANES], o[LANES];
        causal_sums(f->taps, f->side, x, e);
        causal_sums(f->taps + 1, f->side, x, o);
        for (int lane = 0; lane < LANES; lane++) {
            f32x4_store(even + 4 * lane, f32x4_splat(2) * e[lane]);
            f32x4_store(odd + 4 * lane, f32x4_splat(2) * o[lane]);
        }
    } else if (f->inner) {
        double_linear(f, true, x, even, odd);
    } else {
        double_linear(f, false, x, even, odd);
    }
    for (int i = 0; i < FIR_GROUP; i++) {
        output[2 * i] = even[i];
        output[2 * i + 1] = odd[i];
    }
}

/* A pair of places that was left half given is computed again. */
uint32_t fir_double_run(const fir *f, fir_stream *s, float *output, uint32_t capacity) {
    const float *x = s->even.samples + s->even.begin;
    const uint32_t skip = s->next_odd;
    const uint32_t count = min_u32(capacity, 2 * ready(f, s) - skip), end = skip + count;
    for (uint32_t at = 0; at < end; at += 2 * FIR_GROUP) {
        const uint32_t from = at ? 0 : skip, to = min_u32(2 * FIR_GROUP, end - at);
        if (from == 0 && to == 2 * FIR_GROUP) {
            double_group(f, x + at / 2, output + at - skip);
        } else {
            float y[2 * FIR_GROUP];
            double_group(f, x + at / 2, y);
            memcpy(output + at + from - skip, y + from, (to - from) * sizeof *output);
        }
    }
    s->even.begin += end / 2;
    s->next_odd = end % 2;
    return count;
}
