/* Any samples to text, any text to samples. Whatever comes: the text is as long as was said and reads
 * back as the same int16s, and nothing outside of the buffers is touched. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tape.h"
#include "voicepath/wire.h"

/* Exactly as large as it must be, so that the sanitizer sees one byte too many. */
static void *block(size_t bytes) {
    void *at = malloc(bytes ? bytes : 1);
    if (!at) abort();
    return at;
}

static void out(const float *samples, uint32_t count) {
    const uint32_t bound = (uint32_t)vp_wire_list_bound(count);
    char *list = block(bound + 1);
    const int32_t length = vp_wire_list(samples, count, list, bound);
    if (length < 2 || (uint32_t)length > bound) abort();
    list[length] = 0;

    const uint32_t size = (uint32_t)vp_wire_pcm16_size(count);
    char *text = block(size);
    if (vp_wire_pcm16(samples, count, text, size) != (int32_t)size) abort();
    uint8_t *bytes = block(size * 3 / 4);
    if (vp_wire_base64(text, size, bytes) != (int32_t)(2 * count)) abort();

    /* The two say the same. */
    char *at = list + 1;
    for (uint32_t i = 0; i < count; i++, at++) {
        const double v = round(strtod(at, &at) * 32768);
        const double clipped = v > 32767 ? 32767 : v;
        if (clipped != (int16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8)) abort();
        if (*at != (i + 1 < count ? ',' : ']')) abort();
    }
    free(list);
    free(text);
    free(bytes);
}

static void in(const uint8_t *data, uint32_t length, uint32_t slice_ms) {
    uint8_t *bytes = block(length);
    if (length) memcpy(bytes, data, length);
    vp_wire_clip clip = {0};
    if (vp_wire_clip_open(&clip, bytes, length) == VP_OK) {
        float *samples = block(clip.frames * sizeof(float));
        if (vp_wire_clip_mono(&clip, samples, clip.frames) != (int32_t)clip.frames) abort();
        for (uint32_t i = 0; i < clip.frames; i++)
            if (!isfinite(samples[i])) abort();
        const int32_t slices = vp_wire_levels_count(clip.frames, clip.rate_hz, slice_ms);
        if (slices >= 0) {
            float *levels = block((uint32_t)slices * sizeof(float));
            if (vp_wire_levels(samples, clip.frames, clip.rate_hz, slice_ms, levels,
                               (uint32_t)slices) != slices)
                abort();
            for (int32_t i = 0; i < slices; i++)
                if (!(levels[i] >= 0 && levels[i] <= 1)) abort();
            free(levels);
        }
        free(samples);
    } else if (clip.data) {
        abort();
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    tape t = {data, length};
    const uint32_t what = take(&t, 1), slice_ms = take(&t, 2);
    const uint32_t left = (uint32_t)t.left;
    if (what < 80) {
        float *samples = block(left);
        if (left) memcpy(samples, t.at, left);
        out(samples, left / sizeof(float));
        free(samples);
    } else if (what < 170) {
        in(t.at, left, slice_ms);
    } else {
        /* In its own memory, and then as the file that it may be. */
        uint8_t *text = block(left);
        if (left) memcpy(text, t.at, left);
        const int32_t bytes = vp_wire_base64((const char *)text, left, text);
        if (bytes >= 0) {
            if (bytes > vp_wire_base64_bound(left)) abort();
            in(text, (uint32_t)bytes, slice_ms);
        } else if (bytes != VP_E_BASE64) {
            abort();
        }
        free(text);
    }
    return 0;
}
