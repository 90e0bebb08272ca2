/* The compiler's own word on structs and constants, for js-glue/scripts/generate-abi.ts: a module
 * that lists name and value pairs. A field that is renamed here fails to compile; one that is
 * forgotten is found by the generator, which adds up the sizes. */
#include "voicepath/mic.h"

typedef struct entry {
    const char *name;
    int32_t value;
} entry;

#define SIZE(type)                                                                                 \
    { "sizeof " #type, sizeof(type) }
#define FIELD(type, field)                                                                         \
    {"offsetof " #type "." #field, offsetof(type, field)}, {                                       \
        "fieldsize " #type "." #field, sizeof(((type *)0)->field)                                  \
    }
#define CONSTANT(name)                                                                             \
    { "const " #name, name }

static const entry entries[] = {
#define VP_STATUS(name, value, message) {"status VP_" #name "|" message, value},
#include "voicepath/status.def"
#undef VP_STATUS
    CONSTANT(VP_ALIGNMENT),
    CONSTANT(VP_RATE_MIN_HZ),
    CONSTANT(VP_RATE_MAX_HZ),
    CONSTANT(VP_SAMPLE_LIMIT),
    CONSTANT(VP_VAD_RATE_HZ),
    CONSTANT(VP_VAD_FRAME_SAMPLES),
    CONSTANT(VP_VAD_FRAMES_MAX),
    CONSTANT(VP_VAD_SEGMENT_FRAMES_MAX),
    CONSTANT(VP_VAD_EVENTS_MAX),
    CONSTANT(VP_VAD_FRAME),
    CONSTANT(VP_VAD_VOICE_ON),
    CONSTANT(VP_VAD_VOICE_OFF),
    CONSTANT(VP_VAD_SPEECH_START),
    CONSTANT(VP_VAD_SPEECH_REAL_START),
    CONSTANT(VP_VAD_SEGMENT_PART),
    CONSTANT(VP_VAD_SPEECH_END),
    CONSTANT(VP_VAD_MISFIRE),
    SIZE(vp_resampler_config),
    FIELD(vp_resampler_config, input_rate_hz),
    FIELD(vp_resampler_config, output_rate_hz),
    SIZE(vp_resampler_progress),
    FIELD(vp_resampler_progress, consumed),
    FIELD(vp_resampler_progress, produced),
    SIZE(vp_vad_config),
    FIELD(vp_vad_config, positive_threshold),
    FIELD(vp_vad_config, negative_threshold),
    FIELD(vp_vad_config, voice_threshold),
    FIELD(vp_vad_config, redemption_frames),
    FIELD(vp_vad_config, pre_speech_pad_frames),
    FIELD(vp_vad_config, min_speech_frames),
    FIELD(vp_vad_config, segment_frames),
    FIELD(vp_vad_config, context),
    FIELD(vp_vad_config, report_voice),
    FIELD(vp_vad_config, report_frames),
    SIZE(vp_vad_event),
    FIELD(vp_vad_event, kind),
    FIELD(vp_vad_event, audio_samples),
    FIELD(vp_vad_event, audio),
    SIZE(vp_vad_output),
    FIELD(vp_vad_output, consumed),
    FIELD(vp_vad_output, event_count),
    FIELD(vp_vad_output, frame),
    FIELD(vp_vad_output, probability),
    FIELD(vp_vad_output, events),
    SIZE(vp_mic_config),
    FIELD(vp_mic_config, rate_hz),
    FIELD(vp_mic_config, vad),
};

__attribute__((export_name("count"), used)) uint32_t count(void) {
    return sizeof entries / sizeof entries[0];
}

__attribute__((export_name("name"), used)) const char *name(uint32_t i) {
    return entries[i].name;
}

__attribute__((export_name("value"), used)) int32_t value(uint32_t i) {
    return entries[i].value;
}
