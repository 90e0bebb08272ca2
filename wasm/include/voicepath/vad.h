/* voicepath/vad.h: 16 kHz speech in, speech events out.
 *
 * A frame is 512 samples (32 ms). Each frame passes Silero VAD 5.1 or 6.2 (one recurrent network,
 * two sets of weights) and then an endpointer, which follows @ricky0123/vad-web's FrameProcessor:
 *
 *   p >= positive_threshold        a speech frame: SPEECH_START if silent, redemption starts over
 *   min_speech_frames of them      SPEECH_REAL_START, once
 *   p < negative_threshold         counts towards redemption_frames; when they are reached,
 *                                  SPEECH_END with the audio, or MISFIRE if it was too short
 *   between the thresholds         nothing
 *
 * The audio of a segment begins pre_speech_pad_frames before its first speech frame and includes
 * the redemption tail. A segment longer than segment_frames is handed out in parts: SEGMENT_PART
 * when the memory is full, the rest with SPEECH_END. After MISFIRE such parts are void.
 *
 * With part_frames, speech is handed out while it is spoken: from SPEECH_REAL_START on, SPEECH_PART
 * brings the same audio in advance, each frame once, and the rest before SPEECH_END (or
 * SEGMENT_PART), which bring it as a whole as ever.
 */
#ifndef VOICEPATH_VAD_H
#define VOICEPATH_VAD_H

#include "voicepath/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Model ------------------------------------------------------------------------------- */

#define VP_VAD_RATE_HZ 16000
#define VP_VAD_FRAME_SAMPLES 512

/* Weights made ready for use; one model serves any number of VADs, and must outlive them. */
typedef struct vp_vad_model vp_vad_model;

/* Bytes for vp_vad_model_init(). */
int32_t vp_vad_model_size(void);

/* Unpacks a weights file (wasm/weights/README.md has the format); the bytes are not kept.
 * Returns the Silero generation, 5 or 6.
 * Errors: VP_E_NULL, VP_E_MEMORY, VP_E_WEIGHTS_FOREIGN, _FORMAT, _TRUNCATED, _CORRUPT. */
int32_t vp_vad_model_init(vp_vad_model *model, uint32_t size, const void *bytes,
                          uint32_t byte_length);

/* ---- VAD --------------------------------------------------------------------------------- */

#define VP_VAD_FRAMES_MAX 18750         /* redemption, pad, minimum: 10 minutes */
#define VP_VAD_SEGMENT_FRAMES_MAX 18750 /* 10 minutes, 37.5 MiB */

typedef struct vp_vad vp_vad;

typedef struct vp_vad_config {
    float positive_threshold;       /* 0..1: at or above, a speech frame */
    float negative_threshold;       /* 0..positive_threshold: below, counts as redemption */
    float voice_threshold;          /* 0..1: VOICE_ON above it, VOICE_OFF at or below */
    uint32_t redemption_frames;     /* 0..VP_VAD_FRAMES_MAX */
    uint32_t pre_speech_pad_frames; /* 0..segment_frames - 1 */
    uint32_t min_speech_frames;     /* 0..VP_VAD_FRAMES_MAX */
    uint32_t segment_frames;        /* memory for audio: 1..VP_VAD_SEGMENT_FRAMES_MAX */
    uint32_t context;               /* 1: with the 64-sample context (right); 0: without, as vad-web
                                       up to 0.0.30 ran the model */
    uint32_t judged;        /* 1: without a model, for hosts that judge the frames themselves */
    uint32_t report_voice;  /* 1: VOICE_ON and VOICE_OFF events */
    uint32_t report_frames; /* 1: a FRAME event for every frame */
    uint32_t part_frames;   /* frames of a SPEECH_PART, 1..VP_VAD_FRAMES_MAX; 0: none are made */
} vp_vad_config;

/* vad-web 0.0.31's defaults: .3, .25, 1400 ms, 800 ms, 400 ms; 10 s of segment memory. */
void vp_vad_config_init(vp_vad_config *config);

