/* libFuzzer: a configuration, then pushes, flushes, resets and trims with sizes, formats, strides,
 * addresses and samples the fuzzer chooses. Whatever happens: what is consumed and produced is
 * within what was offered and as much as the rates say, what was not produced is not written, the
 * input is never written, refused calls change nothing, and no output is louder than a filter can make
 * it. */
#include "voicepath/resampler.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tape.h"

enum {
    INPUT_FRAMES = 2000,
    OUTPUT_FRAMES = 3000,
    STRIDE_GAP = 5,
    GUARD = 0x5b,
    /* The sum of the magnitudes of a filter's taps, which is what it can make of the worst input, is
     * about (4 / pi^2) ln(taps) + 1: less than 4 for a long one, and there are two in a row. */
    GAIN = 16,
};

static void require(bool holds) {
    if (!holds) abort();
}

/* A resampler and what its owner knows of it. */
typedef struct owner {
    vp_resampler_config config;
    vp_resampler *resampler;
    uint64_t received, given;
    bool trimmed; /* since the stream began: then the lengths are not those of the rates */
    bool flushed;
} owner;

static uint64_t expected_length(const owner *o) {
    return (o->received * o->config.output_rate_hz + o->config.input_rate_hz - 1) /
           o->config.input_rate_hz;
}

static uint32_t take_rate(tape *t) {
    static const uint32_t usual[] = {8000,  11025, 16000, 22050, 24000, 32000,
                                     44100, 48000, 88200, 96000, 192000};
    const uint32_t kind = take(t, 1);
    if (kind < 200) return usual[kind % 11];
    return kind < 250 ? VP_RATE_MIN_HZ + take(t, 3) % (VP_RATE_MAX_HZ - VP_RATE_MIN_HZ + 1)
                      : take(t, 4);
}

static vp_resampler_config take_config(tape *t) {
    const uint32_t input_hz = take_rate(t), output_hz = take_rate(t);
    const uint32_t mode = take(t, 1), channels = take(t, 1);
    return (vp_resampler_config){
        input_hz,
        output_hz,
        mode < 250 ? mode % (VP_RESAMPLER_OFFLINE + 1) : mode,
        channels < 250 ? 1 + channels % VP_CHANNELS_MAX : channels - 250,
        take(t, 1) & 1,
    };
}

static double take_trim(tape *t) {
    const uint32_t kind = take(t, 1);
    if (kind < 64) return 0;
    if (kind < 240) return VP_TRIM_MAX * ((double)take(t, 2) / 32767.5 - 1);
    const uint64_t bits = (uint64_t)take(t, 4) << 32 | take(t, 4);
    double trim;
    memcpy(&trim, &bits, sizeof trim);
    return trim;
}

/* ---- Buffers ----------------------------------------------------------------------------- */

typedef struct buffer {
    unsigned char *memory; /* exactly as long as it has to be, for the address sanitizer */
    size_t bytes, offset;  /* the samples start at the offset, any number of bytes */
    uint32_t frames, channels, format, stride;
} buffer;

static size_t sample_bytes(uint32_t format) {
    return format & VP_FORMAT_S16 ? sizeof(int16_t) : sizeof(float);
}

static buffer take_buffer(tape *t, uint32_t channels, uint32_t frames_limit) {
    buffer b = {.offset = take(t, 1) % 8, .channels = channels};
    b.frames = take(t, 2) % frames_limit;
    b.format = take(t, 1) % 4;
    b.stride = b.frames + take(t, 1) % STRIDE_GAP;
    const size_t samples = b.format & VP_FORMAT_INTERLEAVED ? (size_t)b.frames * channels
                           : b.frames ? (size_t)b.stride * (channels - 1) + b.frames
                                      : 0;
    b.bytes = b.offset + samples * sample_bytes(b.format);
    b.memory = malloc(b.bytes ? b.bytes : 1);
    require(b.memory != NULL);
    memset(b.memory, GUARD, b.bytes);
    return b;
}

static const unsigned char *sample_at(const buffer *b, uint32_t channel, uint32_t frame) {
    const size_t sample = b->format & VP_FORMAT_INTERLEAVED ? (size_t)frame * b->channels + channel
                                                            : (size_t)channel * b->stride + frame;
    return b->memory + b->offset + sample * sample_bytes(b->format);
}

/* Bits as they come, some of one byte, which make quiet samples, or a pattern where they end. */
static void fill(buffer *b, tape *t) {
    const uint32_t kind = take(t, 1), pattern = take(t, 4);
    for (size_t i = 0; i + sizeof(uint32_t) <= b->bytes; i += sizeof(uint32_t)) {
        const uint32_t bits =
            t->left && kind < 128 ? take(t, kind & 1 ? 4 : 1) : pattern ^ (uint32_t)i << kind % 24;
        memcpy(b->memory + i, &bits, sizeof bits);
    }
}

/* The bytes of what was produced count as guards from then on, so that all bytes are to be. */
static void check_output(buffer *b, uint32_t produced) {
    const double loudest = (double)GAIN * VP_SAMPLE_LIMIT;
    for (uint32_t channel = 0; channel < b->channels; channel++)
        for (uint32_t frame = 0; frame < produced; frame++) {
            const unsigned char *at = sample_at(b, channel, frame);
            float x = 0;
            if (!(b->format & VP_FORMAT_S16)) memcpy(&x, at, sizeof x);
            require(isfinite(x) && fabs((double)x) <= loudest);
            memset(b->memory + (at - b->memory), GUARD, sample_bytes(b->format));
        }
    for (size_t i = 0; i < b->bytes; i++)
        require(b->memory[i] == GUARD);
}

