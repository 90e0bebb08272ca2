/* What is true of a subtitle's memory after every call, whatever was called. */
#ifndef SUBTITLE_RULES_H
#define SUBTITLE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "segment.h"
#include "voicepath/subtitle.h"

/* A subtitle as its host sees it. */
typedef struct host {
    vp_subtitle_config config;
    vp_subtitle_style style;
    vp_subtitle *subtitle;
    const vp_subtitle_view *view;
    uint32_t bytes;
} host;

static inline void *array_of(const host *h, uint32_t offset) {
    return (uint8_t *)h->subtitle + offset;
}

static inline const vp_cue *cues_of(const host *h) {
    return array_of(h, h->view->cues);
}

static inline const uint16_t *text_at(const host *h, uint32_t at) {
    return (const uint16_t *)array_of(h, h->view->text) + at;
}

static inline const uint16_t *translation_at(const host *h, uint32_t at) {
    return (const uint16_t *)array_of(h, h->view->translations) + at;
}

/* NULL when there is none. */
static inline const vp_cue *find_cue(const host *h, uint32_t serial) {
    const uint32_t index = serial - h->view->first_cue;
    return serial && index < h->view->cue_count ? cues_of(h) + index : NULL;
}

/* Whether a cluster ends at `at` of the text. */
static inline bool is_cluster_end(const uint16_t *text, uint32_t units, uint32_t at) {
    static uint8_t flags[2 * VP_CUE_UNITS_MAX + 1024];
    if (at == 0 || at == units) return true;
    for (uint32_t i = 0; i < units; i++)
        flags[i] = 0;
    segmenter s;
    segmenter_init(&s);
    segmenter_push(&s, text, flags, units);
    segmenter_end(&s, flags);
    return flags[at] & SEGMENT_GRAPHEME;
}

static inline bool is_well_formed(const uint16_t *text, uint32_t units) {
    for (uint32_t i = 0; i < units; i++) {
        if (text[i] == 0 || (text[i] & 0xFC00) == 0xDC00) return false;
        if ((text[i] & 0xFC00) != 0xD800) continue;
        if (++i == units || (text[i] & 0xFC00) != 0xDC00) return false;
    }
    return true;
}

static inline bool is_time(double ms) {
    return ms == -1 || (ms >= 0 && ms <= 1e16);
}

#define RULE(holds, text)                                                                          \
    if (!(holds)) return text

static inline const char *broken_cue_rule(const host *h, const vp_cue *cue) {
    const vp_subtitle_view *v = h->view;
    const bool last = cue == cues_of(h) + v->cue_count - 1;
    RULE(cue->state <= VP_CUE_JOINED, "a state is none");
    RULE(cue->state != VP_CUE_GROWING || last, "a cue grows that is not the last");
    RULE(cue->clip <= 1 && cue->gap <= 1, "a flag is neither 0 nor 1");
    RULE(cue->turn >= 1 && cue->turn <= v->turn, "a cue's turn is none");
    RULE(last || cue->turn <= cue[1].turn, "turns are not in order");
    RULE(is_time(cue->start_ms) && is_time(cue->end_ms), "a cue's time is none");
    RULE(cue->start_ms < 0 || cue->end_ms < 0 || cue->start_ms <= cue->end_ms,
         "a cue ends before it starts");
    RULE(cue->duration_ms >= 0 && cue->duration_ms < 1e12F, "a cue's duration is none");
    RULE(cue->units <= h->config.cue_units, "a cue is too long");
    RULE(cue->text <= h->config.text_units && cue->units <= h->config.text_units - cue->text,
         "a cue's text is out of the text");
    RULE(last || cue->text + cue->units <= cue[1].text, "cues' texts overlap");
    RULE(cue->translation_units <= h->config.cue_units, "a translation is too long");
    RULE(cue->translation_units == 0 ||
             cue->translation + cue->translation_units <= h->config.text_units,
         "a translation is out of the translations");
    RULE(is_well_formed(text_at(h, cue->text), cue->units), "a cue's text is no UTF-16");
    RULE(is_well_formed(translation_at(h, cue->translation), cue->translation_units),
         "a translation is no UTF-16");
    RULE(cue->heard <= cue->units, "more was heard than there is");
    return NULL;
}

