#include "track.h"

#include <string.h>

void track_put_all(track *t, const uint16_t *units, uint32_t count) {
    memcpy(t->text + t->used, units, count * sizeof *units);
    memset(t->flags + t->used, 0, count);
    t->used += count;
}

void track_segment(track *t, span text) {
    segmenter s;
    segmenter_init(&s);
    segmenter_push(&s, t->text + text.start, t->flags + text.start, text.units);
    segmenter_end(&s, t->flags + text.start);
}

static uint32_t cluster_end(const track *t, uint32_t start) {
    uint32_t end = start + 1;
    while (end < t->used && !(t->flags[end] & SEGMENT_GRAPHEME))
        end++;
    return end;
}

static float estimate(const track *t, uint32_t start, float em_px) {
    const uint32_t traits = track_traits(t, start);
    return traits & TRAIT_WIDE ? em_px : traits & TRAIT_ZERO ? 0 : em_px / 2;
}

static float known_width(const track *t, uint32_t start, uint32_t units) {
    const uint16_t *cluster = t->text + start;
    return units == 1 ? widths_get_unit(&t->widths, cluster)
                      : widths_get(&t->widths, cluster, units);
}

void track_measure(track *t, uint32_t from, float em_px) {
    for (uint32_t at = from, end; at < t->used; at = end) {
        end = cluster_end(t, at);
        const float width_px = known_width(t, at, end - at);
        if (width_px >= 0) {
            t->width_px[at] = width_px;
            t->flags[at] &= (uint8_t)~UNIT_ESTIMATED;
        } else {
            t->width_px[at] = estimate(t, at, em_px);
            t->flags[at] |= UNIT_ESTIMATED;
        }
    }
    if (t->measured > from) t->measured = from;
}

uint32_t track_next_estimate(track *t) {
    for (; t->measured < t->used; t->measured++) {
        const uint32_t at = t->measured;
        if (!(t->flags[at] & UNIT_ESTIMATED)) continue;
        const uint32_t units = cluster_end(t, at) - at;
        const float width_px = known_width(t, at, units);
        if (width_px < 0) return units;
        t->width_px[at] = width_px;
        t->flags[at] &= (uint8_t)~UNIT_ESTIMATED;
    }
    return 0;
}

void track_set_width(track *t, span cluster, float width_px) {
    widths_set(&t->widths, t->text + cluster.start, cluster.units, width_px);
    if (cluster_end(t, cluster.start) != cluster.start + cluster.units) return;
    t->width_px[cluster.start] = width_px;
    t->flags[cluster.start] &= (uint8_t)~UNIT_ESTIMATED;
}

uint32_t track_move(track *t, span from, uint32_t to) {
    memmove(t->text + to, t->text + from.start, from.units * sizeof *t->text);
    memmove(t->flags + to, t->flags + from.start, from.units * sizeof *t->flags);
    memmove(t->width_px + to, t->width_px + from.start, from.units * sizeof *t->width_px);
    return from.units;
}
