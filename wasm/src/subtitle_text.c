/* Units pass through take(): surrogates are paired, tags are found, and what is left is put at the end
 * of a track, where the last cue grows. Where the segmenter finds the end of a sentence the cue is cut,
 * and the rest is the beginning of the next one. A whole cue is written the same way, and then mended:
 * marks and quotes that belong to the cue before go there. */
#include "subtitle_state.h"

#include <string.h>

#include "sentence.h"

enum {
    SLICE_UNITS = 64,  /* of a stream that are segmented at a time */
    CUES_RESERVED = 8, /* for cues that are cut because they are too long */
    REPLACEMENT = 0xFFFD,
};

/* A cue that begins where the text ends. */
static vp_cue *begin_cue(vp_subtitle *s, uint32_t clip) {
    vp_cue *cue = &s->cues[s->view.cue_count++];
    *cue = (vp_cue){
        .start_ms = -1,
        .end_ms = -1,
        .turn = s->view.turn,
        .state = VP_CUE_GROWING,
        .clip = clip != 0,
        .text = s->original.used,
    };
    return cue;
}

/* ---- Tags -------------------------------------------------------------------------------- */

static uint32_t mode_of(const vp_subtitle *s, uint32_t kind) {
    switch ((vp_tag_kind)kind) {
    case VP_TAG_BRACKET:
        return s->style.tag_bracket;
    case VP_TAG_THINK:
        return s->style.tag_think;
    case VP_TAG_PAREN:
        return s->style.tag_paren;
    default:
        return s->style.tag_star;
    }
}

/* Tags of translations are the same ones again. */
static vp_tag *add_tag(vp_subtitle *s, uint32_t kind) {
    if (!(mode_of(s, kind) & VP_TAG_EVENT) || s->to != &s->original) return NULL;
    if (s->tags_added - s->view.tags_told == VP_TAGS_MAX) {
        s->view.tags_lost++;
        return NULL;
    }
    touch(s);
    vp_tag *tag = &s->tags[s->tags_added++ % VP_TAGS_MAX];
    tag->kind = kind;
    tag->cue = serial_of(s, last_cue(s));
    tag->at = s->original.used - s->from;
    tag->units = 0;
    return tag;
}

static void tag_put(vp_tag *tag, uint16_t unit) {
    if (tag->units < VP_TAG_UNITS_MAX) tag->text[tag->units++] = unit;
}

/* Tags whose place moves from a cue to another. */
static void move_tags(vp_subtitle *s, uint32_t from_cue, uint32_t from_at, uint32_t to_cue,
                      uint32_t to_at) {
    for (uint32_t n = s->view.tags_told; n != s->tags_added; n++) {
        vp_tag *tag = &s->tags[n % VP_TAGS_MAX];
        if (tag->cue != from_cue || tag->at < from_at) continue;
        tag->cue = to_cue;
        tag->at = tag->at - from_at + to_at;
    }
}

/* ---- Writing ----------------------------------------------------------------------------- */

static void put(vp_subtitle *s, uint16_t unit, uint8_t flags) {
    const bool first = s->to->used == s->from;
    if ((first || s->pen.skips) && segment_traits(unit) & TRAIT_SPACE) return;
    s->pen.skips = 0;
    track_put(s->to, unit, flags);
}

/* Of two spaces around what is hidden one is enough. */
static void hide(vp_subtitle *s) {
    const track *t = s->to;
    s->pen.skips = t->used > s->from && track_traits(t, t->used - 1) & TRAIT_SPACE;
}

static void close_tag(vp_subtitle *s) {
    const tags *t = &s->pen.filter;
    vp_tag *tag = add_tag(s, t->kind);
    for (uint32_t i = t->inner; tag && i < t->units - t->inner; i++)
        tag_put(tag, t->held[i]);
    if (!(mode_of(s, t->kind) & VP_TAG_SHOW)) {
        hide(s);
        return;
    }
    for (uint32_t i = 0; i < t->units; i++)
        put(s, t->held[i], UNIT_SILENT);
}

/* A thought is shown between parentheses, as the backend does it. */
static void open_thought(vp_subtitle *s) {
    s->pen.thought = add_tag(s, VP_TAG_THINK) ? s->tags_added : 0;
    if (s->style.tag_think & VP_TAG_SHOW)
        put(s, '(', UNIT_SILENT);
    else
        hide(s);
}

