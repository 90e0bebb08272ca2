/* One cue plays, or was the last to. play_until() brings it to a time: what is spoken, which page that is
 * on, whether it is over. advance() does so in the order of events (the next cue's start, the end of
 * this one) up to now, and publishes what is on show.
 *
 * `spoken` is what was heard, `revealed` what is shown, and that never becomes less. A cue without a clip
 * is read instead of heard: its pages are shown whole, each as long as it takes to read. */
#include "subtitle_state.h"

#include "time_ms.h"

/* ---- Sound -------------------------------------------------------------------------------- */

/* Word times lie in two arrays for the host, and in one for reveal_plan(). */
static void pair_words(vp_subtitle *s, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        s->words[i] = (reveal_word){s->word_units[i], s->word_ms[i]};
}

/* The cue to which sound belongs that has not ended: complete now. */
static vp_cue *cue_with_sound(vp_subtitle *s, uint32_t serial) {
    const vp_cue *growing = growing_cue(s);
    if (growing && serial_of(s, growing) == serial) subtitle_end_stream(s, true);
    return cue_of(s, serial);
}

int32_t vp_subtitle_clip(vp_subtitle *s, uint32_t serial, double duration_ms, double slice_ms,
                         uint32_t volume_count, uint32_t word_count) {
    if (!s) return VP_E_NULL;
    if (volume_count > s->config.volumes || word_count > s->config.words) return VP_E_LENGTH;
    if (!(duration_ms >= 0 && duration_ms <= DURATION_MAX_MS)) return VP_E_DURATION;
    if (!(slice_ms >= 0 && volume_count * slice_ms <= DURATION_MAX_MS)) return VP_E_DURATION;
    vp_cue *cue = cue_with_sound(s, serial);
    if (!cue || cue->state == VP_CUE_ENDED || cue->state == VP_CUE_DROPPED) return VP_E_CUE;
    if (cue->state == VP_CUE_JOINED) return VP_OK;
    const reveal_clip clip = {
        .duration_ms = (float)(duration_ms > 0 ? duration_ms : volume_count * slice_ms),
        .slice_ms = (float)slice_ms,
        .volumes = s->volumes,
        .volume_count = slice_ms > 0 ? volume_count : 0,
        .words = s->words,
        .word_count = word_count,
    };
    cue->clip = clip.duration_ms > 0;
    if (cue->clip) {
        cue->duration_ms = clip.duration_ms;
        pair_words(s, word_count);
        reveal_plan(s->original.text + cue->text, s->original.flags + cue->text, cue->units, &clip,
                    s->at_ms + cue->text, &s->scratch);
    } else {
        subtitle_plan_reading(s, cue, 0);
        cue->duration_ms = subtitle_reading_ms(s, cue);
    }
    if (serial == s->playing) {
        s->spoken = 0;
        cue->end_ms = cue->clip ? cue->start_ms + cue->duration_ms : -1;
    }
    touch(s);
    return VP_OK;
}

int32_t vp_subtitle_start(vp_subtitle *s, uint32_t serial, double at_ms) {
    if (!s) return VP_E_NULL;
    if (!vp_time_fits(at_ms)) return VP_E_TIME;
    vp_cue *cue = cue_with_sound(s, serial);
    if (!cue || cue->state == VP_CUE_ENDED || cue->state == VP_CUE_DROPPED) return VP_E_CUE;
    if (cue->state == VP_CUE_JOINED) return VP_OK;
    cue->clip = 1;
    cue->start_ms = at_ms;
    if (serial == s->playing) {
        s->spoken = 0;
        s->page_since_ms = fmax(s->page_since_ms, at_ms);
        cue->end_ms = at_ms + cue->duration_ms;
    }
    touch(s);
    return VP_OK;
}

/* Whether its sound has started by then. */
static bool has_started(const vp_subtitle *s, const vp_cue *cue, double now_ms) {
    if (!cue->clip || cue->state == VP_CUE_DROPPED) return false;
    return serial_of(s, cue) == s->playing ||
           (cue->state == VP_CUE_WAITING && cue->start_ms >= 0 && cue->start_ms <= now_ms);
}

