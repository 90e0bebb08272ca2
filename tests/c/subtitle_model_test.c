/* What voicepath/subtitle.h promises, for random calls: the same cues for any chunks, the same view
 * whenever it is looked at, what was heard by the words' times, and a history that only loses its
 * oldest cues. */
#include "subtitle_host.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void settings(host *of) {
    of->config = (vp_subtitle_config){.text_units = 2048,
                                      .cues = 64,
                                      .cue_units = 256,
                                      .volumes = 64,
                                      .words = 256,
                                      .widths = 256};
    vp_subtitle_style_init(&of->style);
    of->style.linger_ms = 150;
    of->style.fade_ms = 60;
}

/* ---- Any chunks ------------------------------------------------------------------------------ */

static const char *const PIECES[] = {
    "Hello there. ",
    "How are you? ",
    "I met Mr. ",
    "Smith",
    " ",
    "3.14 ",
    "e.g. this ",
    "你好。",
    "世界！",
    "！！",
    "「行",
    "。」",
    "はい、",
    "元気ですか？",
    "안녕하세요. ",
    "[joy]",
    "(smiles)",
    "（笑",
    "）",
    "*waves* ",
    "**",
    "2*3*4",
    "<think>",
    "hm </ thi",
    "</think>",
    "[",
    "]",
    "<",
    "👩\u200d",
    "👧",
    "e\u0301",
    "\u0301",
    "🇯🇵",
    "🇺",
    "न\u094d",
    "\n",
    "\r\n",
    "...",
    "\"",
    "” ",
    "שלום. ",
    "การ",
    "\u2028",
    "a",
    "abcdefghijkl",
    ", and ",
    "; ",
    "?!",
    ". 1 2 3 4 5 6 7 8 9 0 ",
    "\" 1 \" ",
    "... ( ",
    "and so on and so forth ",
    "\u00a0",
};

/* Now and then what is no text. */
static uint32_t random_text(uint16_t *text, uint32_t pieces) {
    uint32_t units = 0;
    for (uint32_t i = 0; i < pieces; i++) {
        units += widen(PIECES[below(COUNT(PIECES))], text + units);
        if (below(12) == 0) text[units++] = (uint16_t)(0xD800 + below(0x800));
        if (below(40) == 0) text[units++] = 0;
        if (below(50) == 0)
            for (uint32_t rest = below(400); rest; rest--)
                text[units++] = (uint16_t)(below(9) ? 'a' + below(26) : below(3) ? ' ' : 0x0301);
    }
    return units;
}

/* Of the round that runs: told when a test fails, by teardown. */
static uint32_t seed_now;

static uint64_t of_seed(uint32_t seed) {
    seed_now = seed;
    return seed * UINT64_C(0x9E3779B97F4A7C15);
}

static void push_units(const uint16_t *text, uint32_t units) {
    memcpy(inbox(), text, units * sizeof *text);
    assert_true(vp_subtitle_push(it->subtitle, units, 1) >= 0);
}

static void push_in_chunks(const uint16_t *text, uint32_t units, uint32_t longest) {
    for (uint32_t at = 0, length; at < units; at += length) {
        length = 1 + below(longest);
        if (length > units - at) length = units - at;
        push_units(text + at, length);
    }
    flush();
}

static void assert_same_cues(const host *a, const host *b) {
    assert_int_equal(a->view->cue_count, b->view->cue_count);
    assert_int_equal(a->view->tags_lost, b->view->tags_lost);
    for (uint32_t i = 0; i < a->view->cue_count; i++) {
        const vp_cue *x = cues_of(a) + i, *y = cues_of(b) + i;
        if (x->units != y->units ||
            memcmp(text_at(a, x->text), text_at(b, y->text), x->units * sizeof(uint16_t)) != 0)
            fail_msg("cue %u: \"%s\" and \"%s\"", i + 1, narrow(text_at(a, x->text), x->units),
                     narrow(text_at(b, y->text), y->units));
        assert_int_equal(x->state, y->state);
        assert_int_equal(x->gap, y->gap);
        assert_memory_equal(&x->duration_ms, &y->duration_ms, sizeof x->duration_ms);
    }
}

/* Tells all tags: the last cue plays, and is over. */
static void play_all(host *of) {
    it = of;
    for (uint32_t serial = 1; serial <= of->view->cue_count; serial++) {
        clip(serial, 1);
        start(serial, serial);
    }
    tick(0);
    tick(1000);
}

