/* The resampler's buffers: every format against the same signal in planar floats, channels against
 * single ones, what may not be touched, and every error, after which the stream goes on as if the
 * call had not been made. */
#include "resampler_stream.h"

/* Long enough for OFFLINE's first block and a part of the next. */
static uint32_t stream_frames(const vp_resampler *r) {
    return 900 + (uint32_t)(1.1 * latency_frames(r));
}

/* ---- Formats ----------------------------------------------------------------------------- */

static const uint32_t FORMATS[] = {F32, S16, F32 | INTERLEAVED, S16 | INTERLEAVED};

static void test_formats(void **state) {
    (void)state;
    uint64_t seed = 21;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, FEW, 3) {
        vp_resampler *r = make(&config);
        for (int i = 0; i < 4; i++) {
            audio input = audio_noise(stream_frames(r), 3, FORMATS[i], &seed);
            audio floats = audio_copy(&input, F32);
            vp_resampler_reset(r);
            audio expected = convert_with(r, &config, &floats, F32, WHOLE);
            audio untouched = audio_copy(&input, FORMATS[i]);
            for (int k = 0; k < 4; k++) {
                vp_resampler_reset(r);
                audio output = convert_with(r, &config, &input, FORMATS[k], (cut){700, 900, &seed});
                if (!audio_same(&output, &expected))
                    fail_msg("%u -> %u mode %u: format %u to %u", config.input_rate_hz,
                             config.output_rate_hz, config.mode, FORMATS[i], FORMATS[k]);
                assert_memory_equal(input.memory, untouched.memory, input.bytes);
                audio_free(output);
            }
            audio_free(input), audio_free(floats), audio_free(expected), audio_free(untouched);
        }
        free(r);
    }
}

/* A stream may change its formats from one call to the next. */
static void test_formats_in_turn(void **state) {
    (void)state;
    uint64_t seed = 22;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, FEW, 2) {
        vp_resampler *r = make(&config);
        audio inputs[4], outputs[4];
        inputs[1] = audio_noise(stream_frames(r), 2, S16, &seed);
        for (int i = 0; i < 4; i++)
            if (i != 1) inputs[i] = audio_copy(&inputs[1], FORMATS[i]);
        audio expected = convert_with(r, &config, &inputs[0], F32, WHOLE);
        vp_resampler_reset(r);
        for (int i = 0; i < 4; i++)
            outputs[i] = audio_new(expected.frames + 200, 2, FORMATS[i]);
        uint32_t taken = 0, given = 0;
        while (taken < inputs[0].frames || given < expected.frames) {
            const audio *in = &inputs[below(&seed, 4)], *out = &outputs[below(&seed, 4)];
            const uint32_t left = in->frames - taken;
            vp_resampler_io io =
                io_between(in, taken, below(&seed, left < 2000 ? left + 1 : 2000), out, given, 150);
            const int32_t status = left ? vp_resampler_process(r, &io) : vp_resampler_flush(r, &io);
            assert_int_equal(status, VP_OK);
            assert_true(left || io.produced);
            taken += io.consumed;
            assert_true(given + io.produced <= expected.frames);
            for (uint32_t i = 0; i < io.produced; i++, given++)
                for (uint32_t channel = 0; channel < 2; channel++) {
                    const float x = audio_sample(&expected, channel, given);
                    const float y = audio_sample(out, channel, given);
                    assert_true(y == (out->format & S16 ? to_s16(x) / 32768.f : x));
                }
        }
        for (int i = 0; i < 4; i++)
            audio_free(inputs[i]), audio_free(outputs[i]);
        audio_free(expected);
        free(r);
    }
}

