/* What the tests of the resampler share: audio in buffers of any format between guard bytes, and a
 * stream run through a resampler from its first frame to its last, in blocks of any size. */
#ifndef RESAMPLER_STREAM_H
#define RESAMPLER_STREAM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "voicepath/resampler.h"

/* ---- Chance ------------------------------------------------------------------------------ */

/* splitmix64, as G. Steele, D. Lea, C. Flood give it. */
static inline uint64_t next(uint64_t *seed) {
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline uint32_t below(uint64_t *seed, uint32_t limit) {
    return (uint32_t)(next(seed) % limit);
}

/* A float that is full scale and a little more, so that an int16_t has to clip it. */
static inline float random_sample(uint64_t *seed) {
    return (float)((double)(next(seed) >> 40) / (1 << 23) - 1) * 1.25f;
}

/* ---- Configurations ---------------------------------------------------------------------- */

static const double PI = 3.14159265358979323846;

typedef struct rate_pair {
    uint32_t input_hz, output_hz;
} rate_pair;

/* Without and with each stage, with few phases, with many, and at both ends of the range. */
static const rate_pair PAIRS[] = {
    {48000, 16000},  {44100, 16000},  {48000, 24000},  {24000, 48000}, {44100, 48000},
    {48000, 44100},  {44101, 16000},  {11025, 48000},  {8000, 192000}, {192000, 8000},
    {22050, 24000},  {24000, 22050},  {96000, 16000},  {16000, 44100}, {16000, 24000},
    {191999, 8001},  {8001, 191999},  {192000, 11025}, {16001, 16000}, {16000, 16001},
    {192000, 96001}, {96001, 192000}, {16000, 16000},
};

/* Every mode, and every mode that can be adjusted. */
typedef struct kind {
    uint32_t mode, adjustable;
} kind;

static const kind KINDS[] = {
    {VP_RESAMPLER_BALANCED, 0}, {VP_RESAMPLER_BEST, 0},        {VP_RESAMPLER_ULTRA, 0},
    {VP_RESAMPLER_BALANCED, 1}, {VP_RESAMPLER_BEST, 1},        {VP_RESAMPLER_ULTRA, 1},
    {VP_RESAMPLER_OFFLINE, 0},  {VP_RESAMPLER_LOW_LATENCY, 0}, {VP_RESAMPLER_LOW_LATENCY, 1},
};

/* FEW: the first pairs of the list, for what does not depend on the rates. */
enum { PAIR_COUNT = sizeof PAIRS / sizeof *PAIRS, FEW = 6 };
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

static inline vp_resampler_config config_of(rate_pair pair, kind kind, uint32_t channels) {
    return (vp_resampler_config){pair.input_hz, pair.output_hz, kind.mode, channels,
                                 kind.adjustable};
}

#define EACH_CONFIG(config, pair_count, channels)                                                  \
    for (int pair_ = 0; pair_ < (pair_count); pair_++)                                             \
        for (int kind_ = 0, once_ = 1; kind_ < KIND_COUNT; kind_++, once_ = 1)                     \
            for (vp_resampler_config config = config_of(PAIRS[pair_], KINDS[kind_], channels);     \
                 once_; once_ = 0)

static inline uint64_t expected_length(const vp_resampler_config *c, uint64_t frames) {
    return (frames * c->output_rate_hz + c->input_rate_hz - 1) / c->input_rate_hz;
}

/* When output frame k is, in input frames. */
static inline double output_time(const vp_resampler_config *c, uint64_t k) {
    return (double)(k * c->input_rate_hz) / c->output_rate_hz;
}

static inline double nyquist_hz(const vp_resampler_config *c) {
    return .5 * (c->input_rate_hz < c->output_rate_hz ? c->input_rate_hz : c->output_rate_hz);
}

/* Input frames after which nothing is left of a transient: the longest filter of the header, 26 ms
 * of ULTRA's at an fN of 8 kHz, is 208 periods of fN. */
static inline uint32_t settled_after(const vp_resampler_config *c) {
    return (uint32_t)ceil(320 * c->input_rate_hz / nyquist_hz(c));
}

static inline void *allocate(size_t size) {
    void *memory = aligned_alloc(VP_ALIGNMENT, (size + 15) / 16 * 16);
    assert_non_null(memory);
    return memory;
}

static inline vp_resampler *make(const vp_resampler_config *config) {
    const int32_t size = vp_resampler_size(config);
    assert_true(size > 0);
    vp_resampler *r = allocate((size_t)size);
    memset(r, 0xa5, (size_t)size);
    assert_int_equal(vp_resampler_init(r, (uint32_t)size, config), VP_OK);
    return r;
}

/* The latency in whole frames, as a length of input: a latency that is no length fails in the tests of
 * the latency alone. */
static inline uint32_t latency_frames(const vp_resampler *r) {
    const double latency = vp_resampler_latency_samples(r);
    return latency > 0 && latency < 2. * VP_RATE_MAX_HZ ? (uint32_t)ceil(latency) : 0;
}

/* ---- Audio ------------------------------------------------------------------------------- */

#define S16 VP_FORMAT_S16
#define F32 VP_FORMAT_F32
#define INTERLEAVED VP_FORMAT_INTERLEAVED

/* An odd number, since buffers may lie at any address. */
enum { GUARD = 0x5b, GUARD_BYTES = 61, GAP_FRAMES = 3 };

/* Guard bytes lie at both ends and, where it is planar, between the channels. */
typedef struct audio {
    unsigned char *memory;
    size_t bytes;
    uint32_t frames, channels, format, stride;
} audio;

static inline size_t sample_bytes(uint32_t format) {
    return format & S16 ? sizeof(int16_t) : sizeof(float);
}

static inline audio audio_new(uint32_t frames, uint32_t channels, uint32_t format) {
    audio a = {.frames = frames, .channels = channels, .format = format};
    a.stride = frames + GAP_FRAMES;
    a.bytes = (size_t)channels * a.stride * sample_bytes(format) + 2 * GUARD_BYTES;
    a.memory = allocate(a.bytes);
    memset(a.memory, GUARD, a.bytes);
    return a;
}

static inline void audio_free(audio a) {
    free(a.memory);
}

/* Where a frame starts for a resampler that takes it from there. */
static inline void *audio_frame(const audio *a, uint32_t frame) {
    const size_t step = a->format & INTERLEAVED ? a->channels : 1;
    return a->memory + GUARD_BYTES + frame * step * sample_bytes(a->format);
}

static inline void *audio_at(const audio *a, uint32_t channel, uint32_t frame) {
    const size_t step = a->format & INTERLEAVED ? 1 : a->stride;
    return (unsigned char *)audio_frame(a, frame) + channel * step * sample_bytes(a->format);
}

/* The sample as the header says it counts: full scale is 1. */
static inline float audio_sample(const audio *a, uint32_t channel, uint32_t frame) {
    const void *at = audio_at(a, channel, frame);
    int16_t integer;
    float x;
    memcpy(&integer, at, sizeof integer);
    if (a->format & S16) return integer / 32768.f;
    memcpy(&x, at, sizeof x);
    return x;
}

/* The rule of VP_FORMAT_S16: to the nearest, ties to even, clipped. */
static inline int16_t to_s16(float x) {
    const double scaled = rint(x * 32768.);
    return (int16_t)(scaled > 32767 ? 32767 : scaled > -32768 ? scaled : -32768);
}

static inline void audio_put(audio *a, uint32_t channel, uint32_t frame, float x) {
    const int16_t rounded = to_s16(x);
    memcpy(audio_at(a, channel, frame), a->format & S16 ? (const void *)&rounded : &x,
           sample_bytes(a->format));
}

static inline bool is_guard(const audio *a, uint32_t channel, uint32_t frame) {
    const unsigned char *at = audio_at(a, channel, frame);
    for (size_t i = 0; i < sample_bytes(a->format); i++)
        if (at[i] != GUARD) return false;
    return true;
}

static inline void assert_guards(const audio *a) {
    const size_t samples = a->channels * sample_bytes(a->format);
    const size_t used = (a->format & INTERLEAVED ? a->frames : a->stride) * samples;
    for (size_t i = 0; i < GUARD_BYTES; i++)
        assert_int_equal(a->memory[i], GUARD);
    for (size_t i = GUARD_BYTES + used; i < a->bytes; i++)
        assert_int_equal(a->memory[i], GUARD);
    if (a->format & INTERLEAVED) return;
    for (uint32_t channel = 0; channel < a->channels; channel++)
        for (uint32_t frame = a->frames; frame < a->stride; frame++)
            assert_true(is_guard(a, channel, frame));
}

/* The same frames, and in each channel of a what to's rule makes of the same channel of b. */
static inline bool audio_same(const audio *a, const audio *b) {
    if (a->frames != b->frames || a->channels > b->channels) return false;
    for (uint32_t channel = 0; channel < a->channels; channel++)
        for (uint32_t frame = 0; frame < a->frames; frame++) {
            const float x = audio_sample(b, channel, frame);
            const void *at = audio_at(a, channel, frame);
            const int16_t rounded = to_s16(x);
            if (memcmp(at, a->format & S16 ? (const void *)&rounded : &x, sample_bytes(a->format)))
                return false;
        }
    return true;
}

static inline audio audio_noise(uint32_t frames, uint32_t channels, uint32_t format,
                                uint64_t *seed) {
    audio a = audio_new(frames, channels, format);
    for (uint32_t channel = 0; channel < channels; channel++)
        for (uint32_t frame = 0; frame < frames; frame++)
            audio_put(&a, channel, frame, random_sample(seed));
    return a;
}

static inline audio audio_copy(const audio *a, uint32_t format) {
    audio copy = audio_new(a->frames, a->channels, format);
    for (uint32_t channel = 0; channel < a->channels; channel++)
        for (uint32_t frame = 0; frame < a->frames; frame++)
            audio_put(&copy, channel, frame, audio_sample(a, channel, frame));
    return copy;
}

/* ---- Streams ----------------------------------------------------------------------------- */

static inline vp_resampler_io io_between(const audio *input, uint32_t from, uint32_t input_frames,
                                         const audio *output, uint32_t to, uint32_t output_frames) {
    return (vp_resampler_io){
        .input = audio_frame(input, from),
        .output = audio_frame(output, to),
        .input_frames = input_frames,
        .output_frames = output_frames,
        .input_format = input->format,
        .output_format = output->format,
        .input_stride = input->stride,
        .output_stride = output->stride,
        .consumed = 0xdead,
        .produced = 0xbeef,
    };
}

/* Blocks of up to so many frames in and out: of as many, or with a seed of any size from 0. */
typedef struct cut {
    uint32_t block, capacity;
    uint64_t *seed;
} cut;

static const cut WHOLE = {UINT32_MAX, UINT32_MAX, NULL};

static inline uint32_t cut_size(uint32_t most, uint32_t left, uint64_t *seed) {
    const uint32_t size = most < left ? most : left;
    return seed ? below(seed, size + 1) : size;
}

/* A stream under way. */
typedef struct run {
    vp_resampler *resampler;
    const audio *input;
    audio output;
    uint32_t taken, given;
    bool flushed;
} run;

/* One call, which checks what can be said of any; process(), or flush() without input. */
static inline void run_step(run *s, bool flush, uint32_t input_frames, uint32_t output_frames) {
    const audio *out = &s->output;
    vp_resampler_io io = io_between(s->input, s->taken, input_frames, out, s->given, output_frames);
    const vp_resampler_io was = io;
    const int32_t status =
        flush ? vp_resampler_flush(s->resampler, &io) : vp_resampler_process(s->resampler, &io);
    assert_int_equal(status, VP_OK);
    assert_true(io.consumed <= (flush ? 0 : input_frames) && io.produced <= output_frames);
    if (!flush) assert_true(io.consumed == input_frames || io.produced == output_frames);
    s->flushed |= flush;
    s->taken += io.consumed;
    s->given += io.produced;
    assert_true(s->given < out->frames);
    for (uint32_t channel = 0; channel < out->channels; channel++)
        assert_true(is_guard(out, channel, s->given));
    io.consumed = was.consumed, io.produced = was.produced;
    assert_memory_equal(&io, &was, sizeof io);
}

/* Pushes the input from where the stream is until so many frames were taken or given. */
static inline void run_until(run *s, uint32_t taken, uint32_t given, cut how) {
    const uint32_t most = given < s->output.frames ? given : s->output.frames;
    while (s->taken < taken && s->given < given) {
        const uint32_t in = cut_size(how.block, taken - s->taken, how.seed);
        run_step(s, false, in, cut_size(how.capacity, most - s->given, how.seed));
    }
}

/* Calls until a call with room gives nothing. */
static inline void run_dry(run *s, bool flush, cut how) {
    for (bool dry = false; !dry;) {
        const uint32_t in = cut_size(how.block, s->input->frames - s->taken, how.seed);
        const uint32_t out = cut_size(how.capacity, s->output.frames - s->given, how.seed);
        const uint32_t given = s->given;
        run_step(s, flush, flush ? 0 : in, out);
        dry = out && s->given == given && (flush || s->taken == s->input->frames);
    }
}

/* The rest of a stream: the remaining input, the flush, and that after it nothing comes. Its output
 * is then what was given. */
static inline audio run_end(run *s, cut how) {
    if (!s->flushed) run_dry(s, false, how);
    run_dry(s, true, how);
    const audio *out = &s->output;
    for (uint32_t channel = 0; channel < out->channels; channel++)
        for (uint32_t frame = s->given; frame < out->frames; frame++)
            assert_true(is_guard(out, channel, frame));
    assert_guards(out);
    audio result = *out;
    result.frames = s->given;
    return result;
}

/* A run of a resampler that is fresh or reset, with room for more than should come. */
static inline run run_start(vp_resampler *r, const audio *input, uint64_t length, uint32_t format) {
    return (run){r, input, audio_new((uint32_t)length + 40, input->channels, format), 0, 0, false};
}

/* A whole stream at the rates as they are configured. */
static inline audio convert_with(vp_resampler *r, const vp_resampler_config *config,
                                 const audio *input, uint32_t format, cut how) {
    const uint64_t length = expected_length(config, input->frames);
    run s = run_start(r, input, length, format);
    audio output = run_end(&s, how);
    if (output.frames != length)
        fail_msg("%u -> %u mode %u%s: %u frames of %u, not %u", config->input_rate_hz,
                 config->output_rate_hz, config->mode, config->adjustable ? " adjustable" : "",
                 output.frames, input->frames, (uint32_t)length);
    return output;
}

static inline audio convert(const vp_resampler_config *config, const audio *input) {
    vp_resampler *r = make(config);
    audio output = convert_with(r, config, input, F32, WHOLE);
    free(r);
    return output;
}

#endif