static void any_chunks_give_the_same_cues(void **state) {
    (void)state;
    static host whole, parts;
    static uint16_t text[1 << 15];
    settings(&whole);
    whole.config.text_units = 16384;
    whole.config.cues = 1024;
    whole.style.tag_think = VP_TAG_EVENT | VP_TAG_SHOW;
    whole.style.tag_star = VP_TAG_EVENT;
    parts = whole;
    uint32_t cues = 0, tags = 0;
    for (uint32_t seed = 1; seed <= 1500; seed++) {
        random_state = of_seed(seed);
        const uint32_t units = random_text(text, 1 + below(seed % 8 ? 60 : 300));
        host_begin(&whole);
        push_in_chunks(text, units, 512);
        assert_rules(false);
        host_begin(&parts);
        push_in_chunks(text, units, 1 + below(1 << below(6)));
        assert_same_cues(&whole, &parts);
        play_all(&whole);
        play_all(&parts);
        assert_int_equal(whole.view->tags_told, parts.view->tags_told);
        for (uint32_t n = 0; n < whole.view->tags_told; n++) {
            const vp_tag *a = (it = &whole, tag(n)), *b = (it = &parts, tag(n));
            assert_int_equal(a->kind, b->kind);
            assert_int_equal(a->cue, b->cue);
            assert_int_equal(a->at, b->at);
            assert_int_equal(a->units, b->units);
            assert_memory_equal(a->text, b->text, a->units * sizeof(uint16_t));
        }
        cues += whole.view->cue_count;
        tags += whole.view->tags_told;
        host_end(&whole);
        host_end(&parts);
    }
    print_message("seeds 1 to 1500: %u cues, %u tags\n", cues, tags);
    seed_now = 0;
}

/* ---- Whenever it is looked at ------------------------------------------------------------------ */

static const char *const SENTENCES[] = {
    "Hello there, how are you today?",
    "[joy]I am fine, thank you very much, and I hope that you are as well as you look.",
    "你好，我是一只小猫，很高兴见到你。",
    "（微笑）今天天气真好！",
    "こんにちは、元気ですか？",
    "！！",
    "\" she said.",
    "[sad]",
    "...",
    "A. [wave]B.",
};

/* A call of the host's, to be made of several subtitles alike. */
typedef struct call {
    uint32_t kind, text, back, style, clip;
    double at_ms, duration_ms;
} call;
enum {
    ADD,
    PUSH,
    FLUSH,
    CLIP,
    START,
    FINISH,
    TRANSLATE,
    RESTYLE,
    BEGIN,
    INTERRUPT,
    MEASURE,
    HEARD
};

static call random_call(double now_ms) {
    static const uint8_t often[] = {ADD,     ADD,   ADD,     ADD,   PUSH,   PUSH,
                                    PUSH,    PUSH,  FLUSH,   CLIP,  CLIP,   CLIP,
                                    START,   START, START,   START, FINISH, TRANSLATE,
                                    RESTYLE, BEGIN, MEASURE, HEARD, HEARD,  INTERRUPT};
    return (call){
        .kind = often[below(COUNT(often))],
        .text = below(COUNT(SENTENCES)),
        .back = below(5),
        .style = below(4),
        .clip = below(3) > 0,
        .at_ms = fmax(0, now_ms + below(600) - 200),
        .duration_ms = below(8) ? below(2000) : 0,
    };
}

/* Widths that no estimate gives. */
static void measure(void) {
    int32_t count;
    while ((count = vp_subtitle_misses(it->subtitle)) > 0)
        for (int32_t i = 0; i < count; i++) {
            const vp_miss *miss = &misses()[i];
            const uint16_t *text =
                miss->language ? translation_at(it, miss->text) : text_at(it, miss->text);
            misses()[i].width_px = (float)(10 + text[0] % 40);
        }
}

static void set_style(uint32_t style) {
    it->style.width_px = style & 1 ? 300 : 640;
    it->style.lines = style & 1 ? 1 : 2;
    it->style.instant = style == 2;
    it->style.em_px = style == 3 ? 40 : 32;
    restyle();
}

/* The text of a random sentence, of which a stream brings a few units at a time. */
static void push_some(const call *c) {
    static uint16_t units[256];
    const uint32_t count = widen(SENTENCES[c->text], units), from = c->back * count / 5;
    memcpy(inbox(), units + from, (count - from) * sizeof *units);
    vp_subtitle_push(it->subtitle, count - from, c->clip);
}