/* Where rates are equal, samples go through as they are: so every rounding can be seen. */
static void test_rounding(void **state) {
    (void)state;
    static const struct {
        float from;
        int16_t to;
    } cases[] = {
        {0, 0},
        {.5f / 32768, 0},
        {1.5f / 32768, 2},
        {2.5f / 32768, 2},
        {-.5f / 32768, 0},
        {-1.5f / 32768, -2},
        {-2.5f / 32768, -2},
        {.49999997f / 32768, 0},
        {.5000001f / 32768, 1},
        {4097.5f / 32768, 4098},
        {-4096.5f / 32768, -4096},
        {32766.5f / 32768, 32766},
        {32767 / 32768.f, 32767},
        {32767.498f / 32768, 32767},
        {32767.5f / 32768, 32767},
        {1, 32767},
        {1.00001f, 32767},
        {65536, 32767},
        {3e38f, 32767},
        {-1, -32768},
        {-32767.5f / 32768, -32768},
        {-32768.5f / 32768, -32768},
        {-1.5f, -32768},
        {-65536, -32768},
        {-3e38f, -32768},
        {NAN, 0},
        {INFINITY, 0},
        {-INFINITY, 0},
        {1e-40f, 0},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    for (uint32_t format = 0; format < 4; format += 2)
        for (uint32_t channels = 1; channels <= 2; channels++) {
            const vp_resampler_config config = {16000, 16000, VP_RESAMPLER_BALANCED, channels, 0};
            vp_resampler *r = make(&config);
            audio input = audio_new(COUNT, channels, F32 | format);
            for (uint32_t channel = 0; channel < channels; channel++)
                for (uint32_t i = 0; i < COUNT; i++)
                    audio_put(&input, channel, i, cases[(i + channel) % COUNT].from);
            audio output = convert_with(r, &config, &input, S16 | format, WHOLE);
            for (uint32_t channel = 0; channel < channels; channel++)
                for (uint32_t i = 0; i < COUNT; i++) {
                    const float y = audio_sample(&output, channel, i);
                    assert_int_equal((int)(y * 32768), cases[(i + channel) % COUNT].to);
                }
            audio_free(input), audio_free(output);
            free(r);
        }
}

/* All 65536 of them there and back; and to floats, which are exact. */
static void test_every_int16(void **state) {
    (void)state;
    const vp_resampler_config config = {48000, 48000, VP_RESAMPLER_BEST, 1, 0};
    vp_resampler *r = make(&config);
    audio input = audio_new(65536, 1, S16);
    for (uint32_t i = 0; i < 65536; i++)
        audio_put(&input, 0, i, (float)((int)i - 32768) / 32768);
    audio same = convert_with(r, &config, &input, S16, WHOLE);
    vp_resampler_reset(r);
    audio floats = convert_with(r, &config, &input, F32, WHOLE);
    for (uint32_t i = 0; i < 65536; i++) {
        assert_true(audio_sample(&same, 0, i) == (float)((int)i - 32768) / 32768);
        assert_true(audio_sample(&floats, 0, i) == (float)((int)i - 32768) / 32768);
    }
    audio_free(input), audio_free(same), audio_free(floats);
    free(r);
}

/* ---- Channels ---------------------------------------------------------------------------- */

static void test_channels_are_single_ones(void **state) {
    (void)state;
    uint64_t seed = 23;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(mono, FEW, 1) {
        vp_resampler *r = make(&mono);
        audio input = audio_noise(stream_frames(r), VP_CHANNELS_MAX, F32, &seed);
        audio expected =
            audio_new((uint32_t)expected_length(&mono, input.frames), VP_CHANNELS_MAX, F32);
        for (uint32_t channel = 0; channel < VP_CHANNELS_MAX; channel++) {
            audio one = audio_new(input.frames, 1, F32);
            for (uint32_t i = 0; i < input.frames; i++)
                audio_put(&one, 0, i, audio_sample(&input, channel, i));
            vp_resampler_reset(r);
            audio output = convert_with(r, &mono, &one, F32, (cut){1000, 1000, &seed});
            for (uint32_t i = 0; i < output.frames; i++)
                audio_put(&expected, channel, i, audio_sample(&output, 0, i));
            audio_free(one), audio_free(output);
        }
        free(r);
        for (uint32_t channels = 1; channels <= VP_CHANNELS_MAX; channels++) {
            vp_resampler_config config = mono;
            config.channels = channels;
            r = make(&config);
            audio some = audio_new(input.frames, channels, channels % 2 ? F32 : F32 | INTERLEAVED);
            for (uint32_t channel = 0; channel < channels; channel++)
                for (uint32_t i = 0; i < input.frames; i++)
                    audio_put(&some, channel, i, audio_sample(&input, channel, i));
            audio output = convert_with(r, &config, &some, F32, (cut){1000, 1000, &seed});
            if (!audio_same(&output, &expected))
                fail_msg("%u -> %u mode %u: %u channels", mono.input_rate_hz, mono.output_rate_hz,
                         mono.mode, channels);
            audio_free(some), audio_free(output);
            free(r);
        }
        audio_free(input), audio_free(expected);
    }
}

/* ---- Configurations that are refused ------------------------------------------------------- */

static void test_config_init(void **state) {
    (void)state;
    vp_resampler_config config;
    memset(&config, 0xa5, sizeof config);
    vp_resampler_config_init(&config, 44100, 16000);
    assert_int_equal(config.input_rate_hz, 44100);
    assert_int_equal(config.output_rate_hz, 16000);
    assert_int_equal(config.mode, VP_RESAMPLER_BALANCED);
    assert_int_equal(config.channels, 1);
    assert_int_equal(config.adjustable, 0);
}

static void test_bad_configs(void **state) {
    (void)state;
    static const struct {
        vp_resampler_config config;
        int32_t status;
    } bad[] = {
        {{7999, 16000, 0, 1, 0}, VP_E_RATE},
        {{192001, 16000, 0, 1, 0}, VP_E_RATE},
        {{16000, 7999, 0, 1, 0}, VP_E_RATE},
        {{16000, 192001, 0, 1, 0}, VP_E_RATE},
        {{0, 16000, 0, 1, 0}, VP_E_RATE},
        {{16000, 0, 0, 1, 0}, VP_E_RATE},
        {{0, 0, 0, 1, 0}, VP_E_RATE},
        {{UINT32_MAX, 8000, 0, 1, 0}, VP_E_RATE},
        {{8000, 1u << 31, 0, 1, 0}, VP_E_RATE},
        {{48000, 16000, VP_RESAMPLER_OFFLINE + 1, 1, 0}, VP_E_MODE},
        {{48000, 16000, UINT32_MAX, 1, 0}, VP_E_MODE},
        {{48000, 16000, VP_RESAMPLER_OFFLINE, 1, 1}, VP_E_MODE},
        {{48000, 44101, VP_RESAMPLER_OFFLINE, 1, 1}, VP_E_MODE},
        {{48000, 48000, VP_RESAMPLER_OFFLINE, 1, 1}, VP_E_MODE},
        {{48000, 16000, 0, 0, 0}, VP_E_CHANNELS},
        {{48000, 16000, 0, VP_CHANNELS_MAX + 1, 0}, VP_E_CHANNELS},
        {{48000, 16000, 0, UINT32_MAX, 0}, VP_E_CHANNELS},
        {{48000, 48000, 0, 1u << 31, 0}, VP_E_CHANNELS},
    };
    enum { SIZE = 1 << 20 };
    unsigned char *memory = allocate(SIZE);
    memset(memory, GUARD, SIZE);
    vp_resampler *r = (vp_resampler *)(void *)memory;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(vp_resampler_size(&bad[i].config), bad[i].status);
        assert_int_equal(vp_resampler_init(r, SIZE, &bad[i].config), bad[i].status);
    }
    assert_int_equal(vp_resampler_size(NULL), VP_E_NULL);
    assert_int_equal(vp_resampler_init(r, SIZE, NULL), VP_E_NULL);
    for (int i = 0; i < SIZE; i++)
        if (memory[i] != GUARD) fail_msg("byte %d was written", i);
    free(memory);
}

