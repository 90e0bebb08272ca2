/* Any rate to any other by way of twice the lower rate.
 *
 * The steep filter of a resampler is long, and at an awkward ratio it needs a set of taps for every
 * phase. Here it never meets the ratio. Let fN be the Nyquist frequency of the lower rate:
 *
 *   down   input -> polyphase -> 2 x output rate -> FIR, every second sample -> output
 *   up     input -> FIR, a sample in between -> 2 x input rate -> polyphase -> output
 *
 * The FIR is the same for all rates: it passes most of fN and stops fN. That leaves the polyphase
 * stage from there to 3 fN to fall, since what it lets through in between meets the FIR's stop band,
 * and so it needs few taps. Where it has nothing to do, from 48 to 24 kHz for instance, it is left
 * out, unless the rate may be trimmed.
 *
 * Whole clips go another way, by long transforms: overlap_save.c.
 *
 * Every channel has streams of its own through the same filters. They are always at the same place,
 * so the first one tells how many samples there are.
 */
#include "voicepath/resampler.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "fir.h"
#include "integer.h"
#include "line.h"
#include "memory.h"
#include "overlap_save.h"
#include "polyphase.h"
#include "sample.h"

enum {
    CHUNK = 256, /* samples handed on at once */
    ROOM = 768,  /* samples a line takes before what is left of it moves to its start */
};

typedef enum path { COPY, DOWN, UP, WHOLE } path;

typedef struct channel {
    polyphase_stream polyphase;
    fir_stream fir;
    uint64_t between; /* samples that went from the first stage to the second */
    line taken,
        given; /* of WHOLE: what the next transforms read, and what is left of their output */
} channel;

struct vp_resampler {
    uint32_t in, out; /* the rates without their common divisor */
    uint32_t channels;
    path path;
    bool adjustable, flushed;
    bool pending; /* outputs are ready that the last call had no room for */
    uint64_t received, given;
    uint64_t left; /* once flushed: outputs to come */
    bool has_polyphase;
    polyphase polyphase;
    const fir *fir;
    overlap_save *transform;
    overlap_save_shape shape; /* of the transform's batches */
    channel channel[VP_CHANNELS_MAX];
};

/* ---- Configuration and memory ---- */

void vp_resampler_config_init(vp_resampler_config *config, uint32_t input_rate_hz,
                              uint32_t output_rate_hz) {
    *config = (vp_resampler_config){
        .input_rate_hz = input_rate_hz,
        .output_rate_hz = output_rate_hz,
        .mode = VP_RESAMPLER_BALANCED,
        .channels = 1,
    };
}

static bool rate_ok(uint32_t rate_hz) {
    return rate_hz >= VP_RATE_MIN_HZ && rate_hz <= VP_RATE_MAX_HZ;
}

static int32_t check(const vp_resampler_config *config) {
    if (!config) return VP_E_NULL;
    if (!rate_ok(config->input_rate_hz) || !rate_ok(config->output_rate_hz)) return VP_E_RATE;
    if (config->mode > VP_RESAMPLER_OFFLINE || config->adjustable > 1) return VP_E_MODE;
    if (config->mode == VP_RESAMPLER_OFFLINE && config->adjustable) return VP_E_MODE;
    if (config->channels < 1 || config->channels > VP_CHANNELS_MAX) return VP_E_CHANNELS;
    return VP_OK;
}

/* The next piece of the block: base is NULL where only its size is asked for. */
static void *take(char *base, uint32_t *used, uint32_t bytes) {
    void *piece = base ? base + *used : NULL;
    *used += vp_align_up(bytes);
    return piece;
}

static line take_line(char *base, uint32_t *used, uint32_t capacity) {
    const uint32_t bytes = (capacity + FIR_GROUP) * (uint32_t)sizeof(float);
    return (line){.samples = take(base, used, bytes), .capacity = capacity};
}

static const struct filters {
    fir_kind fir;
    polyphase_kind polyphase;
} filters[] = {
    [VP_RESAMPLER_BALANCED] = {FIR_BALANCED, POLYPHASE_BALANCED},
    [VP_RESAMPLER_BEST] = {FIR_BEST, POLYPHASE_BEST},
    [VP_RESAMPLER_ULTRA] = {FIR_ULTRA, POLYPHASE_ULTRA},
    [VP_RESAMPLER_LOW_LATENCY] = {FIR_LOW_LATENCY, POLYPHASE_LOW_LATENCY},
    [VP_RESAMPLER_OFFLINE] = {FIR_ULTRA, POLYPHASE_ULTRA},
};

