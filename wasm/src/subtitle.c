/* Settings, memory and widths. What subtitles are made of is in subtitle_state.h. */
#include "subtitle_state.h"

#include <float.h>
#include <string.h>

#include "memory.h"

/* ---- Configuration ----------------------------------------------------------------------- */

void vp_subtitle_config_init(vp_subtitle_config *config) {
    *config = (vp_subtitle_config){
        .text_units = 16384,
        .cues = 256,
        .cue_units = 1024,
        .volumes = 3000,
        .words = 256,
        .widths = 4096,
    };
}

void vp_subtitle_style_init(vp_subtitle_style *style) {
    *style = (vp_subtitle_style){
        .width_px = 640,
        .em_px = 32,
        .reading_speed = 1,
        .min_ms = 833,
        .max_ms = 7000,
        .linger_ms = 1500,
        .fade_ms = 250,
        .lines = 2,
        .balance = 1,
        .tag_bracket = VP_TAG_EVENT,
        .tag_think = VP_TAG_HIDE,
        .tag_paren = VP_TAG_SHOW,
        .tag_star = VP_TAG_SHOW,
    };
}

static bool within(uint32_t value, uint32_t min, uint32_t max) {
    return value >= min && value <= max;
}

static int32_t config_check(const vp_subtitle_config *c) {
    if (!c) return VP_E_NULL;
    const bool fits = within(c->text_units, VP_TEXT_UNITS_MIN, VP_TEXT_UNITS_MAX) &&
                      within(c->cues, VP_CUES_MIN, VP_CUES_MAX) &&
                      within(c->cue_units, VP_CUE_UNITS_MIN, VP_CUE_UNITS_MAX) &&
                      c->text_units >= 4 * c->cue_units && c->volumes <= VP_VOLUMES_MAX &&
                      c->words <= VP_WORDS_MAX && within(c->widths, VP_WIDTHS_MIN, VP_WIDTHS_MAX) &&
                      (c->widths & (c->widths - 1)) == 0;
    return fits ? VP_OK : VP_E_CAPACITY;
}

/* Written so that NaN is not. */
static bool is_span_ms(float value) {
    return value >= 0 && value <= (float)DURATION_MAX_MS;
}

static int32_t style_check(const vp_subtitle_style *s) {
    if (!s) return VP_E_NULL;
    const uint32_t modes = s->tag_bracket | s->tag_think | s->tag_paren | s->tag_star;
    const bool fits = s->width_px > 0 && s->width_px <= 1e6F && s->em_px > 0 && s->em_px <= 1e6F &&
                      s->reading_speed >= 0.1F && s->reading_speed <= 10 && is_span_ms(s->min_ms) &&
                      is_span_ms(s->max_ms) && s->max_ms >= s->min_ms && is_span_ms(s->linger_ms) &&
                      is_span_ms(s->fade_ms) && within(s->lines, 1, VP_LINES_MAX) &&
                      s->balance <= 1 && s->instant <= 1 && modes <= (VP_TAG_SHOW | VP_TAG_EVENT);
    return fits ? VP_OK : VP_E_STYLE;
}

/* ---- Lifetime ---------------------------------------------------------------------------- */

static uint32_t place(uint32_t *size, size_t bytes) {
    const uint32_t at = *size;
    *size = vp_align_up(at + bytes);
    return at;
}

/* Where everything lies, and how much it is. Sizes are checked, so this cannot overflow. */
static uint32_t lay_out_memory(const vp_subtitle_config *c, vp_subtitle_view *v, vp_subtitle *s) {
    uint32_t size = vp_align_up(sizeof(vp_subtitle));
    uint8_t *block = (uint8_t *)s;
    v->inbox = place(&size, 2 * c->cue_units * sizeof(uint16_t));
    v->volumes = place(&size, c->volumes * sizeof(float));
    v->word_units = place(&size, c->words * sizeof(uint32_t));
    v->word_ms = place(&size, c->words * sizeof(float));
    v->text = place(&size, c->text_units * sizeof(uint16_t));
    v->translations = place(&size, c->text_units * sizeof(uint16_t));
    v->cues = place(&size, c->cues * sizeof(vp_cue));
    v->misses = place(&size, VP_MISSES_MAX * sizeof(vp_miss));
    v->tags = place(&size, VP_TAGS_MAX * sizeof(vp_tag));
    const uint32_t words = place(&size, c->words * sizeof(reveal_word));
    const uint32_t at_ms = place(&size, c->text_units * sizeof(float));
    const uint32_t widths = place(&size, c->widths * sizeof(width_entry));
    const uint32_t translated_widths = place(&size, c->widths * sizeof(width_entry));
    const uint32_t px = place(&size, c->text_units * sizeof(float));
    const uint32_t translated_px = place(&size, c->text_units * sizeof(float));
    const uint32_t flags = place(&size, c->text_units);
    const uint32_t translated_flags = place(&size, c->text_units);
    if (!s) return size;
    s->inbox = (uint16_t *)(block + v->inbox);
    s->volumes = (float *)(block + v->volumes);
    s->word_units = (uint32_t *)(block + v->word_units);
    s->word_ms = (float *)(block + v->word_ms);
    s->cues = (vp_cue *)(block + v->cues);
    s->misses = (vp_miss *)(block + v->misses);
    s->tags = (vp_tag *)(block + v->tags);
    s->words = (reveal_word *)(block + words);
    s->at_ms = (float *)(block + at_ms);
    s->original = (track){
        .text = (uint16_t *)(block + v->text),
        .flags = block + flags,
        .width_px = (float *)(block + px),
        .capacity = c->text_units,
    };
    s->translated = (track){
        .text = (uint16_t *)(block + v->translations),
        .flags = block + translated_flags,
        .width_px = (float *)(block + translated_px),
        .capacity = c->text_units,
    };
    widths_init(&s->original.widths, (width_entry *)(block + widths), c->widths);
    widths_init(&s->translated.widths, (width_entry *)(block + translated_widths), c->widths);
    return size;
}