static void test_bad_memory(void **state) {
    (void)state;
    EACH_CONFIG(config, PAIR_COUNT, 1 + (uint32_t)(pair_ + kind_) % VP_CHANNELS_MAX) {
        const size_t size = (size_t)vp_resampler_size(&config);
        assert_true(vp_resampler_size(&config) > 0);
        unsigned char *memory = allocate(size + 16);
        memset(memory, GUARD, size + 16);
        vp_resampler *r = (vp_resampler *)(void *)memory;
        assert_int_equal(vp_resampler_init(NULL, (uint32_t)size, &config), VP_E_NULL);
        assert_int_equal(vp_resampler_init(r, (uint32_t)size - 1, &config), VP_E_MEMORY);
        assert_int_equal(vp_resampler_init(r, 0, &config), VP_E_MEMORY);
        for (size_t k = 1; k < 16; k++)
            assert_int_equal(vp_resampler_init((void *)(memory + k), (uint32_t)size, &config),
                             VP_E_MEMORY);
        for (size_t k = 0; k < size + 16; k++)
            if (memory[k] != GUARD) fail_msg("byte %zu of %zu was written", k, size);
        assert_int_equal(vp_resampler_init(r, (uint32_t)size, &config), VP_OK);
        for (size_t k = size; k < size + 16; k++)
            assert_int_equal(memory[k], GUARD);
        free(memory);
    }
}

