/* What voicepath/subtitle.h promises of time: sound, reading, pages, turns. */
#include "subtitle_host.h"

#define X4(text) text text text text
#define X10(text) X4(text) X4(text) text text

static void assert_ms(double actual, double expected) {
    if (fabs(actual - expected) > 0.01) fail_msg("%.3f ms instead of %.3f", actual, expected);
}

/* ---- Sound ------------------------------------------------------------------------------------------ */

static void a_cue_with_a_clip_waits_for_its_start(void **state) {
    (void)state;
    add("Hello.", 1);
    clip(1, 1000);
    tick(0);
    tick(100000);
    assert_int_equal(h.view->phase, VP_SUBTITLE_EMPTY);
    assert_int_equal(cue(1)->state, VP_CUE_WAITING);
    assert_ms(cue(1)->start_ms, -1);
    assert_true(isinf(h.view->due_ms));
    assert_int_equal(start(1, 100500), VP_OK);
    tick(100001);
    assert_int_equal(h.view->phase, VP_SUBTITLE_EMPTY);
    assert_ms(h.view->due_ms, 100500);
    tick(100500);
    assert_int_equal(h.view->phase, VP_SUBTITLE_SHOWING);
    assert_int_equal(h.view->cue, 1);
    assert_ms(cue(1)->start_ms, 100500);
    assert_ms(cue(1)->end_ms, 101500);
    assert_ms(cue(1)->duration_ms, 1000);
    tick(101499);
    assert_int_equal(cue(1)->state, VP_CUE_PLAYING);
    tick(101500);
    assert_int_equal(cue(1)->state, VP_CUE_ENDED);
    assert_string_equal(heard_of(1), "Hello.");
}

static void clips_of_any_duration(void **state) {
    (void)state;
    add("Hello.", 1);
    vp_subtitle *s = h.subtitle;
    static const double bad_ms[] = {NAN, -1, -0.001, INFINITY, -INFINITY, 86400001};
    for (uint32_t i = 0; i < sizeof bad_ms / sizeof bad_ms[0]; i++)
        assert_int_equal(vp_subtitle_clip(s, 1, bad_ms[i], 0, 0, 0), VP_E_DURATION);
    assert_int_equal(vp_subtitle_clip(s, 1, 0, NAN, 10, 0), VP_E_DURATION);
    assert_int_equal(vp_subtitle_clip(s, 1, 0, -20, 10, 0), VP_E_DURATION);
    assert_int_equal(vp_subtitle_clip(s, 1, 0, INFINITY, 10, 0), VP_E_DURATION);
    assert_int_equal(cue(1)->clip, 1);
    assert_int_equal(clip(1, 86400000), VP_OK);
    assert_ms(cue(1)->duration_ms, 86400000);
    /* Volumes tell it when nothing else does, */
    for (uint32_t i = 0; i < 50; i++)
        ((float *)array_of(it, it->view->volumes))[i] = 0.5F;
    assert_int_equal(vp_subtitle_clip(s, 1, 0, 20, 50, 0), VP_OK);
    assert_ms(cue(1)->duration_ms, 1000);
    assert_int_equal(vp_subtitle_clip(s, 1, 1234, 20, 50, 0), VP_OK);
    assert_ms(cue(1)->duration_ms, 1234);
    /* and with nothing known it follows by itself. */
    assert_int_equal(clip(1, 0), VP_OK);
    assert_int_equal(cue(1)->clip, 0);
    tick(0);
    assert_string_equal(visible(), "Hello.");
}

