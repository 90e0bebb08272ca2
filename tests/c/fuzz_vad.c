/* Any configuration, then any audio in any chunks, with reconfigurations, ends and resets between.
 * Whatever happens: no event too many, audio inside the segment memory, everything consumed. */
#include "tape.h"
#include "voicepath/vad.h"
#include "weights_bytes.h"

static void take_config(tape *t, vp_vad_config *config) {
    config->positive_threshold = (float)take(t, 1) / 200;
    config->negative_threshold = (float)take(t, 1) / 200;
    config->voice_threshold = (float)take(t, 1) / 200;
    config->redemption_frames = take(t, 1) % 8;
    config->pre_speech_pad_frames = take(t, 1) % 8;
    config->min_speech_frames = take(t, 1) % 8;
    uint32_t reports = take(t, 1);
    config->report_frames = reports & 1;
    config->report_voice = reports >> 1 & 1;
    config->context = reports >> 2 & 1;
    config->judged = reports >> 3 & 1;
    config->part_frames = reports >> 4 & 7;
}

static void check(const vp_vad_output *output, const void *block, uint32_t size, int32_t events) {
    if (events < 0 || events > VP_VAD_EVENTS_MAX || (uint32_t)events != output->event_count)
        abort();
    if (!(output->probability >= 0 && output->probability <= 1)) abort();
    for (int32_t i = 0; i < events; i++) {
        const vp_vad_event *event = &output->events[i];
        if (event->audio_samples % VP_VAD_FRAME_SAMPLES) abort();
        if (event->audio_samples &&
            ((const char *)event->audio < (const char *)block ||
             (const char *)(event->audio + event->audio_samples) > (const char *)block + size))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    static vp_vad_model *model;
    if (!model) model = constant_model(0.2f);
    tape t = {data, length};
    vp_vad_config config;
    vp_vad_config_init(&config);
    take_config(&t, &config);
    config.segment_frames = take(&t, 1) % 16;
    int32_t size = vp_vad_size(&config);
    if (size < 0) return 0;
    void *block = aligned_alloc(VP_ALIGNMENT, ((uint32_t)size + 15) & ~15u);
    vp_vad *vad = block;
    if (vp_vad_init(vad, (uint32_t)size, &config, config.judged ? NULL : model) != VP_OK) abort();
    static float samples[4096];
    vp_vad_output output;
    while (t.left) {
        uint32_t command = take(&t, 1);
        if (command < 4) {
            vp_vad_reset(vad);
        } else if (command < 8) {
            check(&output, block, (uint32_t)size, vp_vad_end(vad, &output));
        } else if (command < 24) {
            take_config(&t, &config);
            vp_vad_configure(vad, &config);
        } else if (command < 64) {
            float probability = ((float)take(&t, 1) - 64) / 128; /* often outside 0..1 */
            uint32_t bits = take(&t, 4);
            for (uint32_t i = 0; i < VP_VAD_FRAME_SAMPLES; i++, bits = bits * 1664525 + 1013904223)
                memcpy(&samples[i], &bits, 4);
            int32_t events = vp_vad_push_judged(vad, samples, probability, &output);
            if ((events == VP_E_PROBABILITY) != !(probability >= 0 && probability <= 1)) abort();
            if (events != VP_E_PROBABILITY) check(&output, block, (uint32_t)size, events);
        } else {
            uint32_t count = take(&t, 2) % 4096;
            uint32_t bits = take(&t, 4);
            for (uint32_t i = 0; i < count; i++, bits = bits * 1664525 + 1013904223)
                memcpy(&samples[i], &bits, 4);
            for (uint32_t at = 0; at < count; at += output.consumed) {
                check(&output, block, (uint32_t)size,
                      vp_vad_push(vad, samples + at, count - at, &output));
                if (output.consumed == 0) abort();
            }
        }
    }
    free(block);
    return 0;
}