int32_t vp_subtitle_finish(vp_subtitle *s, uint32_t serial, double at_ms) {
    if (!s) return VP_E_NULL;
    if (!vp_time_fits(at_ms)) return VP_E_TIME;
    vp_cue *cue = cue_of(s, serial);
    if (cue && cue->state == VP_CUE_JOINED) return VP_OK;
    if (!cue || !has_started(s, cue, at_ms)) return VP_E_CUE;
    vp_subtitle_tick(s, at_ms);
    if (serial != s->playing) return VP_E_CUE;
    if (cue->state == VP_CUE_PLAYING) cue->end_ms = fmax(s->now_ms, cue->start_ms);
    touch(s);
    vp_subtitle_tick(s, s->now_ms);
    return VP_OK;
}

/* ---- Pages --------------------------------------------------------------------------------- */

static page_style style_of(const vp_subtitle *s) {
    return (page_style){s->style.width_px, s->style.lines, s->style.balance};
}

/* The units of a cue that can be shown: of a growing one what will stay where it is, so neither a
 * cluster that waits for its rest nor what may yet belong to the line before. */
static uint32_t showable(const vp_subtitle *s, const vp_cue *cue) {
    if (cue->state != VP_CUE_GROWING) return cue->units;
    const uint32_t undecided = s->segmenter.pending[SEGMENT_KIND_LINE];
    if (undecided < cue->units) return undecided;
    uint32_t units = cue->units;
    if (segmenter_open(&s->segmenter))
        while (units > 0 && !(s->original.flags[cue->text + --units] & SEGMENT_GRAPHEME)) {
        }
    return units;
}

static uint32_t next_serial(vp_subtitle *s) {
    if (++s->serials == 0) s->serials = 1;
    return s->serials;
}

static void lay_out(vp_subtitle *s, const vp_cue *cue, uint32_t from) {
    const page_style style = style_of(s);
    if (cue->state == VP_CUE_GROWING) {
        s->grew = 1;
        subtitle_plan_reading(s, cue, from);
    }
    s->laid_out = showable(s, cue);
    if (from > s->laid_out) from = s->laid_out; /* what was on show is in the next cue now */
    const page_text text = track_text(&s->original, (span){cue->text, s->laid_out});
    page_lay_out(&s->page, &text, from, &style, s->grew);
    s->page_serial = s->page.line_count ? next_serial(s) : 0;
}

/* Whether a cue that has grown still has the beginning of the page's last line, after others. */
static bool keeps_lines(const vp_subtitle *s, const vp_cue *cue) {
    const uint32_t lines = s->page.line_count;
    return s->grew && lines > 1 && s->page.lines[lines - 1].start < showable(s, cue);
}

/* A page that grows keeps all lines but the last. */
static void lay_out_growth(vp_subtitle *s, const vp_cue *cue) {
    const uint32_t kept = s->page.line_count - 1, last = s->page.lines[kept].start;
    if (cue->state == VP_CUE_GROWING) subtitle_plan_reading(s, cue, s->laid_out);
    s->laid_out = showable(s, cue);
    const page_text text = track_text(&s->original, (span){cue->text, s->laid_out});
    page_style style = style_of(s);
    style.lines -= kept;
    page rest;
    page_lay_out(&rest, &text, last, &style, true);
    s->page.end = rest.end;
    s->page.line_count = kept + rest.line_count;
    for (uint32_t i = 0; i < rest.line_count; i++)
        s->page.lines[kept + i] = rest.lines[i];
    s->page_serial = next_serial(s);
}

static void lay_out_translation(vp_subtitle *s, const vp_cue *cue, uint32_t from) {
    const page_style style = style_of(s);
    const page_text text = track_text(&s->translated, translation_of(cue));
    page_lay_out(&s->translation, &text, from, &style, false);
    s->laid_out_translation = cue->translation;
    s->translation_serial = s->translation.line_count ? next_serial(s) : 0;
}

/* How long a page is shown when there is no clip. */
static double page_reading_ms(const vp_subtitle *s, const vp_cue *cue, const page *p) {
    if (p->start >= cue->units) return 0;
    const float *at_ms = s->at_ms + cue->text;
    const float end_ms = p->end < cue->units ? at_ms[p->end] : subtitle_reading_ms(s, cue);
    const float reading_ms = end_ms - at_ms[p->start];
    if (reading_ms > s->style.max_ms) return s->style.max_ms;
    return reading_ms < s->style.min_ms ? s->style.min_ms : reading_ms;
}

