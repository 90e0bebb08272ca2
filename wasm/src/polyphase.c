/* Linear phase: sincs under a Kaiser window. J. F. Kaiser, "Nonrecursive digital filter design using
 * the I0-sinh window function", ISCAS 1974; the formulas for beta and length as in Oppenheim and
 * Schafer, "Discrete-Time Signal Processing", section "The Kaiser Window Filter Design Method".
 * Minimum phase: a kernel designed when this was built (wasm/filters), read between its points.
 *
 * Time is exact: whole samples and units of 2^-32 of the smallest step that the two rates know, all
 * of them integers. The table has a row for every phase the rates can meet; where these are too many,
 * or where a trim makes them countless, ROWS of them, and the cubic through the dot products of the
 * four nearest rows: taps change so little from row to row that its error is below -155 dB.
 *
 * Order of sums: four, of every fourth tap in order of time, put together by f32x4_sum(); in the modes
 * that promise -147 dB they are doubles, so that a result is rounded once.
 */
#include "polyphase.h"

#include <math.h>

#include "bessel.h"
#include "f32x4.h"
#include "f64x2.h"
#include "filters.gen.h"
#include "integer.h"

enum {
    ROWS = 256,        /* to interpolate between */
    ROWS_MAX = 1024,   /* phases that get a row each */
    TABLE_MAX = 32768, /* coefficients of theirs at most */
    UNIT_BITS = 32,    /* a phase is 2^32 units of time */
    SLEW = 512,        /* outputs that a trim takes to go from 0 to 1 % */
    KERNEL_POINTS = 6, /* that the Lagrange polynomial between a kernel's points goes through */
};

static const double pi = 3.14159265358979323846;

/* In units of the resampler's lower Nyquist frequency fN: the filter has to pass it and to stop 3 fN.
 * The fall may begin earlier, as it is slow at first: .04 dB at .87 fN in balanced, nothing in the
 * others. In balanced it may end later: what it lets through folds to where the FIR begins to fall. */
typedef struct shape {
    double pass_edge, stop_edge;
    double taps; /* for each sample of the lower rate */
    bool exact;  /* sums in double precision */
} shape;

static const shape shapes[] = {
    [POLYPHASE_BALANCED] = {.4, 3.1, 5.8, false},
    [POLYPHASE_BEST] = {.8, 3, 9.2, true},
    [POLYPHASE_ULTRA] = {.8, 3, 9.9, true},
    [POLYPHASE_LOW_LATENCY] = {0, 0,
                               (double)LOW_LATENCY_KERNEL_POINTS / LOW_LATENCY_KERNEL_PER_UNIT,
                               false},
};

static bool is_linear(const polyphase *p) {
    return p->kind != POLYPHASE_LOW_LATENCY;
}

polyphase polyphase_of(polyphase_kind kind, uint32_t from, uint32_t to, uint32_t low,
                       bool adjustable) {
    polyphase p = {.kind = kind, .ratio = (double)from / low};
    const uint32_t common = gcd_u32(from, to), phases = to / common;
    p.taps = (uint32_t)ceil(shapes[kind].taps * p.ratio / 4) * 4;
    p.interpolate = adjustable || phases > ROWS_MAX || phases * p.taps > TABLE_MAX;
    p.rows = p.interpolate ? ROWS : phases;
    p.unit = (uint64_t)phases << UNIT_BITS;
    p.nominal_step = (uint64_t)(from / common) << UNIT_BITS;
    p.slew = p.nominal_step / (100 * SLEW);
    polyphase_trim(&p, 0);
    return p;
}

void polyphase_trim(polyphase *p, double trim) {
    p->step = (uint64_t)((double)p->nominal_step / (1 + trim) + .5);
}

/* ---- The table ---- */

/* Rows before the first and after the last phase: the last phase's is the first's, a sample later. */
static uint32_t rows_before(const polyphase *p) {
    return p->interpolate ? 1 : 0;
}

static uint32_t row_count(const polyphase *p) {
    return p->rows + 1 + 2 * rows_before(p);
}

uint32_t polyphase_table_length(const polyphase *p) {
    return row_count(p) * p->taps;
}

/* Samples of the line before the one that an output's time follows. */
static uint32_t before(const polyphase *p) {
    return is_linear(p) ? p->taps / 2 - 1 : p->taps - 1;
}

typedef struct lowpass {
    double cutoff, half, beta, scale;
} lowpass;

