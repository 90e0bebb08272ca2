/* Any rate to any other by way of twice the lower rate.
 *
 * The steep filter of a resampler is long, and at an awkward ratio it needs a set of taps for every
 * phase. Here it never meets the ratio. Let fN be the Nyquist frequency of the lower rate:
 *
 *   down   input -> polyphase -> 2 x output rate -> FIR, every second sample -> output
 *   up     input -> FIR, a sample in between -> 2 x input rate -> polyphase -> output
 *
 * The FIR is the same for all rates: it passes .87 fN and stops fN. That leaves the polyphase stage
 * from there to 3 fN to fall, since what it lets through in between meets the FIR's stop band, and
 * so it needs few taps. Where it has nothing to do, from 48 to 24 kHz for instance, it is left out.
 *
 * Both are sincs under a Kaiser window: J. F. Kaiser, "Nonrecursive digital filter design using the
 * I0-sinh window function", ISCAS 1974; the formulas for beta and length as in Oppenheim and
 * Schafer, "Discrete-Time Signal Processing", section "The Kaiser Window Filter Design Method".
 *
 * Time is exact: whole samples, a row of the table and a remainder, all of them integers. The table
 * has a row for every phase the two rates can meet; where these are too many, it has as many rows
 * as fit, and the result is drawn linearly between the dot products of the two nearest.
 *
 * Every output is the same sequence of operations wherever the blocks are cut:
 *   FIR        two sums, of the even and of the odd taps, each from the outermost pair inwards, the
 *              two samples of a pair added before they are multiplied; then the centre; even + odd
 *   polyphase  four sums, of every fourth tap in order of time, put together by f32x4_sum()
 * An incomplete group of outputs is computed whole and its surplus thrown away.
 */
#include "voicepath/resampler.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "f32x4.h"
#include "memory.h"
#include "sample.h"

enum {
    SIDE = 44,     /* the FIR's even taps on each side of the centre; there are as many odd ones */
    GROUP = 8,     /* FIR positions computed at once */
    TABLE = 32768, /* most coefficients in its table, not counting the last row */
    CHUNK = 256,   /* samples handed on at once */
    ROOM = 768,    /* samples a line takes before what is left of it moves to its start */
};

/* A stretch of signal: what lies before begin is used up, end is where the next sample goes. */
typedef struct line {
    float *samples;
    uint32_t begin, end, capacity;
} line;

/* Times are whole + (row + remainder / phases) / rows samples. With a row for every phase,
 * rows == phases and the remainder stays 0. */
typedef struct polyphase {
    line line;
    float *table;  /* rows + 1 rows of taps coefficients: the last is the first, a sample later */
    uint32_t taps; /* a multiple of 4; 0 where the stage is left out */
    uint32_t rows, phases;
    uint32_t step, step_row, step_remainder;
    uint32_t row, remainder; /* the next output's time, after sample begin + taps / 2 - 1 */
} polyphase;

typedef struct fir {
    line even, odd;        /* the samples of the double rate; going up, even has all there are */
    bool next_odd;         /* the next sample of the double rate, in or out, is an odd one */
    float centre;          /* tap 0 */
    float pairs[2 * SIDE]; /* taps 2 * SIDE down to 1 */
} fir;

struct vp_resampler {
    uint32_t in, out; /* the rates without their common divisor */
    uint64_t received, given;
    bool down, flushed;
    polyphase polyphase;
    fir fir;
};