/* The sum over all pages. */
static float pages_reading_ms(const vp_subtitle *s, const vp_cue *cue) {
    const page_style style = style_of(s);
    const page_text text = track_text(&s->original, text_of(cue));
    double sum_ms = 0;
    page p;
    for (uint32_t from = 0; from < cue->units; from = p.end) {
        page_lay_out(&p, &text, from, &style, false);
        sum_ms += page_reading_ms(s, cue, &p);
    }
    return (float)sum_ms;
}

/* ---- Time --------------------------------------------------------------------------------- */

void subtitle_fit(vp_subtitle *s) {
    const vp_cue *cue = playing_cue(s);
    touch(s);
    s->misfit = 0;
    if (!cue || s->view.phase == VP_SUBTITLE_EMPTY) return;
    lay_out(s, cue, s->page.start);
    lay_out_translation(s, cue, s->translation.start);
}

static void pass_over(vp_subtitle *s, uint32_t from, uint32_t to) {
    for (uint32_t serial = from; serial < to; serial++) {
        vp_cue *cue = cue_of(s, serial);
        if (cue && cue->state < VP_CUE_PLAYING) cue->state = VP_CUE_DROPPED;
    }
}

static void tell_tags(vp_subtitle *s, uint32_t cue, uint32_t at) {
    for (; s->view.tags_told != s->tags_added; s->view.tags_told++) {
        const vp_tag *tag = &s->tags[s->view.tags_told % VP_TAGS_MAX];
        if (tag->cue > cue || (tag->cue == cue && tag->at > at)) return;
        if (s->view.tags_told + 1 == s->pen.thought) return;
    }
}

/* The cue starts to play. */
static void enter(vp_subtitle *s, vp_cue *cue, double start_ms) {
    vp_cue *before = playing_cue(s);
    const uint32_t serial = serial_of(s, cue);
    if (before && before->state == VP_CUE_PLAYING) {
        before->state = VP_CUE_ENDED;
        before->end_ms = fmax(start_ms, before->start_ms);
    }
    pass_over(s, s->playing + 1, serial);
    tell_tags(s, serial - 1, UINT32_MAX);
    s->playing = serial;
    s->spoken = s->revealed = 0;
    s->grew = 0;
    cue->start_ms = start_ms;
    if (cue->state == VP_CUE_WAITING) cue->state = VP_CUE_PLAYING;
    lay_out(s, cue, 0);
    lay_out_translation(s, cue, 0);
    if (!cue->clip && cue->state == VP_CUE_PLAYING) cue->duration_ms = pages_reading_ms(s, cue);
    if (cue->clip) cue->end_ms = start_ms + cue->duration_ms;
    s->page_since_ms = start_ms;
    s->blank = 0;
}

static void turn_page(vp_subtitle *s, const vp_cue *cue) {
    lay_out(s, cue, s->page.end);
}

/* When cluster `unit` is spoken, or the end. */
static double spoken_at_ms(const vp_subtitle *s, const vp_cue *cue, uint32_t unit) {
    if (unit >= cue->units) return cue->end_ms;
    const double at_ms = cue->start_ms + s->at_ms[cue->text + unit];
    return at_ms < cue->end_ms ? at_ms : cue->end_ms;
}

static void hear(vp_subtitle *s, vp_cue *cue, double now_ms) {
    while (s->spoken < cue->units && spoken_at_ms(s, cue, s->spoken) <= now_ms)
        s->spoken++;
    while (s->page.end < s->spoken && s->page.end < s->laid_out)
        turn_page(s, cue);
    if (now_ms < cue->end_ms) return;
    cue->state = VP_CUE_ENDED;
}

static double page_until_ms(const vp_subtitle *s, const vp_cue *cue) {
    return s->page_since_ms + page_reading_ms(s, cue, &s->page);
}

static void read(vp_subtitle *s, vp_cue *cue, double now_ms) {
    const bool grown = s->laid_out != showable(s, cue);
    if (grown && keeps_lines(s, cue))
        lay_out_growth(s, cue);
    else if (grown)
        lay_out(s, cue, s->page.start);
    double until_ms = page_until_ms(s, cue);
    while (s->page.end < s->laid_out && until_ms <= now_ms) {
        turn_page(s, cue);
        /* Text that has only come now was not there to be shown before. */
        s->page_since_ms = grown ? now_ms : until_ms;
        until_ms = page_until_ms(s, cue);
    }
    s->spoken = s->page.end;
    if (cue->state == VP_CUE_GROWING || s->spoken < cue->units || now_ms < until_ms) return;
    cue->state = VP_CUE_ENDED;
    cue->end_ms = until_ms;
}

