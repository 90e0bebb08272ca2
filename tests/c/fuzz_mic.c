/* Any rate, any blocks: every sample is taken, every frame is judged. */
#include "voicepath/mic.h"
#include "weights_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    static vp_vad_model *model;
    if (!model) model = constant_model(0.2f);
    if (length < 4) return 0;
    vp_mic_config config = {.rate_hz = (uint32_t)data[0] << 16 | (uint32_t)data[1] << 8 | data[2]};
    vp_vad_config_init(&config.vad);
    config.vad.report_frames = data[3] & 1;
    config.vad.segment_frames = 26;
    int32_t size = vp_mic_size(&config);
    if (size < 0) return 0;
    vp_mic *mic = aligned_alloc(VP_ALIGNMENT, ((uint32_t)size + 15) & ~15u);
    if (vp_mic_init(mic, (uint32_t)size, &config, model) != VP_OK) abort();
    static float block[2048];
    uint64_t total = 0;
    uint32_t frames = 0;
    vp_vad_output output;
    for (size_t i = 4; i + 1 < length && total < 200000; i += 2) {
        uint32_t count = data[i] * 8u;
        uint32_t bits = data[i + 1] * 2654435761u;
        for (uint32_t k = 0; k < count; k++, bits = bits * 1664525 + 1013904223)
            memcpy(&block[k], &bits, 4);
        uint32_t taken = 0;
        for (int32_t events = 1; events > 0 || taken < count; taken += output.consumed)
            if ((events = vp_mic_push(mic, block + taken, count - taken, &output)) < 0) abort();
        total += count;
    }
    while (vp_mic_end(mic, &output) > 0) {
    }
    frames = output.frame;
    uint64_t resampled = (total * VP_VAD_RATE_HZ + config.rate_hz - 1) / config.rate_hz;
    if (frames != resampled / VP_VAD_FRAME_SAMPLES) abort();
    free(mic);
    return 0;
}