typedef enum vp_vad_event_kind {
    VP_VAD_FRAME = 0,             /* audio: the frame */
    VP_VAD_VOICE_ON = 1,          /* probability rose above voice_threshold */
    VP_VAD_VOICE_OFF = 2,         /* and fell back; also at vp_vad_end() */
    VP_VAD_SPEECH_START = 3,      /* perhaps speech */
    VP_VAD_SPEECH_REAL_START = 4, /* certainly speech: this will not be a misfire */
    VP_VAD_SEGMENT_PART = 5,      /* audio: the segment so far; more follows */
    VP_VAD_SPEECH_END = 6,        /* audio: the segment, or what came after its last part */
    VP_VAD_MISFIRE = 7,           /* the speech was shorter than min_speech_frames */
    VP_VAD_SPEECH_PART = 8, /* audio: of certain speech, what came after its last SPEECH_PART */
} vp_vad_event_kind;

typedef struct vp_vad_event {
    uint32_t kind;          /* vp_vad_event_kind */
    uint32_t audio_samples; /* 0 for events without audio */
    const float *audio;     /* borrowed until the next call on this object */
} vp_vad_event;

/* At most this many events come from one frame. */
#define VP_VAD_EVENTS_MAX 6

typedef struct vp_vad_output {
    uint32_t consumed;    /* input samples taken by this call */
    uint32_t event_count; /* events of this call, in order */
    uint32_t frame;       /* frames since init or reset, including the one of these events */
    float probability;    /* of the newest frame; 0 before the first */
    vp_vad_event events[VP_VAD_EVENTS_MAX];
} vp_vad_output;

/* Bytes for vp_vad_init(), or VP_E_NULL, VP_E_THRESHOLD, VP_E_FRAMES. */
int32_t vp_vad_size(const vp_vad_config *config);

/* model: may be NULL when config->judged, and is not used then.
 * Errors: VP_E_NULL, VP_E_MEMORY, VP_E_THRESHOLD, VP_E_FRAMES. */
int32_t vp_vad_init(vp_vad *vad, uint32_t size, const vp_vad_config *config,
                    const vp_vad_model *model);

/* Changes everything but segment_frames, context and judged, which keep their values (a different
 * segment_frames is VP_E_FRAMES); takes effect with the next frame.
 * Errors: VP_E_NULL, VP_E_THRESHOLD, VP_E_FRAMES. */
int32_t vp_vad_configure(vp_vad *vad, const vp_vad_config *config);

/* Takes samples at 16 kHz, any number of them, and stops after the first frame that has events;
 * call again with the rest while output->consumed < count. NaN and infinity count as 0, and
 * magnitudes are limited to VP_SAMPLE_LIMIT. Without a model every frame has the probability 0; its
 * FRAME event brings it to whoever judges it. Returns the number of events.
 * Errors: VP_E_NULL. */
int32_t vp_vad_push(vp_vad *vad, const float *samples, uint32_t count, vp_vad_output *output);

/* Takes one frame, of VP_VAD_FRAME_SAMPLES, that was judged elsewhere: probability is 0..1. Samples are
 * cleaned as by vp_vad_push(), and those of an incomplete frame before this one are dropped.
 * Returns the number of events. Errors: VP_E_NULL, VP_E_PROBABILITY. */
int32_t vp_vad_push_judged(vp_vad *vad, const float *frame, float probability,
                           vp_vad_output *output);

/* The stream ends here: a segment under way gives SPEECH_END or MISFIRE, then everything is as
 * after vp_vad_reset(), but the frame count goes on. Samples of an incomplete frame are dropped.
 * Returns the number of events. Errors: VP_E_NULL. */
int32_t vp_vad_end(vp_vad *vad, vp_vad_output *output);

/* Forgets everything heard, without events. */
void vp_vad_reset(vp_vad *vad);

#ifdef __cplusplus
}
#endif
#endif