static void garbage_for_volumes_and_words(void **state) {
    (void)state;
    add("Hello there, how are you?", 1);
    float *volumes = array_of(it, it->view->volumes);
    for (uint32_t i = 0; i < 50; i++)
        volumes[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? -INFINITY : 1e30F;
    set_word(0, 0xFFFFFFFF, 10);
    set_word(1, 3, NAN);
    set_word(2, 2, INFINITY);
    set_word(3, 1, -5);
    assert_int_equal(vp_subtitle_clip(h.subtitle, 1, 0, 20, 50, 4), VP_OK);
    start(1, 0);
    for (uint32_t ms = 0; ms <= 1000; ms++)
        tick(ms);
    assert_int_equal(cue(1)->state, VP_CUE_ENDED);
}

static void a_start_in_the_past_is_caught_up_with(void **state) {
    (void)state;
    add("一二三四", 1);
    for (uint32_t i = 0; i < 4; i++)
        set_word(i, i, (float)(250 * i));
    vp_subtitle_clip(h.subtitle, 1, 1000, 0, 0, 4);
    tick(2000);
    start(1, 1490);
    tick(2000);
    assert_string_equal(visible(), "一二三");
    assert_ms(cue(1)->start_ms, 1490);
}

static void a_start_said_again_moves(void **state) {
    (void)state;
    add("一二三四", 1);
    for (uint32_t i = 0; i < 4; i++)
        set_word(i, i, (float)(250 * i));
    vp_subtitle_clip(h.subtitle, 1, 1000, 0, 0, 4);
    start(1, 0);
    tick(0);
    tick(600);
    assert_string_equal(visible(), "一二三");
    assert_int_equal(start(1, 400), VP_OK); /* the sound stalled */
    tick(601);
    assert_string_equal(visible(), "一二三");
    vp_subtitle_heard(h.subtitle, 601);
    assert_string_equal(heard_of(1), "一");
    tick(901);
    assert_string_equal(visible(), "一二三");
    assert_int_equal(cue(1)->state, VP_CUE_PLAYING);
    tick(1150);
    assert_string_equal(visible(), "一二三四");
    assert_ms(cue(1)->end_ms, 1400);
    start(1, 200); /* or it caught up */
    tick(1200);
    assert_int_equal(cue(1)->state, VP_CUE_ENDED);
}

static void clips_start_in_order(void **state) {
    (void)state;
    add("One.", 1);
    add("Two.", 1);
    add("Three.", 1);
    for (uint32_t serial = 1; serial <= 3; serial++)
        clip(serial, 1000);
    start(2, 0);
    tick(0);
    assert_int_equal(h.view->cue, 2);
    assert_int_equal(cue(1)->state, VP_CUE_DROPPED);
    assert_int_equal(cue(1)->heard, 0);
    assert_int_equal(start(1, 100), VP_E_CUE);
    assert_int_equal(start(3, 500), VP_OK);
    tick(499);
    assert_int_equal(h.view->cue, 2);
    tick(500);
    assert_int_equal(h.view->cue, 3);
    assert_int_equal(cue(2)->state, VP_CUE_ENDED);
    assert_ms(cue(2)->end_ms, 500);
    assert_int_equal(start(2, 600), VP_E_CUE);
    assert_int_equal(start(4, 600), VP_E_CUE);
    assert_int_equal(start(0, 600), VP_E_CUE);
}

/* A host that was asleep sees what it would have seen. */
static void a_late_tick_plays_in_order(void **state) {
    (void)state;
    add("One.", 1);
    add("Two.", 1);
    clip(1, 1000);
    clip(2, 1000);
    start(1, 200);
    start(2, 100); /* the later cue starts first: the other one is over */
    tick(5000);
    assert_int_equal(cue(1)->state, VP_CUE_DROPPED);
    assert_int_equal(cue(2)->state, VP_CUE_ENDED);
    assert_ms(cue(2)->end_ms, 1100);
}

static void finish_ends_a_cue(void **state) {
    (void)state;
    add("一二三四", 1);
    add("Next.", 0);
    for (uint32_t i = 0; i < 4; i++)
        set_word(i, i, (float)(250 * i));
    vp_subtitle_clip(h.subtitle, 1, 1000, 0, 0, 4);
    start(1, 0);
    assert_int_equal(finish(2, 0), VP_E_CUE);
    tick(0);
    tick(260);
    assert_int_equal(finish(1, 400), VP_OK);
    assert_int_equal(cue(1)->state, VP_CUE_ENDED);
    assert_string_equal(heard_of(1), "一二三四");
    assert_ms(cue(1)->end_ms, 400);
    tick(400);
    assert_int_equal(h.view->cue, 2);
    assert_ms(cue(2)->start_ms, 400);
    assert_int_equal(finish(1, 500), VP_E_CUE);
    assert_int_equal(finish(7, 500), VP_E_CUE);
}

/* The host was wrong about the length: the sound goes on, and so does the subtitle. */
static void a_clip_told_again(void **state) {
    (void)state;
    add("一二三四", 1);
    clip(1, 400);
    start(1, 0);
    tick(0);
    tick(100);
    const uint32_t was = h.view->page.visible;
    for (uint32_t i = 0; i < 4; i++)
        set_word(i, i, (float)(500 * i));
    assert_int_equal(vp_subtitle_clip(h.subtitle, 1, 2000, 0, 0, 4), VP_OK);
    tick(101);
    assert_true(h.view->page.visible >= was);
    assert_ms(cue(1)->end_ms, 2000);
    tick(1000);
    assert_string_equal(visible(), "一二三");
    tick(2000);
    assert_int_equal(cue(1)->state, VP_CUE_ENDED);
    assert_int_equal(clip(1, 500), VP_E_CUE);
}

static void a_growing_cue_is_complete_by_its_clip(void **state) {
    (void)state;
    push("Hello", 1);
    assert_int_equal(cue(1)->state, VP_CUE_GROWING);
    assert_int_equal(clip(1, 1000), VP_OK);
    assert_int_equal(cue(1)->state, VP_CUE_WAITING);
    push("World", 1);
    assert_int_equal(start(2, 0), VP_OK);
    tick(0);
    assert_int_equal(cue(2)->state, VP_CUE_PLAYING);
    flush();
    assert_string_equal(all_texts(), "Hello|World");
}

/* ---- Cues without sound -------------------------------------------------------------------------------- */

/* How long one that is alone is shown, from 1000 ms on. */
static void is_read_in(const char *text, double ms) {
    reopen();
    add(text, 0);
    tick(1000);
    assert_int_equal(h.view->phase, VP_SUBTITLE_SHOWING);
    assert_string_equal(visible(), text);
    assert_ms(cue(1)->start_ms, 1000);
    assert_ms(h.view->due_ms, 1000 + ms);
    tick(1000 + ms - 0.1);
    assert_int_equal(cue(1)->state, VP_CUE_PLAYING);
    tick(1000 + ms + 0.1);
    assert_int_equal(cue(1)->state, VP_CUE_ENDED);
    assert_ms(cue(1)->end_ms, 1000 + ms);
    assert_string_equal(heard_of(1), text);
}

static void reading_takes_characters_by_speed(void **state) {
    (void)state;
    h.style.width_px = 1e6F;
    is_read_in(X4("abcdefghij"), 40 * 1000.0 / 20);
    is_read_in(X4("e\u0301a\u0300i\u0302ou"), 20 * 1000.0 / 20);
    is_read_in(X4("你好世界我"), 20 * 1000.0 / 9);
    is_read_in(X4("かなカ"), 12 * 1000.0 / 4);
    is_read_in(X4("안녕하세요"), 20 * 1000.0 / 12);
    is_read_in("Hi", 833);
    is_read_in(X10(X4("abcdefghij")), 7000);
    h.style.reading_speed = 2;
    is_read_in(X4("abcdefghij"), 1000);
    h.style.reading_speed = 0.5F;
    is_read_in(X4("abcdefghij"), 4000);
    h.style.min_ms = 0;
    is_read_in("Hi", 200);
    h.style.min_ms = 5000;
    h.style.max_ms = 5000;
    is_read_in("Hi", 5000);
    is_read_in(X10(X4("abcdefghij")), 5000);
}

static void silent_cues_follow_each_other(void **state) {
    (void)state;
    h.style.width_px = 1e6F;
    reopen();
    add(X4("abcdefghij"), 0);
    add(X10("abcdef"), 0);
    add("Sound.", 1);
    tick(100);
    assert_int_equal(h.view->cue, 1);
    tick(2099);
    assert_int_equal(h.view->cue, 1);
    tick(2100);
    assert_int_equal(h.view->cue, 2);
    tick(5099);
    assert_int_equal(h.view->phase, VP_SUBTITLE_SHOWING);
    tick(50000); /* late */
    assert_ms(cue(2)->start_ms, 2100);
    assert_ms(cue(2)->end_ms, 5100);
    assert_int_equal(cue(3)->state, VP_CUE_WAITING);
    /* After a sound they follow too. */
    clip(3, 1000);
    add("Again.", 0);
    start(3, 60000);
    tick(60000);
    tick(60999);
    assert_int_equal(h.view->cue, 3);
    tick(61000);
    assert_int_equal(h.view->cue, 4);
}

static void pages_without_sound_turn_when_they_are_read(void **state) {
    (void)state;
    h.style.width_px = 20 * 16;
    h.style.lines = 1;
    reopen();
    add("abcdefghijklmnopqrs abcdefghijklmnopqr abcdefghijklmnopqr", 0);
    tick(0);
    assert_string_equal(line_of_page(0), "abcdefghijklmnopqrs");
    tick(999);
    assert_string_equal(line_of_page(0), "abcdefghijklmnopqrs");
    tick(1000); /* 19 letters and a space */
    assert_string_equal(line_of_page(0), "abcdefghijklmnopqr");
    const uint32_t serial = h.view->page.serial;
    tick(1950);
    assert_string_equal(line_of_page(0), "abcdefghijklmnopqr");
    assert_int_not_equal(h.view->page.serial, serial);
    tick(2850);
    assert_int_equal(h.view->phase, VP_SUBTITLE_LINGERING);
    assert_ms(cue(1)->end_ms, 2850);
}

/* Not from when the page before would have been read, had there been more. */
static void text_that_comes_late_is_read_from_then_on(void **state) {
    (void)state;
    h.style.width_px = 20 * 16;
    h.style.lines = 1;
    reopen();
    push("abcdefghijklmnopqrs", 0);
    tick(0);
    tick(5000);
    assert_string_equal(visible(), "abcdefghijklmnopqrs");
    push(" abcdefghijklmnopqrs", 0);
    flush();
    tick(5000);
    assert_string_equal(line_of_page(0), "abcdefghijklmnopqrs");
    assert_int_equal(h.view->page.start, 20);
    tick(5949);
    assert_int_equal(h.view->phase, VP_SUBTITLE_SHOWING);
    tick(5950);
    assert_int_equal(h.view->phase, VP_SUBTITLE_LINGERING);
}

static void another_reading_speed(void **state) {
    (void)state;
    h.style.width_px = 1e6F;
    reopen();
    add(X4("abcdefghij"), 0);
    h.style.reading_speed = 2;
    restyle();
    tick(0);
    assert_ms(h.view->due_ms, 1000);
    h.style.reading_speed = 1;
    restyle();
    tick(500);
    assert_ms(h.view->due_ms, 2000);
}

static void the_last_cue_lingers_and_fades(void **state) {
    (void)state;
    add("Hello.", 1);
    clip(1, 200);
    start(1, 1000);
    tick(1000);
    tick(1200);
    assert_int_equal(cue(1)->state, VP_CUE_ENDED);
    assert_int_equal(h.view->phase, VP_SUBTITLE_LINGERING);
    assert_string_equal(visible(), "Hello.");
    assert_ms(h.view->due_ms, 1000 + 833 + 1500); /* min_ms, linger_ms */
    tick(3332);
    assert_int_equal(h.view->phase, VP_SUBTITLE_LINGERING);
    tick(3333);
    assert_int_equal(h.view->phase, VP_SUBTITLE_FADING);
    assert_ms(h.view->due_ms, 3583); /* fade_ms */
    assert_string_equal(visible(), "Hello.");
    tick(3582);
    assert_int_equal(h.view->phase, VP_SUBTITLE_FADING);
    tick(3583);
    assert_int_equal(h.view->phase, VP_SUBTITLE_EMPTY);
    assert_string_equal(visible(), "");
    assert_int_equal(h.view->cue, 0);
    assert_true(isinf(h.view->due_ms));
    /* What is empty stays so, whatever the style. */
    h.style.linger_ms = 100000;
    restyle();
    tick(3600);
    assert_int_equal(h.view->phase, VP_SUBTITLE_EMPTY);
    add("Next.", 0);
    tick(3700);
    assert_string_equal(visible(), "Next.");
}

static void the_next_cue_ends_what_lingers(void **state) {
    (void)state;
    add("One.", 1);
    add("Two.", 1);
    clip(1, 200);
    clip(2, 200);
    start(1, 0);
    tick(0);
    tick(200);
    start(2, 300);
    tick(299);
    assert_int_equal(h.view->phase, VP_SUBTITLE_LINGERING);
    tick(300);
    assert_int_equal(h.view->phase, VP_SUBTITLE_SHOWING);
    assert_int_equal(h.view->cue, 2);
}

/* ---- Pages -------------------------------------------------------------------------------------------- */

static void lines_are_as_wide_as_the_box(void **state) {
    (void)state;
    h.style.lines = 2;
    reopen();
    add(X10("你好"), 0);
    tick(0);
    assert_int_equal(h.view->page.line_count, 1); /* 20 of 32 px in 640 px */
    reopen();
    add(X10("你好") "吗", 0);
    tick(0);
    assert_int_equal(h.view->page.line_count, 2);
    reopen();
    add(X10("abc "), 0);
    tick(0);
    assert_int_equal(h.view->page.line_count, 1); /* 39 of 16 px, and a space that may hang */
    assert_string_equal(line_of_page(0), "abc abc abc abc abc abc abc abc abc abc");
}

static void a_page_turns_when_its_first_cluster_is_spoken(void **state) {
    (void)state;
    h.style.width_px = 10 * 32;
    h.style.lines = 1;
    h.style.balance = 0;
    reopen();
    add(X4("一二三四五六七八九"), 1);
    for (uint32_t i = 0; i < 36; i++)
        set_word(i, i, (float)(100 * i));
    vp_subtitle_clip(h.subtitle, 1, 3600, 0, 0, 36);
    start(1, 0);
    uint32_t pages = 0, serial = 0, end = 0, visible_units = 0;
    for (uint32_t ms = 0; ms < 3600; ms++) {
        const uint32_t revision = h.view->revision;
        tick(ms);
        assert_int_equal(h.view->revision != revision, ms % 100 == 0);
        const vp_page *p = &h.view->page;
        const uint32_t spoken = ms / 100 + 1;
        assert_int_equal(p->start + p->visible, spoken);
        assert_true(p->visible >= 1);
        if (p->serial != serial) {
            assert_int_equal(p->start, end);
            assert_int_equal(ms % 100, 0);
            pages++;
            visible_units = 0;
        }
        assert_true(p->visible >= visible_units);
        visible_units = p->visible;
        serial = p->serial;
        end = p->start + p->units;
        assert_int_equal(p->line_count, 1);
        assert_true(p->units <= 10);
    }
    assert_true(pages >= 4);
    assert_int_equal(end, 36);
}

static void instant_pages_are_shown_at_once(void **state) {
    (void)state;
    h.style.instant = 1;
    reopen();
    add("一二三四", 1);
    for (uint32_t i = 0; i < 4; i++)
        set_word(i, i, (float)(250 * i));
    vp_subtitle_clip(h.subtitle, 1, 1000, 0, 0, 4);
    start(1, 0);
    tick(0);
    assert_string_equal(visible(), "一二三四");
    vp_subtitle_heard(h.subtitle, 300);
    assert_string_equal(heard_of(1), "一二"); /* heard it is as before */
}

static void a_restyled_page_keeps_what_is_visible(void **state) {
    (void)state;
    add("一二三四五六七八九十", 1);
    for (uint32_t i = 0; i < 10; i++)
        set_word(i, i, (float)(100 * i));
    vp_subtitle_clip(h.subtitle, 1, 1000, 0, 0, 10);
    start(1, 0);
    tick(0);
    tick(650);
    assert_string_equal(visible(), "一二三四五六七");
    const vp_page was = h.view->page;
    const uint32_t revision = h.view->revision;
    h.style.width_px = 5 * 32;
    restyle();
    tick(650);
    assert_string_equal(visible(), "一二三四五六七");
    assert_int_equal(h.view->page.line_count, 2);
    assert_int_equal(h.view->page.start, was.start);
    assert_int_not_equal(h.view->page.serial, was.serial);
    assert_int_not_equal(h.view->revision, revision);
    /* A page that became too small for it turns to where the voice is. */
    h.style.lines = 1;
    restyle();
    tick(651);
    assert_int_equal(h.view->page.start + h.view->page.visible, 7);
    assert_true(h.view->page.visible >= 1);
}

static void a_new_style_counts_for_what_comes(void **state) {
    (void)state;
    add("[a]One (b).", 0);
    h.style.tag_bracket = VP_TAG_SHOW;
    h.style.tag_paren = VP_TAG_HIDE;
    restyle();
    add("[a]One (b).", 0);
    assert_string_equal(all_texts(), "One (b).|[a]One .");
}

/* ---- Translations ------------------------------------------------------------------------------------- */

static void a_translation_is_shown_beside(void **state) {
    (void)state;
    add_pair("Hello.", "你好。", 1);
    add("Bye.", 1);
    clip(1, 1000);
    clip(2, 1000);
    start(1, 0);
    tick(0);
    assert_string_equal(page_translation(), "你好。");
    assert_int_equal(h.view->translation.visible, 3);
    start(2, 1000);
    tick(1000);
    assert_string_equal(page_translation(), "");
    assert_int_equal(h.view->translation.serial, 0);
    const uint32_t revision = h.view->revision;
    assert_int_equal(translate(2, "再见"), VP_OK); /* late */
    tick(1001);
    assert_string_equal(page_translation(), "再见");
    assert_int_not_equal(h.view->revision, revision);
    assert_int_equal(translate(2, "拜拜啦"), VP_OK); /* another one */
    tick(1002);
    assert_string_equal(page_translation(), "拜拜啦");
    assert_int_equal(translate(2, ""), VP_OK); /* or none */
    tick(1003);
    assert_string_equal(page_translation(), "");
    tick(2000);
    assert_int_equal(translate(2, "x"), VP_E_CUE);
    assert_int_equal(translate(3, "x"), VP_E_CUE);
    assert_int_equal(translate(0, "x"), VP_E_CUE);
}

static void a_long_translation_is_paged_in_time(void **state) {
    (void)state;
    h.style.width_px = 10 * 32;
    h.style.lines = 1;
    h.style.balance = 0;
    reopen();
    add_pair("Hello.", X4("一二三四五六七八九十"), 1);
    clip(1, 4000);
    start(1, 0);
    uint32_t serial = 0, units = 0;
    double since_ms = 0;
    for (uint32_t ms = 0; ms < 4000; ms++) {
        tick(ms);
        const vp_page *p = &h.view->translation;
        if (p->serial == serial) continue;
        /* The pages before took their share of the time. */
        if (fabs(ms - units * 100.0) > 400) fail_msg("%u units in %u ms", units, ms);
        assert_int_equal(p->start, units);
        assert_true(ms == 0 || ms > since_ms);
        serial = p->serial;
        units += p->units;
        since_ms = ms;
    }
    assert_int_equal(units, 40);
}

/* ---- Turns -------------------------------------------------------------------------------------------- */

static void a_new_turn_drops_what_waits(void **state) {
    (void)state;
    assert_int_equal(h.view->turn, 0);
    add("One.", 1);
    assert_int_equal(h.view->turn, 1);
    add("Two.", 1);
    push("Thr", 1);
    clip(1, 1000);
    start(1, 0);
    tick(0);
    assert_int_equal(begin(), 2);
    assert_int_equal(h.view->turn, 2);
    assert_int_equal(cue(1)->state, VP_CUE_PLAYING);
    assert_int_equal(cue(2)->state, VP_CUE_DROPPED);
    assert_int_equal(cue(3)->state, VP_CUE_DROPPED);
    assert_int_equal(start(2, 10), VP_E_CUE);
    tick(500);
    assert_int_equal(h.view->cue, 1); /* stays */
    push("ee.", 0);
    flush();
    assert_string_equal(text_of(4), "ee.");
    assert_int_equal(cue(4)->turn, 2);
    tick(501);
    assert_int_equal(h.view->cue, 4); /* until the first one of this turn */
    assert_int_equal(cue(1)->state, VP_CUE_ENDED);
}

static void an_interrupted_turn_takes_no_text(void **state) {
    (void)state;
    begin();
    assert_int_equal(h.view->accepting, 1);
    add("一二三四", 1);
    for (uint32_t i = 0; i < 4; i++)
        set_word(i, i, (float)(250 * i));
    vp_subtitle_clip(h.subtitle, 1, 1000, 0, 0, 4);
    add("Two.", 1);
    push("Thr", 1);
    start(1, 0);
    tick(0);
    const uint32_t revision = h.view->revision;
    assert_int_equal(interrupt(510), VP_OK);
    assert_int_equal(h.view->phase, VP_SUBTITLE_EMPTY);
    assert_int_equal(h.view->page.serial, 0);
    assert_int_equal(h.view->cue, 0);
    assert_int_equal(h.view->accepting, 0);
    assert_int_not_equal(h.view->revision, revision);
    assert_string_equal(heard_of(1), "一二三");
    for (uint32_t serial = 1; serial <= 3; serial++)
        assert_int_equal(cue(serial)->state, VP_CUE_DROPPED);
    if (cue(1)->end_ms > 510) fail_msg("dropped at 510 ms, ends at %g", cue(1)->end_ms);
    /* What is late is ignored, and counted. */
    assert_int_equal(push("ee.", 1), 0);
    assert_int_equal(add("Four.", 0), 0);
    assert_int_equal(h.view->ignored, 2);
    assert_int_equal(h.view->cue_count, 3);
    assert_int_equal(start(2, 600), VP_E_CUE);
    assert_int_equal(finish(1, 600), VP_E_CUE);
    tick(100000);
    assert_int_equal(h.view->phase, VP_SUBTITLE_EMPTY);
    assert_string_equal(heard_of(1), "一二三");
    begin();
    add("Five.", 0);
    assert_string_equal(text_of(4), "Five.");
    tick(100001);
    assert_string_equal(visible(), "Five.");
}

static void nothing_of_an_interrupted_stream_is_left(void **state) {
    (void)state;
    push("Hello (half a tag", 0);
    inbox()[0] = 0xD83D;
    vp_subtitle_push(h.subtitle, 1, 0);
    vp_subtitle_push_utf8(h.subtitle, (const uint8_t *)"\xE4\xBD", 2, 0);
    tick(0);
    interrupt(10);
    begin();
    push("Next.", 0);
    flush();
    assert_string_equal(text_of(2), "Next.");
    /* And nothing of one that another turn ended. */
    push("Hello [half", 0);
    vp_subtitle_push_utf8(h.subtitle, (const uint8_t *)"\xE4\xBD", 2, 0);
    begin();
    push("]Next.", 0);
    flush();
    assert_string_equal(text_of(it->view->first_cue + it->view->cue_count - 1), "]Next.");
}

static void an_interrupt_before_anything(void **state) {
    (void)state;
    assert_int_equal(interrupt(0), VP_OK);
    assert_int_equal(h.view->phase, VP_SUBTITLE_EMPTY);
    assert_true(begin() > 0);
    assert_int_equal(add("Hi.", 0), 1);
}

/* ---- The clock ---------------------------------------------------------------------------------------- */

static void a_clock_that_goes_back_stands_still(void **state) {
    (void)state;
    add("一二三四", 1);
    for (uint32_t i = 0; i < 4; i++)
        set_word(i, i, (float)(250 * i));
    vp_subtitle_clip(h.subtitle, 1, 1000, 0, 0, 4);
    start(1, 1000);
    tick(1600);
    assert_string_equal(visible(), "一二三");
    const uint32_t revision = h.view->revision;
    tick(1100);
    tick(0);
    assert_int_equal(h.view->revision, revision);
    vp_subtitle_heard(h.subtitle, 1000);
    assert_string_equal(heard_of(1), "一二三");
    /* Also between the times at which something happens. */
    reopen();
    tick(900);
    add("Hi", 0);
    tick(100);
    assert_ms(cue(1)->start_ms, 900);
    tick(1700);
    add("Ho", 0);
    tick(1000);
    assert_string_equal(visible(), "Hi");
    interrupt(0);
    begin();
    add("He", 0);
    tick(5);
    assert_ms(cue(3)->start_ms, 1700);
}

static void a_time_that_is_none_changes_nothing(void **state) {
    (void)state;
    add("Hi", 0);
    tick(100);
    add("Ho", 1);
    clip(2, 1000);
    start(2, 200);
    static const double none[] = {NAN, -1, INFINITY, -INFINITY, 0x1p53 + 2};
    uint8_t *was = malloc(h.bytes);
    memcpy(was, h.subtitle, h.bytes);
    for (uint32_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_int_equal(vp_subtitle_tick(h.subtitle, none[i]), h.view->revision);
        assert_int_equal(vp_subtitle_heard(h.subtitle, none[i]), VP_E_TIME);
        assert_int_equal(interrupt(none[i]), VP_E_TIME);
        assert_int_equal(start(2, none[i]), VP_E_TIME);
        assert_int_equal(finish(1, none[i]), VP_E_TIME);
        assert_memory_equal(was, h.subtitle, h.bytes);
    }
    free(was);
}

static void the_ends_of_time(void **state) {
    (void)state;
    add("Hi", 0);
    tick(0x1p53);
    assert_rules(true);
    add("Ho", 1);
    clip(2, 86400000);
    start(2, 0x1p53);
    tick(0x1p53);
    assert_int_equal(h.view->cue, 2);
    assert_true(h.view->due_ms > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_cue_with_a_clip_waits_for_its_start),
        TEST(clips_of_any_duration),
        TEST(garbage_for_volumes_and_words),
        TEST(a_start_in_the_past_is_caught_up_with),
        TEST(a_start_said_again_moves),
        TEST(clips_start_in_order),
        TEST(a_late_tick_plays_in_order),
        TEST(finish_ends_a_cue),
        TEST(a_clip_told_again),
        TEST(a_growing_cue_is_complete_by_its_clip),
        TEST(reading_takes_characters_by_speed),
        TEST(silent_cues_follow_each_other),
        TEST(pages_without_sound_turn_when_they_are_read),
        TEST(text_that_comes_late_is_read_from_then_on),
        TEST(another_reading_speed),
        TEST(the_last_cue_lingers_and_fades),
        TEST(the_next_cue_ends_what_lingers),
        TEST(lines_are_as_wide_as_the_box),
        TEST(a_page_turns_when_its_first_cluster_is_spoken),
        TEST(instant_pages_are_shown_at_once),
        TEST(a_restyled_page_keeps_what_is_visible),
        TEST(a_new_style_counts_for_what_comes),
        TEST(a_translation_is_shown_beside),
        TEST(a_long_translation_is_paged_in_time),
        TEST(a_new_turn_drops_what_waits),
        TEST(an_interrupted_turn_takes_no_text),
        TEST(nothing_of_an_interrupted_stream_is_left),
        TEST(an_interrupt_before_anything),
        TEST(a_clock_that_goes_back_stands_still),
        TEST(a_time_that_is_none_changes_nothing),
        TEST(the_ends_of_time),
    };
    return cmocka_run_group_tests_name("subtitle_time", tests, NULL, NULL);
}
