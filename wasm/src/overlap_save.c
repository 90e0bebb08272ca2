/* Overlap-save (T. G. Stockham, "High-speed convolution and correlation", 1966) between two rates
 * (M. Borgerding, "Turning overlap-save into a multiband mixing, downsampling filter bank", IEEE
 * Signal Processing Magazine, March 2006):
 *
 *   block, in * m samples -> transform -> bins below fN, times the gain -> inverse transform,
 *   out * m samples -> of these, the middle ones
 *
 * The transforms have the same length in seconds, so a bin is the same frequency in both, and fewer
 * or more of them is all there is to resampling. Both ends of a block wrap around into each other, as
 * far as the filter's impulse response reaches; they are dropped, and blocks overlap by as much.
 *
 * The gain falls from 1 to 0 at fN as the sum of a Kaiser window over the bins of the transition:
 * the impulse response is an ideal low-pass's times the transform of that window (J. F. Kaiser,
 * "Nonrecursive digital filter design using the I0-sinh window function", ISCAS 1974), and with
 * BETA = 15 what is left of it from REACH on is 150 dB down. So the filter needs no design, and no
 * table but its gain, which is real: the filter does not mix the parts of a complex signal, and one
 * transform filters two blocks, one as its real part and one as its imaginary part.
 *
 * Lanes
 *   The four lanes of the transforms are the samples n = 0, 1, 2, 3 mod 4: so memory is in the order
 *   of the lanes at both ends, where it is most. The last step of the forward transform joins the
 *   lanes, as four parts that were transformed each by itself (see dft.c), and only where there are
 *   bins to keep; the inverse begins with what undoes it, and leaves the lanes apart.
 */
#include "overlap_save.h"

#include <math.h>
#include <stdbool.h>

#include "bessel.h"
#include "dft.h"
#include "memory.h"

enum {
    LANES = 4,
    BLOCKS = 2, /* of a batch: the real and the imaginary part */
    TERM_MAX = 1280,
    RATIO_MAX = 24,
    REACH = 190, /* of the impulse response to each side, in samples of the lower rate */
    /* Points of the shorter and of the longer transform. By measurement: half as long is 10 % slower;
     * twice as long is no faster, and its rounding is .4 dB louder. The limit is for memory. */
    SHORTER_MIN = 2500,
    LONGER_MAX = 60000,
};

#define BETA 15.0
#define TRANSITION .0518 /* of fN; puts -0.1 dB at .9597 fN */

static const double pi = 3.14159265358979323846;

/* How the lanes 1, 2 and 3 are turned where they meet, for four bins. */
typedef struct lane_turns {
    f32x4 re[LANES - 1], im[LANES - 1];
} lane_turns;

/* A transform in lanes. */
typedef struct lane_dft {
    dft lane; /* each lane's own */
    uint32_t lane_points;
    dft_turn *turns; /* for `lane` */
    lane_turns *lane_turns;
} lane_dft;

struct overlap_save {
    lane_dft forward, backward;
    uint32_t bins;                  /* kept: -bins .. bins - 1 */
    uint32_t hop_in, hop_out;       /* samples of a block that are of use */
    uint32_t margin_in, margin_out; /* dropped to each side of these */
    /* Bin k is at k, and bin -k at 2 * bins - k. */
    float *gain;
    float *spectrum_re, *spectrum_im;
    cx4 *points;                /* what transforms give */
    float *parts_re, *parts_im; /* what the backward one is given */
};

/* ---- Layout ------------------------------------------------------------------------------ */

static bool term_fits(uint32_t term) {
    if (term == 0 || term > TERM_MAX) return false;
    for (uint32_t prime = 2; prime <= 7; prime++)
        while (term % prime == 0)
            term /= prime;
    return term == 1;
}

/* A block is so many times the shortest time that is whole in both rates: 16 times 2^n, since bins
 * are taken by fours in each lane. */
static uint32_t block_periods(uint32_t low, uint32_t high) {
    uint32_t periods = 16;
    while (low * periods < SHORTER_MIN && high * periods * 2 <= LONGER_MAX)
        periods *= 2;
    return periods;
}

typedef struct arena {
    char *memory; /* or NULL, to ask how much is needed */
    size_t used;
} arena;

static void *take(arena *a, size_t size) {
    void *taken = a->memory ? a->memory + a->used : NULL;
    a->used += vp_align_up(size);
    return taken;
}

