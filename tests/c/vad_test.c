/* Which audio belongs to which event. The model is a constant, and speech or silence is made by
 * moving the thresholds, so that every story can be told; the expectation is a plain list of
 * frames, kept as vad-web keeps it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>
#include <math.h>

#include "voicepath/mic.h"
#include "weights_bytes.h"

typedef struct fixture {
    vp_vad_model *model;
    vp_vad *vad;
    vp_vad_config config;
} fixture;

static void make(fixture *f, vp_vad_config config) {
    f->model = constant_model(0); /* probability .5 */
    f->config = config;
    int32_t size = vp_vad_size(&config);
    assert_true(size > 0);
    f->vad = aligned_alloc(VP_ALIGNMENT, ((uint32_t)size + 15) & ~15u);
    assert_int_equal(vp_vad_init(f->vad, (uint32_t)size, &config, f->model), VP_OK);
}

static void destroy(fixture *f) {
    free(f->vad);
    free(f->model);
}

static vp_vad_config small_config(void) {
    vp_vad_config config;
    vp_vad_config_init(&config);
    config.redemption_frames = 2;
    config.pre_speech_pad_frames = 2;
    config.min_speech_frames = 2;
    config.segment_frames = 8;
    return config;
}

static void set_speech(fixture *f, int speech) {
    f->config.positive_threshold = speech ? 0.4f : 0.9f;
    f->config.negative_threshold = speech ? 0.3f : 0.8f;
    assert_int_equal(vp_vad_configure(f->vad, &f->config), VP_OK);
}

/* Frame n holds the value n / 1000 in every sample. */
static void fill(float *frame, uint32_t n) {
    for (int i = 0; i < VP_VAD_FRAME_SAMPLES; i++)
        frame[i] = (float)n / 1000;
}

static int32_t push_frame(fixture *f, uint32_t n, vp_vad_output *output) {
    float frame[VP_VAD_FRAME_SAMPLES];
    fill(frame, n);
    int32_t events = vp_vad_push(f->vad, frame, VP_VAD_FRAME_SAMPLES, output);
    assert_int_equal(output->consumed, VP_VAD_FRAME_SAMPLES);
    return events;
}

static void assert_audio(const vp_vad_event *event, uint32_t first, uint32_t frames) {
    assert_int_equal(event->audio_samples, frames * VP_VAD_FRAME_SAMPLES);
    for (uint32_t i = 0; i < event->audio_samples; i++)
        if (event->audio[i] != (float)(first + i / VP_VAD_FRAME_SAMPLES) / 1000)
            fail_msg("sample %u is %g", i, (double)event->audio[i]);
}

static void a_segment_has_its_pad_and_its_tail(void **state) {
    (void)state;
    fixture f;
    vp_vad_output out;
    make(&f, small_config());
    set_speech(&f, 0);
    for (uint32_t n = 0; n < 20; n++)
        assert_int_equal(push_frame(&f, n, &out), 0);
    set_speech(&f, 1);
    assert_int_equal(push_frame(&f, 20, &out), 1);
    assert_int_equal(out.events[0].kind, VP_VAD_SPEECH_START);
    assert_int_equal(push_frame(&f, 21, &out), 1);
    assert_int_equal(out.events[0].kind, VP_VAD_SPEECH_REAL_START);
    set_speech(&f, 0);
    assert_int_equal(push_frame(&f, 22, &out), 0);
    assert_int_equal(push_frame(&f, 23, &out), 1);
    assert_int_equal(out.events[0].kind, VP_VAD_SPEECH_END);
    assert_int_equal(out.frame, 24);
    assert_true(fabsf(out.probability - 0.5f) < 1e-6f);
    assert_audio(&out.events[0], 18, 6);
    destroy(&f);
}

static void the_pad_never_reaches_into_the_segment_before(void **state) {
    (void)state;
    fixture f;
    vp_vad_output out;
    make(&f, small_config());
    uint32_t n = 0;
    for (int round = 0; round < 3; round++) {
        set_speech(&f, 1);
        push_frame(&f, n++, &out);
        push_frame(&f, n++, &out);
        set_speech(&f, 0);
        push_frame(&f, n++, &out);
        assert_int_equal(push_frame(&f, n++, &out), 1);
        /* The first segment has no pad, the others the single frame of silence before them. */
        assert_audio(&out.events[0], n - (round ? 5 : 4), round ? 5 : 4);
        push_frame(&f, n++, &out);
    }
    destroy(&f);
}