static double translation_until_ms(const vp_subtitle *s, const vp_cue *cue) {
    return cue->start_ms + (double)cue->duration_ms * s->translation.end / cue->translation_units;
}

static bool translation_goes_on(const vp_subtitle *s, const vp_cue *cue) {
    return cue->state != VP_CUE_GROWING && s->translation.end < cue->translation_units;
}

static bool plays(const vp_cue *cue) {
    return cue && (cue->state == VP_CUE_PLAYING || cue->state == VP_CUE_GROWING);
}

static void play_until(vp_subtitle *s, vp_cue *cue, double now_ms) {
    if (cue->clip)
        hear(s, cue, now_ms);
    else
        read(s, cue, now_ms);
    if (s->laid_out_translation != cue->translation) lay_out_translation(s, cue, 0);
    while (translation_goes_on(s, cue) && translation_until_ms(s, cue) <= now_ms)
        lay_out_translation(s, cue, s->translation.end);
    cue->heard = s->spoken;
    if (s->spoken > s->revealed) s->revealed = s->spoken;
    tell_tags(s, s->playing, cue->state == VP_CUE_ENDED ? UINT32_MAX : s->spoken);
}

/* The first cue kept after the one that plays. */
static uint32_t serial_after(const vp_subtitle *s) {
    return s->playing < s->view.first_cue ? s->view.first_cue : s->playing + 1;
}

/* The cue that starts first of those that wait for a time that is known and has come. */
static vp_cue *scheduled_cue(vp_subtitle *s, double now_ms) {
    vp_cue *first = NULL;
    uint32_t serial = serial_after(s);
    for (vp_cue *cue; (cue = cue_of(s, serial)); serial++) {
        if (cue->state != VP_CUE_WAITING || cue->start_ms < 0 || cue->start_ms > now_ms) continue;
        if (!first || cue->start_ms < first->start_ms) first = cue;
    }
    return first;
}

/* The next cue, whenever its time is. */
static vp_cue *next_cue(vp_subtitle *s) {
    uint32_t serial = serial_after(s);
    for (vp_cue *cue; (cue = cue_of(s, serial)); serial++)
        if (cue->state < VP_CUE_PLAYING) return cue;
    return NULL;
}

/* Goes on to the next event up to now; false when there is none. */
static bool step(vp_subtitle *s, double now_ms) {
    vp_cue *cue = playing_cue(s), *next = scheduled_cue(s, now_ms);
    if (plays(cue)) play_until(s, cue, next ? fmax(next->start_ms, cue->start_ms) : now_ms);
    if (next) {
        enter(s, next, next->start_ms);
        return true;
    }
    if (plays(cue) && cue->turn == s->view.turn) return false;
    next = next_cue(s);
    if (!next || next->clip || (next->state == VP_CUE_GROWING && !showable(s, next))) return false;
    const bool waited = serial_of(s, next) <= s->seen && cue && cue->state == VP_CUE_ENDED;
    enter(s, next, waited ? cue->end_ms : now_ms);
    return true;
}

/* ---- What is on show ------------------------------------------------------------------------ */

static double linger_until_ms(const vp_subtitle *s, const vp_cue *cue) {
    return fmax(cue->end_ms, cue->start_ms + s->style.min_ms) + s->style.linger_ms;
}

static vp_subtitle_phase phase_of(vp_subtitle *s, double now_ms) {
    const vp_cue *cue = playing_cue(s);
    if (!cue || s->blank) return VP_SUBTITLE_EMPTY;
    if (plays(cue)) return VP_SUBTITLE_SHOWING;
    const double until_ms = linger_until_ms(s, cue);
    if (now_ms < until_ms) return VP_SUBTITLE_LINGERING;
    return now_ms < until_ms + s->style.fade_ms ? VP_SUBTITLE_FADING : VP_SUBTITLE_EMPTY;
}

static void publish_page(vp_page *to, const page *from, uint32_t text, uint32_t end) {
    to->start = text + from->start;
    to->units = (from->end < end ? from->end : end) - from->start;
    to->visible = to->units;
    to->line_count = from->line_count;
    for (uint32_t i = 0; i < from->line_count; i++)
        to->lines[i] = (vp_line){text + from->lines[i].start, text + from->lines[i].end};
}

