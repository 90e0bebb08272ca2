/* Silero VAD 5.1 and 6.2, the 16 kHz branch, by hand.
 *
 *   64 samples of context + 512 new + 64 reflected -> 4 Hann windows of 256, hop 128
 *     -> |STFT|           [129 bins][4 steps]   kissfft, the four windows in the lanes of one FFT
 *     -> conv3 + ReLU     [128][4]              dense: the weights are used for all four steps
 *     -> conv3/2 + ReLU   [64][2]            \
 *     -> conv3/2 + ReLU   [64][1]             | columns of a matrix times what is not zero:
 *     -> conv3 + ReLU     [128]               | after a ReLU most of it is
 *     -> LSTM cell        [128]              /
 *     -> sigmoid(w . relu(h) + b)
 *
 * (Graph read from the ONNX files that @ricky0123/vad-web ships; shared/facts/vad.md lists it.)
 *
 * Activations are stored step by step ([step][channel]), so the three steps that a strided
 * convolution sees are one contiguous vector, and every layer after the first is the same
 * operation: y = b + sum over columns k of W[k] x[k]. Columns with x[k] == 0 are skipped, which is
 * exact and leaves out half to three quarters of the work and of the memory traffic.
 *
 * Order of sums: inputs ascending, in the first layer the sum of an input's three products (taps
 * ascending), then the bias; in the others from the bias on the sum of two columns' products at a time, in
 * blocks of BLOCK columns that are summed by themselves. Adding products first keeps the chain of
 * dependent additions short; the late bias and the blocks keep large sums from rounding small terms
 * away: on half an hour of speech v6 is 6.5e-6 from double precision at most, instead of 2.6e-5.
 */
#include "silero.h"

#include <math.h>

#include "f32x4.h"
#include "integer.h"
#include "kiss_fftr.h"

enum {
    CONTEXT = 64,
    WINDOW = 256,
    HOP = 128,
    STEPS = 4,
    BINS = WINDOW / 2 + 1,
    INPUT_MAX = CONTEXT + VP_VAD_FRAME_SAMPLES + CONTEXT,
    ENC0 = 128,
    ENC1 = 64,
    ENC2 = 64,
    ENC3 = 128,
    HIDDEN = 128,
    GATES = 4 * HIDDEN,
    COLUMNS_MAX = 3 * ENC0,
    ENC0_TILE = 8, /* outputs whose sums for four steps fit in the registers */
    TILE = 32,     /* outputs whose sums for one step do */
    BLOCK = 64     /* columns, an even number */
};

/* [tile][input][tap][output in tile] for the first layer, [tile][column][output in tile] for the
 * others, so that every kernel reads its weights front to back. */
struct silero_weights {
    float enc0[ENC0 * BINS * 3];
    float enc1[ENC1 * ENC0 * 3];
    float enc2[ENC2 * ENC1 * 2]; /* one step comes out, so the first tap only meets padding */
    float enc3[ENC3 * ENC2];     /* likewise the outer taps */
    float lstm[GATES * (HIDDEN + HIDDEN)]; /* columns: x, then h; rows: gates i, f, g, o */
    float enc0_bias[ENC0];
    float enc1_bias[ENC1];
    float enc2_bias[ENC2];
    float enc3_bias[ENC3];
    float lstm_bias[GATES];
    float out[HIDDEN];
    float out_bias[4]; /* in [0] */
};

struct silero {
    const silero_weights *weights;
    uint32_t input_length; /* of input, without the reflection */
    float input[INPUT_MAX];
    float cell[HIDDEN];
    float lstm_input[HIDDEN + HIDDEN]; /* x, then h, which is the carried state */
    float gates[GATES];
    float enc0[STEPS * ENC0];
    float enc1[2 * ENC1];
    float enc2[ENC2];
    float hann[WINDOW];
    f32x4 windows[WINDOW];
    kiss_fft_cpx spectrum[BINS];
    f32x4 magnitude[BINS];
    /* kissfft's state follows. */
};

/* ---- Weights file ------------------------------------------------------------------------ */

enum { HEADER_BYTES = 32, FORMAT_VERSION = 1 };

