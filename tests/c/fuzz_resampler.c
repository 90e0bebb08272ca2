/* libFuzzer: two rates, then pushes, flushes and resets of sizes and samples the fuzzer chooses. */
#include "voicepath/resampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) abort();                                                                 \
    } while (0)

typedef struct bytes {
    const uint8_t *at;
    size_t left;
} bytes;

/* The next count bytes, as zeros where there are no more. */
static uint32_t next(bytes *b, uint32_t count) {
    uint32_t value = 0;
    while (count--) {
        value = value << 8 | (b->left ? *b->at : 0);
        if (b->left) b->at++, b->left--;
    }
    return value;
}

static uint64_t expected_length(vp_resampler_config c, uint64_t inputs) {
    return (inputs * c.output_rate_hz + c.input_rate_hz - 1) / c.input_rate_hz;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint32_t usual[] = {8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000};
    bytes b = {data, size};
    vp_resampler_config config = {next(&b, 3), next(&b, 3)};
    if (config.input_rate_hz < 9) config.input_rate_hz = usual[config.input_rate_hz];
    if (config.output_rate_hz < 9) config.output_rate_hz = usual[config.output_rate_hz];
    const int32_t needed = vp_resampler_size(&config);
    if (needed < 0) {
        CHECK(needed == VP_E_RATE);
        return 0;
    }
    CHECK(needed <= 200000);

    vp_resampler *r = aligned_alloc(VP_ALIGNMENT, ((size_t)needed + 15) / 16 * 16);
    CHECK(r && vp_resampler_init(r, (uint32_t)needed, &config) == VP_OK);
    const double latency = vp_resampler_latency_samples(r);
    uint64_t received = 0, given = 0;
    int flushed = 0;
    while (b.left) {
        const uint32_t what = next(&b, 1), capacity = next(&b, 2) % 3000;
        float *output = malloc(capacity * sizeof *output); /* exact, for the address sanitizer */
        vp_resampler_progress p = {0, 0};
        if (what < 8) {
            vp_resampler_reset(r);
            received = given = 0;
            flushed = 0;
        } else if (what < 32) {
            const uint64_t rest = expected_length(config, received) - given;
            CHECK(vp_resampler_flush(r, output, capacity, &p) == VP_OK);
            flushed = 1;
            CHECK(p.consumed == 0 && p.produced == (rest < capacity ? rest : capacity));
        } else {
            const uint32_t length = next(&b, 2) % 2000;
            const uint32_t bound = vp_resampler_output_bound(r, length);
            float *input = malloc(length * sizeof *input);
            for (uint32_t i = 0; i < length; i++) {
                const uint32_t bits = next(&b, what % 2 ? 4 : 1) ^ (what % 4 == 2 ? i << 22 : 0);
                memcpy(&input[i], &bits, sizeof bits);
            }
            const int32_t status = vp_resampler_process(r, input, length, output, capacity, &p);
            free(input);
            CHECK(status == (flushed ? VP_E_FLUSHED : VP_OK));
            CHECK(p.consumed <= length && p.produced <= capacity && p.produced <= bound);
            CHECK(flushed || p.consumed == length || p.produced == capacity);
            received += p.consumed;
        }
        given += p.produced;
        for (uint32_t i = 0; i < p.produced; i++)
            CHECK(isfinite(output[i]));
        free(output);
        CHECK(given <= expected_length(config, received));
        if (!flushed && given) {
            const double last = (double)(given - 1) * config.input_rate_hz / config.output_rate_hz;
            CHECK(last + latency < (double)received + 1e-6);
        }
    }
    free(r);
    return 0;
}