/* Input that a batch reads. */
static uint32_t batch_window(const vp_resampler *r) {
    return r->shape.inputs + 2 * r->shape.margin;
}

static void lay_out_transform(vp_resampler *r, char *base, uint32_t *used, uint32_t bytes) {
    r->path = WHOLE;
    r->transform = take(base, used, bytes);
    r->shape = overlap_save_shape_of(r->in, r->out);
    for (uint32_t i = 0; i < r->channels; i++) {
        r->channel[i].taken = take_line(base, used, batch_window(r) + CHUNK);
        r->channel[i].given = take_line(base, used, r->shape.outputs);
    }
}

static void lay_out_stages(vp_resampler *r, char *base, uint32_t *used,
                           const vp_resampler_config *config) {
    const uint32_t in = config->input_rate_hz, out = config->output_rate_hz;
    const uint32_t low = min_u32(in, out);
    r->path = in > out ? DOWN : UP;
    r->fir = fir_of(filters[config->mode].fir);
    const uint32_t from = r->path == DOWN ? in : 2 * low, to = r->path == DOWN ? 2 * low : out;
    r->has_polyphase = from != to || r->adjustable;
    if (r->has_polyphase) {
        polyphase *p = &r->polyphase;
        *p = polyphase_of(filters[config->mode].polyphase, from, to, low, r->adjustable);
        p->table = take(base, used, polyphase_table_length(p) * (uint32_t)sizeof *p->table);
    }
    for (uint32_t i = 0; i < r->channels; i++) {
        channel *c = &r->channel[i];
        c->fir.even = take_line(base, used, fir_window(r->fir) + ROOM);
        if (r->path == DOWN) c->fir.odd = take_line(base, used, fir_window(r->fir) + ROOM);
        if (r->has_polyphase) c->polyphase.line = take_line(base, used, r->polyphase.taps + ROOM);
    }
}

/* Sets everything but the contents of the tables and lines, which follow the struct in one block.
 * Returns the size of it all. */
static uint32_t lay_out(vp_resampler *r, char *base, const vp_resampler_config *config) {
    const uint32_t in = config->input_rate_hz, out = config->output_rate_hz;
    const uint32_t common = gcd_u32(in, out);
    *r = (vp_resampler){
        .in = in / common,
        .out = out / common,
        .channels = config->channels,
        .adjustable = config->adjustable,
        .path = COPY,
    };
    uint32_t used = vp_align_up(sizeof *r);
    if (in == out && !r->adjustable) return used;
    const uint32_t bytes =
        config->mode == VP_RESAMPLER_OFFLINE ? overlap_save_size(r->in, r->out) : 0;
    if (bytes > 0)
        lay_out_transform(r, base, &used, bytes);
    else
        lay_out_stages(r, base, &used, config);
    return used;
}

int32_t vp_resampler_size(const vp_resampler_config *config) {
    vp_resampler r;
    const int32_t status = check(config);
    return status < 0 ? status : (int32_t)lay_out(&r, NULL, config);
}

int32_t vp_resampler_init(vp_resampler *r, uint32_t size, const vp_resampler_config *config) {
    const int32_t needed = vp_resampler_size(config);
    if (!r) return VP_E_NULL;
    if (needed < 0) return needed;
    if (!vp_block_fits(r, size, needed)) return VP_E_MEMORY;
    memset(r, 0, (uint32_t)needed);
    lay_out(r, (char *)r, config);
    if (r->path == WHOLE) overlap_save_init(r->transform, r->in, r->out);
    if (r->has_polyphase) polyphase_design(&r->polyphase);
    vp_resampler_reset(r);
    return VP_OK;
}

void vp_resampler_reset(vp_resampler *r) {
    r->received = r->given = r->left = 0;
    r->flushed = r->pending = false;
    for (uint32_t i = 0; i < r->channels; i++) {
        channel *c = &r->channel[i];
        c->between = 0;
        if (r->fir) fir_reset(r->fir, &c->fir);
        if (r->has_polyphase) polyphase_reset(&r->polyphase, &c->polyphase);
        if (r->path == WHOLE) {
            line_reset(&c->taken, r->shape.margin);
            line_reset(&c->given, 0);
        }
    }
}

