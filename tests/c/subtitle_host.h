/* A host of a subtitle, as JavaScript is one: it writes text into the inbox, and reads everything else
 * from the subtitle's memory. Texts of tests are UTF-8. */
#ifndef SUBTITLE_HOST_H
#define SUBTITLE_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "subtitle_rules.h"

/* The one that is spoken to. */
static host *it;

static inline void host_begin(host *of) {
    it = of;
    const int32_t size = vp_subtitle_size(&of->config);
    assert_true(size > 0);
    of->bytes = (uint32_t)size;
    of->subtitle = aligned_alloc(VP_ALIGNMENT, (of->bytes + 15) & ~15u);
    assert_non_null(of->subtitle);
    memset(of->subtitle, 0xa5, of->bytes);
    assert_int_equal(vp_subtitle_init(of->subtitle, of->bytes, &of->config, &of->style), VP_OK);
    of->view = (const vp_subtitle_view *)of->subtitle;
}

static inline void host_end(host *of) {
    free(of->subtitle);
    of->subtitle = NULL;
}

/* The one of a test that needs no other. */
static host h;

static inline int setup(void **state) {
    (void)state;
    h.config = (vp_subtitle_config){.text_units = 4096,
                                    .cues = 64,
                                    .cue_units = 512,
                                    .volumes = 512,
                                    .words = 512,
                                    .widths = 1024};
    vp_subtitle_style_init(&h.style);
    host_begin(&h);
    return 0;
}

static inline int teardown(void **state) {
    (void)state;
    host_end(&h);
    return 0;
}

/* Anew, with what h.config and h.style are now. */
static inline void reopen(void) {
    host_end(&h);
    host_begin(&h);
}

/* ---- Text in ------------------------------------------------------------------------------- */

/* UTF-16 of well-formed UTF-8. */
static inline uint32_t widen(const char *text, uint16_t *to) {
    const uint8_t *at = (const uint8_t *)text;
    uint32_t units = 0;
    while (*at) {
        const uint32_t more = *at < 0x80 ? 0 : *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : 3;
        uint32_t c = more ? *at & (0x3Fu >> more) : *at;
        at++;
        for (uint32_t i = 0; i < more; i++)
            c = c * 64 + (*at++ & 0x3F);
        if (c >= 0x10000) to[units++] = (uint16_t)(0xD7C0 + (c >> 10));
        to[units++] = (uint16_t)(c >= 0x10000 ? 0xDC00 + (c & 0x3FF) : c);
    }
    return units;
}

static inline uint16_t *inbox(void) {
    return array_of(it, it->view->inbox);
}

/* Returns the units; room for them was asked for. */
static inline uint32_t put(const char *text, uint32_t at) {
    static uint16_t units[65536];
    const uint32_t count = widen(text, units);
    assert_true(at + count <= 2 * it->config.cue_units);
    memcpy(inbox() + at, units, count * sizeof *units);
    return count;
}

/* All of them return what C returns. */
static inline int32_t push(const char *text, uint32_t clip) {
    return vp_subtitle_push(it->subtitle, put(text, 0), clip);
}

static inline int32_t flush(void) {
    return vp_subtitle_flush(it->subtitle);
}

static inline int32_t begin(void) {
    return vp_subtitle_begin(it->subtitle);
}

static inline int32_t add_pair(const char *text, const char *translation, uint32_t clip) {
    const uint32_t units = put(text, 0);
    return vp_subtitle_add(it->subtitle, units, put(translation, units), clip);
}

static inline int32_t add(const char *text, uint32_t clip) {
    return add_pair(text, "", clip);
}

static inline int32_t translate(uint32_t cue, const char *text) {
    return vp_subtitle_translate(it->subtitle, cue, put(text, 0));
}

/* ---- Sound and time ------------------------------------------------------------------------- */

/* A clip of which only the duration is known. */
static inline int32_t clip(uint32_t cue, double duration_ms) {
    return vp_subtitle_clip(it->subtitle, cue, duration_ms, 0, 0, 0);
}

static inline void set_word(uint32_t index, uint32_t unit, float at_ms) {
    ((uint32_t *)array_of(it, it->view->word_units))[index] = unit;
    ((float *)array_of(it, it->view->word_ms))[index] = at_ms;
}

