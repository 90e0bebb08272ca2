/* Any settings, then any calls with any texts, times and numbers. Whatever happens: the rules of
 * subtitle_rules.h hold, a refused call changes nothing, what is shown never changes without another
 * revision, a page never shows less than it did, and who ticks when due comes to an end. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "subtitle_rules.h"
#include "tape.h"

enum { BLOCK_BYTES = 1 << 18, PAGE_UNITS = VP_CUE_UNITS_MAX };

static _Alignas(VP_ALIGNMENT) unsigned char block[BLOCK_BYTES];

static void require(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "%s\n", what);
    abort();
}

/* ---- From the tape ---------------------------------------------------------------------------- */

static double take_double(tape *t) {
    uint64_t bits = (uint64_t)take(t, 4) << 32;
    bits |= take(t, 4);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static float take_float(tape *t) {
    const uint32_t bits = take(t, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Mostly sensible, sometimes any. */
static float take_number(tape *t, float most) {
    const uint32_t kind = take(t, 1);
    return kind < 250 ? most * (float)kind / 200 : take_float(t);
}

static const uint16_t TEXT[][12] = {
    {'H', 'i', ' ', 't', 'h', 'e', 'r', 'e', '.', ' '},
    {0x4F60, 0x597D, 0x3002},
    {0x304B, 0x306A, 0xFF01},
    {'<', 't', 'h', 'i', 'n', 'k', '>'},
    {'<', '/', 't', 'h', 'i', 'n', 'k', '>'},
    {'[', 'j', 'o', 'y', ']'},
    {'*', '*'},
    {0xFF08, 'a', 0xFF09},
    {0xD83D, 0xDC69, 0x200D},
    {'e', 0x0301},
    {0xD83C, 0xDDEF, 0xD83C, 0xDDF5},
    {'"', ' '},
    {0x201D},
    {'M', 'r', '.', ' '},
    {'!', '!'},
    {'\r', '\n'},
    {' ', ' ', 0x3000},
    {0x0301, 0x200D},
};

/* Units of the inbox, from `at`, which has room for `room`. */
static uint32_t take_text(tape *t, uint16_t *inbox, uint32_t room) {
    uint32_t units = 0;
    for (uint32_t pieces = take(t, 1) % 32; pieces && units < room; pieces--) {
        const uint32_t kind = take(t, 1);
        if (kind < 200) {
            const uint16_t *piece = TEXT[kind % (sizeof TEXT / sizeof TEXT[0])];
            for (uint32_t i = 0; i < 12 && piece[i] && units < room; i++)
                inbox[units++] = piece[i];
        } else if (kind < 220) {
            inbox[units++] = (uint16_t)take(t, 2);
        } else { /* a long run */
            const uint16_t unit = (uint16_t)(kind < 240 ? 'a' + kind % 8 : take(t, 2));
            for (uint32_t run = take(t, 2) % 700; run && units < room; run--)
                inbox[units++] = unit;
        }
    }
    return units;
}

static void take_style(tape *t, vp_subtitle_style *s) {
    vp_subtitle_style_init(s);
    const uint32_t what = take(t, 1);
    if (what & 1) s->width_px = take_number(t, 1000);
    if (what & 2) s->em_px = take_number(t, 100);
    if (what & 4) s->reading_speed = take_number(t, 10);
    if (what & 8) s->min_ms = take_number(t, 2000);
    if (what & 16) s->max_ms = take_number(t, 9000);
    if (what & 32) s->linger_ms = take_number(t, 2000);
    if (what & 64) s->fade_ms = take_number(t, 500);
    const uint32_t flags = take(t, 1);
    s->lines = 1 + take(t, 1) % 9;
    s->balance = flags & 1;
    s->instant = flags >> 1 & 1;
    s->tag_bracket = flags >> 2 & 3;
    s->tag_think = flags >> 4 & 3;
    s->tag_paren = flags >> 6 & 3;
    s->tag_star = take(t, 1) % 5;
}

static void take_config(tape *t, vp_subtitle_config *c) {
    *c = (vp_subtitle_config){1024, 16, 256, 16, 16, 16};
    const uint32_t what = take(t, 1);
    if (what & 1) c->text_units += take(t, 1) * 16;
    if (what & 2) c->cues += take(t, 1) % 64;
    if (what & 4) c->cue_units += take(t, 1);
    if (what & 8) c->volumes = c->words = take(t, 1);
    if (what & 16) c->widths = 1u << (take(t, 1) % 10);
}

/* ---- What is shown ------------------------------------------------------------------------------ */

/* A page, wherever its text lies. */
typedef struct shown_page {
    vp_page page;
    uint16_t text[PAGE_UNITS];
} shown_page;

typedef struct shown {
    uint32_t revision, phase, cue, tags_told;
    shown_page page, translation;
} shown;

static void look_at(shown_page *to, const vp_page *from, const uint16_t *text) {
    memset(&to->page, 0, sizeof to->page);
    if (from->serial == 0) return;
    to->page = *from;
    to->page.start = 0;
    for (uint32_t i = 0; i < VP_LINES_MAX; i++) {
        const bool used = i < from->line_count;
        to->page.lines[i].start = used ? from->lines[i].start - from->start : 0;
        to->page.lines[i].end = used ? from->lines[i].end - from->start : 0;
    }
    memcpy(to->text, text, from->units * sizeof *text);
}

static void look(shown *to, const host *h) {
    const vp_subtitle_view *v = h->view;
    to->revision = v->revision;
    to->phase = v->phase;
    to->cue = v->cue;
    to->tags_told = v->tags_told;
    look_at(&to->page, &v->page, text_at(h, v->page.start));
    look_at(&to->translation, &v->translation, translation_at(h, v->translation.start));
}

static bool is_same_page(const shown_page *a, const shown_page *b) {
    return memcmp(&a->page, &b->page, sizeof a->page) == 0 &&
           memcmp(a->text, b->text, a->page.units * sizeof a->text[0]) == 0;
}

/* At the last tick. */
static shown before;

static void check_shown(const host *h) {
    static shown now;
    look(&now, h);
    const bool same = now.phase == before.phase && now.cue == before.cue &&
                      now.tags_told == before.tags_told && is_same_page(&now.page, &before.page) &&
                      is_same_page(&now.translation, &before.translation);
    require(same || now.revision != before.revision, "another view, and the same revision");
    require(!now.page.page.serial || now.page.page.serial != before.page.page.serial ||
                now.page.page.visible >= before.page.page.visible,
            "a page shows less than it did");
    before = now;
}

/* ---- Calls ------------------------------------------------------------------------------------- */

typedef struct session {
    host host;
    double now_ms;
} session;

static void check(const session *s, bool ticked) {
    const char *broken = broken_rule(&s->host, ticked);
    require(!broken, broken);
    if (ticked) check_shown(&s->host);
}

static void tick(session *s, double now_ms) {
    const uint32_t was = s->host.view->revision;
    const uint32_t revision = vp_subtitle_tick(s->host.subtitle, now_ms);
    require(revision == s->host.view->revision && revision - was <= 1, "a revision was left out");
    if (!(now_ms >= 0 && now_ms <= 0x1p53)) return;
    s->now_ms = fmax(s->now_ms, now_ms);
    check(s, true);
    require(s->now_ms > 0x1p50 || s->host.view->due_ms > s->now_ms, "who ticks when due spins");
}

/* All that will happen by itself. */
static void settle(session *s) {
    tick(s, s->now_ms);
    for (uint32_t steps = 0; s->host.view->due_ms < 0x1p50; steps++) {
        require(steps < 40000, "it never ends");
        tick(s, s->host.view->due_ms);
    }
}

static double take_time(tape *t, const session *s) {
    const uint32_t kind = take(t, 1);
    if (kind < 120) return s->now_ms + 10 * kind;
    if (kind < 180 && s->host.view->due_ms < 1e300) return s->host.view->due_ms;
    if (kind < 220) return s->now_ms + take(t, 2);
    return kind < 245 ? s->now_ms - take(t, 2) : take_double(t);
}

static uint32_t take_serial(tape *t, const session *s) {
    const uint32_t kind = take(t, 1), last = s->host.view->first_cue + s->host.view->cue_count - 1;
    if (kind < 200) return last - kind % 4;
    return kind < 240 ? s->host.view->cue : take(t, 4);
}

static void take_misses(tape *t, session *s) {
    vp_miss *misses = array_of(&s->host, s->host.view->misses);
    const float width_px = take_number(t, 200);
    for (uint32_t rounds = take(t, 1) % 8; rounds; rounds--) {
        const int32_t count = vp_subtitle_misses(s->host.subtitle);
        require(count >= 0 && count <= VP_MISSES_MAX, "a wrong number of misses");
        for (int32_t i = 0; i < count; i++) {
            const vp_miss *miss = &misses[i];
            require(miss->language <= 1 && miss->units >= 1, "a miss is none");
            require(miss->text + miss->units <= s->host.config.text_units, "a miss is nowhere");
            misses[i].width_px = width_px;
        }
    }
}

static void fill(tape *t, session *s) {
    const vp_subtitle_view *v = s->host.view;
    for (uint32_t i = 0; i < s->host.config.words && i < 16; i++) {
        ((uint32_t *)array_of(&s->host, v->word_units))[i] = take(t, 1);
        ((float *)array_of(&s->host, v->word_ms))[i] = take_number(t, 2000);
    }
    for (uint32_t i = 0; i < s->host.config.volumes && i < 16; i++)
        ((float *)array_of(&s->host, v->volumes))[i] = take_number(t, 1);
}

enum {
    PUSH,
    UTF8,
    FLUSH,
    ADD,
    TRANSLATE,
    CLIP,
    START,
    FINISH,
    HEARD,
    INTERRUPT,
    BEGIN,
    RESTYLE,
    MISSES,
    FORGET,
    SETTLE,
    TICK
};

/* A call that may be refused; its text and numbers are in the memory already. */
static int32_t call(tape *t, session *s, uint32_t command) {
    static unsigned char was[BLOCK_BYTES];
    static uint8_t bytes[1024];
    vp_subtitle *u = s->host.subtitle;
    uint16_t *inbox = array_of(&s->host, s->host.view->inbox);
    const uint32_t most = s->host.config.cue_units;
    uint32_t units = 0, more = 0;
    if (command == PUSH) units = take_text(t, inbox, 2 * most);
    if (command == ADD || command == TRANSLATE) units = take_text(t, inbox, most);
    if (command == ADD) more = take_text(t, inbox + units, most);
    if (command == CLIP) fill(t, s);
    if (command == UTF8)
        for (units = 0; units < take(t, 1) && t->left; units++)
            bytes[units] = (uint8_t)take(t, 1);
    const uint32_t serial = take_serial(t, s), clip = take(t, 1) & 1;
    const double at_ms = take_time(t, s), duration_ms = take_number(t, 3000);
    vp_subtitle_style style;
    if (command == RESTYLE) take_style(t, &style);
    memcpy(was, u, s->host.bytes);
    int32_t result = 0;
    switch (command) {
    case PUSH:
        result = vp_subtitle_push(u, units, clip);
        break;
    case UTF8:
        result = vp_subtitle_push_utf8(u, bytes, units, clip);
        break;
    case FLUSH:
        result = vp_subtitle_flush(u);
        break;
    case ADD:
        result = vp_subtitle_add(u, units, more, clip);
        break;
    case TRANSLATE:
        result = vp_subtitle_translate(u, serial, units);
        break;
    case CLIP:
        result = vp_subtitle_clip(u, serial, duration_ms, take_number(t, 100), take(t, 1) % 20,
                                  take(t, 1) % 20);
        break;
    case START:
        result = vp_subtitle_start(u, serial, at_ms);
        break;
    case FINISH:
        result = vp_subtitle_finish(u, serial, at_ms);
        if (result >= 0) s->now_ms = fmax(s->now_ms, at_ms);
        break;
    case HEARD:
        result = vp_subtitle_heard(u, at_ms);
        if (result >= 0) s->now_ms = fmax(s->now_ms, at_ms);
        break;
    case INTERRUPT:
        result = vp_subtitle_interrupt(u, at_ms);
        if (result < 0) break;
        s->now_ms = fmax(s->now_ms, at_ms);
        require(s->host.view->phase == VP_SUBTITLE_EMPTY, "interrupted, and not empty");
        require(!s->host.view->accepting, "interrupted, and accepting");
        check(s, true);
        break;
    case BEGIN:
        result = vp_subtitle_begin(u);
        break;
    case RESTYLE:
        result = vp_subtitle_restyle(u, &style);
        if (result >= 0) s->host.style = style;
        break;
    default:
        result = vp_subtitle_forget_widths(u);
    }
    require(result >= 0 || memcmp(was, u, s->host.bytes) == 0, "refused, and changed");
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    tape t = {data, length};
    session s = {.now_ms = 0};
    host *h = &s.host;
    take_config(&t, &h->config);
    take_style(&t, &h->style);
    const int32_t size = vp_subtitle_size(&h->config);
    if (size < 0 || size > BLOCK_BYTES) return 0;
    h->bytes = (uint32_t)size;
    h->subtitle = (vp_subtitle *)block;
    h->view = (const vp_subtitle_view *)block;
    if (vp_subtitle_init(h->subtitle, h->bytes, &h->config, &h->style) != VP_OK) return 0;
    look(&before, h);
    while (t.left) {
        const uint32_t command = take(&t, 1) % (TICK + 3);
        if (command >= TICK)
            tick(&s, take_time(&t, &s));
        else if (command == SETTLE)
            settle(&s);
        else if (command == MISSES)
            take_misses(&t, &s);
        else
            call(&t, &s, command);
        check(&s, false);
    }
    settle(&s);
    return 0;
}