static void end_thought(vp_subtitle *s) {
    s->pen.thought = 0;
    touch(s);
    if (s->style.tag_think & VP_TAG_SHOW) put(s, ')', UNIT_SILENT);
}

static void take_thought(vp_subtitle *s, uint16_t unit) {
    if (s->pen.thought) tag_put(&s->tags[(s->pen.thought - 1) % VP_TAGS_MAX], unit);
    if (s->style.tag_think & VP_TAG_SHOW) put(s, unit, UNIT_SILENT);
}

static void take_held(vp_subtitle *s) {
    for (uint32_t i = 0; i < s->pen.filter.units; i++) {
        if (s->pen.filter.in_thought)
            take_thought(s, s->pen.filter.held[i]);
        else
            put(s, s->pen.filter.held[i], 0);
    }
}

static void obey(vp_subtitle *s, tags_result result, uint16_t unit) {
    switch (result) {
    case TAGS_WAIT:
        return;
    case TAGS_UNIT:
        put(s, unit, 0);
        return;
    case TAGS_TEXT:
        take_held(s);
        return;
    case TAGS_CLOSED:
        close_tag(s);
        return;
    case TAGS_THOUGHT:
        take_thought(s, unit);
        return;
    case TAGS_OPENED:
        open_thought(s);
        return;
    case TAGS_ENDED:
        end_thought(s);
        return;
    }
}

static void filter(vp_subtitle *s, uint16_t unit) {
    obey(s, tags_take(&s->pen.filter, unit), unit);
}

static void take(vp_subtitle *s, uint16_t unit) {
    const bool low = (unit & 0xFC00) == 0xDC00;
    const uint16_t high = (uint16_t)s->pen.high;
    s->pen.high = 0;
    if (high && low) {
        filter(s, high);
        filter(s, unit);
        return;
    }
    if (high) filter(s, REPLACEMENT);
    if ((unit & 0xFC00) == 0xD800)
        s->pen.high = unit;
    else
        filter(s, low || unit == 0 ? REPLACEMENT : unit);
}

/* Whether a unit is nothing but text wherever no tag is open. */
static bool is_plain(uint16_t unit) {
    return (unit & 0xF800) != 0xD800 && unit && !tags_may_begin(unit);
}

/* A stretch of the inbox; returns where it ends. The usual case is short: nothing is open or held, and
 * the cue has begun. */
static uint32_t take_stretch(vp_subtitle *s, uint32_t at, uint32_t end) {
    if (!s->pen.high && !s->pen.skips && s->to->used > s->from && tags_are_closed(&s->pen.filter)) {
        const uint16_t *stretch = s->inbox + at;
        uint32_t units = 0;
        while (units < end - at && is_plain(stretch[units]))
            units++;
        track_put_all(s->to, stretch, units);
        if (units) s->pen.filter.previous = stretch[units - 1];
        at += units;
    }
    if (at < end) take(s, s->inbox[at++]);
    return at;
}

static void lift_pen(vp_subtitle *s) {
    tags_init(&s->pen.filter);
    s->pen.high = s->pen.skips = s->pen.thought = 0;
}

static void take_end(vp_subtitle *s) {
    if (s->pen.high) filter(s, REPLACEMENT);
    obey(s, tags_end(&s->pen.filter), 0);
    lift_pen(s);
}

/* ---- From text to cues --------------------------------------------------------------------- */

/* The cue that a cue's marks go to: the one before that has text, in the same turn. */
static vp_cue *cue_before(vp_subtitle *s, const vp_cue *cue) {
    for (vp_cue *c = s->cues + (cue - s->cues); c-- > s->cues;) {
        if (c->turn != cue->turn || c->state == VP_CUE_DROPPED) return NULL;
        if (c->state != VP_CUE_JOINED) return c;
    }
    return NULL;
}

/* Nothing more will be added to it. */
static void complete(vp_subtitle *s, vp_cue *cue) {
    cue->state = serial_of(s, cue) == s->playing ? VP_CUE_PLAYING : VP_CUE_WAITING;
    const vp_cue *before = cue_before(s, cue);
    cue->gap = before && sentence_has_gap(&s->original, text_of(before), text_of(cue));
    subtitle_plan_reading(s, cue, 0);
    cue->duration_ms = subtitle_reading_ms(s, cue);
    touch(s);
}

static void end_growth(vp_subtitle *s, vp_cue *cue) {
    segmenter_end(&s->segmenter, s->original.flags + cue->text);
    complete(s, cue);
}