/* ---- Calls that are refused ---------------------------------------------------------------- */

enum { WIDE_CHANNELS = 2, WIDE_FRAMES = 100, WIDE_STRIDE = 150, WIDE_BYTES = 4096 };

/* Input and output with planar floats, of which one thing at a time is made wrong. */
typedef struct wide {
    unsigned char input[WIDE_BYTES], output[WIDE_BYTES];
    vp_resampler_io io;
} wide;

static void wide_init(wide *w, uint64_t *seed) {
    memset(w, 0, sizeof *w);
    for (size_t i = 0; i < WIDE_BYTES; i += sizeof(float)) {
        const float x = random_sample(seed);
        memcpy(w->input + i, &x, sizeof x);
    }
    memset(w->output, GUARD, sizeof w->output);
    w->io = (vp_resampler_io){
        .input = w->input,
        .output = w->output,
        .input_frames = WIDE_FRAMES,
        .output_frames = WIDE_FRAMES,
        .input_stride = WIDE_STRIDE,
        .output_stride = WIDE_STRIDE,
        .consumed = 77,
        .produced = 88,
    };
}

typedef struct refusal {
    const char *why;
    int32_t status;
    bool input_only; /* nothing that a flush would look at */
    void (*spoil)(vp_resampler_io *io);
} refusal;

/* The last address there is, and how many bytes before it. */
static void *end_less(uintptr_t bytes) {
    return (void *)(UINTPTR_MAX - bytes);
}

#define SPOIL(name, change)                                                                        \
    static void name(vp_resampler_io *io) {                                                        \
        change;                                                                                    \
    }
SPOIL(no_input, io->input = NULL)
SPOIL(no_output, io->output = NULL)
SPOIL(input_format_4, io->input_format = 4)
SPOIL(output_format_4, io->output_format = 4)
SPOIL(input_format_most, io->input_format = UINT32_MAX)
SPOIL(output_format_most, io->output_format = UINT32_MAX)
SPOIL(input_stride_short, io->input_stride = WIDE_FRAMES - 1)
SPOIL(output_stride_short, io->output_stride = WIDE_FRAMES - 1)
SPOIL(input_stride_0, io->input_stride = 0)
SPOIL(output_stride_0, io->output_stride = 0)
SPOIL(input_frames_most, io->input_frames = UINT32_MAX)
SPOIL(output_frames_most, io->output_frames = UINT32_MAX)
SPOIL(input_past_end, io->input = end_less((WIDE_STRIDE + WIDE_FRAMES) * 4 - 2))
SPOIL(output_past_end, io->output = end_less((WIDE_STRIDE + WIDE_FRAMES) * 4 - 2))
SPOIL(input_stride_past_end, (io->input = end_less(1u << 20), io->input_stride = 1u << 20))
SPOIL(output_stride_past_end, (io->output = end_less(1u << 20), io->output_stride = 1u << 20))
SPOIL(input_interleaved_past_end,
      (io->input = end_less(WIDE_FRAMES * 8 - 2), io->input_format = INTERLEAVED))
SPOIL(output_interleaved_past_end,
      (io->output = end_less(WIDE_FRAMES * 8 - 2), io->output_format = INTERLEAVED))