/* now_ms: what the host takes the time for. */
static void make(const call *c, double now_ms) {
    vp_subtitle *s = it->subtitle;
    const uint32_t last = it->view->first_cue + it->view->cue_count - 1;
    const uint32_t serial = last > c->back ? last - c->back : 1;
    const char *text = SENTENCES[c->text];
    switch (c->kind) {
    case ADD:
        add_pair(text, SENTENCES[(c->text + c->back) % COUNT(SENTENCES)], c->clip);
        return;
    case PUSH:
        push_some(c);
        return;
    case FLUSH:
        flush();
        return;
    case CLIP:
        for (uint32_t i = 0; i < 32; i++)
            ((float *)array_of(it, it->view->volumes))[i] = (float)(c->text * i % 7) / 7;
        vp_subtitle_clip(s, serial, c->duration_ms, 20, 10 * c->style, 0);
        return;
    case START:
        start(serial, c->at_ms);
        return;
    case FINISH:
        finish(it->view->cue, now_ms);
        return;
    case TRANSLATE:
        translate(serial, text);
        return;
    case RESTYLE:
        set_style(c->style);
        return;
    case BEGIN:
        begin();
        return;
    case INTERRUPT:
        interrupt(now_ms);
        begin();
        return;
    case MEASURE:
        measure();
        return;
    default:
        vp_subtitle_heard(s, now_ms);
    }
}

/* Pages of the same content; of a host that looked less often fewer serials were used. */
static void assert_same_page(const vp_page *a, const vp_page *b, bool serials) {
    if (serials) assert_int_equal(a->serial, b->serial);
    assert_int_equal(!a->serial, !b->serial);
    if (!a->serial) return;
    assert_int_equal(a->start, b->start);
    assert_int_equal(a->units, b->units);
    assert_int_equal(a->visible, b->visible);
    assert_int_equal(a->growing, b->growing);
    assert_int_equal(a->line_count, b->line_count);
    assert_memory_equal(a->lines, b->lines, a->line_count * sizeof a->lines[0]);
}

static void assert_same_view(const host *a, const host *b, bool serials) {
    const vp_subtitle_view *v = a->view, *w = b->view;
    if (serials) assert_int_equal(v->revision, w->revision);
    assert_int_equal(v->phase, w->phase);
    assert_int_equal(v->turn, w->turn);
    assert_int_equal(v->cue, w->cue);
    assert_int_equal(v->first_cue, w->first_cue);
    assert_int_equal(v->cue_count, w->cue_count);
    assert_int_equal(v->tags_told, w->tags_told);
    assert_int_equal(v->tags_lost, w->tags_lost);
    assert_same_page(&v->page, &w->page, serials);
    assert_same_page(&v->translation, &w->translation, serials);
    for (uint32_t i = 0; i < v->cue_count; i++) {
        vp_cue x = cues_of(a)[i], y = cues_of(b)[i];
        x.heard = y.heard; /* only told on request */
        if (memcmp(&x, &y, sizeof x) != 0)
            fail_msg("cue %u: state %u from %g to %g, and %u from %g to %g", v->first_cue + i,
                     x.state, x.start_ms, x.end_ms, y.state, y.start_ms, y.end_ms);
    }
}

/* Two subtitles that are called alike, and looked at differently. */
typedef struct watch {
    host one, other;
    double now_ms;
} watch;

static void watch_begin(watch *w) {
    settings(&w->one);
    settings(&w->other);
    host_begin(&w->one);
    host_begin(&w->other);
    w->now_ms = 0;
}

static void watch_end(watch *w) {
    host_end(&w->one);
    host_end(&w->other);
}

/* Every ms, as if there were always something to do: the time that view.due_ms says is struck out. */
static void tick_always(host *of, double now_ms) {
    it = of;
    ((vp_subtitle_view *)of->subtitle)->due_ms = 0;
    tick(now_ms);
}

static void ticks_when_due_are_ticks_always(void **state) {
    (void)state;
    static watch w;
    uint64_t ticks = 0, due = 0;
    for (uint32_t seed = 1; seed <= 150; seed++) {
        random_state = of_seed(seed);
        watch_begin(&w);
        for (uint32_t ms = 0; ms < 3000; ms++, w.now_ms++) {
            if (below(100) < 2) {
                const call c = random_call(w.now_ms);
                it = &w.one;
                make(&c, w.now_ms);
                it = &w.other;
                make(&c, w.now_ms);
            }
            tick_always(&w.one, w.now_ms);
            ticks++;
            if (w.other.view->due_ms <= w.now_ms) {
                it = &w.other;
                tick(w.now_ms);
                due++;
                assert_true(w.other.view->due_ms > w.now_ms); /* or a host would spin */
            }
            assert_same_view(&w.one, &w.other, true);
        }
        watch_end(&w);
    }
    print_message("seeds 1 to 150: %llu ticks, %llu of them due\n", (unsigned long long)ticks,
                  (unsigned long long)due);
    assert_true(due * 5 < ticks);
    seed_now = 0;
}