/* Segments and measures what came after the cue's first `known` units. */
static void extend(vp_subtitle *s, vp_cue *cue, uint32_t known) {
    track *t = &s->original;
    cue->units = t->used - cue->text;
    segmenter_push(&s->segmenter, t->text + cue->text, t->flags + cue->text, cue->units);
    uint32_t from = cue->text + known;
    while (from > cue->text && from < t->used && !(t->flags[from] & SEGMENT_GRAPHEME))
        from--;
    track_measure(t, from, s->style.em_px);
    touch(s);
}

/* The cue ends after `units`; what follows is the next one, and a text of its own: segmented already
 * where nothing before it is undecided. */
static vp_cue *split(vp_subtitle *s, vp_cue *cue, uint32_t units) {
    const uint32_t end = s->original.used;
    const bool decided = segmenter_is_decided(&s->segmenter, units);
    s->original.used = cue->text + units;
    cue->units = units;
    if (cue->heard > units) cue->heard = units;
    if (!decided) segmenter_end(&s->segmenter, s->original.flags + cue->text);
    complete(s, cue);
    vp_cue *rest = begin_cue(s, cue->clip);
    s->original.used = end;
    move_tags(s, serial_of(s, cue), units, serial_of(s, rest), 0);
    s->from = rest->text;
    s->scanned = 0;
    if (decided) {
        uint8_t *flags = s->original.flags + rest->text;
        segmenter_rebase(&s->segmenter, units);
        flags[0] = (uint8_t)((flags[0] & ~SEGMENT_BITS) | SEGMENT_START);
        rest->units = end - rest->text;
    } else {
        segmenter_init(&s->segmenter);
        extend(s, rest, 0);
    }
    return rest;
}

/* Where the first whole sentence of a growing cue ends; 0 where there is none. */
static uint32_t sentence_end(vp_subtitle *s, const vp_cue *cue) {
    const track *t = &s->original;
    for (uint32_t i = s->scanned ? s->scanned : 1; i < cue->units; i++) {
        const bool ends = t->flags[cue->text + i] & SEGMENT_SENTENCE &&
                          !sentence_is_abbreviated(t, (span){cue->text, i}) &&
                          sentence_has_word(t, (span){cue->text, i});
        if (ends) return i;
    }
    const uint32_t undecided = s->segmenter.pending[SEGMENT_KIND_SENTENCE];
    s->scanned = undecided < cue->units ? undecided : cue->units;
    return 0;
}

/* Where a cue that is too long is cut: in its second half where a line may end, or else between
 * clusters, or else anywhere. */
static uint32_t forced_end(const vp_subtitle *s, const vp_cue *cue) {
    const uint8_t *flags = s->original.flags + cue->text;
    const uint32_t most = s->config.cue_units;
    for (int bit = SEGMENT_LINE; bit; bit = bit == SEGMENT_LINE ? SEGMENT_GRAPHEME : 0)
        for (uint32_t i = most; i > most / 2; i--)
            if (flags[i] & bit) return i;
    const uint16_t next = s->original.text[cue->text + most];
    return (next & 0xFC00) == 0xDC00 ? most - 1 : most;
}

/* Cuts whole cues off the growing one; returns how many. */
static uint32_t cut(vp_subtitle *s, vp_cue *cue) {
    for (uint32_t count = 0;; count++) {
        const bool roomy = s->config.cues - s->view.cue_count > CUES_RESERVED;
        uint32_t end = roomy ? sentence_end(s, cue) : 0;
        if (end == 0 || end > s->config.cue_units)
            end = cue->units > s->config.cue_units ? forced_end(s, cue) : 0;
        if (end == 0) return count;
        cue = split(s, cue, end);
    }
}

/* ---- Streams ------------------------------------------------------------------------------ */

/* Text for a turn that was interrupted is not wanted; without a turn it begins one. */
static bool accepts(vp_subtitle *s) {
    if (s->view.turn == 0) vp_subtitle_begin(s);
    if (!s->view.accepting) s->view.ignored++;
    return s->view.accepting;
}

/* The growing cue, to be written to. */
static vp_cue *stream_cue(vp_subtitle *s, uint32_t clip) {
    vp_cue *cue = growing_cue(s);
    if (!cue) {
        cue = begin_cue(s, clip);
        segmenter_init(&s->segmenter);
        s->scanned = 0;
    }
    s->to = &s->original;
    s->from = cue->text;
    return cue;
}