static void long_speech_comes_in_parts(void **state) {
    (void)state;
    fixture f;
    vp_vad_output out;
    make(&f, small_config());
    set_speech(&f, 1);
    uint32_t delivered = 0;
    for (uint32_t n = 0; n < 100; n++) {
        push_frame(&f, n, &out);
        for (uint32_t i = 0; i < out.event_count; i++) {
            if (out.events[i].kind != VP_VAD_SEGMENT_PART) continue;
            assert_audio(&out.events[i], delivered, 8);
            delivered += 8;
        }
    }
    assert_int_equal(delivered, 96);
    assert_int_equal(vp_vad_end(f.vad, &out), 1);
    assert_int_equal(out.events[0].kind, VP_VAD_SPEECH_END);
    assert_audio(&out.events[0], 96, 4);
    destroy(&f);
}

/* Random stories against the list that vad-web keeps: push, trim to the pad in silence, hand out
 * and clear at the end. */
static void random_stories(void **state) {
    (void)state;
    uint32_t random = 1;
    for (int story = 0; story < 60; story++) {
        vp_vad_config config = small_config();
        config.pre_speech_pad_frames = (uint32_t)story % 5;
        config.segment_frames = config.pre_speech_pad_frames + 1 + (uint32_t)story % 11;
        config.redemption_frames = (uint32_t)story % 4;
        config.min_speech_frames = (uint32_t)story % 3;
        config.report_voice = 0;
        fixture f;
        vp_vad_output out;
        make(&f, config);
        uint32_t list[600], length = 0, parts = 0; /* parts: frames of this segment given before */
        int speech = 0, speaking = 0;
        for (uint32_t n = 0; n < 300; n++) {
            random = random * 1664525 + 1013904223;
            if (random >> 28 < 3) speech = !speech;
            if ((random >> 20 & 15) == 0)
                f.config.pre_speech_pad_frames = (random >> 8 & 255) % config.segment_frames;
            set_speech(&f, speech);
            push_frame(&f, n, &out);
            list[length++] = n;
            for (uint32_t i = 0; i < out.event_count; i++) {
                const vp_vad_event *event = &out.events[i];
                uint32_t frames = event->audio_samples / VP_VAD_FRAME_SAMPLES;
                switch (event->kind) {
                case VP_VAD_SPEECH_START:
                    speaking = 1;
                    break;
                case VP_VAD_SEGMENT_PART:
                    assert_int_equal(frames, config.segment_frames);
                    assert_audio(event, list[parts], frames);
                    parts += frames;
                    break;
                case VP_VAD_SPEECH_END:
                    assert_int_equal(parts + frames, length);
                    if (frames) assert_audio(event, list[parts], frames);
                    /* fall through */
                case VP_VAD_MISFIRE:
                    speaking = 0, length = parts = 0;
                    break;
                }
            }
            while (!speaking && length > f.config.pre_speech_pad_frames)
                memmove(list, list + 1, --length * sizeof list[0]);
        }
        destroy(&f);
    }
}

/* What the parts of a segment have been so far: frames one after the other from its first. */
typedef struct handed_out {
    uint32_t first; /* of the segment, when there was a part */
    uint32_t frames;
} handed_out;

static void take_part(handed_out *handed, const vp_vad_event *event) {
    uint32_t frames = event->audio_samples / VP_VAD_FRAME_SAMPLES;
    assert_true(frames > 0);
    if (!handed->frames) handed->first = (uint32_t)lroundf(event->audio[0] * 1000);
    assert_audio(event, handed->first + handed->frames, frames);
    handed->frames += frames;
}