static uint32_t min_u32(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ---- Filter design ---- */

static const double pi = 3.14159265358979323846;

/* The modified Bessel function of order 0, by its power series. */
static double bessel_i0(double x) {
    const double q = x * x / 4;
    double sum = 1, term = 1;
    for (double k = 1; term > 1e-10 * sum; k++) {
        term *= q / (k * k);
        sum += term;
    }
    return sum;
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

/* The fall begins at .845 fN; it is .09 dB deep at .87 fN, and 106 dB at fN. */
static void fir_design(fir *f, double gain) {
    const lowpass h = lowpass_design(.845 / 2, 1. / 2, 2 * SIDE);
    for (int i = 0; i < 2 * SIDE; i++)
        f->pairs[i] = (float)(gain * lowpass_at(&h, 2 * SIDE - i));
    f->centre = (float)(gain * lowpass_at(&h, 0));
}

/* For a stage that takes ratio times the lower rate. From .65 fN, a fall of this width is still
 * less than .01 dB deep at .87 fN. It may end a little past 3 fN: what it lets through there folds
 * to just below fN, where the FIR has begun to take its share. */
static void polyphase_design(polyphase *p, double ratio) {
    const lowpass h = lowpass_design(.65 / ratio, 3.05 / ratio, p->taps / 2);
    const uint32_t count = (p->rows + 1) * p->taps;
    for (uint32_t i = 0; i < count / 2; i++) { /* the table reads the same backwards */
        const double centre = p->taps / 2 - 1 + (double)(i / p->taps) / p->rows;
        p->table[i] = p->table[count - 1 - i] = (float)lowpass_at(&h, i % p->taps - centre);
    }
}

/* ---- Lines ---- */

/* Where the next count samples go. */
static float *line_extend(line *l, uint32_t count) {
    if (l->end + count > l->capacity) {
        memmove(l->samples, l->samples + l->begin, (l->end - l->begin) * sizeof *l->samples);
        l->end -= l->begin;
        l->begin = 0;
    }
    float *next = l->samples + l->end;
    l->end += count;
    return next;
}

static void line_push(line *l, const float *samples, uint32_t count) {
    memcpy(line_extend(l, count), samples, count * sizeof *samples);
}

/* The silence before the stream. */
static void line_reset(line *l, uint32_t zeros) {
    l->begin = 0;
    l->end = zeros;
    memset(l->samples, 0, zeros * sizeof *l->samples);
}

/* ---- Stages: push takes samples, run gives those that can be given, up to capacity ---- */

/* Not unrolled: the taps are few, and the loop for the remainder would cost more than it saves. */
static inline float dot(const float *x, const float *taps, uint32_t count) {
    f32x4 sum = f32x4_splat(0);
#pragma GCC unroll 1
    for (const float *end = taps + count; taps != end; taps += 4, x += 4)
        sum += f32x4_load(x) * f32x4_load(taps);
    return f32x4_sum(sum);
}

static uint32_t polyphase_run(polyphase *p, float *output, uint32_t capacity) {
    const float to_fraction = 1.0f / (float)p->phases;
    const uint32_t taps = p->taps;
    uint32_t row = p->row, remainder = p->remainder, begin = p->line.begin, count = 0;
    for (; count < capacity && begin + taps <= p->line.end; count++) {
        const float *x = p->line.samples + begin, *h = p->table + row * taps;
        float y = dot(x, h, taps);
        if (p->rows != p->phases)
            y += (float)remainder * to_fraction * (dot(x, h + taps, taps) - y);
        output[count] = y;

        begin += p->step;
        row += p->step_row;
        remainder += p->step_remainder;
        if (remainder >= p->phases) {
            remainder -= p->phases;
            row++;
        }
        if (row >= p->rows) {
            row -= p->rows;
            begin++;
        }
    }
    p->row = row;
    p->remainder = remainder;
    p->line.begin = begin;
    return count;
}

/* The sums over the even and the odd taps for GROUP positions, the first of which has its outermost
 * even pair at even[0] and even[2 * SIDE], its outermost odd pair at odd[0] and odd[2 * SIDE - 1].
 */
static inline void fir_group(const fir *f, const float *even, const float *odd, f32x4 even_sum[2],
                             f32x4 odd_sum[2]) {
    f32x4 e0 = f32x4_splat(0), e1 = e0, o0 = e0, o1 = e0;
    const float *even_end = even + 2 * SIDE, *odd_end = odd + 2 * SIDE - 1;
    for (int i = 0; i < SIDE; i++) {
        const f32x4 h = f32x4_splat(f->pairs[2 * i]), g = f32x4_splat(f->pairs[2 * i + 1]);
        e0 += h * (f32x4_load(even + i) + f32x4_load(even_end - i));
        e1 += h * (f32x4_load(even + i + 4) + f32x4_load(even_end - i + 4));
        o0 += g * (f32x4_load(odd + i) + f32x4_load(odd_end - i));
        o1 += g * (f32x4_load(odd + i + 4) + f32x4_load(odd_end - i + 4));
    }
    const f32x4 centre = f32x4_splat(f->centre);
    even_sum[0] = e0 + centre * f32x4_load(even + SIDE);
    even_sum[1] = e1 + centre * f32x4_load(even + SIDE + 4);
    odd_sum[0] = o0;
    odd_sum[1] = o1;
}

/* Positions that have all the samples they need. */
static uint32_t fir_ready(const fir *f) {
    const uint32_t length = f->even.end - f->even.begin;
    return length > 2 * SIDE ? length - 2 * SIDE : 0;
}

/* Down: the samples of the double rate come in, every second one's place is computed. */
static void fir_halve_push(fir *f, const float *samples, uint32_t count) {
    const uint32_t first = f->next_odd && count, pairs = (count - first) / 2;
    const bool last = (count - first) % 2;
    float *odd = line_extend(&f->odd, first + pairs);
    float *even = line_extend(&f->even, pairs + last);
    if (first) *odd++ = *samples++;
    for (uint32_t i = 0; i < pairs; i++) {
        even[i] = samples[2 * i];
        odd[i] = samples[2 * i + 1];
    }
    if (last) even[pairs] = samples[2 * pairs];
    f->next_odd ^= count % 2;
}

static uint32_t fir_halve_run(fir *f, float *output, uint32_t capacity) {
    const float *even = f->even.samples + f->even.begin, *odd = f->odd.samples + f->odd.begin;
    const uint32_t count = min_u32(capacity, fir_ready(f));
    for (uint32_t at = 0; at < count; at += GROUP) {
        f32x4 e[2], o[2], y[2];
        fir_group(f, even + at, odd + at, e, o);
        y[0] = e[0] + o[0];
        y[1] = e[1] + o[1];
        memcpy(output + at, y, min_u32(GROUP, count - at) * sizeof *output);
    }
    f->even.begin += count;
    f->odd.begin += count;
    return count;
}

/* Up: the even taps give the place of a sample, the odd ones the place after it. A pair of places
 * that was left half given is computed again. */
static uint32_t fir_double_run(fir *f, float *output, uint32_t capacity) {
    const float *x = f->even.samples + f->even.begin;
    const uint32_t skip = f->next_odd;
    const uint32_t count = min_u32(capacity, 2 * fir_ready(f) - skip), end = skip + count;
    for (uint32_t at = 0; at < end; at += 2 * GROUP) {
        f32x4 e[2], o[2];
        float y[2 * GROUP];
        fir_group(f, x + at / 2, x + at / 2 + 1, e, o);
        for (int i = 0; i < GROUP; i++) {
            y[2 * i] = e[i / 4][i % 4];
            y[2 * i + 1] = o[i / 4][i % 4];
        }
        const uint32_t from = at ? 0 : skip, to = min_u32(2 * GROUP, end - at);
        memcpy(output + at + from - skip, y + from, (to - from) * sizeof *output);
    }
    f->even.begin += end / 2;
    f->next_odd = end % 2;
    return count;
}

/* ---- The resampler ---- */

static uint32_t gcd(uint32_t a, uint32_t b) {
    while (b) {
        const uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static bool rate_ok(uint32_t rate_hz) {
    return rate_hz >= VP_RATE_MIN_HZ && rate_hz <= VP_RATE_MAX_HZ;
}

/* The next piece of the block: base is NULL where only its size is asked for. */
static float *take(float *base, uint32_t *used, uint32_t count) {
    float *piece = base ? base + *used : NULL;
    *used += (count + 3) & ~3u;
    return piece;
}

static line line_at(float *base, uint32_t *used, uint32_t window) {
    const uint32_t capacity = window + ROOM;
    return (line){.samples = take(base, used, capacity + GROUP), .capacity = capacity};
}

/* Sets everything but the contents of the tables and lines, which follow the struct in one block of
 * floats. Returns the size of it all. */
static uint32_t lay_out(vp_resampler *r, float *base, const vp_resampler_config *config) {
    const uint32_t in = config->input_rate_hz, out = config->output_rate_hz;
    const uint32_t common = gcd(in, out), low = min_u32(in, out);
    uint32_t used = (sizeof *r + 15) / 16 * 4;
    *r = (vp_resampler){.in = in / common, .out = out / common, .down = in > out};
    if (in == out) return used * (uint32_t)sizeof *base;

    r->fir.even = line_at(base, &used, 2 * SIDE);
    if (r->down) r->fir.odd = line_at(base, &used, 2 * SIDE);

    const uint32_t from = r->down ? in : 2 * low, to = r->down ? 2 * low : out;
    if (from != to) {
        const uint32_t divisor = gcd(from, to), step = from / divisor;
        polyphase *p = &r->polyphase;
        p->phases = to / divisor;
        p->taps = (66 * from + 40 * low - 1) / (40 * low) * 4; /* 6.6 from / low, or a bit more */
        p->rows = min_u32(p->phases, TABLE / p->taps);
        p->step = step / p->phases;
        p->step_row = step % p->phases * p->rows / p->phases;
        p->step_remainder = step % p->phases * p->rows % p->phases;
        p->table = take(base, &used, (p->rows + 1) * p->taps);
        p->line = line_at(base, &used, p->taps);
    }
    return used * (uint32_t)sizeof *base;
}

int32_t vp_resampler_size(const vp_resampler_config *config) {
    vp_resampler r;
    if (!config) return VP_E_NULL;
    if (!rate_ok(config->input_rate_hz) || !rate_ok(config->output_rate_hz)) return VP_E_RATE;
    return (int32_t)lay_out(&r, NULL, config);
}

int32_t vp_resampler_init(vp_resampler *r, uint32_t size, const vp_resampler_config *config) {
    const int32_t needed = vp_resampler_size(config);
    if (!r) return VP_E_NULL;
    if (needed < 0) return needed;
    if (!vp_block_fits(r, size, needed)) return VP_E_MEMORY;
    memset(r, 0, (uint32_t)needed);
    lay_out(r, (float *)(void *)r, config);
    if (r->fir.even.samples) fir_design(&r->fir, r->down ? 1 : 2);
    if (r->polyphase.taps) polyphase_design(&r->polyphase, r->down ? (double)r->in / r->out : 2);
    vp_resampler_reset(r);
    return VP_OK;
}

void vp_resampler_reset(vp_resampler *r) {
    polyphase *p = &r->polyphase;
    fir *f = &r->fir;
    r->received = r->given = 0;
    r->flushed = false;
    p->row = p->remainder = 0;
    f->next_odd = false;
    if (p->taps) line_reset(&p->line, p->taps / 2 - 1);
    if (f->even.samples) line_reset(&f->even, SIDE);
    if (f->odd.samples) line_reset(&f->odd, SIDE);
}

static void push(vp_resampler *r, const float *samples, uint32_t count) {
    if (!r->down)
        line_push(&r->fir.even, samples, count);
    else if (r->polyphase.taps)
        line_push(&r->polyphase.line, samples, count);
    else
        fir_halve_push(&r->fir, samples, count);
}

/* Gives what the samples so far allow. Where that is less than capacity, all lines have run dry and
 * have room for a chunk. */
static uint32_t pull(vp_resampler *r, float *output, uint32_t capacity) {
    polyphase *p = &r->polyphase;
    fir *f = &r->fir;
    float chunk[CHUNK];
    uint32_t count = 0, moved;
    do {
        float *next = output + count;
        const uint32_t left = capacity - count;
        count += r->down   ? fir_halve_run(f, next, left)
                 : p->taps ? polyphase_run(p, next, left)
                           : fir_double_run(f, next, left);
        if (count == capacity || !p->taps) break;
        moved = r->down ? polyphase_run(p, chunk, CHUNK) : fir_double_run(f, chunk, CHUNK);
        if (r->down)
            fir_halve_push(f, chunk, moved);
        else
            line_push(&p->line, chunk, moved);
    } while (moved);
    return count;
}

static void clean(float *to, const float *from, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        to[i] = vp_sample_clean(from[i]);
}

/* Outputs whose time lies within so many inputs: ceil(inputs * out / in), without overflow. */
static uint64_t outputs_within(const vp_resampler *r, uint64_t inputs) {
    return inputs / r->in * r->out + (inputs % r->in * r->out + r->in - 1) / r->in;
}

int32_t vp_resampler_process(vp_resampler *r, const float *input, uint32_t input_length,
                             float *output, uint32_t output_capacity,
                             vp_resampler_progress *progress) {
    if (!r || !progress || (!input && input_length) || (!output && output_capacity))
        return VP_E_NULL;
    if (r->flushed) return VP_E_FLUSHED;
    uint32_t consumed = 0, produced = 0;
    if (r->in == r->out) {
        consumed = produced = min_u32(input_length, output_capacity);
        clean(output, input, consumed);
    } else {
        while (produced < output_capacity) {
            produced += pull(r, output + produced, output_capacity - produced);
            if (produced == output_capacity || consumed == input_length) break;
            float chunk[CHUNK];
            const uint32_t count = min_u32(CHUNK, input_length - consumed);
            clean(chunk, input + consumed, count);
            push(r, chunk, count);
            consumed += count;
        }
    }
    r->received += consumed;
    r->given += produced;
    *progress = (vp_resampler_progress){consumed, produced};
    return VP_OK;
}

int32_t vp_resampler_flush(vp_resampler *r, float *output, uint32_t output_capacity,
                           vp_resampler_progress *progress) {
    static const float silence[CHUNK];
    if (!r || !progress || (!output && output_capacity)) return VP_E_NULL;
    r->flushed = true;
    const uint64_t rest = outputs_within(r, r->received) - r->given;
    const uint32_t wanted = rest < output_capacity ? (uint32_t)rest : output_capacity;
    uint32_t produced = 0;
    while (produced < wanted) {
        const uint32_t count = pull(r, output + produced, wanted - produced);
        produced += count;
        if (produced < wanted) push(r, silence, CHUNK);
    }
    r->given += produced;
    *progress = (vp_resampler_progress){0, produced};
    return VP_OK;
}

/* The output at time t is given as soon as more than t + latency samples have come: the FIR waits
 * for SIDE samples of the lower rate, the polyphase filter for taps / 2 of those it takes. */
double vp_resampler_latency_samples(const vp_resampler *r) {
    if (r->in == r->out) return 0;
    if (r->down) return (double)SIDE * r->in / r->out + r->polyphase.taps / 2;
    return SIDE + r->polyphase.taps / 4;
}

uint32_t vp_resampler_output_bound(const vp_resampler *r, uint32_t input_length) {
    const uint64_t bound = outputs_within(r, r->received + input_length) - r->given;
    return bound < UINT32_MAX ? (uint32_t)bound : UINT32_MAX;
}