static void late_ticks_show_what_is_shown_now(void **state) {
    (void)state;
    static watch w;
    uint32_t looks = 0;
    for (uint32_t seed = 1; seed <= 150; seed++) {
        random_state = of_seed(seed);
        watch_begin(&w);
        for (uint32_t ms = 0; ms < 3000; ms++, w.now_ms++) {
            const bool called = below(100) < 2, looked = called || below(300) == 0;
            it = &w.other;
            if (called || looked) tick(w.now_ms);
            it = &w.one;
            tick(w.now_ms);
            if (called) {
                const call c = random_call(w.now_ms);
                make(&c, w.now_ms);
                tick(w.now_ms);
                it = &w.other;
                make(&c, w.now_ms);
                tick(w.now_ms);
            }
            if (!looked) continue;
            assert_same_view(&w.one, &w.other, false);
            looks++;
        }
        watch_end(&w);
    }
    print_message("seeds 1 to 150: %u looks\n", looks);
    seed_now = 0;
}

static void a_clock_that_goes_back_stands_still(void **state) {
    (void)state;
    static watch w;
    for (uint32_t seed = 1; seed <= 150; seed++) {
        random_state = of_seed(seed);
        watch_begin(&w);
        for (uint32_t ms = 0; ms < 3000; ms++) {
            const double told_ms = ms + (below(5) ? 0 : -1.0 * below(ms + 1));
            w.now_ms = fmax(w.now_ms, told_ms);
            if (below(100) < 2) {
                const call c = random_call(w.now_ms);
                it = &w.one;
                make(&c, w.now_ms);
                it = &w.other;
                make(&c, told_ms);
            }
            it = &w.one;
            tick(w.now_ms);
            it = &w.other;
            tick(told_ms);
            assert_same_view(&w.one, &w.other, true);
        }
        watch_end(&w);
    }
    seed_now = 0;
}

/* ---- What was heard ----------------------------------------------------------------------------- */

/* What is spoken, and what is not and so comes with what is before it. */
static const char *const SPOKEN[] = {"一", "か", "한", "x", "e\u0301", "क", "9"};
static const char *const UNSPOKEN[] = {" ", " ", " ", "!", "(smiles)", "👩\u200d👩\u200d👧", "🇯🇵"};

/* A sentence of clusters whose times are known. */
typedef struct spoken {
    uint32_t count;
    uint32_t unit[64]; /* where each begins, */
    float at_ms[64];   /* and is spoken */
    uint32_t units;
    double duration_ms;
} spoken;

static void random_spoken(spoken *s, char *text) {
    s->count = 1 + below(40);
    s->units = 0;
    float at_ms = (float)below(100);
    *text = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        static uint16_t units[64];
        char one[64];
        strcpy(one, SPOKEN[below(COUNT(SPOKEN))]);
        if (below(3) == 0) strcat(one, UNSPOKEN[below(COUNT(UNSPOKEN))]);
        strcat(text, one);
        s->unit[i] = s->units;
        s->at_ms[i] = at_ms;
        s->units += widen(one, units);
        at_ms += (float)(1 + below(300));
    }
    s->duration_ms = at_ms;
}

static uint32_t model_heard(const spoken *s, double since_ms) {
    if (since_ms >= s->duration_ms) return s->units;
    uint32_t next = 0;
    while (next < s->count && s->at_ms[next] <= since_ms)
        next++;
    return next == s->count ? s->units : s->unit[next];
}

static void what_is_heard_is_what_was_spoken(void **state) {
    (void)state;
    static char text[4096];
    settings(&h);
    uint32_t checks = 0;
    for (uint32_t seed = 1; seed <= 1500; seed++) {
        random_state = of_seed(seed);
        host_begin(&h);
        spoken s;
        random_spoken(&s, text);
        assert_int_equal(add(text, 1), 1);
        const uint32_t units = cue(1)->units; /* a space at the end may be stripped */
        for (uint32_t i = 0; i < s.count; i++)
            set_word(i, s.unit[i], s.at_ms[i]);
        assert_int_equal(vp_subtitle_clip(h.subtitle, 1, s.duration_ms, 0, 0, s.count), VP_OK);
        const double start_ms = below(1000);
        start(1, start_ms);
        double now_ms = below(2000);
        for (uint32_t looks = below(8);; looks--) {
            const double since_ms = now_ms - start_ms;
            if (looks)
                vp_subtitle_heard(h.subtitle, now_ms);
            else
                interrupt(now_ms);
            assert_rules(true);
            uint32_t heard = since_ms < 0 ? 0 : model_heard(&s, since_ms);
            if (heard > units) heard = units;
            if (cue(1)->heard != heard)
                fail_msg("seed %u: %u of %u units after %g ms, not %u of \"%s\"", seed,
                         cue(1)->heard, units, since_ms, heard, text);
            checks++;
            if (!looks) break;
            now_ms += below(1000);
        }
        host_end(&h);
    }
    print_message("seeds 1 to 1500: %u times\n", checks);
    seed_now = 0;
}