static void speech_is_handed_out_while_it_is_spoken(void **state) {
    (void)state;
    vp_vad_config config = small_config();
    config.segment_frames = 20;
    config.part_frames = 3;
    fixture f;
    vp_vad_output out;
    make(&f, config);
    set_speech(&f, 0);
    for (uint32_t n = 0; n < 10; n++)
        assert_int_equal(push_frame(&f, n, &out), 0);
    set_speech(&f, 1);
    assert_int_equal(push_frame(&f, 10, &out), 1);
    /* With the real start, everything so far. */
    assert_int_equal(push_frame(&f, 11, &out), 2);
    assert_int_equal(out.events[0].kind, VP_VAD_SPEECH_REAL_START);
    assert_int_equal(out.events[1].kind, VP_VAD_SPEECH_PART);
    assert_audio(&out.events[1], 8, 4);
    assert_int_equal(push_frame(&f, 12, &out), 0);
    assert_int_equal(push_frame(&f, 13, &out), 0);
    assert_int_equal(push_frame(&f, 14, &out), 1);
    assert_audio(&out.events[0], 12, 3);
    /* The rest, and then all of it. */
    set_speech(&f, 0);
    assert_int_equal(push_frame(&f, 15, &out), 0);
    assert_int_equal(push_frame(&f, 16, &out), 2);
    assert_int_equal(out.events[0].kind, VP_VAD_SPEECH_PART);
    assert_audio(&out.events[0], 15, 2);
    assert_int_equal(out.events[1].kind, VP_VAD_SPEECH_END);
    assert_audio(&out.events[1], 8, 9);
    /* A misfire has none, and what follows begins anew. */
    set_speech(&f, 1);
    push_frame(&f, 17, &out);
    set_speech(&f, 0);
    push_frame(&f, 18, &out);
    assert_int_equal(push_frame(&f, 19, &out), 1);
    assert_int_equal(out.events[0].kind, VP_VAD_MISFIRE);
    set_speech(&f, 1);
    push_frame(&f, 20, &out);
    assert_int_equal(push_frame(&f, 21, &out), 2);
    assert_audio(&out.events[1], 20, 2);
    push_frame(&f, 22, &out);
    assert_int_equal(vp_vad_end(f.vad, &out), 2);
    assert_audio(&out.events[0], 22, 1);
    assert_audio(&out.events[1], 20, 3);
    destroy(&f);
}

/* Beside the events of a VAD that makes no parts: the same ones, and parts that are their audio. */
static void parts_change_nothing_and_lose_nothing(void **state) {
    (void)state;
    uint32_t random = 3;
    uint32_t ends = 0, misfires = 0;
    for (int story = 0; story < 200; story++) {
        vp_vad_config config = small_config();
        config.pre_speech_pad_frames = (uint32_t)story % 5;
        config.segment_frames = config.pre_speech_pad_frames + 1 + (uint32_t)story % 23;
        config.redemption_frames = (uint32_t)story % 4;
        config.min_speech_frames = (uint32_t)story % 6;
        config.report_voice = config.report_frames = 1;
        fixture plain, parted;
        make(&plain, config);
        config.part_frames = 1 + (uint32_t)story % 7;
        make(&parted, config);
        int speech = 0;
        handed_out handed = {0};
        for (uint32_t n = 0; n < 300; n++) {
            random = random * 1664525 + 1013904223;
            if (random >> 28 < 3) speech = !speech;
            set_speech(&plain, speech);
            set_speech(&parted, speech);
            vp_vad_output expected, out;
            push_frame(&plain, n, &expected);
            push_frame(&parted, n, &out);
            assert_true(out.event_count <= VP_VAD_EVENTS_MAX);
            uint32_t e = 0;
            for (uint32_t i = 0; i < out.event_count; i++) {
                const vp_vad_event *event = &out.events[i];
                if (event->kind == VP_VAD_SPEECH_PART) {
                    take_part(&handed, event);
                    continue;
                }
                assert_int_equal(event->kind, expected.events[e].kind);
                assert_int_equal(event->audio_samples, expected.events[e].audio_samples);
                if (event->audio_samples)
                    assert_memory_equal(event->audio, expected.events[e].audio,
                                        event->audio_samples * sizeof(float));
                e++;
                uint32_t frames = event->audio_samples / VP_VAD_FRAME_SAMPLES;
                if (event->kind == VP_VAD_SPEECH_END) {
                    if (frames && handed.frames)
                        assert_int_equal(handed.first + handed.frames, n + 1);
                    if (frames) assert_true(handed.frames >= frames);
                    handed = (handed_out){0};
                    ends++;
                } else if (event->kind == VP_VAD_MISFIRE) {
                    assert_int_equal(handed.frames, 0);
                    misfires++;
                }
            }
            assert_int_equal(e, expected.event_count);
        }
        destroy(&plain);
        destroy(&parted);
    }
    assert_true(ends > 1000);
    assert_true(misfires > 500);
}