int32_t vp_resampler_trim(vp_resampler *r, double trim) {
    if (!r) return VP_E_NULL;
    if (!r->adjustable) return VP_E_MODE;
    if (!(fabs(trim) <= VP_TRIM_MAX)) return VP_E_TRIM;
    polyphase_trim(&r->polyphase, trim);
    if (r->received == 0) vp_resampler_reset(r);
    return VP_OK;
}

/* ---- One channel ---- */

/* Where the first stage takes its samples; NULL where they go into two lines. */
static line *first_line(const vp_resampler *r, channel *c) {
    if (r->path == WHOLE) return &c->taken;
    if (r->path == UP) return &c->fir.even;
    return r->has_polyphase ? &c->polyphase.line : NULL;
}

/* Samples that the polyphase stage is to give the FIR: no more than it needs. Where the rate may be
 * trimmed, nor an odd one whose even one cannot follow, so that a trim takes hold at the same place
 * however the stream is cut. */
static uint32_t between_wanted(const vp_resampler *r, const channel *c, uint32_t outputs) {
    const uint32_t needed =
        min_u32(CHUNK, fir_halve_needs(r->fir, &c->fir, min_u32(CHUNK, outputs)));
    if (!r->adjustable) return needed;
    const uint32_t wanted = min_u32(needed, polyphase_ready(&r->polyphase, &c->polyphase));
    return wanted - (wanted > 0 && wanted % 2 == c->fir.next_odd);
}

static uint32_t pull_down(const vp_resampler *r, channel *c, float *output, uint32_t capacity) {
    if (!r->has_polyphase) return fir_halve_run(r->fir, &c->fir, output, capacity);
    float chunk[CHUNK];
    uint32_t count = 0;
    while (count < capacity) {
        const uint32_t moved = polyphase_run(&r->polyphase, &c->polyphase, chunk,
                                             between_wanted(r, c, capacity - count));
        fir_halve_push(&c->fir, chunk, moved);
        c->between += moved;
        const uint32_t given = fir_halve_run(r->fir, &c->fir, output + count, capacity - count);
        if (given == 0 && moved == 0) break;
        count += given;
    }
    return count;
}

static uint32_t pull_up(const vp_resampler *r, channel *c, float *output, uint32_t capacity) {
    if (!r->has_polyphase) return fir_double_run(r->fir, &c->fir, output, capacity);
    float chunk[CHUNK];
    uint32_t count = 0, moved = CHUNK;
    for (;;) {
        count += polyphase_run(&r->polyphase, &c->polyphase, output + count, capacity - count);
        if (count == capacity || moved < CHUNK) return count;
        moved = fir_double_run(r->fir, &c->fir, chunk, CHUNK);
        line_push(&c->polyphase.line, chunk, moved);
        c->between += moved;
    }
}

static uint32_t pull_whole(const vp_resampler *r, channel *c, float *output, uint32_t capacity) {
    uint32_t count = 0;
    for (;;) {
        const uint32_t some = min_u32(capacity - count, line_length(&c->given));
        memcpy(output + count, c->given.samples + c->given.begin, some * sizeof *output);
        c->given.begin += some;
        count += some;
        if (count == capacity || line_length(&c->taken) < batch_window(r)) break;
        line_reset(&c->given, 0);
        overlap_save_run(r->transform, c->taken.samples + c->taken.begin,
                         line_extend(&c->given, r->shape.outputs));
        c->taken.begin += r->shape.inputs;
    }
    return count;
}

/* Gives what the samples so far allow. Where that is less than capacity, all lines have run dry and
 * have room for a chunk. */
static uint32_t pull(const vp_resampler *r, channel *c, float *output, uint32_t capacity) {
    switch (r->path) {
    case DOWN:
        return pull_down(r, c, output, capacity);
    case UP:
        return pull_up(r, c, output, capacity);
    default:
        return pull_whole(r, c, output, capacity);
    }
}

/* ---- Formats ---- */

enum { FORMATS = (VP_FORMAT_S16 | VP_FORMAT_INTERLEAVED) + 1 };

/* One channel's samples in a buffer. */
typedef struct lane {
    char *first;
    size_t step; /* bytes from one sample to the next */
    bool s16;
} lane;

static lane lane_of(const void *buffer, uint32_t format, uint32_t stride, uint32_t channels,
                    uint32_t channel) {
    const bool s16 = format & VP_FORMAT_S16, interleaved = format & VP_FORMAT_INTERLEAVED;
    const size_t bytes = s16 ? sizeof(int16_t) : sizeof(float);
    const size_t first = (size_t)channel * (interleaved ? 1 : stride);
    return (lane){(char *)((uintptr_t)buffer + first * bytes), (interleaved ? channels : 1) * bytes,
                  s16};
}