static uint32_t grow(vp_subtitle *s, vp_cue *cue) {
    const uint32_t known = cue->units;
    if (s->original.used == cue->text + known) return 0;
    extend(s, cue, known);
    return cut(s, cue);
}

static int32_t stream_room(vp_subtitle *s, uint32_t units) {
    return subtitle_make_room(s, (room){units + TAGS_HELD_MAX + 4, 0, CUES_RESERVED + 1});
}

void subtitle_forget_stream(vp_subtitle *s) {
    lift_pen(s);
    utf8_init(&s->utf8);
}

/* Tags of cues that will not be spoken are not told. */
static void drop_tags(vp_subtitle *s) {
    uint32_t n = s->view.tags_told;
    while (n != s->tags_added && s->tags[n % VP_TAGS_MAX].cue <= s->playing)
        n++;
    s->tags_added = n;
}

int32_t vp_subtitle_begin(vp_subtitle *s) {
    if (!s) return VP_E_NULL;
    subtitle_forget_stream(s);
    for (vp_cue *c = s->cues; c < s->cues + s->view.cue_count; c++)
        if (c->state < VP_CUE_ENDED && serial_of(s, c) != s->playing) c->state = VP_CUE_DROPPED;
    drop_tags(s);
    vp_cue *growing = growing_cue(s);
    if (growing) end_growth(s, growing);
    s->view.turn++;
    s->view.accepting = 1;
    touch(s);
    return (int32_t)s->view.turn;
}

/* The next slice of a stream ends where its cue is too long, so that it is cut at the same place
 * however the stream comes. */
static uint32_t slice_end(const vp_subtitle *s, const vp_cue *cue, uint32_t at, uint32_t end) {
    const uint32_t left = s->config.cue_units + 1 - cue->units;
    const uint32_t most = left < SLICE_UNITS ? left : SLICE_UNITS;
    return end - at > most ? at + most : end;
}

static bool is_too_long(const vp_subtitle *s) {
    return s->to->used - s->from > s->config.cue_units;
}

int32_t vp_subtitle_push(vp_subtitle *s, uint32_t units, uint32_t clip) {
    if (!s) return VP_E_NULL;
    if (units > 2 * s->config.cue_units) return VP_E_LENGTH;
    if (units == 0 || !accepts(s)) return 0;
    const int32_t status = stream_room(s, units);
    if (status < 0) return status;
    uint32_t count = 0;
    for (uint32_t at = 0; at < units;) {
        vp_cue *cue = stream_cue(s, clip);
        const uint32_t end = slice_end(s, cue, at, units);
        while (at < end && !is_too_long(s))
            at = take_stretch(s, at, end);
        count += grow(s, cue);
    }
    return (int32_t)count;
}

static void take_code_point(vp_subtitle *s, uint32_t code_point) {
    if (code_point >= 0x10000) {
        take(s, (uint16_t)(0xD7C0 + (code_point >> 10)));
        take(s, (uint16_t)(0xDC00 + (code_point & 0x3FF)));
    } else {
        take(s, (uint16_t)code_point);
    }
}

int32_t vp_subtitle_push_utf8(vp_subtitle *s, const uint8_t *bytes, uint32_t length,
                              uint32_t clip) {
    if (!s || (!bytes && length)) return VP_E_NULL;
    if (length > 2 * s->config.cue_units) return VP_E_LENGTH;
    if (length == 0 || !accepts(s)) return 0;
    const int32_t status = stream_room(s, length);
    if (status < 0) return status;
    uint32_t count = 0;
    for (uint32_t at = 0; at < length;) {
        vp_cue *cue = stream_cue(s, clip);
        const uint32_t end = slice_end(s, cue, at, length);
        while (at < end && !is_too_long(s)) {
            const uint32_t code_point = utf8_take(&s->utf8, bytes[at]);
            if (code_point == UTF8_BAD_THEN) {
                take(s, REPLACEMENT);
                continue;
            }
            at++;
            if (code_point != UTF8_NONE) take_code_point(s, code_point);
        }
        count += grow(s, cue);
    }
    return (int32_t)count;
}

uint32_t subtitle_end_stream(vp_subtitle *s, bool keeps_empty) {
    vp_cue *cue = growing_cue(s);
    if (!cue) return 0;
    cue = stream_cue(s, cue->clip);
    if (utf8_end(&s->utf8) != UTF8_NONE) take(s, REPLACEMENT);
    take_end(s);
    uint32_t count = grow(s, cue);
    cue = growing_cue(s);
    if (cue->units || keeps_empty) {
        end_growth(s, cue);
        count++;
    } else {
        s->view.cue_count--;
    }
    return count;
}

