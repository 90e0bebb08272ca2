/* resamplers ENGINE INPUT_HZ OUTPUT_HZ REQUESTS ANSWERS
 *
 * libsoxr and libsamplerate as a process, for whoever measures them from elsewhere. ENGINE is soxr-hq,
 * soxr-vhq, libsamplerate-best or libsamplerate-medium; one channel, floats.
 *
 * REQUESTS and ANSWERS are named pipes. A request is two uint32 and what the first calls for, an answer
 * is waited for before the next; the end of the requests ends the program:
 *
 *   PUSH count, floats   the stream takes them      -> uint32 count, floats
 *   END 0                and gives what is left     -> uint32 count, floats
 *   ONCE count, floats   all of a clip, by the library's one-shot function -> uint32 count, floats
 *   CLIP count, floats   kept for the laps          -> nothing
 *   LAP block            the clip in blocks of so many, on and on in the same stream; or, where it is
 *                        0, like ONCE        -> double, nanoseconds
 */
#include <samplerate.h>
#include <soxr.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PUSH, END, ONCE, CLIP, LAP };

/* soxr hands its transforms' blocks out at once. */
enum { BURST = 1 << 17 };

typedef struct engine {
    const char *name;
    bool is_soxr;
    unsigned long quality; /* soxr's recipe, or libsamplerate's converter type */
} engine;

static const engine ENGINES[] = {
    {"soxr-hq", true, SOXR_HQ},
    {"soxr-vhq", true, SOXR_VHQ},
    {"libsamplerate-best", false, SRC_SINC_BEST_QUALITY},
    {"libsamplerate-medium", false, SRC_SINC_MEDIUM_QUALITY},
};

typedef struct stream {
    const engine *engine;
    double input_hz, output_hz;
    soxr_t soxr;
    SRC_STATE *src;
} stream;

typedef struct buffer {
    float *samples;
    uint32_t count, room;
} buffer;

static void fail(const char *what) {
    fprintf(stderr, "resamplers: %s\n", what);
    exit(1);
}

static void reserve(buffer *buffer, uint32_t room) {
    if (room <= buffer->room) return;
    buffer->samples = realloc(buffer->samples, room * sizeof(float));
    if (!buffer->samples) fail("out of memory");
    buffer->room = room;
}

static const engine *find_engine(const char *name) {
    for (size_t i = 0; i < sizeof ENGINES / sizeof *ENGINES; i++)
        if (strcmp(ENGINES[i].name, name) == 0) return &ENGINES[i];
    fail("no such engine");
    return NULL;
}

static stream open_stream(const engine *engine, double input_hz, double output_hz) {
    stream stream = {engine, input_hz, output_hz, NULL, NULL};
    if (engine->is_soxr) {
        const soxr_quality_spec_t quality = soxr_quality_spec(engine->quality, 0);
        soxr_error_t error;
        stream.soxr = soxr_create(input_hz, output_hz, 1, &error, NULL, &quality, NULL);
        if (error) fail(error);
    } else {
        int error;
        stream.src = src_new((int)engine->quality, 1, &error);
        if (error) fail(src_strerror(error));
    }
    return stream;
}

/* How much room the answer to so many samples may need. */
static uint32_t output_room(const stream *stream, uint32_t count) {
    return (uint32_t)(count * stream->output_hz / stream->input_hz) + BURST;
}

/* Gives all of the input, and the end of it where that is asked; returns the samples written. */
static uint32_t convert(stream *stream, const float *input, uint32_t count, bool end, float *output,
                        uint32_t room) {
    if (stream->soxr) {
        size_t taken = 0, given = 0;
        const soxr_error_t error =
            soxr_process(stream->soxr, end ? NULL : input, count, &taken, output, room, &given);
        if (error) fail(error);
        if (taken != count) fail("soxr left input");
        return (uint32_t)given;
    }
    SRC_DATA data = {
        .data_in = input,
        .data_out = output,
        .input_frames = count,
        .output_frames = room,
        .end_of_input = end,
        .src_ratio = stream->output_hz / stream->input_hz,
    };
    const int error = src_process(stream->src, &data);
    if (error) fail(src_strerror(error));
    if (data.input_frames_used != count) fail("libsamplerate left input");
    return (uint32_t)data.output_frames_gen;
}

