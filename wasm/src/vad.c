/* Frames from samples, probabilities from frames (silero), meaning from probabilities (endpointer),
 * and the audio that belongs to it.
 *
 * The audio of the segment, or in silence the pre-roll that may become its beginning, is one
 * contiguous run of frames [first, first + count) in a buffer of segment_frames. New frames are
 * appended. The run is moved to the front as soon as it fits there, so in silence it wanders over
 * twice its length and leaves the caches to the weights; in speech it grows until it fills the buffer
 * and is handed out as a part.
 */
#include "voicepath/vad.h"

#include <string.h>

#include "endpointer.h"
#include "memory.h"
#include "sample.h"
#include "silero.h"

/* A vp_vad_model is the silero_weights themselves. */

struct vp_vad {
    vp_vad_config config;
    silero *model; /* NULL when frames are judged elsewhere */
    float *segment;
    uint32_t first;
    uint32_t count;
    uint32_t handed; /* of them, in SPEECH_PARTs */
    uint32_t frames; /* since init or reset */
    uint32_t fill;   /* samples of the frame under way */
    uint32_t voiced; /* VOICE_ON was the last of the two */
    float probability;
    endpointer endpointer;
    float frame[VP_VAD_FRAME_SAMPLES];
};

/* ---- Model ------------------------------------------------------------------------------- */

int32_t vp_vad_model_size(void) {
    return (int32_t)silero_weights_size();
}

int32_t vp_vad_model_init(vp_vad_model *model, uint32_t size, const void *bytes,
                          uint32_t byte_length) {
    if (!model || !bytes) return VP_E_NULL;
    if (!vp_block_fits(model, size, vp_vad_model_size())) return VP_E_MEMORY;
    return silero_weights_unpack((silero_weights *)model, bytes, byte_length);
}

/* ---- Configuration ----------------------------------------------------------------------- */

void vp_vad_config_init(vp_vad_config *config) {
    *config = (vp_vad_config){
        .positive_threshold = 0.3f,
        .negative_threshold = 0.25f,
        .voice_threshold = 0.6f,
        .redemption_frames = 1400 / 32,
        .pre_speech_pad_frames = 800 / 32,
        .min_speech_frames = 400 / 32,
        .segment_frames = 10000 / 32,
        .context = 1,
    };
}

static int32_t config_check(const vp_vad_config *config) {
    if (!config) return VP_E_NULL;
    /* Written so that NaN fails. */
    if (!(config->positive_threshold >= 0 && config->positive_threshold <= 1 &&
          config->negative_threshold >= 0 &&
          config->negative_threshold <= config->positive_threshold &&
          config->voice_threshold >= 0 && config->voice_threshold <= 1))
        return VP_E_THRESHOLD;
    if (config->segment_frames < 1 || config->segment_frames > VP_VAD_SEGMENT_FRAMES_MAX ||
        config->pre_speech_pad_frames >= config->segment_frames ||
        config->redemption_frames > VP_VAD_FRAMES_MAX ||
        config->min_speech_frames > VP_VAD_FRAMES_MAX || config->part_frames > VP_VAD_FRAMES_MAX)
        return VP_E_FRAMES;
    return VP_OK;
}

/* ---- Lifetime ---------------------------------------------------------------------------- */

static uint32_t model_size(const vp_vad_config *config) {
    return config->judged ? 0 : vp_align_up(silero_size());
}

int32_t vp_vad_size(const vp_vad_config *config) {
    int32_t status = config_check(config);
    if (status < 0) return status;
    return (int32_t)(vp_align_up(sizeof(vp_vad)) + model_size(config) +
                     config->segment_frames * VP_VAD_FRAME_SAMPLES * sizeof(float));
}

int32_t vp_vad_init(vp_vad *vad, uint32_t size, const vp_vad_config *config,
                    const vp_vad_model *model) {
    int32_t needed = vp_vad_size(config);
    if (needed < 0) return needed;
    if (!vad || (!model && !config->judged)) return VP_E_NULL;
    if (!vp_block_fits(vad, size, needed)) return VP_E_MEMORY;
    memset(vad, 0, sizeof *vad);
    vad->config = *config;
    char *behind = (char *)vad + vp_align_up(sizeof(vp_vad));
    vad->segment = (float *)(behind + model_size(config));
    if (config->judged) return VP_OK;
    vad->model = (silero *)behind;
    silero_init(vad->model, (const silero_weights *)model, config->context != 0);
    return VP_OK;
}

int32_t vp_vad_configure(vp_vad *vad, const vp_vad_config *config) {
    if (!vad) return VP_E_NULL;
    int32_t status = config_check(config);
    if (status < 0) return status;
    if (config->segment_frames != vad->config.segment_frames) return VP_E_FRAMES;
    vad->config = *config;
    return VP_OK;
}

/* ---- Events ------------------------------------------------------------------------------ */

static void emit(vp_vad_output *output, vp_vad_event_kind kind, const float *audio,
                 uint32_t frames) {
    output->events[output->event_count++] = (vp_vad_event){
        .kind = kind, .audio = audio, .audio_samples = frames * VP_VAD_FRAME_SAMPLES};
}

static void forget_segment(vp_vad *vad) {
    vad->first = vad->count = vad->handed = 0;
}

static void emit_segment(vp_vad *vad, vp_vad_output *output, vp_vad_event_kind kind) {
    emit(output, kind, vad->segment + vad->first * VP_VAD_FRAME_SAMPLES, vad->count);
    forget_segment(vad);
}