SPOIL(output_is_input, io->output = (void *)(uintptr_t)io->input)

static const refusal REFUSALS[] = {
    {"no input", VP_E_NULL, true, no_input},
    {"no output", VP_E_NULL, false, no_output},
    {"input format 4", VP_E_FORMAT, true, input_format_4},
    {"output format 4", VP_E_FORMAT, false, output_format_4},
    {"largest input format", VP_E_FORMAT, true, input_format_most},
    {"largest output format", VP_E_FORMAT, false, output_format_most},
    {"input stride short", VP_E_LENGTH, true, input_stride_short},
    {"output stride short", VP_E_LENGTH, false, output_stride_short},
    {"input stride 0", VP_E_LENGTH, true, input_stride_0},
    {"output stride 0", VP_E_LENGTH, false, output_stride_0},
    {"largest input frames", VP_E_LENGTH, true, input_frames_most},
    {"largest output frames", VP_E_LENGTH, false, output_frames_most},
    {"input past the end of memory", VP_E_LENGTH, true, input_past_end},
    {"output past the end of memory", VP_E_LENGTH, false, output_past_end},
    {"input's second channel past the end", VP_E_LENGTH, true, input_stride_past_end},
    {"output's second channel past the end", VP_E_LENGTH, false, output_stride_past_end},
    {"interleaved input past the end", VP_E_LENGTH, true, input_interleaved_past_end},
    {"interleaved output past the end", VP_E_LENGTH, false, output_interleaved_past_end},
    {"output in the place of the input", VP_E_OVERLAP, true, output_is_input},
};
enum { REFUSAL_COUNT = sizeof REFUSALS / sizeof *REFUSALS };

static void refuse(vp_resampler *r, const wide *w, const refusal *bad, bool flush) {
    static wide now;
    memcpy(&now, w, sizeof now);
    now.io.input = now.input, now.io.output = now.output;
    bad->spoil(&now.io);
    const vp_resampler_io asked = now.io;
    const int32_t status =
        flush ? vp_resampler_flush(r, &now.io) : vp_resampler_process(r, &now.io);
    if (status != bad->status)
        fail_msg("%s: %s of %s", bad->why, vp_status_name(status), flush ? "flush" : "process");
    assert_memory_equal(&now.io, &asked, sizeof asked);
    assert_memory_equal(now.input, w->input, WIDE_BYTES);
    assert_memory_equal(now.output, w->output, WIDE_BYTES);
}

/* The stream goes on, in the end, and after it, as one to which nothing of the kind happened. */
static void test_refused_calls_change_nothing(void **state) {
    (void)state;
    uint64_t seed = 24;
    print_message("seed %llu\n", (unsigned long long)seed);
    wide w;
    wide_init(&w, &seed);
    EACH_CONFIG(config, FEW, WIDE_CHANNELS) {
        vp_resampler *r = make(&config);
        audio input = audio_noise(stream_frames(r), WIDE_CHANNELS, F32, &seed);
        audio expected = convert_with(r, &config, &input, F32, WHOLE);
        vp_resampler_reset(r);
        run s = run_start(r, &input, expected.frames, F32);
        for (int i = 0; i < REFUSAL_COUNT; i++) {
            run_until(&s, (uint32_t)(i + 1) * input.frames / (REFUSAL_COUNT + 1), UINT32_MAX,
                      (cut){64, 13, NULL});
            refuse(r, &w, &REFUSALS[i], false);
            if (!REFUSALS[i].input_only) refuse(r, &w, &REFUSALS[i], true);
            assert_int_equal(vp_resampler_process(NULL, &w.io), VP_E_NULL);
            assert_int_equal(vp_resampler_process(r, NULL), VP_E_NULL);
            assert_int_equal(vp_resampler_flush(NULL, &w.io), VP_E_NULL);
            assert_int_equal(vp_resampler_flush(r, NULL), VP_E_NULL);
        }
        run_until(&s, input.frames, UINT32_MAX, WHOLE);
        run_step(&s, true, 0, 0);
        for (int i = 0; i < REFUSAL_COUNT; i++) {
            if (!REFUSALS[i].input_only) refuse(r, &w, &REFUSALS[i], true);
            vp_resampler_io io = w.io;
            assert_int_equal(vp_resampler_process(r, &io), VP_E_FLUSHED);
            assert_memory_equal(&io, &w.io, sizeof io);
            run_step(&s, true, 0, 1);
        }
        audio output = run_end(&s, WHOLE);
        assert_true(audio_same(&output, &expected));
        audio_free(output), audio_free(expected), audio_free(input);
        free(r);
    }
}

