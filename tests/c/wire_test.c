/* Samples to text and back by means of their own: strtod() and strtof(), every decimal there is, the
 * vectors of RFC 4648, WAV files written here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "voicepath/resampler.h"
#include "voicepath/wire.h"

/* ---- Lists of numbers -------------------------------------------------------------------- */

/* One sample's number, without the brackets. */
static const char *number(float sample) {
    static char text[VP_WIRE_NUMBER_BYTES_MAX + 3];
    int32_t length = vp_wire_list(&sample, 1, text, sizeof text - 1);
    assert_true(length > 2);
    assert_true(length <= vp_wire_list_bound(1));
    assert_true(text[0] == '[' && text[length - 1] == ']');
    text[length - 1] = 0;
    return text + 1;
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* RFC 8259, section 6. */
static int is_json_number(const char *c) {
    if (*c == '-') c++;
    if (!is_digit(*c)) return 0;
    if (*c == '0')
        c++;
    else
        while (is_digit(*c))
            c++;
    if (*c == '.') {
        if (!is_digit(*++c)) return 0;
        while (is_digit(*c))
            c++;
    }
    if (*c == 'e' || *c == 'E') {
        c++;
        if (*c == '+' || *c == '-') c++;
        if (!is_digit(*c)) return 0;
        while (is_digit(*c))
            c++;
    }
    return *c == 0;
}

/* The int16 nearest to a number, clipped; a tie is nobody's. */
enum { TIE = 1 << 20 };
static int nearest_int16(double x) {
    const double scaled = x * 32768, below = floor(scaled);
    if (scaled - below == 0.5 && scaled < 32767 && scaled > -32768) return TIE;
    const double v = scaled - below < 0.5 ? below : below + 1;
    return v > 32767 ? 32767 : v < -32768 ? -32768 : (int)v;
}

static int stands_for(const char *text, int v) {
    return nearest_int16(strtod(text, NULL)) == v && nearest_int16((double)strtof(text, NULL)) == v;
}

/* The shortest text of every int16: all decimals up to five places are tried, in each way that JSON
 * has to write them. */
static uint8_t shortest[65536];

static void try_text(const char *text) {
    const size_t length = strlen(text);
    assert_true(is_json_number(text));
    const int v = nearest_int16(strtod(text, NULL));
    if (v == TIE || !stands_for(text, v)) return;
    uint8_t *known = &shortest[v + 32768];
    if (!*known || length < *known) *known = (uint8_t)length;
}

static void find_shortest(void) {
    int power = 1;
    for (int places = 0; places <= 5; places++, power *= 10) {
        for (int k = 0; k <= 101 * power / 100; k++) {
            char text[64];
            for (int negative = 0; negative < 2; negative++) {
                const char *const sign = negative ? "-" : "";
                if (places == 0)
                    snprintf(text, sizeof text, "%s%d", sign, k);
                else
                    snprintf(text, sizeof text, "%s%d.%0*d", sign, k / power, places, k % power);
                try_text(text);
                /* k with every exponent, and with every place for its point. */
                for (int behind = 0, split = 1; split <= k; behind++, split *= 10) {
                    if (behind == 0)
                        snprintf(text, sizeof text, "%s%de-%d", sign, k, places);
                    else
                        snprintf(text, sizeof text, "%s%d.%0*de-%d", sign, k / split, behind,
                                 k % split, places - behind);
                    if (places - behind >= 0) try_text(text);
                }
            }
        }
    }
}

static void every_int16_comes_back_from_the_shortest_text(void **state) {
    (void)state;
    find_shortest();
    for (int v = -32768; v <= 32767; v++) {
        const char *text = number((float)v / 32768);
        if (!is_json_number(text)) fail_msg("%d: %s is no JSON number", v, text);
        if (!stands_for(text, v)) fail_msg("%d: %s is another's", v, text);
        if (strlen(text) != shortest[v + 32768])
            fail_msg("%d: %s, but %d bytes are enough", v, text, shortest[v + 32768]);
        if (strlen(text) + 1 > VP_WIRE_NUMBER_BYTES_MAX) fail_msg("%d: %s is too long", v, text);
    }
}

static void numbers_one_would_write(void **state) {
    (void)state;
    assert_string_equal(number(0), "0");
    assert_string_equal(number(-0.0f), "0");
    assert_string_equal(number(1e-9f), "0");
    assert_string_equal(number(0.5f), "0.5");
    assert_string_equal(number(-0.25f), "-0.25");
    assert_string_equal(number(0.1f), "0.1");
    assert_string_equal(number(1), "1");
    assert_string_equal(number(-1), "-1");
    /* What is beyond full scale is clipped, and what is no number is silence. */
    assert_string_equal(number(1.3f), "1");
    assert_string_equal(number(-1e30f), "-1");
    assert_string_equal(number(NAN), "0");
    assert_string_equal(number(INFINITY), "0");
    /* Half-way between 2 and 3 is 2, between 3 and 4 it is 4. */
    assert_true(stands_for(number(2.5f / 32768), 2));
    assert_true(stands_for(number(3.5f / 32768), 4));
}

static void a_list_is_its_numbers(void **state) {
    (void)state;
    enum { COUNT = 4096 };
    static float samples[COUNT];
    static char text[COUNT * VP_WIRE_NUMBER_BYTES_MAX + 3], expected[sizeof text];
    uint32_t random = 5;
    char *at = expected;
    *at++ = '[';
    for (int i = 0; i < COUNT; i++) {
        random = random * 1664525 + 1013904223;
        samples[i] = (float)(int32_t)random / 2147483648.0f;
        at += sprintf(at, i ? ",%s" : "%s", number(samples[i]));
    }
    strcpy(at, "]");
    const int32_t bound = vp_wire_list_bound(COUNT);
    memset(text, '!', sizeof text);
    const int32_t length = vp_wire_list(samples, COUNT, text, (uint32_t)bound);
    assert_int_equal(length, strlen(expected));
    assert_true(length <= bound);
    assert_memory_equal(text, expected, (size_t)length);
    assert_int_equal(text[length], '!');
    assert_int_equal(vp_wire_list(NULL, 0, text, 2), 2);
    assert_memory_equal(text, "[]", 2);
}

/* ---- Base64 ------------------------------------------------------------------------------ */

static void rfc_4648(void **state) {
    (void)state;
    const char *const vectors[][2] = {{"", ""},
                                      {"f", "Zg=="},
                                      {"fo", "Zm8="},
                                      {"foo", "Zm9v"},
                                      {"foob", "Zm9vYg=="},
                                      {"fooba", "Zm9vYmE="},
                                      {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const char *plain = vectors[i][0], *text = vectors[i][1];
        uint8_t bytes[16];
        assert_true((size_t)vp_wire_base64_bound((uint32_t)strlen(text)) >= strlen(plain));
        assert_int_equal(vp_wire_base64(text, (uint32_t)strlen(text), bytes), strlen(plain));
        assert_memory_equal(bytes, plain, strlen(plain));
        /* Without its padding, and in its own memory. */
        char own[16];
        strcpy(own, text);
        const uint32_t bare = (uint32_t)strcspn(own, "=");
        assert_int_equal(vp_wire_base64_bound(bare), strlen(plain));
        assert_int_equal(vp_wire_base64(own, bare, (uint8_t *)own), strlen(plain));
        assert_memory_equal(own, plain, strlen(plain));
    }
}

static void what_is_no_base64(void **state) {
    (void)state;
    const char *const wrong[] = {
        "Z",      "Zg=",      "=",    "==",   "====", "Z===",    "Zg==Zg==", "Zm9v=",
        "Zm9v\n", "Zm 9vYg=", "Zm9-", "Zm9_", "Zm=v", "Zm9\xc3", "Zg=a"};
    uint8_t bytes[16];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const int32_t status = vp_wire_base64(wrong[i], (uint32_t)strlen(wrong[i]), bytes);
        if (status != VP_E_BASE64) fail_msg("\"%s\" gives %d", wrong[i], status);
    }
    /* Every byte that is not in the alphabet, at every place. */
    for (int byte = 0; byte < 256; byte++) {
        const char *const alphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        const int known = byte && strchr(alphabet, byte);
        for (int place = 0; place < 4; place++) {
            char text[] = "AAAAAAAA";
            text[place] = (char)byte;
            assert_int_equal(vp_wire_base64(text, 8, bytes), known ? 6 : VP_E_BASE64);
        }
    }
    assert_int_equal(vp_wire_base64("AAAA", VP_WIRE_TEXT_MAX + 1, bytes), VP_E_LENGTH);
    assert_int_equal(vp_wire_base64_bound(VP_WIRE_TEXT_MAX + 1), VP_E_LENGTH);
    assert_int_equal(vp_wire_base64_bound(VP_WIRE_TEXT_MAX), 12 << 20);
    assert_int_equal(vp_wire_base64(NULL, 4, bytes), VP_E_NULL);
    assert_int_equal(vp_wire_base64("AAAA", 4, NULL), VP_E_NULL);
}

/* The bits one by one. */
static void pcm16_is_int16s_in_base64(void **state) {
    (void)state;
    enum { COUNT = 1000 };
    static float samples[COUNT];
    static char text[COUNT * 3];
    static uint8_t bytes[COUNT * 2 + 3];
    for (uint32_t count = 0; count <= COUNT; count = count < 20 ? count + 1 : count + 193) {
        for (uint32_t i = 0; i < count; i++)
            samples[i] = sinf((float)i * 1.7f) * 1.2f;
        const int32_t size = vp_wire_pcm16_size(count);
        assert_int_equal(size, (2 * count + 2) / 3 * 4);
        memset(text, '!', sizeof text);
        assert_int_equal(vp_wire_pcm16(samples, count, text, (uint32_t)size), size);
        assert_int_equal(text[size], '!');
        assert_int_equal(vp_wire_base64(text, (uint32_t)size, bytes), 2 * count);
        for (uint32_t i = 0; i < count; i++) {
            const int v = (int16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
            if (fabsf(samples[i]) >= 1)
                assert_int_equal(v, samples[i] > 0 ? 32767 : -32768);
            else
                assert_true(fabsf((float)v - samples[i] * 32768) <= 0.5f);
        }
    }
    const float six[] = {0, 1, -1, 0.5f, -0.5f, 1.0f / 32768};
    assert_int_equal(vp_wire_pcm16(six, 6, text, 16), 16);
    /* 00 00  ff 7f  00 80  00 40  00 c0  01 00, by `xxd -r -p | base64` */
    assert_memory_equal(text, "AAD/fwCAAEAAwAEA", 16);
}

/* ---- WAV files --------------------------------------------------------------------------- */

typedef struct file {
    uint8_t bytes[4096];
    uint32_t length;
} file;

static void put(file *f, uint32_t value, uint32_t bytes) {
    for (; bytes; bytes--, value >>= 8)
        f->bytes[f->length++] = (uint8_t)value;
}

static void put_name(file *f, const char *name) {
    memcpy(f->bytes + f->length, name, 4);
    f->length += 4;
}

typedef struct shape {
    uint32_t tag, bits, channels, rate_hz;
} shape;

static void begin_file(file *f, shape s) {
    f->length = 0;
    put_name(f, "RIFF");
    put(f, 0xffffffff, 4);
    put_name(f, "WAVE");
    put_name(f, "fmt ");
    put(f, 16, 4);
    put(f, s.tag, 2);
    put(f, s.channels, 2);
    put(f, s.rate_hz, 4);
    put(f, s.rate_hz * s.channels * s.bits / 8, 4);
    put(f, s.channels * s.bits / 8, 2);
    put(f, s.bits, 2);
}

static void put_sample(file *f, shape s, double value) {
    if (s.tag == 3 && s.bits == 32) {
        const float x = (float)value;
        uint32_t bits;
        memcpy(&bits, &x, 4);
        put(f, bits, 4);
    } else if (s.tag == 3) {
        uint64_t bits;
        memcpy(&bits, &value, 8);
        put(f, (uint32_t)bits, 4);
        put(f, (uint32_t)(bits >> 32), 4);
    } else {
        const int64_t full = INT64_C(1) << (s.bits - 1);
        put(f, (uint32_t)((int64_t)floor(value * (double)full) + (s.bits == 8 ? 128 : 0)),
            s.bits / 8);
    }
}

static const shape SHAPES[] = {{1, 8, 1, 8000},   {1, 16, 1, 16000}, {1, 16, 2, 44100},
                               {1, 24, 2, 48000}, {1, 32, 3, 24000}, {3, 32, 1, 22050},
                               {3, 32, 8, 96000}, {3, 64, 2, 192000}};
enum { SHAPE_COUNT = sizeof SHAPES / sizeof SHAPES[0], FRAMES = 25 };

/* Multiples of 1/128, which every encoding has exactly; channels differ. */
static double value_of(uint32_t frame, uint32_t channel) {
    return ((int)(frame * 37 + channel * 11) % 256 - 128) / 128.0;
}

static void put_frames(file *f, shape s) {
    for (uint32_t i = 0; i < FRAMES; i++)
        for (uint32_t c = 0; c < s.channels; c++)
            put_sample(f, s, value_of(i, c));
}

static void assert_clip(const file *f, shape s, uint32_t frames) {
    vp_wire_clip clip;
    assert_int_equal(vp_wire_clip_open(&clip, f->bytes, f->length), VP_OK);
    assert_int_equal(clip.rate_hz, s.rate_hz);
    assert_int_equal(clip.channels, s.channels);
    assert_int_equal(clip.frames, frames);
    float samples[FRAMES + 1] = {0};
    samples[frames] = 77;
    assert_int_equal(vp_wire_clip_mono(&clip, samples, frames), frames);
    for (uint32_t i = 0; i < frames; i++) {
        double sum = 0;
        for (uint32_t c = 0; c < s.channels; c++)
            sum += value_of(i, c);
        assert_true(fabs(samples[i] - sum / s.channels) < 1e-7);
    }
    assert_true(samples[frames] == 77);
    if (frames) assert_int_equal(vp_wire_clip_mono(&clip, samples, frames - 1), VP_E_CAPACITY);
}

static void every_encoding(void **state) {
    (void)state;
    for (uint32_t i = 0; i < SHAPE_COUNT; i++) {
        const shape s = SHAPES[i];
        const uint32_t bytes = FRAMES * s.channels * s.bits / 8;
        file f;
        begin_file(&f, s);
        put_name(&f, "LIST"); /* of an odd length, and so padded */
        put(&f, 5, 4);
        put(&f, 0, 4);
        put(&f, 0, 2);
        put_name(&f, "data");
        put(&f, bytes, 4);
        put_frames(&f, s);
        assert_clip(&f, s, FRAMES);
        /* Another chunk behind it is no sound. */
        put_name(&f, "LIST");
        put(&f, 4, 4);
        put(&f, 0x7f7f7f7f, 4);
        assert_clip(&f, s, FRAMES);
    }
}

static void lengths_that_were_never_filled_in(void **state) {
    (void)state;
    const shape s = {1, 16, 2, 24000};
    const uint32_t unknown[] = {0, 0xffffffff, 0x7fffffff, 101};
    for (uint32_t i = 0; i < 4; i++) {
        file f;
        begin_file(&f, s);
        put_name(&f, "data");
        put(&f, unknown[i], 4);
        put_frames(&f, s);
        assert_clip(&f, s, FRAMES);
        /* Cut in the middle of a frame. */
        f.length -= 3;
        assert_clip(&f, s, FRAMES - 1);
    }
    /* Empty in earnest: RIFF says that the file goes on, with another chunk. */
    file f;
    begin_file(&f, s);
    put_name(&f, "data");
    put(&f, 0, 4);
    put_name(&f, "LIST");
    put(&f, 0, 4);
    const uint32_t length = f.length;
    f.length = 4;
    put(&f, length - 8, 4);
    f.length = length;
    assert_clip(&f, s, 0);
}

static void extensible(void **state) {
    (void)state;
    const shape s = {1, 24, 2, 48000};
    file f;
    begin_file(&f, s);
    f.bytes[16] = 40;
    f.bytes[20] = 0xfe;
    f.bytes[21] = 0xff;
    put(&f, 22, 2);
    put(&f, 24, 2);
    put(&f, 3, 4);
    const uint32_t guid = f.length;
    put(&f, 1, 4);
    put(&f, 0x00100000, 4);
    put(&f, 0xaa000080, 4);
    put(&f, 0x719b3800, 4);
    put_name(&f, "data");
    put(&f, 0xffffffff, 4);
    put_frames(&f, s);
    assert_clip(&f, s, FRAMES);
    vp_wire_clip clip;
    f.bytes[guid + 9] ^= 1;
    assert_int_equal(vp_wire_clip_open(&clip, f.bytes, f.length), VP_E_FORMAT);
}

static void what_is_no_clip(void **state) {
    (void)state;
    const shape s = {1, 16, 1, 16000};
    file good;
    begin_file(&good, s);
    put_name(&good, "data");
    put(&good, 2 * FRAMES, 4);
    put_frames(&good, s);
    const struct {
        uint32_t at, value;
        int32_t status;
    } changes[] = {
        {0, 'r', VP_E_WAV},    {8, 'w', VP_E_WAV},   {12, 'F', VP_E_WAV},    {16, 15, VP_E_WAV},
        {20, 2, VP_E_FORMAT},  {20, 3, VP_E_FORMAT}, {22, 0, VP_E_CHANNELS}, {22, 9, VP_E_CHANNELS},
        {24, 0, VP_E_FORMAT},  {26, 255, VP_E_RATE}, {25, 0, VP_E_RATE},     {32, 4, VP_E_FORMAT},
        {34, 12, VP_E_FORMAT}, {36, 'D', VP_E_WAV},
    };
    const vp_wire_clip untouched = {1, 2, 3, 4, NULL};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        file f = good;
        f.bytes[changes[i].at] = (uint8_t)changes[i].value;
        vp_wire_clip clip = untouched;
        const int32_t status = vp_wire_clip_open(&clip, f.bytes, f.length);
        if (changes[i].at == 24) continue; /* 16128 Hz is a rate */
        if (status != changes[i].status)
            fail_msg("byte %u as %u: %d", changes[i].at, changes[i].value, status);
        assert_memory_equal(&clip, &untouched, sizeof clip);
    }
    vp_wire_clip clip = untouched;
    for (uint32_t length = 0; length < 44; length++)
        assert_int_equal(vp_wire_clip_open(&clip, good.bytes, length), VP_E_WAV);
    assert_int_equal(vp_wire_clip_open(&clip, good.bytes, VP_WIRE_TEXT_MAX + 1), VP_E_LENGTH);
    assert_int_equal(vp_wire_clip_open(NULL, good.bytes, 44), VP_E_NULL);
    assert_int_equal(vp_wire_clip_open(&clip, NULL, 44), VP_E_NULL);
    float sample;
    assert_int_equal(vp_wire_clip_mono(&clip, &sample, 1), VP_E_FORMAT);
    const vp_wire_clip nothing = {0};
    assert_int_equal(vp_wire_clip_mono(&nothing, &sample, 1), VP_E_FORMAT);
    assert_int_equal(vp_wire_clip_mono(NULL, &sample, 1), VP_E_NULL);
}

static void floats_that_are_no_sound_are_silence(void **state) {
    (void)state;
    const double values[] = {NAN, INFINITY, -INFINITY, 1e30, -0.5};
    const float expected[] = {0, 0, 0, VP_SAMPLE_LIMIT, -0.5f};
    for (uint32_t bits = 32; bits <= 64; bits += 32) {
        const shape s = {3, bits, 1, 16000};
        file f;
        begin_file(&f, s);
        put_name(&f, "data");
        put(&f, 0, 4);
        for (int i = 0; i < 5; i++)
            put_sample(&f, s, values[i]);
        vp_wire_clip clip;
        float samples[5];
        assert_int_equal(vp_wire_clip_open(&clip, f.bytes, f.length), VP_OK);
        assert_int_equal(vp_wire_clip_mono(&clip, samples, 5), 5);
        for (int i = 0; i < 5; i++)
            assert_true(samples[i] == expected[i]);
    }
}

/* ---- Levels ------------------------------------------------------------------------------ */

/* A constant's RMS is its magnitude, and a slice of a whole number of periods has 1 / sqrt(2). */
static void levels_of_known_sounds(void **state) {
    (void)state;
    enum { SLICE = 441, SLICES = 5 };
    static float samples[SLICE * SLICES];
    const float heights[SLICES] = {0.1f, -0.4f, 0, 0.8f, 0.2f};
    for (int i = 0; i < SLICE * SLICES; i++)
        samples[i] = heights[i / SLICE];
    float levels[SLICES + 1] = {0};
    levels[SLICES] = 9;
    assert_int_equal(vp_wire_levels(samples, SLICE * SLICES, 22050, 20, levels, SLICES), SLICES);
    for (int i = 0; i < SLICES; i++)
        assert_true(fabsf(levels[i] - fabsf(heights[i]) / 0.8f) < 1e-6f);
    assert_true(levels[SLICES] == 9);

    for (int i = 0; i < 640; i++)
        samples[i] = i < 320 ? 0.5f * sinf((float)i * 6.2831853f / 32) : 0.5f;
    assert_int_equal(vp_wire_levels(samples, 640, 16000, 20, levels, 2), 2);
    assert_true(fabsf(levels[0] - 0.70710678f) < 1e-5f);
    assert_true(levels[1] == 1);
}

static void slices_of_any_rate(void **state) {
    (void)state;
    enum { COUNT = 3000 };
    static float samples[COUNT], levels[COUNT], changed[COUNT];
    for (int i = 0; i < COUNT; i++)
        samples[i] = 0.5f;
    const uint32_t rates[] = {8000, 11025, 16000, 22050, 44100, 192000};
    for (int r = 0; r < 6; r++)
        for (uint32_t slice_ms = 1; slice_ms <= 1000; slice_ms = slice_ms * 3 + 1) {
            const double slice = rates[r] * slice_ms / 1000.0;
            const int32_t count = vp_wire_levels_count(COUNT, rates[r], slice_ms);
            assert_int_equal(count, (int)ceil(COUNT / slice));
            assert_int_equal(
                vp_wire_levels(samples, COUNT, rates[r], slice_ms, levels, (uint32_t)count), count);
            for (int32_t i = 0; i < count; i++)
                assert_true(levels[i] == 1);
            /* A sample belongs to the slice that its time is in. */
            for (uint32_t at = 0; at < COUNT; at += 97) {
                samples[at] = 0.25f;
                vp_wire_levels(samples, COUNT, rates[r], slice_ms, changed, (uint32_t)count);
                samples[at] = 0.5f;
                if (count == 1) continue;
                /* floor(i * slice) <= at < floor((i + 1) * slice) */
                int32_t own = 0;
                while ((uint32_t)((double)(own + 1) * slice) <= at)
                    own++;
                for (int32_t i = 0; i < count; i++)
                    assert_true((changed[i] < 1) == (i == own));
            }
        }
}

static void levels_of_nothing(void **state) {
    (void)state;
    float samples[320] = {0}, levels[4] = {5, 5, 5, 5};
    assert_int_equal(vp_wire_levels(samples, 320, 16000, 10, levels, 4), 2);
    assert_true(levels[0] == 0 && levels[1] == 0 && levels[2] == 5);
    assert_int_equal(vp_wire_levels(NULL, 0, 16000, 20, NULL, 0), 0);
    samples[0] = NAN;
    samples[200] = 0.1f;
    assert_int_equal(vp_wire_levels(samples, 320, 16000, 10, levels, 4), 2);
    assert_true(levels[0] == 0 && levels[1] == 1);
    assert_int_equal(vp_wire_levels(samples, 320, 16000, 10, levels, 1), VP_E_CAPACITY);
    assert_int_equal(vp_wire_levels(NULL, 320, 16000, 10, levels, 4), VP_E_NULL);
    assert_int_equal(vp_wire_levels(samples, 320, 16000, 10, NULL, 4), VP_E_NULL);
    assert_int_equal(vp_wire_levels(samples, 320, 7999, 10, levels, 4), VP_E_RATE);
    assert_int_equal(vp_wire_levels(samples, 320, 192001, 10, levels, 4), VP_E_RATE);
    assert_int_equal(vp_wire_levels(samples, 320, 16000, 0, levels, 4), VP_E_SLICE);
    assert_int_equal(vp_wire_levels(samples, 320, 16000, 1001, levels, 4), VP_E_SLICE);
    assert_int_equal(vp_wire_levels_count(VP_WIRE_SAMPLES_MAX + 1, 16000, 20), VP_E_LENGTH);
}

static void wrong_buffers(void **state) {
    (void)state;
    float sample = 0;
    char text[16];
    assert_int_equal(vp_wire_list_bound(VP_WIRE_SAMPLES_MAX + 1), VP_E_LENGTH);
    assert_int_equal(vp_wire_list(&sample, VP_WIRE_SAMPLES_MAX + 1, text, 16), VP_E_LENGTH);
    assert_int_equal(vp_wire_list(&sample, 1, text, 10), VP_E_CAPACITY);
    assert_int_equal(vp_wire_list(NULL, 1, text, 16), VP_E_NULL);
    assert_int_equal(vp_wire_list(&sample, 1, NULL, 16), VP_E_NULL);
    assert_int_equal(vp_wire_pcm16_size(VP_WIRE_SAMPLES_MAX + 1), VP_E_LENGTH);
    assert_int_equal(vp_wire_pcm16(&sample, VP_WIRE_SAMPLES_MAX + 1, text, 16), VP_E_LENGTH);
    assert_int_equal(vp_wire_pcm16(&sample, 1, text, 3), VP_E_CAPACITY);
    assert_int_equal(vp_wire_pcm16(NULL, 1, text, 16), VP_E_NULL);
    assert_int_equal(vp_wire_pcm16(&sample, 1, NULL, 16), VP_E_NULL);
    assert_true(vp_wire_list_bound(VP_WIRE_SAMPLES_MAX) > 0);
    assert_true(vp_wire_pcm16_size(VP_WIRE_SAMPLES_MAX) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_int16_comes_back_from_the_shortest_text),
        cmocka_unit_test(numbers_one_would_write),
        cmocka_unit_test(a_list_is_its_numbers),
        cmocka_unit_test(rfc_4648),
        cmocka_unit_test(what_is_no_base64),
        cmocka_unit_test(pcm16_is_int16s_in_base64),
        cmocka_unit_test(every_encoding),
        cmocka_unit_test(lengths_that_were_never_filled_in),
        cmocka_unit_test(extensible),
        cmocka_unit_test(what_is_no_clip),
        cmocka_unit_test(floats_that_are_no_sound_are_silence),
        cmocka_unit_test(levels_of_known_sounds),
        cmocka_unit_test(slices_of_any_rate),
        cmocka_unit_test(levels_of_nothing),
        cmocka_unit_test(wrong_buffers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