/* 2 * half samples long, with a gain of 1; the edges are in units of the Nyquist frequency. */
static lowpass lowpass_design(double pass_edge, double stop_edge, double half) {
    const double attenuation_db = 8 + 2.285 * pi * (stop_edge - pass_edge) * (2 * half);
    const double beta = 0.1102 * (attenuation_db - 8.7);
    return (lowpass){(pass_edge + stop_edge) / 2, half, beta, 1 / bessel_i0(beta)};
}

/* The impulse response, t samples from its centre. */
static double lowpass_at(const lowpass *f, double t) {
    const double u = t / f->half;
    const double sinc = fabs(t) < 1e-9 ? f->cutoff : sin(pi * f->cutoff * t) / (pi * t);
    return u * u > 1 ? 0 : sinc * f->scale * bessel_i0(f->beta * sqrt(1 - u * u));
}

/* The kernel of minimum phase, t samples of the lower rate after its beginning: the polynomial of
 * Lagrange through the six points around t. */
static double kernel_at(double t) {
    const double at = t * LOW_LATENCY_KERNEL_PER_UNIT + LOW_LATENCY_KERNEL_FIRST;
    const int32_t first = (int32_t)floor(at) - (KERNEL_POINTS / 2 - 1);
    double sum = 0;
    for (int32_t i = first; i < first + KERNEL_POINTS; i++) {
        if (i < 0 || i >= LOW_LATENCY_KERNEL_POINTS) continue;
        double weight = 1;
        for (int32_t j = first; j < first + KERNEL_POINTS; j++)
            if (j != i) weight *= (at - j) / (i - j);
        sum += weight * (double)low_latency_kernel[i];
    }
    return sum;
}

static double row_phase(const polyphase *p, uint32_t row) {
    return ((double)row - rows_before(p)) / p->rows;
}

static void design_linear(polyphase *p) {
    const shape *s = &shapes[p->kind];
    const lowpass h = lowpass_design(s->pass_edge / p->ratio, s->stop_edge / p->ratio, p->taps / 2);
    const uint32_t count = polyphase_table_length(p);
    for (uint32_t i = 0; i < (count + 1) / 2; i++) { /* the table reads the same backwards */
        const double centre = before(p) + row_phase(p, i / p->taps);
        p->table[i] = p->table[count - 1 - i] = (float)lowpass_at(&h, i % p->taps - centre);
    }
}

static void design_causal(polyphase *p) {
    for (uint32_t i = 0; i < polyphase_table_length(p); i++) {
        const double age = before(p) - i % p->taps + row_phase(p, i / p->taps);
        p->table[i] = (float)(kernel_at(age / p->ratio) / p->ratio);
    }
}

void polyphase_design(polyphase *p) {
    if (is_linear(p))
        design_linear(p);
    else
        design_causal(p);
}

double polyphase_delay(const polyphase *p) {
    if (is_linear(p)) return p->taps / 2;
    double moment = 0, sum = 0;
    for (int32_t i = 0; i < LOW_LATENCY_KERNEL_POINTS; i++) {
        moment += (double)(i - LOW_LATENCY_KERNEL_FIRST) * low_latency_kernel[i];
        sum += low_latency_kernel[i];
    }
    return moment / sum / LOW_LATENCY_KERNEL_PER_UNIT * p->ratio;
}

/* ---- Streams ---- */

void polyphase_reset(const polyphase *p, polyphase_stream *s) {
    s->time = 0;
    s->step = p->step;
    line_reset(&s->line, before(p));
}

/* Not unrolled: the taps are few, and the loop for the remainder would cost more than it saves. */
static inline float dot(const float *x, const float *taps, uint32_t count) {
    f32x4 sum = f32x4_splat(0);
#pragma GCC unroll 1
    for (const float *end = taps + count; taps != end; taps += 4, x += 4)
        sum += f32x4_load(x) * f32x4_load(taps);
    return f32x4_sum(sum);
}

static inline double dot_exact(const float *x, const float *taps, uint32_t count) {
    f64x2 a = f64x2_splat(0), b = a;
#pragma GCC unroll 1
    for (const float *end = taps + count; taps != end; taps += 4, x += 4) {
        a += f64x2_load_f32(x) * f64x2_load_f32(taps);
        b += f64x2_load_f32(x + 2) * f64x2_load_f32(taps + 2);
    }
    a += b;
    return a[0] + a[1];
}

/* Lagrange's weights of the rows -1, 0, 1 and 2 at u. */
static inline void cubic_weights(double u, double weights[4]) {
    weights[0] = -u * (u - 1) * (u - 2) / 6;
    weights[1] = (u + 1) * (u - 1) * (u - 2) / 2;
    weights[2] = -(u + 1) * u * (u - 2) / 2;
    weights[3] = (u + 1) * u * (u - 1) / 6;
}