static inline int32_t start(uint32_t cue, double at_ms) {
    return vp_subtitle_start(it->subtitle, cue, at_ms);
}

static inline int32_t finish(uint32_t cue, double at_ms) {
    return vp_subtitle_finish(it->subtitle, cue, at_ms);
}

static inline int32_t interrupt(double now_ms) {
    return vp_subtitle_interrupt(it->subtitle, now_ms);
}

static inline void assert_rules(bool ticked) {
    const char *broken = broken_rule(it, ticked);
    if (broken) fail_msg("%s", broken);
}

static inline uint32_t tick(double now_ms) {
    const uint32_t revision = vp_subtitle_tick(it->subtitle, now_ms);
    assert_int_equal(revision, it->view->revision);
    assert_rules(true);
    return revision;
}

static inline void restyle(void) {
    assert_int_equal(vp_subtitle_restyle(it->subtitle, &it->style), VP_OK);
}

/* ---- What is read --------------------------------------------------------------------------- */

/* UTF-8 of well-formed UTF-16, good for the next few calls. */
static inline const char *narrow(const uint16_t *text, uint32_t units) {
    static char buffers[8][3 * VP_CUE_UNITS_MAX * 2 + 1];
    static uint32_t turn;
    char *const to = buffers[turn++ % 8];
    uint32_t length = 0;
    for (uint32_t i = 0; i < units; i++) {
        uint32_t c = text[i];
        if ((c & 0xFC00) == 0xD800 && i + 1 < units)
            c = 0x10000 + ((c & 0x3FF) << 10) + (text[++i] & 0x3FF);
        const uint32_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0};
        to[length++] = (char)(lead[more] | c >> 6 * more);
        for (uint32_t rest = more; rest-- > 0;)
            to[length++] = (char)(0x80 | (c >> 6 * rest & 0x3F));
    }
    to[length] = 0;
    return to;
}

static inline const vp_cue *cue(uint32_t serial) {
    const vp_cue *found = find_cue(it, serial);
    if (!found) fail_msg("cue %u is not kept", serial);
    return found;
}

static inline const char *text_of(uint32_t serial) {
    return narrow(text_at(it, cue(serial)->text), cue(serial)->units);
}

static inline const char *translation_of(uint32_t serial) {
    const vp_cue *c = cue(serial);
    return narrow(translation_at(it, c->translation), c->translation_units);
}

static inline const char *heard_of(uint32_t serial) {
    return narrow(text_at(it, cue(serial)->text), cue(serial)->heard);
}

static inline const char *page_text(void) {
    const vp_page *p = &it->view->page;
    return p->serial ? narrow(text_at(it, p->start), p->units) : "";
}

static inline const char *visible(void) {
    const vp_page *p = &it->view->page;
    return p->serial ? narrow(text_at(it, p->start), p->visible) : "";
}

static inline const char *page_translation(void) {
    const vp_page *p = &it->view->translation;
    return p->serial ? narrow(translation_at(it, p->start), p->units) : "";
}

static inline const char *line_of_page(uint32_t index) {
    const vp_line *line = &it->view->page.lines[index];
    assert_true(index < it->view->page.line_count);
    return narrow(text_at(it, line->start), line->end - line->start);
}

static inline const vp_tag *tag(uint32_t number) {
    return (const vp_tag *)array_of(it, it->view->tags) + number % VP_TAGS_MAX;
}

static inline const char *tag_text(uint32_t number) {
    return narrow(tag(number)->text, tag(number)->units);
}

static inline vp_miss *misses(void) {
    return array_of(it, it->view->misses);
}

/* All texts of cues kept, joined with what stands between them: "|". */
static inline const char *all_texts(void) {
    static char all[1 << 20];
    char *at = all;
    for (uint32_t i = 0; i < it->view->cue_count; i++) {
        const char *text = text_of(it->view->first_cue + i);
        const size_t length = strlen(text);
        if (i) *at++ = '|';
        assert_true(at + length + 2 < all + sizeof all);
        memcpy(at, text, length);
        at += length;
    }
    *at = 0;
    return all;
}

/* ---- Random numbers: xorshift64* ------------------------------------------------------------ */

static uint64_t random_state;

static inline uint32_t below(uint32_t limit) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(0x2545f4914f6cdd1d) >> 32) * limit >> 32);
}

#endif
