#include "endpointer.h"

void endpointer_reset(endpointer *e) {
    *e = (endpointer){0};
}

int endpointer_certain(const endpointer *e, const vp_vad_config *config) {
    return e->speaking && (e->real_start_reported || e->speech_frames >= config->min_speech_frames);
}

uint32_t endpointer_end(endpointer *e, const vp_vad_config *config) {
    uint32_t report = !e->speaking                                    ? 0
                      : e->speech_frames >= config->min_speech_frames ? ENDPOINTER_END
                                                                      : ENDPOINTER_MISFIRE;
    endpointer_reset(e);
    return report;
}

uint32_t endpointer_step(endpointer *e, const vp_vad_config *config, float probability) {
    uint32_t report = 0;
    if (probability >= config->positive_threshold) {
        e->speech_frames++;
        e->redemption_frames = 0;
        if (!e->speaking) {
            e->speaking = 1;
            report |= ENDPOINTER_START;
        }
    }
    if (!e->speaking) return report;
    /* Equal, not at least: a minimum lowered in mid-speech does not report late. */
    if (e->speech_frames == config->min_speech_frames && !e->real_start_reported) {
        e->real_start_reported = 1;
        report |= ENDPOINTER_REAL_START;
    }
    if (probability < config->negative_threshold &&
        ++e->redemption_frames >= config->redemption_frames)
        report |= endpointer_end(e, config);
    return report;
}
