/* Resampled audio passes through a buffer that outlives the call: when a frame's events end
 * vp_mic_push() early, what is already resampled waits there for the next call. */
#include "voicepath/mic.h"

#include "memory.h"

enum { PENDING_SAMPLES = VP_VAD_FRAME_SAMPLES };

struct vp_mic {
    vp_resampler *resampler;
    vp_vad *vad;
    uint32_t pending_first;
    uint32_t pending_count;
    float pending[PENDING_SAMPLES];
};

static vp_resampler_config resampler_config(const vp_mic_config *config) {
    vp_resampler_config resampler;
    vp_resampler_config_init(&resampler, config->rate_hz, VP_VAD_RATE_HZ);
    return resampler;
}

int32_t vp_mic_size(const vp_mic_config *config) {
    if (!config) return VP_E_NULL;
    const vp_resampler_config rates = resampler_config(config);
    int32_t resampler = vp_resampler_size(&rates);
    if (resampler < 0) return resampler;
    int32_t vad = vp_vad_size(&config->vad);
    if (vad < 0) return vad;
    return (int32_t)(vp_align_up(sizeof(vp_mic)) + vp_align_up((uint32_t)resampler)) + vad;
}

int32_t vp_mic_init(vp_mic *mic, uint32_t size, const vp_mic_config *config,
                    const vp_vad_model *model) {
    int32_t needed = vp_mic_size(config);
    if (needed < 0) return needed;
    if (!mic || (!model && !config->vad.judged)) return VP_E_NULL;
    if (!vp_block_fits(mic, size, needed)) return VP_E_MEMORY;
    const vp_resampler_config rates = resampler_config(config);
    uint32_t resampler_size = (uint32_t)vp_resampler_size(&rates);
    mic->resampler = (vp_resampler *)((char *)mic + vp_align_up(sizeof(vp_mic)));
    mic->vad = (vp_vad *)((char *)mic->resampler + vp_align_up(resampler_size));
    mic->pending_first = mic->pending_count = 0;
    int32_t status = vp_resampler_init(mic->resampler, resampler_size, &rates);
    if (status < 0) return status;
    return vp_vad_init(mic->vad, (uint32_t)vp_vad_size(&config->vad), &config->vad, model);
}

int32_t vp_mic_configure(vp_mic *mic, const vp_vad_config *config) {
    if (!mic) return VP_E_NULL;
    return vp_vad_configure(mic->vad, config);
}

/* Gives the VAD what is pending, up to the first frame with events. */
static int32_t drain(vp_mic *mic, vp_vad_output *output) {
    int32_t events =
        vp_vad_push(mic->vad, mic->pending + mic->pending_first, mic->pending_count, output);
    mic->pending_first += output->consumed;
    mic->pending_count -= output->consumed;
    return events;
}

int32_t vp_mic_push(vp_mic *mic, const float *samples, uint32_t count, vp_vad_output *output) {
    if (!mic || !output || (!samples && count)) return VP_E_NULL;
    uint32_t consumed = 0;
    int32_t events = drain(mic, output);
    while (events == 0 && consumed < count) {
        vp_resampler_io io = {
            .input = samples + consumed,
            .input_frames = count - consumed,
            .output = mic->pending,
            .output_frames = PENDING_SAMPLES,
        };
        int32_t status = vp_resampler_process(mic->resampler, &io);
        if (status < 0) return status;
        consumed += io.consumed;
        mic->pending_first = 0;
        mic->pending_count = io.produced;
        events = drain(mic, output);
    }
    output->consumed = consumed;
    return events;
}

int32_t vp_mic_end(vp_mic *mic, vp_vad_output *output) {
    if (!mic || !output) return VP_E_NULL;
    int32_t events = drain(mic, output);
    for (uint32_t more = 1; events == 0 && more;) {
        vp_resampler_io io = {.output = mic->pending, .output_frames = PENDING_SAMPLES};
        int32_t status = vp_resampler_flush(mic->resampler, &io);
        if (status < 0) return status;
        mic->pending_first = 0;
        mic->pending_count = more = io.produced;
        events = drain(mic, output);
    }
    if (events == 0) {
        events = vp_vad_end(mic->vad, output);
        /* Once the VAD has nothing more to say, the resampler is ready for a new stream. */
        if (events == 0) vp_resampler_reset(mic->resampler);
    }
    output->consumed = 0;
    return events;
}

void vp_mic_reset(vp_mic *mic) {
    vp_resampler_reset(mic->resampler);
    vp_vad_reset(mic->vad);
    mic->pending_first = mic->pending_count = 0;
}

vp_vad *vp_mic_vad(vp_mic *mic) {
    return mic->vad;
}