static void any_chunking_gives_the_same_events(void **state) {
    (void)state;
    enum { FRAMES = 40, SAMPLES = FRAMES * VP_VAD_FRAME_SAMPLES };
    static float samples[SAMPLES];
    for (uint32_t n = 0; n < FRAMES; n++)
        fill(samples + n * VP_VAD_FRAME_SAMPLES, n);
    vp_vad_config config = small_config();
    config.positive_threshold = 0.4f;
    config.negative_threshold = 0.3f;
    config.report_frames = 1;
    const uint32_t chunks[] = {1, 7, 128, 511, 512, 513, 1000, SAMPLES};
    for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
        fixture f;
        vp_vad_output out;
        make(&f, config);
        uint32_t frame_events = 0, part_frames = 0;
        for (uint32_t at = 0; at < SAMPLES;) {
            uint32_t count = chunks[c] < SAMPLES - at ? chunks[c] : SAMPLES - at;
            assert_true(vp_vad_push(f.vad, samples + at, count, &out) >= 0);
            assert_true(out.consumed > 0 && out.consumed <= count);
            at += out.consumed;
            for (uint32_t i = 0; i < out.event_count; i++) {
                if (out.events[i].kind == VP_VAD_FRAME)
                    assert_audio(&out.events[i], frame_events++, 1);
                if (out.events[i].kind == VP_VAD_SEGMENT_PART) {
                    assert_audio(&out.events[i], part_frames, 8);
                    part_frames += 8;
                }
            }
        }
        assert_int_equal(frame_events, FRAMES);
        assert_int_equal(part_frames, FRAMES);
        destroy(&f);
    }
}

static void voice_events_follow_their_own_threshold(void **state) {
    (void)state;
    vp_vad_config config = small_config();
    config.report_voice = 1;
    config.voice_threshold = 0.6f;
    config.positive_threshold = 1;
    fixture f;
    vp_vad_output out;
    make(&f, config);
    assert_int_equal(push_frame(&f, 0, &out), 0);
    /* Above it, not at it: the probability is exactly .5. */
    f.config.voice_threshold = 0.5f;
    assert_int_equal(vp_vad_configure(f.vad, &f.config), VP_OK);
    assert_int_equal(push_frame(&f, 1, &out), 0);
    f.config.voice_threshold = 0.4f;
    assert_int_equal(vp_vad_configure(f.vad, &f.config), VP_OK);
    assert_int_equal(push_frame(&f, 2, &out), 1);
    assert_int_equal(out.events[0].kind, VP_VAD_VOICE_ON);
    assert_int_equal(push_frame(&f, 3, &out), 0);
    assert_int_equal(vp_vad_end(f.vad, &out), 1);
    assert_int_equal(out.events[0].kind, VP_VAD_VOICE_OFF);
    assert_int_equal(out.frame, 4);
    destroy(&f);
}

static void bad_samples_are_silence(void **state) {
    (void)state;
    vp_vad_config config = small_config();
    config.report_frames = 1;
    fixture f;
    vp_vad_output out;
    make(&f, config);
    float frame[VP_VAD_FRAME_SAMPLES] = {NAN, INFINITY, -INFINITY, 1e30f, -1e30f, 0.5f};
    assert_int_equal(vp_vad_push(f.vad, frame, VP_VAD_FRAME_SAMPLES, &out), 2);
    const float expected[] = {0, 0, 0, VP_SAMPLE_LIMIT, -VP_SAMPLE_LIMIT, 0.5f};
    for (int i = 0; i < 6; i++)
        assert_true(out.events[0].audio[i] == expected[i]);
    assert_true(isfinite(out.probability));
    destroy(&f);
}

static vp_vad *make_judged(const vp_vad_config *config) {
    int32_t size = vp_vad_size(config);
    assert_true(size > 0);
    vp_vad *vad = aligned_alloc(VP_ALIGNMENT, ((uint32_t)size + 15) & ~15u);
    assert_int_equal(vp_vad_init(vad, (uint32_t)size, config, NULL), VP_OK);
    return vad;
}

/* The same stories told twice: by thresholds that move around a model's constant, and by
 * probabilities from outside between thresholds that stand still. */