static uint32_t read_u32(const uint8_t *p) {
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static float read_f32(const uint8_t *p) {
    uint32_t bits = read_u32(p);
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* IEEE binary16 without a table: move exponent and mantissa into place as a float that is too small
 * by 2^112, then scale; the multiplication also normalises subnormals. */
static float read_f16(const uint8_t *p) {
    uint32_t half = p[0] | (uint32_t)p[1] << 8;
    uint32_t bits = (half & 0x7fff) << 13;
    float x;
    memcpy(&x, &bits, sizeof x);
    x *= 0x1p112f;
    return half & 0x8000 ? -x : x;
}

/* CRC-32 of ISO 3309, four bits at a time. */
static uint32_t crc32(const uint8_t *bytes, uint32_t length) {
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    uint32_t crc = ~0u;
    for (uint32_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

typedef struct reader {
    const uint8_t *at;
    uint32_t element_bytes;
} reader;

static float read_weight(reader *r) {
    float x = r->element_bytes == 4 ? read_f32(r->at) : read_f16(r->at);
    r->at += r->element_bytes;
    return x;
}

static void read_vector(reader *r, float *to, uint32_t count) {
    for (uint32_t i = 0; i < count; i++, r->at += 4)
        to[i] = read_f32(r->at);
}

/* File order [output][input][tap] -> [tile][tap * inputs + input][output in tile]. */
static void read_columns(reader *r, float *to, uint32_t outputs, uint32_t inputs, uint32_t taps) {
    for (uint32_t o = 0; o < outputs; o++) {
        float *tile = to + o / TILE * inputs * taps * TILE + o % TILE;
        for (uint32_t i = 0; i < inputs; i++)
            for (uint32_t t = 0; t < taps; t++)
                tile[(t * inputs + i) * TILE] = read_weight(r);
    }
}

static void read_enc0(reader *r, float *to) {
    for (uint32_t o = 0; o < ENC0; o++) {
        float *tile = to + o / ENC0_TILE * BINS * 3 * ENC0_TILE + o % ENC0_TILE;
        for (uint32_t i = 0; i < BINS * 3; i++)
            tile[i * ENC0_TILE] = read_weight(r);
    }
}

uint32_t silero_weights_size(void) {
    return sizeof(silero_weights);
}

int32_t silero_weights_unpack(silero_weights *w, const uint8_t *bytes, uint32_t byte_length) {
    const uint32_t vectors = ENC0 + ENC1 + ENC2 + ENC3 + GATES + HIDDEN + 1;
    const uint32_t matrices = ENC0 * BINS * 3 + ENC1 * ENC0 * 3 + ENC2 * ENC1 * 2 + ENC3 * ENC2 +
                              GATES * (HIDDEN + HIDDEN);
    if (byte_length < 4 || memcmp(bytes, "VPSV", 4) != 0) return VP_E_WEIGHTS_FOREIGN;
    if (byte_length < HEADER_BYTES) return VP_E_WEIGHTS_TRUNCATED;
    uint32_t generation = read_u32(bytes + 8);
    uint32_t precision = read_u32(bytes + 12);
    if (read_u32(bytes + 4) != FORMAT_VERSION || (generation != 5 && generation != 6) ||
        (precision != 16 && precision != 32))
        return VP_E_WEIGHTS_FORMAT;
    uint32_t payload = vectors * 4 + matrices * (precision / 8);
    if (read_u32(bytes + 16) != payload || byte_length != HEADER_BYTES + payload)
        return VP_E_WEIGHTS_TRUNCATED;
    if (read_u32(bytes + 20) != crc32(bytes + HEADER_BYTES, payload)) return VP_E_WEIGHTS_CORRUPT;

    reader r = {bytes + HEADER_BYTES, precision / 8};
    read_vector(&r, w->enc0_bias, ENC0);
    read_vector(&r, w->enc1_bias, ENC1);
    read_vector(&r, w->enc2_bias, ENC2);
    read_vector(&r, w->enc3_bias, ENC3);
    read_vector(&r, w->lstm_bias, GATES);
    read_vector(&r, w->out, HIDDEN);
    read_vector(&r, w->out_bias, 1);
    read_enc0(&r, w->enc0);
    read_columns(&r, w->enc1, ENC1, ENC0, 3);
    read_columns(&r, w->enc2, ENC2, ENC1, 2);
    read_columns(&r, w->enc3, ENC3, ENC2, 1);
    read_columns(&r, w->lstm, GATES, HIDDEN + HIDDEN, 1);
    return (int32_t)generation;
}

/* ---- Kernels ----------------------------------------------------------------------------- */

static f32x4 relu(f32x4 x) {
    return (f32x4)((i32x4)x & (x > f32x4_splat(0)));
}

/* e^x for |x| <= 87, else e^(+-87). Range reduction and minimax polynomial of Cephes expf; error
 * below 2 ulp. */
static f32x4 exponential(f32x4 x) {
    const f32x4 limit = f32x4_splat(87.0f);
    x = f32x4_select(x > limit, limit, x);
    x = f32x4_select(x < -limit, -limit, x);
    /* Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits. */
    const f32x4 magic = f32x4_splat(12582912.0f);
    f32x4 shifted = x * 1.44269504088896341f + magic;
    f32x4 n = shifted - magic;
    f32x4 r = x - n * 0.693359375f - n * -2.12194440e-4f;
    f32x4 p = f32x4_splat(1.9875691500e-4f);
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    return (f32x4)((i32x4)p + ((i32x4)shifted << 23));
}

static f32x4 sigmoid(f32x4 x) {
    return 1.0f / (exponential(-x) + 1.0f);
}

static f32x4 hyperbolic_tangent(f32x4 x) {
    return 1.0f - 2.0f / (exponential(x + x) + 1.0f);
}

static int has_context(const silero *m) {
    return m->input_length > VP_VAD_FRAME_SAMPLES;
}

/* The magnitude spectra of the windows, window t in lane t. Without the context the input is so
 * much shorter that there is no fourth window: silence takes its place. */
static void stft(silero *m) {
    const float last = has_context(m) ? 1.0f : 0.0f;
    for (uint32_t i = 0; i < WINDOW; i++) {
        const float *x = m->input + i;
        m->windows[i] = (f32x4){x[0], x[HOP], x[2 * HOP], x[3 * HOP] * last} * m->hann[i];
    }
    kiss_fftr((kiss_fftr_cfg)(m + 1), (const kiss_fft_scalar *)m->windows, m->spectrum);
    for (uint32_t k = 0; k < BINS; k++) {
        f32x4 power = m->spectrum[k].r * m->spectrum[k].r + m->spectrum[k].i * m->spectrum[k].i;
        m->magnitude[k] =
            (f32x4){sqrtf(power[0]), sqrtf(power[1]), sqrtf(power[2]), sqrtf(power[3])};
    }
}

/* Convolution over time, three taps, padding 1: step s sees taps 0, 1, 2 at steps s-1, s, s+1. */
static void enc0_tile(const f32x4 *magnitude, const float *weights, const float *bias,
                      float *output) {
    const f32x4 zero = f32x4_splat(0);
    f32x4 s00 = zero, s01 = zero, s10 = zero, s11 = zero;
    f32x4 s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    for (uint32_t i = 0; i < BINS; i++, weights += 3 * ENC0_TILE) {
        const float *x = (const float *)(magnitude + i);
        f32x4 x0 = f32x4_splat(x[0]), x1 = f32x4_splat(x[1]);
        f32x4 x2 = f32x4_splat(x[2]), x3 = f32x4_splat(x[3]);
        f32x4 a = f32x4_load(weights), b = f32x4_load(weights + 8), c = f32x4_load(weights + 16);
        s00 += b * x0 + c * x1;
        s10 += a * x0 + b * x1 + c * x2;
        s20 += a * x1 + b * x2 + c * x3;
        s30 += a * x2 + b * x3;
        a = f32x4_load(weights + 4), b = f32x4_load(weights + 12), c = f32x4_load(weights + 20);
        s01 += b * x0 + c * x1;
        s11 += a * x0 + b * x1 + c * x2;
        s21 += a * x1 + b * x2 + c * x3;
        s31 += a * x2 + b * x3;
    }
    const f32x4 b0 = f32x4_load(bias), b1 = f32x4_load(bias + 4);
    f32x4_store(output, relu(s00 + b0));
    f32x4_store(output + 4, relu(s01 + b1));
    f32x4_store(output + ENC0, relu(s10 + b0));
    f32x4_store(output + ENC0 + 4, relu(s11 + b1));
    f32x4_store(output + 2 * ENC0, relu(s20 + b0));
    f32x4_store(output + 2 * ENC0 + 4, relu(s21 + b1));
    f32x4_store(output + 3 * ENC0, relu(s30 + b0));
    f32x4_store(output + 3 * ENC0 + 4, relu(s31 + b1));
}

/* The entries of a vector that are not zero, and the columns they belong to. The count is made even
 * by an entry of 0, so that columns can be taken two by two. */
typedef struct nonzero {
    uint32_t count;
    uint32_t column[COLUMNS_MAX + 1];
    float value[COLUMNS_MAX + 1];
} nonzero;

static void nonzero_of(nonzero *x, const float *dense, uint32_t length, uint32_t first_column) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < length; i++) {
        x->column[count] = first_column + i;
        x->value[count] = dense[i];
        count += dense[i] != 0.0f;
    }
    x->column[count] = first_column;
    x->value[count] = 0;
    x->count = count + count % 2;
}

static f32x4 add_products(f32x4 sum, const float *w0, f32x4 x0, const float *w1, f32x4 x1) {
    return sum + (f32x4_load(w0) * x0 + f32x4_load(w1) * x1);
}

static void add_to(float *y, f32x4 x) {
    f32x4_store(y, f32x4_load(y) + x);
}

/* Once in the program, not in every layer. */
#define NOINLINE __attribute__((noinline))

/* Adds to TILE sums what the non-zero entries from `k` to `end` give. */
static void add_columns(float *y, const float *weights, const nonzero *x, uint32_t k,
                        uint32_t end) {
    const f32x4 zero = f32x4_splat(0);
    f32x4 s0 = zero, s1 = zero, s2 = zero, s3 = zero;
    f32x4 s4 = zero, s5 = zero, s6 = zero, s7 = zero;
    for (; k < end; k += 2) {
        const float *w0 = weights + x->column[k] * TILE;
        const float *w1 = weights + x->column[k + 1] * TILE;
        f32x4 x0 = f32x4_splat(x->value[k]), x1 = f32x4_splat(x->value[k + 1]);
        s0 = add_products(s0, w0, x0, w1, x1);
        s1 = add_products(s1, w0 + 4, x0, w1 + 4, x1);
        s2 = add_products(s2, w0 + 8, x0, w1 + 8, x1);
        s3 = add_products(s3, w0 + 12, x0, w1 + 12, x1);
        s4 = add_products(s4, w0 + 16, x0, w1 + 16, x1);
        s5 = add_products(s5, w0 + 20, x0, w1 + 20, x1);
        s6 = add_products(s6, w0 + 24, x0, w1 + 24, x1);
        s7 = add_products(s7, w0 + 28, x0, w1 + 28, x1);
    }
    add_to(y, s0);
    add_to(y + 4, s1);
    add_to(y + 8, s2);
    add_to(y + 12, s3);
    add_to(y + 16, s4);
    add_to(y + 20, s5);
    add_to(y + 24, s6);
    add_to(y + 28, s7);
}

/* y = bias + W x, for `tiles` tiles of TILE outputs with `columns` columns each. */
static NOINLINE void multiply(float *y, const float *weights, const float *bias, uint32_t tiles,
                              uint32_t columns, const nonzero *x) {
    for (uint32_t t = 0; t < tiles; t++, weights += columns * TILE, bias += TILE, y += TILE) {
        float sum[TILE];
        memcpy(sum, bias, sizeof sum);
        for (uint32_t k = 0; k < x->count; k += BLOCK)
            add_columns(sum, weights, x, k, min_u32(k + BLOCK, x->count));
        memcpy(y, sum, sizeof sum);
    }
}

static void relu_in_place(float *x, uint32_t length) {
    for (uint32_t i = 0; i < length; i += 4)
        f32x4_store(x + i, relu(f32x4_load(x + i)));
}

/* Four strided convolutions and a recurrent cell, all as matrix times sparse vector. */
static void encode(silero *m) {
    const silero_weights *w = m->weights;
    nonzero x;
    /* Step 0 of the second layer sees padding, then steps 0 and 1: the columns of taps 1 and 2. */
    nonzero_of(&x, m->enc0, 2 * ENC0, ENC0);
    multiply(m->enc1, w->enc1, w->enc1_bias, ENC1 / TILE, 3 * ENC0, &x);
    nonzero_of(&x, m->enc0 + ENC0, 3 * ENC0, 0);
    multiply(m->enc1 + ENC1, w->enc1, w->enc1_bias, ENC1 / TILE, 3 * ENC0, &x);
    relu_in_place(m->enc1, 2 * ENC1);
    nonzero_of(&x, m->enc1, 2 * ENC1, 0);
    multiply(m->enc2, w->enc2, w->enc2_bias, ENC2 / TILE, 2 * ENC1, &x);
    relu_in_place(m->enc2, ENC2);
    nonzero_of(&x, m->enc2, ENC2, 0);
    multiply(m->lstm_input, w->enc3, w->enc3_bias, ENC3 / TILE, ENC2, &x);
    relu_in_place(m->lstm_input, ENC3);
    nonzero_of(&x, m->lstm_input, HIDDEN + HIDDEN, 0);
    multiply(m->gates, w->lstm, w->lstm_bias, GATES / TILE, HIDDEN + HIDDEN, &x);
}

/* Gates -> cell and hidden state -> logit. */
static float decode(silero *m) {
    const float *gates = m->gates;
    float *hidden = m->lstm_input + HIDDEN;
    f32x4 sum = f32x4_splat(0);
    for (uint32_t u = 0; u < HIDDEN; u += 4) {
        f32x4 in = sigmoid(f32x4_load(gates + u));
        f32x4 forget = sigmoid(f32x4_load(gates + HIDDEN + u));
        f32x4 candidate = hyperbolic_tangent(f32x4_load(gates + 2 * HIDDEN + u));
        f32x4 out = sigmoid(f32x4_load(gates + 3 * HIDDEN + u));
        f32x4 cell = forget * f32x4_load(m->cell + u) + in * candidate;
        f32x4 h = out * hyperbolic_tangent(cell);
        f32x4_store(m->cell + u, cell);
        f32x4_store(hidden + u, h);
        sum += relu(h) * f32x4_load(m->weights->out + u);
    }
    return f32x4_sum(sum) + m->weights->out_bias[0];
}

/* ---- Interface --------------------------------------------------------------------------- */

static size_t fft_size(void) {
    size_t size = 0;
    kiss_fftr_alloc(WINDOW, 0, NULL, &size);
    return size;
}

uint32_t silero_size(void) {
    return (uint32_t)(sizeof(silero) + fft_size());
}

void silero_init(silero *m, const silero_weights *weights, int with_context) {
    size_t size = fft_size();
    memset(m, 0, sizeof *m);
    kiss_fftr_alloc(WINDOW, 0, m + 1, &size);
    m->weights = weights;
    m->input_length = VP_VAD_FRAME_SAMPLES + (with_context ? CONTEXT : 0);
    /* The periodic Hann window in the model's own STFT basis. */
    for (uint32_t i = 0; i < WINDOW; i++)
        m->hann[i] = (float)(0.5 - 0.5 * cos(2 * 3.14159265358979323846 * i / WINDOW));
}

void silero_reset(silero *m) {
    memset(m->input, 0, sizeof m->input);
    memset(m->cell, 0, sizeof m->cell);
    memset(m->lstm_input, 0, sizeof m->lstm_input);
}

float silero_process(silero *m, const float *frame) {
    const uint32_t length = m->input_length;
    const uint32_t context = length - VP_VAD_FRAME_SAMPLES;
    memmove(m->input, m->input + VP_VAD_FRAME_SAMPLES, context * sizeof(float));
    memcpy(m->input + context, frame, VP_VAD_FRAME_SAMPLES * sizeof(float));
    for (uint32_t i = 0; i < CONTEXT; i++)
        m->input[length + i] = m->input[length - 2 - i];
    stft(m);
    for (uint32_t o = 0; o < ENC0; o += ENC0_TILE)
        enc0_tile(m->magnitude, m->weights->enc0 + o * BINS * 3, m->weights->enc0_bias + o,
                  m->enc0 + o);
    /* The next layer pads with zeros where there was no window. */
    if (!has_context(m)) memset(m->enc0 + 3 * ENC0, 0, ENC0 * sizeof(float));
    encode(m);
    f32x4 logit = f32x4_splat(decode(m));
    return sigmoid(logit)[0];
}