/* ---- Calls ------------------------------------------------------------------------------- */

static vp_resampler_io io_of(const buffer *input, const buffer *output) {
    return (vp_resampler_io){
        .input = input->frames ? input->memory + input->offset : NULL,
        .output = output->frames ? output->memory + output->offset : NULL,
        .input_frames = input->frames,
        .output_frames = output->frames,
        .input_format = input->format,
        .output_format = output->format,
        .input_stride = input->stride,
        .output_stride = output->stride,
    };
}

/* One field or more made what the fuzzer likes, but no address, so that nothing foreign is read: it is
 * only called where it must be refused. */
static void refused(owner *o, vp_resampler_io io, tape *t) {
    const bool planar = o->config.channels > 1; /* alone, a channel has no next one */
    switch (take(t, 1) % 6) {
    case 0:
        io.input_format = 4 + take(t, 4) % (UINT32_MAX - 4);
        break;
    case 1:
        io.output_format = 4 + take(t, 4) % (UINT32_MAX - 4);
        break;
    case 2:
        if (!planar || io.input_format & VP_FORMAT_INTERLEAVED || !io.input_frames) return;
        io.input_stride = take(t, 4) % io.input_frames;
        break;
    case 3:
        if (!planar || io.output_format & VP_FORMAT_INTERLEAVED || !io.output_frames) return;
        io.output_stride = take(t, 4) % io.output_frames;
        break;
    case 4:
        if (!io.input_frames) return;
        io.input = NULL;
        break;
    default:
        if (!io.output_frames) return;
        io.output = NULL;
        break;
    }
    const vp_resampler_io asked = io;
    const uint32_t bound = vp_resampler_output_bound(o->resampler, 1000);
    require(vp_resampler_process(o->resampler, &io) < 0);
    require(memcmp(&io, &asked, sizeof io) == 0);
    require(vp_resampler_output_bound(o->resampler, 1000) == bound);
}

static void push(owner *o, const buffer *input, buffer *output, tape *t) {
    vp_resampler_io io = io_of(input, output);
    const uint32_t bound = vp_resampler_output_bound(o->resampler, input->frames);
    unsigned char *before = malloc(input->bytes + 1);
    require(before != NULL);
    memcpy(before, input->memory, input->bytes);
    if (take(t, 1) < 32) refused(o, io, t);
    const int32_t status = vp_resampler_process(o->resampler, &io);
    require(memcmp(before, input->memory, input->bytes) == 0);
    free(before);
    require(status == (o->flushed ? VP_E_FLUSHED : VP_OK));
    if (status < 0) return;
    require(io.consumed <= input->frames && io.produced <= output->frames);
    require(io.consumed == input->frames || io.produced == output->frames);
    require(io.produced <= bound);
    check_output(output, io.produced);
    o->received += io.consumed;
    o->given += io.produced;
    require(o->trimmed || o->given <= expected_length(o));
}

static void flush(owner *o, const buffer *input, buffer *output) {
    vp_resampler_io io = io_of(input, output);
    const uint32_t held = vp_resampler_output_bound(o->resampler, 0);
    require(vp_resampler_flush(o->resampler, &io) == VP_OK);
    o->flushed = true;
    require(io.consumed == 0);
    require(io.produced == (held < output->frames ? held : output->frames));
    require(o->trimmed || held == expected_length(o) - o->given);
    check_output(output, io.produced);
    o->given += io.produced;
}

static void trim(owner *o, double by) {
    const int32_t status = vp_resampler_trim(o->resampler, by);
    if (!o->config.adjustable) {
        require(status == VP_E_MODE);
    } else if (fabs(by) <= VP_TRIM_MAX) {
        require(status == VP_OK);
        o->trimmed = true; /* even by 0, after another: reset keeps it */
    } else {
        require(status == VP_E_TRIM);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    tape t = {data, length};
    owner o = {.config = take_config(&t)};
    const int32_t size = vp_resampler_size(&o.config);
    if (size < 0) {
        require(size == VP_E_RATE || size == VP_E_MODE || size == VP_E_CHANNELS);
        return 0;
    }
    o.resampler = aligned_alloc(VP_ALIGNMENT, ((size_t)size + 15) / 16 * 16);
    require(o.resampler != NULL);
    memset(o.resampler, GUARD, (size_t)size);
    require(vp_resampler_init(o.resampler, (uint32_t)size, &o.config) == VP_OK);
    const double latency = vp_resampler_latency_samples(o.resampler);
    require(latency >= 0 && latency < 3. * VP_RATE_MAX_HZ);
    while (t.left) {
        const uint32_t command = take(&t, 1);
        if (command < 8) {
            vp_resampler_reset(o.resampler);
            o.received = o.given = 0;
            o.flushed = false;
        } else if (command < 48) {
            trim(&o, take_trim(&t));
        } else {
            buffer input = take_buffer(&t, o.config.channels, INPUT_FRAMES);
            buffer output = take_buffer(&t, o.config.channels, OUTPUT_FRAMES);
            fill(&input, &t);
            if (command < 72)
                flush(&o, &input, &output);
            else
                push(&o, &input, &output, &t);
            free(input.memory);
            free(output.memory);
        }
    }
    free(o.resampler);
    return 0;
}