/* Where nothing is to be read or written, there need be nothing. */
static void test_no_frames(void **state) {
    (void)state;
    uint64_t seed = 25;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, FEW, 2) {
        vp_resampler *r = make(&config);
        audio input = audio_noise(stream_frames(r), 2, F32, &seed);
        audio expected = convert_with(r, &config, &input, F32, WHOLE);
        vp_resampler_reset(r);
        run s = run_start(r, &input, expected.frames, F32);
        run_until(&s, input.frames / 2, UINT32_MAX, (cut){50, 7, NULL});
        for (uint32_t format = 0; format < 4; format++) {
            vp_resampler_io io = {.input_format = format, .output_format = 3 - format};
            assert_int_equal(vp_resampler_process(r, &io), VP_OK);
            assert_true(io.consumed == 0 && io.produced == 0);
            io.input = io.output = input.memory; /* shares no bytes, there being none */
            assert_int_equal(vp_resampler_process(r, &io), VP_OK);
        }
        run_until(&s, input.frames, UINT32_MAX, (cut){90, 90, NULL});
        audio output = run_end(&s, WHOLE);
        assert_true(audio_same(&output, &expected));
        vp_resampler_io io = {0};
        assert_int_equal(vp_resampler_flush(r, &io), VP_OK);
        assert_true(io.consumed == 0 && io.produced == 0);
        audio_free(output), audio_free(expected), audio_free(input);
        free(r);
    }
}

/* A flush does not look at the input, whatever is in its fields. */
static void test_flush_ignores_input(void **state) {
    (void)state;
    uint64_t seed = 26;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, FEW, 1) {
        vp_resampler *r = make(&config);
        audio input = audio_noise(500, 1, F32, &seed);
        audio expected = convert_with(r, &config, &input, F32, WHOLE);
        vp_resampler_reset(r);
        run s = run_start(r, &input, expected.frames, F32);
        run_until(&s, input.frames, UINT32_MAX, WHOLE);
        for (int i = 0; s.given < expected.frames; i++) {
            vp_resampler_io io = io_between(&input, 0, 99, &s.output, s.given, 10);
            io.input = i % 3 == 0 ? NULL : i % 3 == 1 ? io.output : end_less(3);
            io.input_format = 99, io.input_stride = 0, io.input_frames = UINT32_MAX - (uint32_t)i;
            assert_int_equal(vp_resampler_flush(r, &io), VP_OK);
            assert_int_equal(io.consumed, 0);
            assert_true(io.produced > 0 && io.produced <= 10);
            s.given += io.produced;
        }
        audio output = s.output;
        output.frames = s.given;
        assert_true(audio_same(&output, &expected));
        audio_free(output), audio_free(expected), audio_free(input);
        free(r);
    }
}

/* ---- Overlap ----------------------------------------------------------------------------- */

/* Input and output slide past each other in one block: the answer is OVERLAP as long as they lie, with
 * the gaps between their channels, on a byte that is both's; to touch is fine. */
static size_t extent(uint32_t channels, uint32_t frames, uint32_t format, uint32_t stride) {
    size_t last = 0;
    for (uint32_t channel = 0; channel < channels; channel++) {
        const size_t sample = format & INTERLEAVED ? (size_t)(frames - 1) * channels + channel
                                                   : (size_t)channel * stride + frames - 1;
        if (sample > last) last = sample;
    }
    return (last + 1) * sample_bytes(format);
}

typedef struct slide {
    uint32_t input_frames, output_frames, input_format, output_format, input_gap, output_gap;
} slide;