/* A page of a text that lies at start. */
static inline const char *broken_page_rule(const host *h, const vp_page *p, const uint16_t *text,
                                           uint32_t start, uint32_t units) {
    if (p->serial == 0) return NULL;
    RULE(p->line_count >= 1 && p->line_count <= VP_LINES_MAX, "a page has no or too many lines");
    RULE(p->line_count <= h->style.lines, "a page has more lines than the style allows");
    RULE(p->start >= start && p->start - start <= units, "a page begins out of its cue");
    RULE(p->units <= units - (p->start - start), "a page ends out of its cue");
    RULE(p->visible <= p->units, "more is visible than there is");
    uint32_t at = p->start;
    for (uint32_t i = 0; i < p->line_count; at = p->lines[i++].end) {
        RULE(p->lines[i].start >= at, "lines are not in order");
        RULE(p->lines[i].end > p->lines[i].start, "a line is empty");
        RULE(is_cluster_end(text, units, p->lines[i].start - start), "a line begins in a cluster");
        RULE(is_cluster_end(text, units, p->lines[i].end - start), "a line ends in a cluster");
    }
    RULE(at <= p->start + p->units, "a line is out of its page");
    RULE(is_cluster_end(text, units, p->start + p->visible - start), "half a cluster is visible");
    return NULL;
}

/* The view as it is after a tick. */
static inline const char *broken_view_rule(const host *h) {
    const vp_subtitle_view *v = h->view;
    for (const vp_cue *cue = cues_of(h); cue < cues_of(h) + v->cue_count; cue++)
        RULE(is_cluster_end(text_at(h, cue->text), cue->units, cue->heard),
             "half a cluster was heard");
    if (v->phase == VP_SUBTITLE_EMPTY) {
        RULE(v->cue == 0, "a cue is on show in the phase EMPTY");
        RULE(v->page.serial == 0 && v->translation.serial == 0, "EMPTY shows something");
        return NULL;
    }
    const vp_cue *cue = find_cue(h, v->cue);
    RULE(cue, "the cue on show is not kept");
    RULE(cue->state != VP_CUE_DROPPED && cue->state != VP_CUE_JOINED, "a dropped cue is on show");
    RULE((v->phase == VP_SUBTITLE_SHOWING) == (cue->state != VP_CUE_ENDED),
         "the phase is not that of the cue on show");
    RULE(v->page.growing == (cue->state == VP_CUE_GROWING), "page.growing is wrong");
    const char *broken =
        broken_page_rule(h, &v->page, text_at(h, cue->text), cue->text, cue->units);
    RULE(!broken, broken);
    return broken_page_rule(h, &v->translation, translation_at(h, cue->translation),
                            cue->translation, cue->translation_units);
}

static inline bool is_array(const host *h, uint32_t offset, size_t bytes) {
    return offset >= sizeof(vp_subtitle_view) && offset % 4 == 0 && offset <= h->bytes &&
           bytes <= h->bytes - offset;
}

/* What is not as it must be; NULL when all is. */
static inline const char *broken_rule(const host *h, bool ticked) {
    const vp_subtitle_view *v = h->view;
    const vp_subtitle_config *c = &h->config;
    RULE(is_array(h, v->inbox, 4 * c->cue_units) && is_array(h, v->volumes, 4 * c->volumes) &&
             is_array(h, v->word_units, 4 * c->words) && is_array(h, v->word_ms, 4 * c->words) &&
             is_array(h, v->text, 2 * c->text_units) &&
             is_array(h, v->translations, 2 * c->text_units) &&
             is_array(h, v->cues, sizeof(vp_cue) * c->cues) &&
             is_array(h, v->misses, sizeof(vp_miss) * VP_MISSES_MAX) &&
             is_array(h, v->tags, sizeof(vp_tag) * VP_TAGS_MAX),
         "an array is out of the block");
    RULE(v->due_ms >= 0, "due_ms is no time");
    RULE(v->phase <= VP_SUBTITLE_FADING, "the phase is none");
    RULE(v->first_cue >= 1 && v->cue_count <= c->cues, "more cues are kept than there is room for");
    uint32_t playing = 0;
    for (const vp_cue *cue = cues_of(h); cue < cues_of(h) + v->cue_count; cue++) {
        const char *broken = broken_cue_rule(h, cue);
        RULE(!broken, broken);
        playing += cue->state == VP_CUE_PLAYING;
    }
    RULE(playing <= 1, "two cues play");
    const vp_tag *tags = array_of(h, v->tags);
    for (uint32_t n = 0; n < v->tags_told && n < VP_TAGS_MAX; n++)
        RULE(tags[n].kind <= VP_TAG_STAR && tags[n].units <= VP_TAG_UNITS_MAX, "a tag is none");
    return ticked ? broken_view_rule(h) : NULL;
}
#undef RULE

#endif
