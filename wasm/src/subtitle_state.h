/* The object of subtitle.h. Its parts, and who changes what:
 *
 *   subtitle.c        settings, memory, widths
 *   subtitle_text.c   text: from units to cues
 *   subtitle_cues.c   the cues that are kept: room for new ones
 *   subtitle_time.c   sound and time: which cue plays, what of it is spoken and shown; the view
 */
#ifndef SUBTITLE_STATE_H
#define SUBTITLE_STATE_H

#include "voicepath/subtitle.h"

#include <math.h>
#include <stdbool.h>

#include "lines.h"
#include "reading.h"
#include "reveal.h"
#include "segment.h"
#include "tags.h"
#include "track.h"
#include "utf8.h"

#define DURATION_MAX_MS 86400000.0

/* Room that is wanted, or left. */
typedef struct room {
    uint32_t units;
    uint32_t translation_units;
    uint32_t cues;
} room;

/* Where a text is that is being written: a stream's, or for a moment a translation's. */
typedef struct pen {
    tags filter;
    uint32_t high;    /* a high surrogate that waits for its other half; 0 for none */
    uint32_t skips;   /* 1: a space would be the second one around a hidden tag */
    uint32_t thought; /* tags_added when the thought that is being written was; 0 for none */
} pen;

struct vp_subtitle {
    vp_subtitle_view view;
    vp_subtitle_config config;
    vp_subtitle_style style;
    uint16_t *inbox;
    vp_cue *cues;
    vp_miss *misses;
    vp_tag *tags;
    float *volumes;
    uint32_t *word_units;
    float *word_ms;
    reveal_word *words;
    float *at_ms; /* of the original's units: when they are spoken, from their cue's start */

    track original;
    track translated;
    pen pen;
    segmenter segmenter; /* of the cue that grows */
    utf8 utf8;
    track *to;           /* what is written to */
    uint32_t from;       /* since where */
    uint32_t scanned;    /* units of the growing cue in which there is no end of a sentence */
    uint32_t tags_added; /* ever */
    uint32_t miss_count;
    uint32_t misfit; /* 1: widths on show are other ones now */

    double now_ms;
    double page_since_ms; /* when the page was turned, if there is no clip */
    uint32_t seen;        /* serial of the last cue at the last tick */
    uint32_t playing;     /* serial of the cue that plays or was the last to; 0 before the first */
    uint32_t spoken;      /* of its units */
    uint32_t revealed;
    uint32_t grew; /* 1: it has grown on show, so that its lines are filled one by one to its end */
    uint32_t laid_out;             /* its units when its page was laid out */
    uint32_t laid_out_translation; /* where its translation lay when that was laid out */
    uint32_t serials;              /* of pages, ever */
    uint32_t blank;                /* 1: nothing is shown until the next cue starts */
    page page;                     /* counted from the cue's start */
    page translation;
    uint32_t page_serial; /* of what is laid out; published together with its lines */
    uint32_t translation_serial;
    reveal_scratch scratch;
};

/* The next tick has something to do. */
static inline void touch(vp_subtitle *s) {
    s->view.due_ms = 0;
}

static inline vp_cue *cue_of(vp_subtitle *s, uint32_t serial) {
    const uint32_t index = serial - s->view.first_cue;
    return serial && index < s->view.cue_count ? &s->cues[index] : NULL;
}

static inline uint32_t serial_of(const vp_subtitle *s, const vp_cue *cue) {
    return s->view.first_cue + (uint32_t)(cue - s->cues);
}

static inline vp_cue *playing_cue(vp_subtitle *s) {
    return cue_of(s, s->playing);
}

static inline vp_cue *last_cue(vp_subtitle *s) {
    return s->view.cue_count ? &s->cues[s->view.cue_count - 1] : NULL;
}

static inline vp_cue *growing_cue(vp_subtitle *s) {
    vp_cue *last = last_cue(s);
    return last && last->state == VP_CUE_GROWING ? last : NULL;
}

static inline bool is_past(const vp_cue *cue) {
    return cue->state >= VP_CUE_ENDED;
}

static inline bool is_on_show(const vp_subtitle *s, const vp_cue *cue) {
    return s->view.phase != VP_SUBTITLE_EMPTY && serial_of(s, cue) == s->playing;
}

static inline span text_of(const vp_cue *cue) {
    return (span){cue->text, cue->units};
}

static inline span translation_of(const vp_cue *cue) {
    return (span){cue->translation, cue->translation_units};
}

/* ---- Reading ------------------------------------------------------------------------------- */

/* When each unit of a cue without a clip is read; those before `from` are known. */
static inline void subtitle_plan_reading(vp_subtitle *s, const vp_cue *cue, uint32_t from) {
    reading_plan(&s->original, text_of(cue), s->style.reading_speed, from, s->at_ms + cue->text);
}

static inline float subtitle_reading_ms(const vp_subtitle *s, const vp_cue *cue) {
    return reading_ms(&s->original, text_of(cue), s->style.reading_speed, s->at_ms + cue->text);
}

/* ---- Across the files ----------------------------------------------------------------------- */

/* Lets the oldest cues go until there is room, and then down to half so that it is seldom done.
 * VP_E_CAPACITY when those that are not past take it all. */
int32_t subtitle_make_room(vp_subtitle *s, room wanted);

/* vp_subtitle_flush(). A cue without text is no cue, unless it `keeps_empty`: it has sound. */
uint32_t subtitle_end_stream(vp_subtitle *s, bool keeps_empty);

/* What was begun to be written and is not a cue yet is forgotten. */
void subtitle_forget_stream(vp_subtitle *s);

/* Lays out anew what is on show: other widths, or another style. */
void subtitle_fit(vp_subtitle *s);

/* Writes what is on show into the view. */
void subtitle_publish(vp_subtitle *s);

#endif