int32_t vp_subtitle_flush(vp_subtitle *s) {
    return s ? (int32_t)subtitle_end_stream(s, false) : VP_E_NULL;
}

/* ---- Whole cues ----------------------------------------------------------------------------- */

/* The first `units` of a cue are the last of the one before. */
static void join(vp_subtitle *s, vp_cue *target, vp_cue *cue, uint32_t units) {
    const uint32_t was = target->units, serial = serial_of(s, target);
    target->units += units;
    cue->units -= units;
    for (vp_cue *c = target + 1; c <= cue; c++) /* what was joined before is empty */
        c->text = target->text + target->units;
    track_segment(&s->original, text_of(target));
    if (target->clip)
        for (uint32_t i = was; i < target->units; i++)
            s->at_ms[target->text + i] = was ? s->at_ms[target->text + was - 1] : 0;
    else
        subtitle_plan_reading(s, target, was);
    /* What is shown does not move for it: the page stays as it was laid out. */
    if (serial == s->playing) {
        if (s->page.end == was) s->page.end = target->units;
        if (s->laid_out == was) s->laid_out = target->units;
        if (is_past(target)) s->spoken = s->revealed = target->heard = target->units;
    }
    touch(s);
}

static void repair(vp_subtitle *s, vp_cue *cue) {
    vp_cue *target = cue_before(s, cue);
    if (!target) return;
    const uint32_t units = sentence_marks(&s->original, text_of(target), text_of(cue));
    if (target->units + units > s->config.cue_units || (units == 0 && cue->units)) return;
    const uint32_t serial = serial_of(s, cue), to = serial_of(s, target);
    move_tags(s, serial, 0, to, target->units);
    if (units < cue->units) {
        move_tags(s, to, target->units + units, serial, 0);
    } else {
        cue->state = VP_CUE_JOINED;
        cue->clip = 0;
    }
    join(s, target, cue, units);
}

/* Sets the text of the inbox at the end of a track. */
static span write(vp_subtitle *s, track *to, uint32_t at, uint32_t units) {
    s->to = to;
    s->from = to->used;
    lift_pen(s);
    for (uint32_t i = 0; i < units; i++)
        take(s, s->inbox[at + i]);
    take_end(s);
    return (span){s->from, to->used - s->from};
}

static void write_translation(vp_subtitle *s, vp_cue *cue, uint32_t at, uint32_t units) {
    track *t = &s->translated;
    const span text = write(s, t, at, units);
    track_segment(t, text);
    track_measure(t, text.start, s->style.em_px);
    cue->translation = text.start;
    cue->translation_units = text.units;
}

int32_t vp_subtitle_add(vp_subtitle *s, uint32_t units, uint32_t translation_units, uint32_t clip) {
    if (!s) return VP_E_NULL;
    if (units > s->config.cue_units || translation_units > s->config.cue_units) return VP_E_LENGTH;
    if (!accepts(s)) return 0;
    const int32_t status = subtitle_make_room(
        s, (room){units + TAGS_HELD_MAX + 4, translation_units, CUES_RESERVED + 2});
    if (status < 0) return status;
    vp_subtitle_flush(s);
    vp_cue *cue = begin_cue(s, clip);
    cue->units = write(s, &s->original, 0, units).units;
    repair(s, cue);
    track_segment(&s->original, text_of(cue));
    const vp_cue *changed = cue_before(s, cue);
    track_measure(&s->original, changed ? changed->text : cue->text, s->style.em_px);
    if (cue->state == VP_CUE_GROWING) complete(s, cue);
    write_translation(s, cue, units, translation_units);
    return (int32_t)serial_of(s, cue);
}

int32_t vp_subtitle_translate(vp_subtitle *s, uint32_t serial, uint32_t units) {
    if (!s) return VP_E_NULL;
    if (units > s->config.cue_units) return VP_E_LENGTH;
    vp_cue *cue = cue_of(s, serial);
    if (!cue || is_past(cue)) return VP_E_CUE;
    const int32_t status = subtitle_make_room(s, (room){0, units, 0});
    if (status < 0) return status;
    cue = cue_of(s, serial);
    if (!cue) return VP_E_CUE;
    /* A stream may be in the middle of a tag, or of a character. */
    const pen stream = s->pen;
    write_translation(s, cue, 0, units);
    s->pen = stream;
    touch(s);
    return VP_OK;
}