/* In advance: it stays in the segment. */
static void emit_speech_part(vp_vad *vad, vp_vad_output *output) {
    if (vad->handed == vad->count) return;
    emit(output, VP_VAD_SPEECH_PART,
         vad->segment + (vad->first + vad->handed) * VP_VAD_FRAME_SAMPLES,
         vad->count - vad->handed);
    vad->handed = vad->count;
}

/* Everything so far at the real start, then each full part, and the rest at the end. */
static int part_is_due(const vp_vad *vad, uint32_t report) {
    const vp_vad_config *config = &vad->config;
    if (!config->part_frames) return 0;
    if (report & (ENDPOINTER_REAL_START | ENDPOINTER_END)) return 1;
    return endpointer_certain(&vad->endpointer, config) &&
           (vad->count - vad->handed >= config->part_frames ||
            vad->count == config->segment_frames);
}

static void emit_report(vp_vad *vad, vp_vad_output *output, uint32_t report) {
    if (report & ENDPOINTER_START) emit(output, VP_VAD_SPEECH_START, NULL, 0);
    if (report & ENDPOINTER_REAL_START) emit(output, VP_VAD_SPEECH_REAL_START, NULL, 0);
    if (part_is_due(vad, report)) emit_speech_part(vad, output);
    if (report & ENDPOINTER_END) emit_segment(vad, output, VP_VAD_SPEECH_END);
    if (report & ENDPOINTER_MISFIRE) {
        emit(output, VP_VAD_MISFIRE, NULL, 0);
        forget_segment(vad);
    }
}

static void emit_voice(vp_vad *vad, vp_vad_output *output, uint32_t voiced) {
    if (voiced == vad->voiced) return;
    vad->voiced = voiced;
    if (vad->config.report_voice)
        emit(output, voiced ? VP_VAD_VOICE_ON : VP_VAD_VOICE_OFF, NULL, 0);
}

/* ---- Audio ------------------------------------------------------------------------------- */

static void append_frame(vp_vad *vad) {
    const size_t frame_bytes = VP_VAD_FRAME_SAMPLES * sizeof(float);
    if (vad->first > vad->count || vad->first + vad->count == vad->config.segment_frames) {
        memmove(vad->segment, vad->segment + vad->first * VP_VAD_FRAME_SAMPLES,
                vad->count * frame_bytes);
        vad->first = 0;
    }
    memcpy(vad->segment + (vad->first + vad->count) * VP_VAD_FRAME_SAMPLES, vad->frame,
           frame_bytes);
    vad->count++;
}

static void process_frame(vp_vad *vad, float probability, vp_vad_output *output) {
    const vp_vad_config *config = &vad->config;
    vad->frames++;
    vad->fill = 0;
    vad->probability = probability;
    append_frame(vad);
    if (config->report_frames) emit(output, VP_VAD_FRAME, vad->frame, 1);
    emit_voice(vad, output, probability > config->voice_threshold);
    emit_report(vad, output, endpointer_step(&vad->endpointer, config, probability));
    if (!vad->endpointer.speaking) {
        if (vad->count > config->pre_speech_pad_frames) {
            vad->first += vad->count - config->pre_speech_pad_frames;
            vad->count = config->pre_speech_pad_frames;
        }
    } else if (vad->count == config->segment_frames) {
        emit_segment(vad, output, VP_VAD_SEGMENT_PART);
    }
}

static void output_begin(vp_vad_output *output) {
    output->consumed = 0;
    output->event_count = 0;
}

static int32_t output_end(const vp_vad *vad, vp_vad_output *output) {
    output->frame = vad->frames;
    output->probability = vad->probability;
    return (int32_t)output->event_count;
}

int32_t vp_vad_push(vp_vad *vad, const float *samples, uint32_t count, vp_vad_output *output) {
    if (!vad || !output || (!samples && count)) return VP_E_NULL;
    output_begin(output);
    while (output->consumed < count && !output->event_count) {
        uint32_t take = VP_VAD_FRAME_SAMPLES - vad->fill;
        if (take > count - output->consumed) take = count - output->consumed;
        for (uint32_t i = 0; i < take; i++)
            vad->frame[vad->fill + i] = vp_sample_clean(samples[output->consumed + i]);
        vad->fill += take;
        output->consumed += take;
        if (vad->fill == VP_VAD_FRAME_SAMPLES)
            process_frame(vad, vad->model ? silero_process(vad->model, vad->frame) : 0, output);
    }
    return output_end(vad, output);
}

int32_t vp_vad_push_judged(vp_vad *vad, const float *frame, float probability,
                           vp_vad_output *output) {
    if (!vad || !frame || !output) return VP_E_NULL;
    if (!(probability >= 0 && probability <= 1)) return VP_E_PROBABILITY;
    output_begin(output);
    for (uint32_t i = 0; i < VP_VAD_FRAME_SAMPLES; i++)
        vad->frame[i] = vp_sample_clean(frame[i]);
    output->consumed = VP_VAD_FRAME_SAMPLES;
    process_frame(vad, probability, output);
    return output_end(vad, output);
}

int32_t vp_vad_end(vp_vad *vad, vp_vad_output *output) {
    if (!vad || !output) return VP_E_NULL;
    uint32_t frames = vad->frames;
    output_begin(output);
    emit_voice(vad, output, 0);
    emit_report(vad, output, endpointer_end(&vad->endpointer, &vad->config));
    vp_vad_reset(vad);
    vad->frames = frames;
    return output_end(vad, output);
}

void vp_vad_reset(vp_vad *vad) {
    if (vad->model) silero_reset(vad->model);
    endpointer_reset(&vad->endpointer);
    forget_segment(vad);
    vad->fill = vad->frames = vad->voiced = 0;
    vad->probability = 0;
}