int32_t vp_subtitle_size(const vp_subtitle_config *config) {
    const int32_t status = config_check(config);
    if (status < 0) return status;
    vp_subtitle_view view;
    return (int32_t)lay_out_memory(config, &view, NULL);
}

int32_t vp_subtitle_init(vp_subtitle *s, uint32_t size, const vp_subtitle_config *config,
                         const vp_subtitle_style *style) {
    if (!s) return VP_E_NULL;
    const int32_t needed = vp_subtitle_size(config);
    if (needed < 0) return needed;
    const int32_t status = style_check(style);
    if (status < 0) return status;
    if (!vp_block_fits(s, size, needed)) return VP_E_MEMORY;
    memset(s, 0, (size_t)needed);
    s->config = *config;
    s->style = *style;
    lay_out_memory(config, &s->view, s);
    s->view.due_ms = INFINITY;
    s->view.first_cue = 1;
    s->view.cue_units = config->cue_units;
    s->to = &s->original;
    segmenter_init(&s->segmenter);
    subtitle_forget_stream(s);
    return VP_OK;
}

static void measure_all(vp_subtitle *s) {
    track_measure(&s->original, 0, s->style.em_px);
    track_measure(&s->translated, 0, s->style.em_px);
}

int32_t vp_subtitle_restyle(vp_subtitle *s, const vp_subtitle_style *style) {
    if (!s) return VP_E_NULL;
    const int32_t status = style_check(style);
    if (status < 0) return status;
    s->style = *style;
    measure_all(s);
    for (const vp_cue *c = s->cues; c < s->cues + s->view.cue_count; c++)
        if (!is_past(c) && !c->clip) subtitle_plan_reading(s, c, 0);
    subtitle_fit(s);
    return VP_OK;
}

/* ---- Widths ------------------------------------------------------------------------------- */

static track *track_of(vp_subtitle *s, uint32_t language) {
    return language ? &s->translated : &s->original;
}

static bool is_listed(vp_subtitle *s, uint32_t language, const uint16_t *cluster, uint32_t units) {
    for (uint32_t i = 0; i < s->miss_count; i++) {
        const vp_miss *miss = &s->misses[i];
        if (miss->language == language && miss->units == units &&
            memcmp(track_of(s, language)->text + miss->text, cluster, units * sizeof *cluster) == 0)
            return true;
    }
    return false;
}

static void list_misses(vp_subtitle *s, uint32_t language) {
    track *t = track_of(s, language);
    uint32_t first = UINT32_MAX;
    for (uint32_t units; s->miss_count < VP_MISSES_MAX && (units = track_next_estimate(t));
         t->measured += units) {
        if (first == UINT32_MAX) first = t->measured;
        if (is_listed(s, language, t->text + t->measured, units)) continue;
        s->misses[s->miss_count++] = (vp_miss){units, 0, language, t->measured};
    }
    if (first != UINT32_MAX) t->measured = first;
}

/* Whether a cluster is on a page on show. */
static bool is_shown(vp_subtitle *s, const vp_miss *miss) {
    const vp_page *p = miss->language ? &s->view.translation : &s->view.page;
    return p->serial && miss->text >= p->lines[0].start &&
           miss->text < p->lines[p->line_count - 1].end;
}

int32_t vp_subtitle_misses(vp_subtitle *s) {
    if (!s) return VP_E_NULL;
    for (uint32_t i = 0; i < s->miss_count; i++) {
        const vp_miss *miss = &s->misses[i];
        const float width_px = miss->width_px;
        if (is_shown(s, miss)) s->misfit = 1;
        track_set_width(track_of(s, miss->language), (span){miss->text, miss->units},
                        width_px >= 0 && width_px <= FLT_MAX ? width_px : 0);
    }
    s->miss_count = 0;
    list_misses(s, 0);
    list_misses(s, 1);
    if (s->misfit && !s->miss_count) subtitle_fit(s);
    return (int32_t)s->miss_count;
}

int32_t vp_subtitle_forget_widths(vp_subtitle *s) {
    if (!s) return VP_E_NULL;
    widths_forget(&s->original.widths);
    widths_forget(&s->translated.widths);
    s->miss_count = 0;
    measure_all(s);
    return VP_OK;
}