static void frames_judged_elsewhere_tell_the_same_story(void **state) {
    (void)state;
    uint32_t random = 7;
    for (int story = 0; story < 30; story++) {
        vp_vad_config config = small_config();
        config.redemption_frames = (uint32_t)story % 4;
        config.min_speech_frames = (uint32_t)story % 3;
        config.report_voice = config.report_frames = 1;
        fixture f;
        make(&f, config);
        config.judged = 1;
        config.positive_threshold = 0.4f;
        config.negative_threshold = 0.3f;
        vp_vad *judged = make_judged(&config);
        int speech = 0;
        uint32_t events = 0;
        for (uint32_t n = 0; n < 200; n++) {
            random = random * 1664525 + 1013904223;
            if (random >> 28 < 3) speech = !speech;
            set_speech(&f, speech);
            f.config.voice_threshold = speech ? 0.4f : 0.6f;
            assert_int_equal(vp_vad_configure(f.vad, &f.config), VP_OK);
            vp_vad_output expected, out;
            push_frame(&f, n, &expected);
            float frame[VP_VAD_FRAME_SAMPLES];
            fill(frame, n);
            const float probability = speech ? 0.7f : 0.1f;
            assert_int_equal(vp_vad_push_judged(judged, frame, probability, &out),
                             expected.event_count);
            assert_int_equal(out.frame, expected.frame);
            assert_int_equal(out.consumed, VP_VAD_FRAME_SAMPLES);
            assert_true(out.probability == probability);
            for (uint32_t i = 0; i < out.event_count; i++) {
                const vp_vad_event *a = &out.events[i], *b = &expected.events[i];
                assert_int_equal(a->kind, b->kind);
                assert_int_equal(a->audio_samples, b->audio_samples);
                if (a->audio_samples)
                    assert_memory_equal(a->audio, b->audio, a->audio_samples * sizeof(float));
                events += a->kind != VP_VAD_FRAME;
            }
        }
        assert_true(events > 50);
        free(judged);
        destroy(&f);
    }
}

static void without_a_model_frames_are_only_reported(void **state) {
    (void)state;
    vp_vad_config config = small_config();
    config.report_frames = 1;
    const int32_t size = vp_vad_size(&config);
    config.judged = 1;
    assert_true(vp_vad_size(&config) < size);
    vp_vad *vad = make_judged(&config);
    vp_vad_output out;
    for (uint32_t n = 0; n < 30; n++) {
        float frame[VP_VAD_FRAME_SAMPLES];
        fill(frame, n);
        assert_int_equal(vp_vad_push(vad, frame, VP_VAD_FRAME_SAMPLES, &out), 1);
        assert_int_equal(out.events[0].kind, VP_VAD_FRAME);
        assert_true(out.probability == 0);
        assert_audio(&out.events[0], n, 1);
    }
    assert_int_equal(vp_vad_end(vad, &out), 0);
    vp_vad_reset(vad);
    free(vad);
}