static void lay_out_dft(lane_dft *d, uint32_t points, arena *a) {
    d->lane_points = points / LANES;
    d->turns = take(a, dft_size(d->lane_points));
    d->lane_turns = take(a, d->lane_points / 4 * sizeof *d->lane_turns);
}

/* Sets what follows from the ratio. */
static void lay_out(overlap_save *os, uint32_t in, uint32_t out, arena *a) {
    const uint32_t low = in < out ? in : out, high = in < out ? out : in;
    const uint32_t periods = block_periods(low, high);
    const uint32_t margin = (REACH + low - 1) / low, hop = periods - 2 * margin;
    os->bins = low * periods / 2;
    os->hop_in = hop * in;
    os->hop_out = hop * out;
    os->margin_in = margin * in;
    os->margin_out = margin * out;
    lay_out_dft(&os->forward, in * periods, a);
    lay_out_dft(&os->backward, out * periods, a);
    os->gain = take(a, 2 * os->bins * sizeof(float));
    os->spectrum_re = take(a, 2 * os->bins * sizeof(float));
    os->spectrum_im = take(a, 2 * os->bins * sizeof(float));
    os->points = take(a, high * periods / LANES * sizeof(cx4));
    os->parts_re = take(a, out * periods * sizeof(float));
    os->parts_im = take(a, out * periods * sizeof(float));
}

/* ---- The filter -------------------------------------------------------------------------- */

static double kaiser(uint32_t i, uint32_t count) {
    const double x = (2 * i + 1.) / count - 1;
    return bessel_i0(BETA * sqrt(1 - x * x));
}

/* From fN down, so that small terms are summed first. */
static void design_gain(float *gain, uint32_t bins, uint32_t points) {
    const uint32_t transition = (uint32_t)(TRANSITION * bins);
    double total = 0, sum = 0;
    for (uint32_t i = 0; i < transition; i++)
        total += kaiser(i, transition);
    gain[bins] = 0;
    for (uint32_t i = 0; i < bins; i++) {
        const uint32_t k = bins - 1 - i;
        if (i < transition) sum += kaiser(i, transition);
        gain[k] = (float)(i < transition ? sum / total / points : 1. / points);
        if (k) gain[2 * bins - k] = gain[k];
    }
}

static void design_dft(lane_dft *d) {
    const uint32_t points = d->lane_points * LANES;
    dft_init(&d->lane, d->lane_points, d->turns);
    for (uint32_t k = 0; k < d->lane_points; k++)
        for (uint32_t lane = 1; lane < LANES; lane++) {
            const double phase = -2 * pi * (lane * k) / points;
            d->lane_turns[k / 4].re[lane - 1][k % 4] = (float)cos(phase);
            d->lane_turns[k / 4].im[lane - 1][k % 4] = (float)sin(phase);
        }
}

/* ---- Lanes and bins ---------------------------------------------------------------------- */

