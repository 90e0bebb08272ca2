/* Cues lie in one array and their text in another, oldest first: to forget some is to move the rest
 * down. */
#include "subtitle_state.h"

#include <string.h>

/* Translations may lie in another order than their cues: the lowest is moved first. */
static void compact_translations(vp_subtitle *s) {
    uint32_t used = 0, done = 0;
    for (;;) {
        vp_cue *lowest = NULL;
        for (vp_cue *c = s->cues; c < s->cues + s->view.cue_count; c++)
            if (c->translation_units && c->translation >= done &&
                (!lowest || c->translation < lowest->translation))
                lowest = c;
        if (!lowest) break;
        done = lowest->translation + lowest->translation_units;
        const uint32_t moved = track_move(&s->translated, translation_of(lowest), used);
        if (serial_of(s, lowest) == s->playing) s->laid_out_translation = used;
        lowest->translation = used;
        used += moved;
    }
    s->translated.used = used;
    s->translated.measured = 0;
}

static void forget_cues(vp_subtitle *s, uint32_t count) {
    track *t = &s->original;
    const uint32_t kept = s->view.cue_count - count;
    const uint32_t gone = kept ? s->cues[count].text : t->used;
    memmove(s->at_ms, s->at_ms + gone, (t->used - gone) * sizeof *s->at_ms);
    t->used = track_move(t, (span){gone, t->used - gone}, 0);
    t->measured = t->measured > gone ? t->measured - gone : 0;
    memmove(s->cues, s->cues + count, kept * sizeof *s->cues);
    s->view.first_cue += count;
    s->view.cue_count = kept;
    for (uint32_t i = 0; i < kept; i++)
        s->cues[i].text -= gone;
    compact_translations(s);
    s->miss_count = 0;
}

/* Cues of earlier turns always may, even from the screen. */
static bool may_go(const vp_subtitle *s, const vp_cue *cue) {
    return cue->turn != s->view.turn || (is_past(cue) && !is_on_show(s, cue));
}

static bool is_enough(const room *has, const room *wanted) {
    return has->units >= wanted->units && has->translation_units >= wanted->translation_units &&
           has->cues >= wanted->cues;
}

int32_t subtitle_make_room(vp_subtitle *s, room wanted) {
    room has = {s->original.capacity - s->original.used,
                s->translated.capacity - s->translated.used, s->config.cues - s->view.cue_count};
    if (is_enough(&has, &wanted)) return VP_OK;
    has.translation_units = s->translated.capacity;
    for (const vp_cue *c = s->cues; c < s->cues + s->view.cue_count; c++)
        has.translation_units -= c->translation_units;
    const room half = {s->original.capacity / 2, s->translated.capacity / 2, s->config.cues / 2};
    uint32_t count = 0;
    for (bool enough = is_enough(&has, &wanted); !enough || !is_enough(&has, &half); count++) {
        const vp_cue *c = &s->cues[count];
        if (count == s->view.cue_count || !may_go(s, c)) {
            if (enough) break;
            return VP_E_CAPACITY;
        }
        has.units += c->units;
        has.translation_units += c->translation_units;
        has.cues++;
        enough = is_enough(&has, &wanted);
    }
    forget_cues(s, count);
    subtitle_publish(s);
    return VP_OK;
}