static void a_probability_is_checked_and_a_frame_cleaned(void **state) {
    (void)state;
    vp_vad_config config = small_config();
    config.judged = config.report_frames = 1;
    config.positive_threshold = 0.5f;
    vp_vad *vad = make_judged(&config);
    vp_vad_output out;
    float frame[VP_VAD_FRAME_SAMPLES] = {NAN, INFINITY, -1e30f, 0.5f};
    const float wrong[] = {-0.001f, 1.001f, NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(vp_vad_push_judged(vad, frame, wrong[i], &out), VP_E_PROBABILITY);
    assert_int_equal(vp_vad_push_judged(NULL, frame, 1, &out), VP_E_NULL);
    assert_int_equal(vp_vad_push_judged(vad, NULL, 1, &out), VP_E_NULL);
    assert_int_equal(vp_vad_push_judged(vad, frame, 1, NULL), VP_E_NULL);
    /* Nothing of that was heard, and the samples of an incomplete frame are dropped. */
    assert_int_equal(vp_vad_push(vad, frame, 500, &out), 0);
    assert_int_equal(out.frame, 0);
    assert_int_equal(vp_vad_push_judged(vad, frame, 0, &out), 1);
    const float expected[] = {0, 0, -VP_SAMPLE_LIMIT, 0.5f};
    for (int i = 0; i < 4; i++)
        assert_true(out.events[0].audio[i] == expected[i]);
    assert_int_equal(vp_vad_push(vad, frame, 12, &out), 0);
    assert_int_equal(out.frame, 1);
    assert_int_equal(vp_vad_push_judged(vad, frame, 1, &out), 2);
    assert_int_equal(out.events[1].kind, VP_VAD_SPEECH_START);
    free(vad);
}

static void wrong_configurations_change_nothing(void **state) {
    (void)state;
    fixture f;
    make(&f, small_config());
    const struct {
        size_t offset;
        float value;
        int32_t status;
    } thresholds[] = {
        {offsetof(vp_vad_config, positive_threshold), 1.5f, VP_E_THRESHOLD},
        {offsetof(vp_vad_config, positive_threshold), -0.1f, VP_E_THRESHOLD},
        {offsetof(vp_vad_config, positive_threshold), NAN, VP_E_THRESHOLD},
        {offsetof(vp_vad_config, negative_threshold), 0.31f, VP_E_THRESHOLD},
        {offsetof(vp_vad_config, negative_threshold), NAN, VP_E_THRESHOLD},
        {offsetof(vp_vad_config, voice_threshold), 2, VP_E_THRESHOLD},
    };
    for (size_t i = 0; i < sizeof thresholds / sizeof thresholds[0]; i++) {
        vp_vad_config config = small_config();
        memcpy((char *)&config + thresholds[i].offset, &thresholds[i].value, sizeof(float));
        assert_int_equal(vp_vad_size(&config), thresholds[i].status);
        assert_int_equal(vp_vad_configure(f.vad, &config), thresholds[i].status);
    }
    const struct {
        size_t offset;
        uint32_t value;
    } frames[] = {
        {offsetof(vp_vad_config, redemption_frames), VP_VAD_FRAMES_MAX + 1},
        {offsetof(vp_vad_config, min_speech_frames), VP_VAD_FRAMES_MAX + 1},
        {offsetof(vp_vad_config, part_frames), VP_VAD_FRAMES_MAX + 1},
        {offsetof(vp_vad_config, pre_speech_pad_frames), 8},
        {offsetof(vp_vad_config, segment_frames), 0},
        {offsetof(vp_vad_config, segment_frames), VP_VAD_SEGMENT_FRAMES_MAX + 1},
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        vp_vad_config config = small_config();
        memcpy((char *)&config + frames[i].offset, &frames[i].value, sizeof(uint32_t));
        assert_int_equal(vp_vad_size(&config), VP_E_FRAMES);
        assert_int_equal(vp_vad_configure(f.vad, &config), VP_E_FRAMES);
    }
    vp_vad_config larger = small_config();
    larger.segment_frames = 9;
    assert_int_equal(vp_vad_configure(f.vad, &larger), VP_E_FRAMES);
    /* Still the configuration it was made with. */
    vp_vad_output out;
    assert_int_equal(push_frame(&f, 0, &out), 1);
    assert_int_equal(push_frame(&f, 1, &out), 1);
    assert_int_equal(out.events[0].kind, VP_VAD_SPEECH_REAL_START);
    destroy(&f);
}

static void null_and_empty(void **state) {
    (void)state;
    fixture f;
    vp_vad_output out;
    make(&f, small_config());
    float sample = 0;
    assert_int_equal(vp_vad_push(NULL, &sample, 1, &out), VP_E_NULL);
    assert_int_equal(vp_vad_push(f.vad, NULL, 1, &out), VP_E_NULL);
    assert_int_equal(vp_vad_push(f.vad, &sample, 1, NULL), VP_E_NULL);
    assert_int_equal(vp_vad_push(f.vad, NULL, 0, &out), 0);
    assert_int_equal(out.consumed, 0);
    assert_int_equal(vp_vad_end(NULL, &out), VP_E_NULL);
    assert_int_equal(vp_vad_configure(f.vad, NULL), VP_E_NULL);
    assert_int_equal(vp_vad_size(NULL), VP_E_NULL);
    vp_vad_config config = small_config();
    assert_int_equal(vp_vad_init(f.vad, 16, &config, f.model), VP_E_MEMORY);
    assert_int_equal(vp_vad_init(f.vad, 1u << 30, &config, NULL), VP_E_NULL);
    destroy(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_segment_has_its_pad_and_its_tail),
        cmocka_unit_test(the_pad_never_reaches_into_the_segment_before),
        cmocka_unit_test(long_speech_comes_in_parts),
        cmocka_unit_test(random_stories),
        cmocka_unit_test(speech_is_handed_out_while_it_is_spoken),
        cmocka_unit_test(parts_change_nothing_and_lose_nothing),
        cmocka_unit_test(any_chunking_gives_the_same_events),
        cmocka_unit_test(voice_events_follow_their_own_threshold),
        cmocka_unit_test(bad_samples_are_silence),
        cmocka_unit_test(frames_judged_elsewhere_tell_the_same_story),
        cmocka_unit_test(without_a_model_frames_are_only_reported),
        cmocka_unit_test(a_probability_is_checked_and_a_frame_cleaned),
        cmocka_unit_test(wrong_configurations_change_nothing),
        cmocka_unit_test(null_and_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
