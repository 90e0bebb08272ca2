/* A file is "RIFF", a length and "WAVE", then chunks: four letters, a length, and that many bytes,
 * padded to an even number. "fmt " says what the samples are, "data" has them; all other chunks are
 * skipped. A server that writes while it speaks cannot know the lengths: it leaves 0xffffffff, some
 * other large number, or 0. So the length of RIFF is not believed, and data ends with the file at the
 * latest. (Microsoft, Multimedia Programming Interface and Data Specifications 1.0; mmreg.h for
 * WAVEFORMATEXTENSIBLE.) */
#include "wav.h"

#include <string.h>

#include "sample.h"

enum { RIFF_HEADER_BYTES = 12, CHUNK_HEADER_BYTES = 8, FORMAT_BYTES = 16, EXTENSIBLE_BYTES = 40 };
enum { PCM = 1, FLOAT = 3, EXTENSIBLE = 0xfffe };

/* Encodings are tag << 8 | bits. */
enum {
    U8 = PCM << 8 | 8,
    S16 = PCM << 8 | 16,
    S24 = PCM << 8 | 24,
    S32 = PCM << 8 | 32,
    F32 = FLOAT << 8 | 32,
    F64 = FLOAT << 8 | 64
};

static uint32_t u16_at(const uint8_t *at) {
    return at[0] | (uint32_t)at[1] << 8;
}

static uint32_t u32_at(const uint8_t *at) {
    return u16_at(at) | u16_at(at + 2) << 16;
}

/* ---- Header ------------------------------------------------------------------------------ */

static uint32_t bytes_per_sample(uint32_t encoding) {
    switch (encoding) {
    case U8:
    case S16:
    case S24:
    case S32:
    case F32:
    case F64:
        return (encoding & 255) / 8;
    default:
        return 0;
    }
}

/* The tag itself, or the one inside WAVEFORMATEXTENSIBLE; 0 where that has none. */
static uint32_t format_tag(const uint8_t *format, uint32_t length) {
    static const uint8_t guid_tail[14] = {0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113};
    const uint32_t tag = u16_at(format);
    if (tag != EXTENSIBLE) return tag;
    if (length < EXTENSIBLE_BYTES || memcmp(format + 26, guid_tail, sizeof guid_tail) != 0)
        return 0;
    return u16_at(format + 24);
}

static int32_t read_format(vp_wire_clip *clip, const uint8_t *format, uint32_t length) {
    if (length < FORMAT_BYTES) return VP_E_WAV;
    const uint32_t tag = format_tag(format, length), bits = u16_at(format + 14);
    clip->channels = u16_at(format + 2);
    clip->rate_hz = u32_at(format + 4);
    clip->encoding = tag << 8 | bits;
    const uint32_t bytes = bits < 256 ? bytes_per_sample(clip->encoding) : 0;
    if (!bytes) return VP_E_FORMAT;
    if (clip->channels < 1 || clip->channels > VP_CHANNELS_MAX) return VP_E_CHANNELS;
    if (clip->rate_hz < VP_RATE_MIN_HZ || clip->rate_hz > VP_RATE_MAX_HZ) return VP_E_RATE;
    return u16_at(format + 12) == clip->channels * bytes ? VP_OK : VP_E_FORMAT;
}

/* How much of the file is the data chunk's. */
static uint32_t data_bytes(const uint8_t *file, uint32_t file_bytes, uint32_t body,
                           uint32_t length) {
    const uint32_t rest = file_bytes - body;
    const uint64_t riff_end = (uint64_t)CHUNK_HEADER_BYTES + u32_at(file + 4);
    /* A length of 0 was never filled in, unless RIFF has an end and that is further on. */
    if (length == 0 && (riff_end <= body || riff_end > file_bytes)) return rest;
    return length < rest ? length : rest;
}

int32_t wav_open(vp_wire_clip *clip, const uint8_t *bytes, uint32_t length) {
    if (length < RIFF_HEADER_BYTES || memcmp(bytes, "RIFF", 4) || memcmp(bytes + 8, "WAVE", 4))
        return VP_E_WAV;
    vp_wire_clip found = {0};
    for (uint64_t at = RIFF_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= length;) {
        const uint8_t *const chunk = bytes + at;
        const uint32_t body = (uint32_t)at + CHUNK_HEADER_BYTES, chunk_bytes = u32_at(chunk + 4);
        if (memcmp(chunk, "fmt ", 4) == 0) {
            const uint32_t rest = length - body;
            const int32_t status =
                read_format(&found, bytes + body, chunk_bytes < rest ? chunk_bytes : rest);
            if (status < 0) return status;
        } else if (memcmp(chunk, "data", 4) == 0) {
            if (!found.channels) return VP_E_WAV;
            found.data = bytes + body;
            found.frames = data_bytes(bytes, length, body, chunk_bytes) /
                           (found.channels * bytes_per_sample(found.encoding));
            *clip = found;
            return VP_OK;
        }
        at = (uint64_t)body + chunk_bytes + chunk_bytes % 2;
    }
    return VP_E_WAV;
}

int wav_is_open(const vp_wire_clip *clip) {
    return clip->data && clip->channels && clip->channels <= VP_CHANNELS_MAX &&
           bytes_per_sample(clip->encoding);
}

/* ---- Samples ----------------------------------------------------------------------------- */

/* Inlined into a loop for each encoding. */
static inline float sample_at(const uint8_t *at, uint32_t encoding) {
    switch (encoding) {
    case U8:
        return (float)(at[0] - 128) / 128;
    case S16:
        return (float)(int16_t)u16_at(at) / 32768;
    case S24:
        return (float)((int32_t)(u16_at(at) << 8 | (uint32_t)at[2] << 24) >> 8) / (1 << 23);
    case S32:
        return (float)((double)(int32_t)u32_at(at) / 2147483648.0);
    case F32: {
        const uint32_t bits = u32_at(at);
        float value;
        memcpy(&value, &bits, sizeof value);
        return vp_sample_clean(value);
    }
    default: {
        const uint64_t bits = u32_at(at) | (uint64_t)u32_at(at + 4) << 32;
        double value;
        memcpy(&value, &bits, sizeof value);
        return vp_sample_clean((float)value);
    }
    }
}

static inline void mix(const vp_wire_clip *clip, uint32_t encoding, float *samples) {
    const uint32_t channels = clip->channels, bytes = (encoding & 255) / 8;
    const uint8_t *at = clip->data;
    for (uint32_t i = 0; i < clip->frames; i++) {
        float sum = sample_at(at, encoding);
        at += bytes;
        for (uint32_t c = 1; c < channels; c++, at += bytes)
            sum += sample_at(at, encoding);
        samples[i] = channels == 1 ? sum : sum / (float)channels;
    }
}

void wav_mono(const vp_wire_clip *clip, float *samples) {
    switch (clip->encoding) {
    case U8:
        mix(clip, U8, samples);
        break;
    case S16:
        mix(clip, S16, samples);
        break;
    case S24:
        mix(clip, S24, samples);
        break;
    case S32:
        mix(clip, S32, samples);
        break;
    case F32:
        mix(clip, F32, samples);
        break;
    case F64:
        mix(clip, F64, samples);
        break;
    }
}