/* The last two rows have none after them that knows of later samples: they are not the second of the
 * four, but the third or fourth. */
static inline float dot_between(const polyphase *p, uint64_t time, bool exact, const float *x) {
    const double at = (double)time * (p->rows / (double)p->unit);
    const uint32_t row = (uint32_t)at < p->rows - 2 ? (uint32_t)at : p->rows - 2;
    const float *taps = p->table + row * p->taps;
    double weights[4], sum = 0;
    cubic_weights(at - row, weights);
    for (int i = 0; i < 4; i++, taps += p->taps)
        sum += weights[i] * (exact ? dot_exact(x, taps, p->taps) : (double)dot(x, taps, p->taps));
    return (float)sum;
}

static inline uint64_t next_step(const polyphase *p, uint64_t step) {
    if (step < p->step) return p->step - step > p->slew ? step + p->slew : p->step;
    return step - p->step > p->slew ? step - p->slew : p->step;
}

uint32_t polyphase_ready(const polyphase *p, const polyphase_stream *s) {
    uint32_t count = 0;
    const uint32_t length = line_length(&s->line);
    if (length < p->taps) return 0;
    uint64_t step = s->step, left = (length - p->taps + 1) * p->unit - s->time;
    for (; step != p->step && left > 0; count++) {
        left -= left < step ? left : step;
        step = next_step(p, step);
    }
    return count + (uint32_t)((left + step - 1) / step);
}

/* Where there is a row for every phase, the step never changes. */
static inline uint32_t run_rows(const polyphase *p, polyphase_stream *s, bool exact, float *output,
                                uint32_t capacity) {
    const uint32_t taps = p->taps, step = (uint32_t)(p->step / p->unit);
    const uint64_t rest = p->step % p->unit;
    uint64_t time = s->time;
    uint32_t begin = s->line.begin, count = 0;
    for (; count < capacity && begin + taps <= s->line.end; count++) {
        const float *x = s->line.samples + begin;
        const float *row = p->table + (uint32_t)(time >> UNIT_BITS) * taps;
        output[count] = exact ? (float)dot_exact(x, row, taps) : dot(x, row, taps);
        begin += step;
        time += rest;
        if (time >= p->unit) {
            time -= p->unit;
            begin++;
        }
    }
    s->time = time;
    s->line.begin = begin;
    return count;
}

static inline uint32_t run_between(const polyphase *p, polyphase_stream *s, bool exact,
                                   float *output, uint32_t capacity) {
    uint64_t time = s->time, step = s->step;
    uint32_t begin = s->line.begin, count = 0;
    for (; count < capacity && begin + p->taps <= s->line.end; count++) {
        output[count] = dot_between(p, time, exact, s->line.samples + begin);
        for (time += step; time >= p->unit; time -= p->unit)
            begin++;
        step = next_step(p, step);
    }
    s->time = time;
    s->step = step;
    s->line.begin = begin;
    return count;
}

uint32_t polyphase_run(const polyphase *p, polyphase_stream *s, float *output, uint32_t capacity) {
    const bool exact = shapes[p->kind].exact;
    if (p->interpolate)
        return exact ? run_between(p, s, true, output, capacity)
                     : run_between(p, s, false, output, capacity);
    return exact ? run_rows(p, s, true, output, capacity) : run_rows(p, s, false, output, capacity);
}

/* Once the step is settled: ceil(distance / step). The distance in units may be more than 64 bits
 * hold: the quotient of doubles is right to one or two, and what is left tells which, exactly, as it
 * is small modulo 2^64. */
uint64_t polyphase_outputs_before(const polyphase *p, const polyphase_stream *s, uint64_t more) {
    int64_t samples = (int64_t)(s->line.end + more) - s->line.begin - before(p);
    uint64_t time = s->time, step = s->step, count = 0;
    for (; step != p->step && samples > 0; count++) {
        for (time += step; time >= p->unit; time -= p->unit)
            samples--;
        step = next_step(p, step);
    }
    const double distance = (double)samples * (double)p->unit - (double)time;
    if (distance <= 0) return count;
    const uint64_t rough = (uint64_t)(distance / (double)step);
    int64_t rest = (int64_t)((uint64_t)samples * p->unit - time - rough * step);
    count += rough;
    for (; rest > 0; rest -= (int64_t)step)
        count++;
    for (; rest <= -(int64_t)step; rest += (int64_t)step)
        count--;
    return count;
}
