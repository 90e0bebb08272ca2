#include "voicepath/wire.h"

#include <math.h>

#include "base64.h"
#include "float_text.h"
#include "sample.h"
#include "wav.h"

/* ---- Speech out -------------------------------------------------------------------------- */

static int32_t int16_of(float sample) {
    const float v = rintf(vp_sample_clean(sample) * 32768);
    return v > 32767 ? 32767 : v < -32768 ? -32768 : (int32_t)v;
}

int32_t vp_wire_list_bound(uint32_t count) {
    if (count > VP_WIRE_SAMPLES_MAX) return VP_E_LENGTH;
    return (int32_t)(count * VP_WIRE_NUMBER_BYTES_MAX + 2);
}

int32_t vp_wire_list(const float *samples, uint32_t count, char *text, uint32_t size) {
    if (!text || (!samples && count)) return VP_E_NULL;
    const int32_t bound = vp_wire_list_bound(count);
    if (bound < 0) return bound;
    if (size < (uint32_t)bound) return VP_E_CAPACITY;
    char *at = text;
    *at++ = '[';
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) *at++ = ',';
        at = float_text(int16_of(samples[i]), at);
    }
    *at++ = ']';
    return (int32_t)(at - text);
}

int32_t vp_wire_pcm16_size(uint32_t count) {
    if (count > VP_WIRE_SAMPLES_MAX) return VP_E_LENGTH;
    return (int32_t)base64_size(2 * count);
}

int32_t vp_wire_pcm16(const float *samples, uint32_t count, char *text, uint32_t size) {
    if (!text || (!samples && count)) return VP_E_NULL;
    const int32_t needed = vp_wire_pcm16_size(count);
    if (needed < 0) return needed;
    if (size < (uint32_t)needed) return VP_E_CAPACITY;
    /* Three samples are two groups of three bytes, so blocks of them need no padding between. */
    enum { BLOCK = 192 };
    uint8_t bytes[2 * BLOCK];
    for (uint32_t from = 0; from < count; from += BLOCK) {
        const uint32_t block = count - from < BLOCK ? count - from : BLOCK;
        for (uint32_t i = 0; i < block; i++) {
            const uint32_t v = (uint32_t)int16_of(samples[from + i]);
            bytes[2 * i] = (uint8_t)v;
            bytes[2 * i + 1] = (uint8_t)(v >> 8);
        }
        base64_encode(bytes, 2 * block, text + base64_size(2 * from));
    }
    return needed;
}

/* ---- Clips in ---------------------------------------------------------------------------- */

int32_t vp_wire_base64_bound(uint32_t length) {
    if (length > VP_WIRE_TEXT_MAX) return VP_E_LENGTH;
    return (int32_t)(length / 4 * 3 + length % 4 * 3 / 4);
}

int32_t vp_wire_base64(const char *text, uint32_t length, uint8_t *bytes) {
    if (!bytes || (!text && length)) return VP_E_NULL;
    if (length > VP_WIRE_TEXT_MAX) return VP_E_LENGTH;
    const int32_t count = base64_decode(text, length, bytes);
    return count < 0 ? VP_E_BASE64 : count;
}

int32_t vp_wire_clip_open(vp_wire_clip *clip, const uint8_t *bytes, uint32_t length) {
    if (!clip || (!bytes && length)) return VP_E_NULL;
    if (length > VP_WIRE_TEXT_MAX) return VP_E_LENGTH;
    return wav_open(clip, bytes, length);
}

int32_t vp_wire_clip_mono(const vp_wire_clip *clip, float *samples, uint32_t size) {
    if (!clip || (!samples && size)) return VP_E_NULL;
    if (!wav_is_open(clip)) return VP_E_FORMAT;
    if (size < clip->frames) return VP_E_CAPACITY;
    wav_mono(clip, samples);
    return (int32_t)clip->frames;
}

/* ---- Mouth ------------------------------------------------------------------------------- */

/* The first sample of a slice. */
static uint32_t slice_begin(uint32_t slice, uint32_t rate_hz, uint32_t slice_ms) {
    return (uint32_t)((uint64_t)slice * slice_ms * rate_hz / 1000);
}

int32_t vp_wire_levels_count(uint32_t count, uint32_t rate_hz, uint32_t slice_ms) {
    if (count > VP_WIRE_SAMPLES_MAX) return VP_E_LENGTH;
    if (rate_hz < VP_RATE_MIN_HZ || rate_hz > VP_RATE_MAX_HZ) return VP_E_RATE;
    if (slice_ms < 1 || slice_ms > VP_WIRE_SLICE_MAX_MS) return VP_E_SLICE;
    /* Those that begin before the end: i * slice_ms * rate_hz / 1000 < count, rounded down or not. */
    const uint64_t samples_per_1000 = (uint64_t)slice_ms * rate_hz;
    return (int32_t)(((uint64_t)count * 1000 + samples_per_1000 - 1) / samples_per_1000);
}

static float rms(const float *samples, uint32_t count) {
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        const double x = vp_sample_clean(samples[i]);
        sum += x * x;
    }
    return (float)sqrt(sum / count);
}

int32_t vp_wire_levels(const float *samples, uint32_t count, uint32_t rate_hz, uint32_t slice_ms,
                       float *levels, uint32_t size) {
    const int32_t slices = vp_wire_levels_count(count, rate_hz, slice_ms);
    if (slices < 0) return slices;
    if (slices > 0 && (!samples || !levels)) return VP_E_NULL;
    if (size < (uint32_t)slices) return VP_E_CAPACITY;
    float loudest = 0;
    for (uint32_t i = 0; i < (uint32_t)slices; i++) {
        const uint32_t begin = slice_begin(i, rate_hz, slice_ms);
        const uint32_t end = slice_begin(i + 1, rate_hz, slice_ms);
        levels[i] = rms(samples + begin, (end < count ? end : count) - begin);
        if (levels[i] > loudest) loudest = levels[i];
    }
    if (loudest > 0)
        for (uint32_t i = 0; i < (uint32_t)slices; i++)
            levels[i] /= loudest;
    return slices;
}