static void publish_pages(vp_subtitle *s) {
    vp_subtitle_view *v = &s->view;
    const vp_cue *cue = playing_cue(s);
    if (v->phase == VP_SUBTITLE_EMPTY || !cue) {
        v->page.serial = v->translation.serial = v->cue = 0;
        return;
    }
    v->cue = s->playing;
    v->page.serial = s->page_serial;
    v->translation.serial = s->translation_serial;
    publish_page(&v->page, &s->page, cue->text, s->laid_out);
    publish_page(&v->translation, &s->translation, cue->translation, cue->translation_units);
    v->page.growing = cue->state == VP_CUE_GROWING;
    if (!cue->clip || s->style.instant) return;
    const uint32_t revealed = s->revealed > s->page.start ? s->revealed - s->page.start : 0;
    if (revealed < v->page.units) v->page.visible = revealed;
}

/* When something changes if nobody does anything. */
static double due_ms(vp_subtitle *s, double now_ms) {
    const vp_cue *cue = playing_cue(s);
    double due = INFINITY;
    for (const vp_cue *c = s->cues; c < s->cues + s->view.cue_count; c++)
        if (c->state == VP_CUE_WAITING && c->start_ms > now_ms && c->start_ms < due)
            due = c->start_ms;
    if (plays(cue)) {
        if (cue->clip)
            due = fmin(due, spoken_at_ms(s, cue, s->spoken));
        else if (cue->state != VP_CUE_GROWING || s->page.end < s->laid_out)
            due = fmin(due, page_until_ms(s, cue));
        if (translation_goes_on(s, cue)) due = fmin(due, translation_until_ms(s, cue));
    } else if (s->view.phase == VP_SUBTITLE_LINGERING) {
        due = fmin(due, linger_until_ms(s, cue));
    } else if (s->view.phase == VP_SUBTITLE_FADING) {
        due = fmin(due, linger_until_ms(s, cue) + s->style.fade_ms);
    }
    return due;
}

/* Whether they show the same. */
static bool is_same(const vp_subtitle_view *a, const vp_subtitle_view *b) {
    return a->page.serial == b->page.serial && a->page.units == b->page.units &&
           a->page.visible == b->page.visible && a->page.growing == b->page.growing &&
           a->translation.serial == b->translation.serial && a->phase == b->phase &&
           a->cue == b->cue && a->tags_told == b->tags_told;
}

static void publish(vp_subtitle *s, const vp_subtitle_view *before) {
    s->view.phase = phase_of(s, s->now_ms);
    if (s->view.phase == VP_SUBTITLE_EMPTY) s->blank = 1;
    publish_pages(s);
    if (!is_same(before, &s->view)) s->view.revision++;
}

void subtitle_publish(vp_subtitle *s) {
    const vp_subtitle_view before = s->view;
    publish(s, &before);
}

static uint32_t advance(vp_subtitle *s) {
    const vp_subtitle_view before = s->view;
    while (step(s, s->now_ms)) {
    }
    s->seen = s->view.first_cue + s->view.cue_count - 1;
    publish(s, &before);
    s->view.due_ms = due_ms(s, s->now_ms);
    return s->view.revision;
}

uint32_t vp_subtitle_tick(vp_subtitle *s, double now_ms) {
    if (!s) return 0;
    if (!vp_time_fits(now_ms)) return s->view.revision;
    if (now_ms > s->now_ms) s->now_ms = now_ms;
    return s->now_ms < s->view.due_ms ? s->view.revision : advance(s);
}

int32_t vp_subtitle_heard(vp_subtitle *s, double now_ms) {
    if (!s) return VP_E_NULL;
    if (!vp_time_fits(now_ms)) return VP_E_TIME;
    vp_subtitle_tick(s, now_ms);
    return VP_OK;
}

int32_t vp_subtitle_interrupt(vp_subtitle *s, double now_ms) {
    const int32_t status = vp_subtitle_heard(s, now_ms);
    if (status < 0) return status;
    const vp_subtitle_view before = s->view;
    for (vp_cue *c = s->cues; c < s->cues + s->view.cue_count; c++)
        if (!is_past(c)) {
            if (serial_of(s, c) == s->playing) c->end_ms = fmax(s->now_ms, c->start_ms);
            c->state = VP_CUE_DROPPED;
        }
    subtitle_forget_stream(s);
    s->tags_added = s->view.tags_told;
    s->blank = 1;
    s->view.accepting = 0;
    publish(s, &before);
    s->view.due_ms = INFINITY;
    return VP_OK;
}
