/* Any text, flags, widths and style. Whatever they are: pages go on, lines lie in them in order and
 * in the box, only spaces are in none, no cluster is divided, and text that grows leaves what is
 * there in its place. The table of widths is fed with the text's clusters, beside a list. */
#include "lines.h"
#include "widths.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tape.h"

enum { UNITS_MOST = 600, ENTRIES = 64, KEPT = ENTRIES / 4 * 3 };

static uint16_t text[UNITS_MOST];
static uint8_t flags[UNITS_MOST];
static float width_px[UNITS_MOST];
static page_text whole = {text, flags, width_px, 0};

static void require(bool holds) {
    if (!holds) abort();
}

/* ---- Texts ------------------------------------------------------------------------------- */

static float take_float(tape *t) {
    const uint32_t kind = take(t, 1), bits = kind < 224 ? 0 : take(t, 4);
    float any;
    memcpy(&any, &bits, sizeof any);
    return kind < 224 ? (float)(kind % 16) : any;
}

static void take_text(tape *t) {
    static const uint16_t units[] = {'a', 'b', ' ', ',', '.', '\n', 0x3000, 0x4E00, 0x3001, 0x200B};
    const bool garbage = take(t, 1) % 4 == 0;
    whole.units = take(t, 2) % (UNITS_MOST + 1);
    for (uint32_t i = 0; i < whole.units; i++) {
        const uint32_t kind = take(t, 1);
        text[i] = kind < 250 ? units[kind % 10] : (uint16_t)take(t, 2);
        flags[i] = garbage ? (uint8_t)take(t, 1) : SEGMENT_GRAPHEME | (kind & SEGMENT_LINE);
        width_px[i] = take_float(t);
    }
}

static double width_of(uint32_t at) {
    return width_px[at] >= 0 && width_px[at] < INFINITY ? width_px[at] : 0;
}

static bool is_space(uint32_t at) {
    const uint32_t unit = text[at];
    return unit == 0x3000 || unit == 0x200B ||
           (unit != 0xA0 && unit != 0x2007 && unit != 0x202F &&
            (unit == 0x20 || (unit >= 9 && unit <= 13) || unit == 0x85 || unit == 0x1680 ||
             (unit >= 0x2000 && unit <= 0x200A) || unit == 0x2028 || unit == 0x2029 ||
             unit == 0x205F));
}

/* ---- Lines ------------------------------------------------------------------------------- */

static bool is_boundary(uint32_t at, uint32_t from, uint32_t units) {
    return at == from || at == units || flags[at] & SEGMENT_GRAPHEME;
}

static void check_line(const line *l, float box_px) {
    double sum_px = width_of(l->start);
    bool single = true;
    require(l->start < l->end);
    for (uint32_t at = l->start + 1; at < l->end; at++)
        if (flags[at] & SEGMENT_GRAPHEME) {
            sum_px += width_of(at);
            single = false;
        }
    require(single || !(sum_px > box_px * (1 + 2e-7)));
}

static void check_page(const page *p, const page_text *t, uint32_t from, const page_style *style) {
    require(p->start == from && p->end <= t->units && p->line_count <= style->lines);
    require(p->end > from || from == t->units);
    require(is_boundary(p->end, from, t->units));
    uint32_t at = from;
    for (uint32_t i = 0; i < p->line_count; i++) {
        for (; at < p->lines[i].start; at++)
            require(is_space(at));
        require(at == p->lines[i].start && is_boundary(at, from, t->units));
        check_line(&p->lines[i], style->width_px);
        at = p->lines[i].end;
        require(at <= p->end && is_boundary(at, from, t->units));
    }
    for (; at < p->end; at++)
        require(is_space(at));
}

static void check_pages(const page_text *t, const page_style *style, bool growing) {
    page p = {0};
    do {
        const uint32_t from = p.end;
        page_lay_out(&p, t, from, style, growing);
        check_page(&p, t, from, style);
    } while (p.end < t->units);
    page_lay_out(&p, t, t->units, style, growing);
    require(p.line_count == 0 && p.start == t->units && p.end == t->units);
}

static void check_growing(tape *t, const page_style *style) {
    page_text part = whole;
    page was, now;
    part.units = whole.units ? take(t, 2) % whole.units : 0;
    while (part.units < whole.units && !(flags[part.units] & SEGMENT_GRAPHEME))
        part.units++;
    page_lay_out(&was, &part, 0, style, true);
    page_lay_out(&now, &whole, 0, style, true);
    require(now.line_count >= was.line_count);
    const bool full = was.end < part.units;
    for (uint32_t i = 0; i < was.line_count; i++) {
        require(now.lines[i].start == was.lines[i].start);
        if (full || i + 1 < was.line_count) require(now.lines[i].end == was.lines[i].end);
    }
    if (full) require(now.end == was.end);
}

/* ---- Widths ------------------------------------------------------------------------------ */

static void check_widths(void) {
    static width_entry entries[ENTRIES];
    uint32_t first[KEPT], length[KEPT], count = 0;
    float set_px[KEPT];
    widths w;
    widths_init(&w, entries, ENTRIES);
    for (uint32_t at = 0, end; at < whole.units; at = end) {
        for (end = at + 1; !is_boundary(end, 0, whole.units);)
            end++;
        uint32_t i = 0;
        while (i < count && (length[i] != end - at ||
                             memcmp(text + first[i], text + at, 2 * (size_t)length[i]) != 0))
            i++;
        const float got_px = widths_get(&w, text + at, end - at);
        require(i < count ? got_px == set_px[i] : got_px < 0);
        if (i == KEPT) count = i = 0;
        if (i == count) count++;
        first[i] = at;
        length[i] = end - at;
        set_px[i] = (float)width_of(at);
        widths_set(&w, text + at, end - at, set_px[i]);
        require(w.used == count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    tape t = {data, length};
    page_style style = {.width_px = take_float(&t)};
    if (!(style.width_px > 0)) style.width_px = 5;
    style.lines = 1 + take(&t, 1) % PAGE_LINES_MAX;
    style.balance = take(&t, 1) % 2;
    take_text(&t);
    check_pages(&whole, &style, false);
    check_pages(&whole, &style, true);
    check_growing(&t, &style);
    check_widths();
    return 0;
}
