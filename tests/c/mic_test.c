/* The microphone path against its parts: resampler and VAD, run one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>
#include <math.h>

#include "voicepath/mic.h"
#include "weights_bytes.h"

enum { INPUT = 48000 * 3, OUTPUT_MAX = 16000 * 4 };

static float input[INPUT];
static float expected[OUTPUT_MAX];

static void *make_block(int32_t size) {
    assert_true(size > 0);
    return aligned_alloc(VP_ALIGNMENT, ((uint32_t)size + 15) & ~15u);
}

static vp_mic_config config_of(uint32_t rate_hz) {
    vp_mic_config config = {.rate_hz = rate_hz};
    vp_vad_config_init(&config.vad);
    config.vad.report_frames = 1;
    return config;
}

static uint32_t resample(uint32_t rate_hz, uint32_t count) {
    vp_resampler_config config;
    vp_resampler_config_init(&config, rate_hz, VP_VAD_RATE_HZ);
    int32_t size = vp_resampler_size(&config);
    vp_resampler *resampler = make_block(size);
    assert_int_equal(vp_resampler_init(resampler, (uint32_t)size, &config), VP_OK);
    vp_resampler_io io = {
        .input = input, .input_frames = count, .output = expected, .output_frames = OUTPUT_MAX};
    vp_resampler_process(resampler, &io);
    assert_int_equal(io.consumed, count);
    uint32_t produced = io.produced;
    io.output = expected + produced;
    io.output_frames = OUTPUT_MAX - produced;
    vp_resampler_flush(resampler, &io);
    free(resampler);
    return produced + io.produced;
}

static uint32_t check_frames(const vp_vad_output *output, uint32_t frame) {
    for (uint32_t i = 0; i < output->event_count; i++) {
        if (output->events[i].kind != VP_VAD_FRAME) continue;
        assert_memory_equal(output->events[i].audio, expected + frame * VP_VAD_FRAME_SAMPLES,
                            VP_VAD_FRAME_SAMPLES * sizeof(float));
        frame++;
    }
    return frame;
}

static void hears_what_the_resampler_gives(void **state) {
    (void)state;
    for (uint32_t i = 0; i < INPUT; i++)
        input[i] = sinf((float)i * 0.05f) * 0.5f;
    vp_vad_model *model = constant_model(0);
    const uint32_t rates[] = {8000, 16000, 22050, 44100, 48000, 96000};
    const uint32_t chunks[] = {1, 128, 129, 4096, 24000};
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        uint32_t count = rates[r] < 24000 ? 24000 : INPUT / 2;
        uint32_t samples = resample(rates[r], count);
        for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
            vp_mic_config config = config_of(rates[r]);
            /* Frames are the same whether a model hears them or not. */
            config.vad.judged = c % 2;
            int32_t size = vp_mic_size(&config);
            vp_mic *mic = make_block(size);
            assert_int_equal(vp_mic_init(mic, (uint32_t)size, &config, c % 2 ? NULL : model),
                             VP_OK);
            uint32_t frame = 0;
            vp_vad_output output;
            for (uint32_t at = 0; at < count; at += chunks[c]) {
                uint32_t block = chunks[c] < count - at ? chunks[c] : count - at;
                uint32_t taken = 0;
                int32_t events = 1;
                while (events > 0 || taken < block) {
                    events = vp_mic_push(mic, input + at + taken, block - taken, &output);
                    assert_true(events >= 0);
                    taken += output.consumed;
                    frame = check_frames(&output, frame);
                }
            }
            while (vp_mic_end(mic, &output) > 0)
                frame = check_frames(&output, frame);
            assert_int_equal(frame, samples / VP_VAD_FRAME_SAMPLES);
            /* After the end a new stream begins, like the first. */
            for (uint32_t taken = 0; taken < count; taken += output.consumed) {
                assert_true(vp_mic_push(mic, input + taken, count - taken, &output) >= 0);
                if (output.event_count) break;
            }
            check_frames(&output, 0);
            free(mic);
        }
    }
    free(model);
}

static void wrong_input_is_refused(void **state) {
    (void)state;
    vp_vad_model *model = constant_model(0);
    vp_mic_config config = config_of(48000);
    int32_t size = vp_mic_size(&config);
    vp_mic *mic = make_block(size);
    vp_vad_output output;
    float sample = 0;
    assert_int_equal(vp_mic_init(mic, (uint32_t)size - 1, &config, model), VP_E_MEMORY);
    assert_int_equal(vp_mic_init((vp_mic *)((char *)mic + 8), (uint32_t)size, &config, model),
                     VP_E_MEMORY);
    assert_int_equal(vp_mic_init(mic, (uint32_t)size, &config, NULL), VP_E_NULL);
    assert_int_equal(vp_mic_init(mic, (uint32_t)size, &config, model), VP_OK);
    assert_int_equal(vp_mic_push(mic, NULL, 1, &output), VP_E_NULL);
    assert_int_equal(vp_mic_push(mic, &sample, 1, NULL), VP_E_NULL);
    assert_int_equal(vp_mic_push(NULL, &sample, 1, &output), VP_E_NULL);
    assert_int_equal(vp_mic_push(mic, NULL, 0, &output), 0);
    assert_int_equal(vp_mic_size(NULL), VP_E_NULL);
    const uint32_t bad_rates[] = {0, 7999, 192001, 0xffffffff};
    for (int i = 0; i < 4; i++) {
        vp_mic_config bad = config_of(bad_rates[i]);
        assert_int_equal(vp_mic_size(&bad), VP_E_RATE);
    }
    config.vad.positive_threshold = NAN;
    assert_int_equal(vp_mic_size(&config), VP_E_THRESHOLD);
    assert_int_equal(vp_mic_configure(mic, &config.vad), VP_E_THRESHOLD);
    free(mic);
    free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hears_what_the_resampler_gives),
        cmocka_unit_test(wrong_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