static void check_slide(const vp_resampler_config *config, slide s) {
    enum { MIDDLE = 700, SPAN = 2100 };
    static unsigned char block[SPAN];
    const uint32_t input_stride = s.input_frames + s.input_gap;
    const uint32_t output_stride = s.output_frames + s.output_gap;
    const size_t input_bytes =
        extent(config->channels, s.input_frames, s.input_format, input_stride);
    const size_t output_bytes =
        extent(config->channels, s.output_frames, s.output_format, output_stride);
    assert_true(input_bytes <= MIDDLE && output_bytes <= MIDDLE);
    vp_resampler *r = make(config);
    for (size_t at = 0; at < 2 * MIDDLE; at++) {
        const bool shares = at < MIDDLE + input_bytes && MIDDLE < at + output_bytes;
        memset(block, 0, sizeof block);
        vp_resampler_io io = {
            .input = block + MIDDLE,
            .output = block + at,
            .input_frames = s.input_frames,
            .output_frames = s.output_frames,
            .input_format = s.input_format,
            .output_format = s.output_format,
            .input_stride = input_stride,
            .output_stride = output_stride,
        };
        const int32_t expected = shares ? VP_E_OVERLAP : VP_OK;
        const int32_t status = vp_resampler_process(r, &io);
        if (status != expected)
            fail_msg("formats %u, %u of %u channels: output %d bytes after the input: %s",
                     s.input_format, s.output_format, config->channels, (int)at - MIDDLE,
                     vp_status_name(status));
    }
    free(r);
}

static void test_overlap(void **state) {
    (void)state;
    uint64_t seed = 27;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (uint32_t channels = 1; channels <= 3; channels++)
        for (uint32_t format = 0; format < 16; format++) {
            const vp_resampler_config config = {48000, 16000, VP_RESAMPLER_BALANCED, channels, 0};
            const uint32_t in = 1 + below(&seed, 20), out = 1 + below(&seed, 20);
            check_slide(&config, (slide){in, out, format % 4, format / 4, 0, 0});
            check_slide(&config, (slide){in, out, format % 4, format / 4, 30, 20});
        }
}

/* ---- Sizes ------------------------------------------------------------------------------- */

/* The input may claim to go on for 2^32 frames: what is read is what is consumed, and that is no more
 * than the output has room for. The output lies before it, so as not to be in what is claimed. */
static void test_largest_input(void **state) {
    (void)state;
    enum { ROOM = 500, SLACK = 300000 };
    uint64_t seed = 28;
    print_message("seed %llu\n", (unsigned long long)seed);
    EACH_CONFIG(config, FEW, 1) {
        vp_resampler *r = make(&config);
        audio input = audio_noise(stream_frames(r) + SLACK, 1, F32, &seed);
        audio expected = convert_with(r, &config, &input, F32, WHOLE);
        vp_resampler_reset(r);
        float *block = allocate((ROOM + input.frames) * sizeof *block);
        memcpy(block + ROOM, audio_frame(&input, 0), input.frames * sizeof *block);
        uint32_t taken = 0, given = 0;
        while (taken < input.frames - SLACK) {
            vp_resampler_io io = {
                .input = block + ROOM + taken,
                .output = block,
                .input_frames = UINT32_MAX - given,
                .output_frames = ROOM,
                .input_stride = UINT32_MAX,
                .output_stride = UINT32_MAX,
            };
            assert_int_equal(vp_resampler_process(r, &io), VP_OK);
            assert_int_equal(io.produced, ROOM);
            assert_memory_equal(block, audio_frame(&expected, given), ROOM * sizeof *block);
            taken += io.consumed;
            given += io.produced;
        }
        assert_true(taken < input.frames);
        free(block);
        audio_free(input), audio_free(expected);
        free(r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_formats_in_turn),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_every_int16),
        cmocka_unit_test(test_channels_are_single_ones),
        cmocka_unit_test(test_config_init),
        cmocka_unit_test(test_bad_configs),
        cmocka_unit_test(test_bad_memory),
        cmocka_unit_test(test_refused_calls_change_nothing),
        cmocka_unit_test(test_no_frames),
        cmocka_unit_test(test_flush_ignores_input),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_largest_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