static void read_lane(const lane *l, uint32_t from, float *to, uint32_t count) {
    const char *at = l->first + from * l->step;
    if (l->s16) {
        for (uint32_t i = 0; i < count; i++) {
            int16_t s16;
            memcpy(&s16, at + i * l->step, sizeof s16);
            to[i] = (float)s16 / 32768;
        }
        return;
    }
    if (l->step == sizeof *to) {
        memcpy(to, at, count * sizeof *to);
    } else {
        for (uint32_t i = 0; i < count; i++)
            memcpy(&to[i], at + i * l->step, sizeof *to);
    }
    for (uint32_t i = 0; i < count; i++)
        to[i] = vp_sample_clean(to[i]);
}

static void write_lane(const lane *l, uint32_t from, const float *samples, uint32_t count) {
    char *at = l->first + from * l->step;
    for (uint32_t i = 0; i < count; i++, at += l->step) {
        if (l->s16) {
            const float scaled = rintf(samples[i] * 32768);
            const int16_t s16 = (int16_t)(scaled > 32767    ? 32767
                                          : scaled < -32768 ? -32768
                                                            : scaled);
            memcpy(at, &s16, sizeof s16);
        } else {
            memcpy(at, &samples[i], sizeof samples[i]);
        }
    }
}

/* Bytes a buffer takes, beyond any real one where a count is absurd. */
static uint64_t extent(uint32_t format, uint32_t frames, uint32_t stride, uint32_t channels) {
    const uint64_t bytes = format & VP_FORMAT_S16 ? sizeof(int16_t) : sizeof(float);
    if (frames == 0) return 0;
    if (format & VP_FORMAT_INTERLEAVED) return bytes * frames * channels;
    return bytes * ((uint64_t)stride * (channels - 1) + frames);
}

static int32_t check_io(const vp_resampler *r, const vp_resampler_io *io, bool reads) {
    if (!r || !io) return VP_E_NULL;
    const uint32_t frames = reads ? io->input_frames : 0;
    if ((frames && !io->input) || (io->output_frames && !io->output)) return VP_E_NULL;
    if ((reads && io->input_format >= FORMATS) || io->output_format >= FORMATS) return VP_E_FORMAT;
    const bool planar_in = !(io->input_format & VP_FORMAT_INTERLEAVED) && r->channels > 1;
    const bool planar_out = !(io->output_format & VP_FORMAT_INTERLEAVED) && r->channels > 1;
    if ((planar_in && io->input_stride < frames) ||
        (planar_out && io->output_stride < io->output_frames))
        return VP_E_LENGTH;
    const uint64_t in_bytes = extent(io->input_format, frames, io->input_stride, r->channels);
    const uint64_t out_bytes =
        extent(io->output_format, io->output_frames, io->output_stride, r->channels);
    const uintptr_t in = (uintptr_t)io->input, out = (uintptr_t)io->output;
    if (in_bytes > UINTPTR_MAX - in || out_bytes > UINTPTR_MAX - out) return VP_E_LENGTH;
    if (in_bytes && out_bytes && in < out + out_bytes && out < in + in_bytes) return VP_E_OVERLAP;
    return VP_OK;
}

/* ---- Streams ---- */

/* Writes up to count more outputs, by way of a chunk where they do not lie one after the other. */
static uint32_t give(vp_resampler *r, const vp_resampler_io *io, uint32_t produced,
                     uint32_t count) {
    float chunk[CHUNK];
    uint32_t given = 0, most = 0;
    for (uint32_t i = 0; i < r->channels; i++) {
        const lane l = lane_of(io->output, io->output_format, io->output_stride, r->channels, i);
        char *at = l.first + produced * l.step;
        if (!l.s16 && l.step == sizeof(float) && (uintptr_t)at % sizeof(float) == 0) {
            most = count;
            given = pull(r, &r->channel[i], (float *)(void *)at, most);
        } else {
            most = min_u32(count, CHUNK);
            given = pull(r, &r->channel[i], chunk, most);
            write_lane(&l, produced, chunk, given);
        }
    }
    r->pending = given == most;
    return given;
}