static inline void transpose(f32x4 *a, f32x4 *b, f32x4 *c, f32x4 *d) {
    const f32x4 ab_low = __builtin_shufflevector(*a, *b, 0, 4, 1, 5);
    const f32x4 ab_high = __builtin_shufflevector(*a, *b, 2, 6, 3, 7);
    const f32x4 cd_low = __builtin_shufflevector(*c, *d, 0, 4, 1, 5);
    const f32x4 cd_high = __builtin_shufflevector(*c, *d, 2, 6, 3, 7);
    *a = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
    *b = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
    *c = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
    *d = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

/* Four points of four lanes: from a lane in each lane to a point in each lane, and back. */
static inline void transpose_lanes(cx4 x[4]) {
    transpose(&x[0].re, &x[1].re, &x[2].re, &x[3].re);
    transpose(&x[0].im, &x[1].im, &x[2].im, &x[3].im);
}

static inline void turn_lanes(cx4 x[4], const lane_turns *t) {
    for (int lane = 1; lane < LANES; lane++)
        x[lane] = cx4_multiply(x[lane], t->re[lane - 1], t->im[lane - 1]);
}

/* Where four bins from k on, of a transform of so many points, are in the spectrum, if at all. */
static inline bool find_bins(const overlap_save *os, uint32_t k, uint32_t points, uint32_t *at) {
    *at = k < os->bins ? k : k - points + 2 * os->bins;
    return k < os->bins || k >= points - os->bins;
}

static inline void put_bins(const overlap_save *os, uint32_t k, uint32_t points, cx4 x) {
    uint32_t at;
    if (!find_bins(os, k, points, &at)) return;
    const f32x4 gain = f32x4_load(os->gain + at);
    f32x4_store(os->spectrum_re + at, x.re * gain);
    f32x4_store(os->spectrum_im + at, x.im * gain);
}

static inline cx4 get_bins(const overlap_save *os, uint32_t k, uint32_t points) {
    uint32_t at;
    if (!find_bins(os, k, points, &at)) return (cx4){f32x4_splat(0), f32x4_splat(0)};
    return (cx4){f32x4_load(os->spectrum_re + at), f32x4_load(os->spectrum_im + at)};
}

/* ---- Running ----------------------------------------------------------------------------- */

/* Bins k, k + q, k + 2q and k + 3q are the transform of four points of what the lanes have at k. */
static void join_lanes(overlap_save *os) {
    const uint32_t q = os->forward.lane_points, points = LANES * q;
    for (uint32_t k = 0; k < q; k += 4) {
        if (k >= os->bins && k + os->bins < q) continue; /* none of them is kept */
        const cx4 *from = os->points + k;
        cx4 x[4] = {from[0], from[1], from[2], from[3]};
        transpose_lanes(x);
        turn_lanes(x, &os->forward.lane_turns[k / 4]);
        cx4_dft4(x);
        for (uint32_t j = 0; j < 4; j++)
            put_bins(os, k + j * q, points, x[j]);
    }
}

/* The inverse of join_lanes(), but for exchanged real and imaginary parts (see dft.h). */
static void split_lanes(overlap_save *os) {
    const uint32_t q = os->backward.lane_points, points = LANES * q;
    for (uint32_t k = 0; k < q; k += 4) {
        cx4 x[4];
        for (uint32_t j = 0; j < 4; j++) {
            const cx4 bins = get_bins(os, k + j * q, points);
            x[j] = (cx4){bins.im, bins.re};
        }
        cx4_dft4(x);
        turn_lanes(x, &os->backward.lane_turns[k / 4]);
        transpose_lanes(x);
        for (uint32_t j = 0; j < 4; j++) {
            f32x4_store(os->parts_re + LANES * (k + j), x[j].re);
            f32x4_store(os->parts_im + LANES * (k + j), x[j].im);
        }
    }
}

/* The two blocks' middles; the first block is the real part, exchanged. */
static void store(const overlap_save *os, float *first, float *second) {
    for (uint32_t n = 0; n < os->hop_out;) {
        const cx4 *from = os->points + (os->margin_out + n) / LANES;
        const uint32_t lane = (os->margin_out + n) % LANES;
        if (lane == 0 && n + LANES <= os->hop_out) {
            f32x4_store(first + n, from->im);
            f32x4_store(second + n, from->re);
            n += LANES;
        } else {
            first[n] = from->im[lane];
            second[n] = from->re[lane];
            n++;
        }
    }
}

void overlap_save_run(overlap_save *os, const float *input, float *output) {
    dft_run(&os->forward.lane, input, input + os->hop_in, os->points);
    join_lanes(os);
    split_lanes(os);
    dft_run(&os->backward.lane, os->parts_re, os->parts_im, os->points);
    store(os, output, output + os->hop_out);
}

/* ---- Interface --------------------------------------------------------------------------- */

overlap_save_shape overlap_save_shape_of(uint32_t in, uint32_t out) {
    overlap_save os;
    arena a = {NULL, 0};
    lay_out(&os, in, out, &a);
    return (overlap_save_shape){BLOCKS * os.hop_in, BLOCKS * os.hop_out, os.margin_in};
}

uint32_t overlap_save_size(uint32_t in, uint32_t out) {
    if (!term_fits(in) || !term_fits(out)) return 0;
    if (in > RATIO_MAX * out || out > RATIO_MAX * in) return 0;
    overlap_save os;
    arena a = {NULL, vp_align_up(sizeof os)};
    lay_out(&os, in, out, &a);
    return (uint32_t)a.used;
}

void overlap_save_init(overlap_save *os, uint32_t in, uint32_t out) {
    arena a = {(char *)os, vp_align_up(sizeof *os)};
    lay_out(os, in, out, &a);
    design_dft(&os->forward);
    design_dft(&os->backward);
    design_gain(os->gain, os->bins, LANES * os->forward.lane_points);
}