static uint32_t convert_at_once(const stream *stream, const buffer *clip, buffer *output) {
    if (stream->soxr) {
        const soxr_quality_spec_t quality = soxr_quality_spec(stream->engine->quality, 0);
        size_t taken, given;
        const soxr_error_t error =
            soxr_oneshot(stream->input_hz, stream->output_hz, 1, clip->samples, clip->count, &taken,
                         output->samples, output->room, &given, NULL, &quality, NULL);
        if (error) fail(error);
        return (uint32_t)given;
    }
    SRC_DATA data = {
        .data_in = clip->samples,
        .data_out = output->samples,
        .input_frames = clip->count,
        .output_frames = output->room,
        .src_ratio = stream->output_hz / stream->input_hz,
    };
    const int error = src_simple(&data, (int)stream->engine->quality, 1);
    if (error) fail(src_strerror(error));
    return (uint32_t)data.output_frames_gen;
}

static double now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double lap_ns(stream *stream, const buffer *clip, uint32_t block, buffer *output) {
    reserve(output, output_room(stream, clip->count));
    const double start = now_ns();
    if (block == 0)
        convert_at_once(stream, clip, output);
    else
        for (uint32_t at = 0; at < clip->count; at += block) {
            const uint32_t count = clip->count - at < block ? clip->count - at : block;
            convert(stream, clip->samples + at, count, false, output->samples, output->room);
        }
    return now_ns() - start;
}

static void read_samples(FILE *requests, buffer *buffer, uint32_t count) {
    reserve(buffer, count + 1);
    if (fread(buffer->samples, sizeof(float), count, requests) != count)
        fail("a request is cut off");
    buffer->count = count;
}

static void answer_samples(FILE *answers, stream *stream, const buffer *input, uint32_t request,
                           buffer *output) {
    reserve(output, output_room(stream, input->count));
    const uint32_t count = request == ONCE ? convert_at_once(stream, input, output)
                                           : convert(stream, input->samples, input->count,
                                                     request == END, output->samples, output->room);
    fwrite(&count, sizeof count, 1, answers);
    fwrite(output->samples, sizeof(float), count, answers);
}

static void serve(FILE *requests, FILE *answers, stream *stream) {
    buffer input = {0}, clip = {0}, output = {0};
    uint32_t request[2];
    while (fread(request, sizeof request, 1, requests) == 1) {
        if (request[0] == PUSH || request[0] == END || request[0] == ONCE) {
            read_samples(requests, &input, request[1]);
            answer_samples(answers, stream, &input, request[0], &output);
        } else if (request[0] == CLIP) {
            read_samples(requests, &clip, request[1]);
        } else if (request[0] == LAP) {
            const double ns = lap_ns(stream, &clip, request[1], &output);
            fwrite(&ns, sizeof ns, 1, answers);
        } else {
            fail("an unknown request");
        }
        fflush(answers);
    }
    free(input.samples);
    free(clip.samples);
    free(output.samples);
}

int main(int count, char **arguments) {
    if (count != 6) fail("wants ENGINE INPUT_HZ OUTPUT_HZ REQUESTS ANSWERS");
    FILE *requests = fopen(arguments[4], "rb");
    FILE *answers = fopen(arguments[5], "wb");
    if (!requests || !answers) fail("cannot open the pipes");
    stream stream = open_stream(find_engine(arguments[1]), atof(arguments[2]), atof(arguments[3]));
    serve(requests, answers, &stream);
    soxr_delete(stream.soxr);
    src_delete(stream.src);
    return 0;
}