/* ---- History ------------------------------------------------------------------------------------- */

enum { REMEMBERED = 1500 };

/* All that was ever said. */
static struct {
    uint16_t text[2][256];
    uint32_t units[2];
} said[REMEMBERED + 1];

/* Sentences of which none looks like marks, tags or the end of another. */
static uint32_t remember(uint32_t serial, uint32_t language, uint32_t units) {
    for (uint32_t i = 0; i < units; i++)
        said[serial].text[language][i] =
            (uint16_t)(below(6) == 0 && i && i + 1 < units ? ' '
                                                           : (language ? 0x4E00 : 'a') + below(26));
    said[serial].units[language] = units;
    return units;
}

static void assert_remembered(uint32_t serial) {
    const vp_cue *c = cue(serial);
    assert_int_equal(c->units, said[serial].units[0]);
    assert_memory_equal(text_at(it, c->text), said[serial].text[0], 2 * c->units);
    assert_int_equal(c->translation_units, said[serial].units[1]);
    assert_memory_equal(translation_at(it, c->translation), said[serial].text[1],
                        2 * c->translation_units);
}

static void add_remembered(uint32_t serial, uint32_t clip) {
    const uint32_t units = remember(serial, 0, 1 + below(250));
    const uint32_t translated = remember(serial, 1, below(3) ? below(256) : 0);
    memcpy(inbox(), said[serial].text[0], 2 * units);
    memcpy(inbox() + units, said[serial].text[1], 2 * translated);
    assert_int_equal(vp_subtitle_add(it->subtitle, units, translated, clip), serial);
}

/* Until `serial` is over. */
static void play(uint32_t serial, double *now_ms) {
    if (cue(serial)->clip) {
        clip(serial, 1 + below(50));
        start(serial, *now_ms);
    }
    for (uint32_t steps = 0; cue(serial)->state < VP_CUE_ENDED; steps++) {
        assert_true(steps < 100);
        tick(*now_ms += 1000);
    }
}

static void the_oldest_cues_make_room(void **state) {
    (void)state;
    settings(&h);
    for (uint32_t seed = 1; seed <= 4; seed++) {
        random_state = of_seed(seed);
        host_begin(&h);
        double now_ms = 0;
        uint32_t played = 0, oldest = 1;
        for (uint32_t serial = 1; serial <= REMEMBERED; serial++) {
            add_remembered(serial, below(2));
            if (below(4) == 0) { /* another translation */
                remember(serial, 1, below(256));
                memcpy(inbox(), said[serial].text[1], 2 * said[serial].units[1]);
                assert_int_equal(vp_subtitle_translate(h.subtitle, serial, said[serial].units[1]),
                                 VP_OK);
            }
            /* Few wait, so that there is always room. */
            while (played + 1 + below(2) < serial)
                play(++played, &now_ms);
            assert_true(h.view->first_cue >= oldest);
            oldest = h.view->first_cue;
            assert_int_equal(oldest + h.view->cue_count - 1, serial);
            assert_true(oldest <= played + 1);
            for (uint32_t kept = oldest; kept <= serial; kept++)
                assert_remembered(kept);
            assert_rules(false);
        }
        assert_true(oldest > REMEMBERED - 64);
        host_end(&h);
    }
    seed_now = 0;
}

/* A test that passes sets it back. */
static int tell_seed(void **state) {
    (void)state;
    if (seed_now) print_message("seed %u\n", seed_now);
    seed_now = 0;
    return 0;
}

#define TEST(name) cmocka_unit_test_teardown(name, tell_seed)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(any_chunks_give_the_same_cues),     TEST(ticks_when_due_are_ticks_always),
        TEST(late_ticks_show_what_is_shown_now), TEST(a_clock_that_goes_back_stands_still),
        TEST(what_is_heard_is_what_was_spoken),  TEST(the_oldest_cues_make_room),
    };
    return cmocka_run_group_tests_name("subtitle_model", tests, NULL, NULL);
}