/* Reads up to a chunk of input, or of silence where there is no io; gives how much. */
static uint32_t take_in(vp_resampler *r, const vp_resampler_io *io, uint32_t consumed) {
    const uint32_t count = io ? min_u32(CHUNK, io->input_frames - consumed) : CHUNK;
    float chunk[CHUNK];
    for (uint32_t i = 0; count > 0 && i < r->channels; i++) {
        line *first = first_line(r, &r->channel[i]);
        float *samples = first ? line_extend(first, count) : chunk;
        if (io) {
            const lane l = lane_of(io->input, io->input_format, io->input_stride, r->channels, i);
            read_lane(&l, consumed, samples, count);
        } else {
            memset(samples, 0, count * sizeof *samples);
        }
        if (!first) fir_halve_push(&r->channel[i].fir, chunk, count);
    }
    return count;
}

static void copy(vp_resampler *r, vp_resampler_io *io) {
    const uint32_t count = min_u32(io->input_frames, io->output_frames);
    for (uint32_t i = 0; i < r->channels; i++) {
        const lane from = lane_of(io->input, io->input_format, io->input_stride, r->channels, i);
        const lane to = lane_of(io->output, io->output_format, io->output_stride, r->channels, i);
        float chunk[CHUNK];
        for (uint32_t at = 0; at < count; at += CHUNK) {
            const uint32_t some = min_u32(CHUNK, count - at);
            read_lane(&from, at, chunk, some);
            write_lane(&to, at, chunk, some);
        }
    }
    io->consumed = io->produced = count;
}

static void convert(vp_resampler *r, vp_resampler_io *io) {
    uint32_t consumed = 0, produced = 0;
    while (produced < io->output_frames) {
        if (!r->pending) {
            const uint32_t count = take_in(r, io, consumed);
            if (count == 0) break;
            consumed += count;
        }
        produced += give(r, io, produced, io->output_frames - produced);
    }
    io->consumed = consumed;
    io->produced = produced;
}

int32_t vp_resampler_process(vp_resampler *r, vp_resampler_io *io) {
    const int32_t status = check_io(r, io, true);
    if (status < 0) return status;
    if (r->flushed) return VP_E_FLUSHED;
    if (r->path == COPY)
        copy(r, io);
    else
        convert(r, io);
    r->received += io->consumed;
    r->given += io->produced;
    return VP_OK;
}

/* Outputs whose time lies within so many inputs: ceil(inputs * out / in), without overflow. */
static uint64_t outputs_within(const vp_resampler *r, uint64_t inputs) {
    return inputs / r->in * r->out + (inputs % r->in * r->out + r->in - 1) / r->in;
}

/* Outputs that are due once `more` inputs have come and the stream has ended. */
static uint64_t outputs_left(const vp_resampler *r, uint32_t more) {
    const uint64_t received = r->received + more;
    if (!r->adjustable) return outputs_within(r, received) - r->given;
    const channel *c = &r->channel[0];
    if (r->path == UP)
        return polyphase_outputs_before(&r->polyphase, &c->polyphase, 2 * received - c->between);
    const uint64_t doubled =
        c->between + polyphase_outputs_before(&r->polyphase, &c->polyphase, more);
    return (doubled + 1) / 2 - r->given;
}

int32_t vp_resampler_flush(vp_resampler *r, vp_resampler_io *io) {
    const int32_t status = check_io(r, io, false);
    if (status < 0) return status;
    if (!r->flushed) r->left = outputs_left(r, 0);
    r->flushed = true;
    const uint32_t wanted = r->left < io->output_frames ? (uint32_t)r->left : io->output_frames;
    uint32_t produced = 0;
    while (produced < wanted) {
        if (!r->pending) take_in(r, NULL, 0);
        produced += give(r, io, produced, wanted - produced);
    }
    r->left -= produced;
    io->consumed = 0;
    io->produced = produced;
    return VP_OK;
}

double vp_resampler_latency_samples(const vp_resampler *r) {
    if (r->path == COPY) return 0;
    if (r->path == WHOLE) return r->shape.inputs + r->shape.margin;
    const double fir = fir_delay(r->fir);
    const double polyphase = r->has_polyphase ? polyphase_delay(&r->polyphase) : 0;
    return r->path == DOWN ? fir * r->in / r->out + polyphase : fir + polyphase / 2;
}

uint32_t vp_resampler_output_bound(const vp_resampler *r, uint32_t input_frames) {
    const uint64_t bound = r->flushed ? r->left : outputs_left(r, input_frames);
    return bound < UINT32_MAX ? (uint32_t)bound : UINT32_MAX;
}
