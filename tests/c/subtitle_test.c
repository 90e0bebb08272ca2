/* What voicepath/subtitle.h promises of text: cues, tags, widths, room, and wrong input. Of time:
 * subtitle_time_test.c; for random calls: subtitle_model_test.c. */
#include "subtitle_host.h"

#define X4(text) text text text text
#define X10(text) X4(text) X4(text) text text

/* ---- Streams --------------------------------------------------------------------------------- */

static void cuts(const char *stream, const char *cues) {
    reopen();
    const uint32_t pushed = (uint32_t)push(stream, 1), flushed = (uint32_t)flush();
    assert_string_equal(all_texts(), cues);
    assert_int_equal(pushed + flushed, h.view->cue_count);
    for (uint32_t serial = 1; serial <= h.view->cue_count; serial++)
        assert_int_equal(cue(serial)->state, VP_CUE_WAITING);
    assert_rules(false);
}

static void a_stream_is_cut_into_sentences(void **state) {
    (void)state;
    cuts("", "");
    cuts("Hello", "Hello");
    cuts("Done. Next one.", "Done. |Next one.");
    cuts("Hello there. How are you? I'm fine!", "Hello there. |How are you? |I'm fine!");
    cuts("Wait... what? Yes.", "Wait... what? |Yes.");
    cuts("你好。我是小猫！你呢？", "你好。|我是小猫！|你呢？");
    cuts("太好了！！！下一句。", "太好了！！！|下一句。");
    cuts("こんにちは。元気ですか？はい、元気です。", "こんにちは。|元気ですか？|はい、元気です。");
    cuts("「行こう。」彼は言った。", "「行こう。」|彼は言った。");
    cuts("“Stop!” He ran.", "“Stop!” |He ran.");
    cuts("One\nTwo\n", "One\n|Two\n");
    cuts("  leading", "leading");
}

static void abbreviations_and_numbers_end_nothing(void **state) {
    (void)state;
    cuts("I met Mr. Smith. He left.", "I met Mr. Smith. |He left.");
    cuts("Dr. Who and Mrs. Brown. Yes.", "Dr. Who and Mrs. Brown. |Yes.");
    cuts("J. R. R. Tolkien wrote. It was good.", "J. R. R. Tolkien wrote. |It was good.");
    cuts("Pi is 3.14 or so. Really.", "Pi is 3.14 or so. |Really.");
    cuts("At 5 p.m. we go. Now.", "At 5 p.m. we go. |Now.");
}

static void marks_alone_are_no_cue_of_a_stream(void **state) {
    (void)state;
    cuts("... Hello. Bye.", "... Hello. |Bye.");
    cuts("！！！好。", "！！！好。");
}

static void a_stream_is_shown_as_it_comes(void **state) {
    (void)state;
    push("Hello wor", 0);
    assert_int_equal(cue(1)->state, VP_CUE_GROWING);
    tick(0);
    assert_int_equal(h.view->phase, VP_SUBTITLE_SHOWING);
    assert_int_equal(h.view->page.growing, 1);
    assert_string_equal(visible(), "Hello wor");
    const uint32_t revision = h.view->revision;
    push("ld", 0);
    assert_true(tick(1) != revision);
    assert_string_equal(visible(), "Hello world");
    push(" [jo", 0); /* perhaps a tag */
    tick(2);
    assert_string_equal(visible(), "Hello world ");
    push("y]. And", 0);
    tick(3);
    assert_string_equal(text_of(1), "Hello world . ");
    flush();
    tick(4);
    assert_int_equal(cue(2)->state, VP_CUE_WAITING);
}

static void half_a_cluster_is_not_shown(void **state) {
    (void)state;
    push("a👩", 0);
    tick(0);
    assert_string_equal(visible(), "a👩");
    push("\u200d", 0);
    tick(1);
    assert_string_equal(visible(), "a");
    push("👩", 0);
    tick(2);
    assert_string_equal(visible(), "a👩\u200d👩");
    inbox()[0] = 0xD83D;
    vp_subtitle_push(h.subtitle, 1, 0);
    tick(3);
    assert_string_equal(visible(), "a👩\u200d👩");
    inbox()[0] = 0xDE00;
    vp_subtitle_push(h.subtitle, 1, 0);
    tick(4);
    assert_string_equal(visible(), "a👩\u200d👩😀");
}

static void what_is_no_text_is_replaced(void **state) {
    (void)state;
    static const uint16_t units[] = {'a', 0xD800, 'b', 0xDC00, 0, 0xD83D, 0xDE00, 0xD83D};
    memcpy(inbox(), units, sizeof units);
    vp_subtitle_push(h.subtitle, 8, 0);
    flush();
    assert_string_equal(text_of(1), "a\uFFFDb\uFFFD\uFFFD😀\uFFFD");
    memcpy(inbox(), units, sizeof units);
    assert_int_equal(vp_subtitle_add(h.subtitle, 4, 4, 0), 2);
    assert_string_equal(text_of(2), "a\uFFFDb\uFFFD");
    assert_string_equal(translation_of(2), "\uFFFD😀\uFFFD");
}

static void utf8_may_be_cut_anywhere(void **state) {
    (void)state;
    static const char text[] = "Aé. 你好。😀[x]\xFF\xE4\xBD and \xC3";
    const uint32_t length = sizeof text - 1;
    for (uint32_t first = 0; first <= length; first++)
        for (uint32_t second = first; second <= length; second++) {
            reopen();
            const uint8_t *bytes = (const uint8_t *)text;
            vp_subtitle_push_utf8(h.subtitle, bytes, first, 0);
            vp_subtitle_push_utf8(h.subtitle, bytes + first, second - first, 0);
            vp_subtitle_push_utf8(h.subtitle, bytes + second, length - second, 0);
            flush();
            assert_string_equal(all_texts(), "Aé. |你好。|😀\uFFFD\uFFFD and \uFFFD");
        }
}

static void a_stream_is_ended_by_a_whole_cue(void **state) {
    (void)state;
    push("Hello (not closed", 0);
    assert_int_equal(add("World.", 0), 2);
    assert_string_equal(all_texts(), "Hello (not closed|World.");
    assert_int_equal(cue(1)->state, VP_CUE_WAITING);
    assert_int_equal(flush(), 0);
}

/* It is told while the rest of the stream still comes. */
static void a_translation_does_not_end_a_stream(void **state) {
    (void)state;
    push("Hello there. How [jo", 1);
    assert_int_equal(translate(1, "[joy]你好。"), VP_OK);
    push("y]are you", 1);
    inbox()[0] = 0xD83D;
    vp_subtitle_push(h.subtitle, 1, 1);
    assert_int_equal(translate(2, "你好吗"), VP_OK);
    inbox()[0] = 0xDE00;
    vp_subtitle_push(h.subtitle, 1, 1);
    push("?", 1);
    flush();
    assert_string_equal(all_texts(), "Hello there. |How are you😀?");
    assert_string_equal(translation_of(1), "你好。");
    assert_string_equal(translation_of(2), "你好吗");
}

static void an_empty_stream_is_no_cue(void **state) {
    (void)state;
    assert_int_equal(flush(), 0);
    push("[joy]", 0);
    assert_int_equal(flush(), 0);
    assert_int_equal(h.view->cue_count, 0);
    push("<think>What to say", 0);
    assert_int_equal(flush(), 0);
    assert_int_equal(h.view->cue_count, 0);
    push("Hi.", 0);
    flush();
    tick(0);
    assert_string_equal(visible(), "Hi.");
}

/* ---- Too long ---------------------------------------------------------------------------------- */

static void a_cue_is_cut_where_it_is_as_long_as_can_be(void **state) {
    (void)state;
    h.config.cue_units = 256;
    reopen();
    for (uint32_t i = 0; i < 20; i++)
        push(X10("abcdefghi "), 1); /* 100 units, no sentence's end */
    flush();
    uint32_t units = 0;
    for (uint32_t serial = 1; serial <= h.view->cue_count; serial++) {
        const char *text = text_of(serial);
        units += cue(serial)->units;
        assert_true(cue(serial)->units <= 256);
        assert_int_equal(text[0], 'a'); /* between words */
        if (serial < h.view->cue_count) assert_true(cue(serial)->units > 128);
    }
    assert_int_equal(units, 2000);
    assert_rules(false);
}

static void no_cut_divides_a_cluster_that_fits(void **state) {
    (void)state;
    h.config.cue_units = 256;
    reopen();
    for (uint32_t i = 0; i < 50; i++)
        push("aaa👩\u200d👩\u200d👧\u200d👦é", 1);
    flush();
    assert_rules(false);
    for (uint32_t serial = 1; serial < h.view->cue_count; serial++) {
        const char *text = text_of(serial + 1);
        assert_true(text[0] == 'a' || (uint8_t)text[0] == 0xF0 || (uint8_t)text[0] == 0xC3 ||
                    text[0] == 'e');
        const uint16_t last = text_at(it, cue(serial)->text)[cue(serial)->units - 1];
        assert_int_not_equal(last, 0x200D);
    }
}

/* A cluster without an end has to be divided, but a surrogate pair is one character. */
static void no_cut_divides_a_pair(void **state) {
    (void)state;
    h.config.cue_units = 256;
    for (uint32_t shift = 0; shift < 3; shift++) {
        reopen();
        push(&"aa"[shift > 2 ? 2 : 2 - shift], 1);
        for (uint32_t i = 0; i < 40; i++)
            push(X10("👩\u200d"), 1);
        flush();
        assert_rules(false); /* among them: texts are well-formed */
    }
}

static void thousands_of_combining_marks(void **state) {
    (void)state;
    h.config.cue_units = 256;
    reopen();
    double now_ms = 0;
    push("e", 0);
    for (uint32_t i = 0; i < 500; i++) {
        assert_true(push(X10("\u0301"), 0) >= 0);
        tick(now_ms += 1000);
    }
    flush();
    tick(now_ms + 1);
    assert_rules(true);
}

/* ---- Whole cues --------------------------------------------------------------------------------- */

static void marks_go_to_the_cue_before(void **state) {
    (void)state;
    assert_int_equal(add("太好了！", 1), 1);
    assert_int_equal(add("！！", 1), 2);
    assert_int_equal(add("走吧。", 1), 3);
    assert_string_equal(text_of(1), "太好了！！！");
    assert_int_equal(cue(2)->state, VP_CUE_JOINED);
    assert_int_equal(cue(2)->units, 0);
    assert_int_equal(cue(1)->gap + cue(3)->gap, 0);
    assert_int_equal(start(2, 0), VP_OK); /* there is nothing to start */
    assert_int_equal(clip(2, 100), VP_OK);
    assert_rules(false);
    tick(0);
    assert_int_equal(h.view->phase, VP_SUBTITLE_EMPTY);
}

static void marks_without_a_cue_before_stay(void **state) {
    (void)state;
    assert_int_equal(add("……", 0), 1);
    assert_int_equal(cue(1)->state, VP_CUE_WAITING);
    tick(0);
    assert_string_equal(visible(), "……");
    begin();
    add("！", 0);
    assert_string_equal(all_texts(), "……|！");
}

/* What a reader sees: text, a space where one was lost, text. */
static void reads_as(const char *first, const char *second, const char *whole, uint32_t gap) {
    reopen();
    add(first, 1);
    add(second, 1);
    char both[256];
    strcpy(both, text_of(1));
    if (cue(2)->gap) strcat(both, " ");
    strcat(both, text_of(2));
    assert_string_equal(both, whole);
    assert_int_equal(cue(1)->gap, 0);
    assert_int_equal(cue(2)->gap, gap);
}

static void closing_quotes_go_to_the_cue_before(void **state) {
    (void)state;
    reads_as("“走吧。", "”他说。", "“走吧。”他说。", 0);
    assert_string_equal(text_of(1), "“走吧。”");
    reads_as("「行こう。", "」と言った。", "「行こう。」と言った。", 0);
    reads_as("He said \"Stop.", "\" Then he left.", "He said \"Stop.\" Then he left.", 0);
    assert_true(strncmp(text_of(2), "Then", 4) == 0);
    reads_as("(He left.", ") Then she.", "(He left.) Then she.", 0);
}

static void the_lost_space_is_noted(void **state) {
    (void)state;
    reads_as("Hello there.", "How are you?", "Hello there. How are you?", 1);
    reads_as("안녕하세요.", "반가워요.", "안녕하세요. 반가워요.", 1);
    reads_as("He said.", "\"Stop.\"", "He said. \"Stop.\"", 1);
    reads_as("Привет.", "Как дела?", "Привет. Как дела?", 1);
    reads_as("你好。", "我是小猫。", "你好。我是小猫。", 0);
    reads_as("こんにちは。", "元気？", "こんにちは。元気？", 0);
    reads_as("Hello. ", "There.", "Hello. There.", 0);
    reads_as("Well", ", yes.", "Well, yes.", 0);
}

static void marks_that_do_not_fit_stay(void **state) {
    (void)state;
    h.config.cue_units = 256;
    reopen();
    add(X10("abcdefghi ") X10("abcdefghi ") X4("abcdefghi ") "abcdefg.", 1); /* 248 */
    add("!!!!!!!!", 1);
    assert_int_equal(cue(2)->state, VP_CUE_JOINED);
    assert_int_equal(cue(1)->units, 256);
    add("!", 1);
    assert_int_equal(cue(3)->state, VP_CUE_WAITING);
    assert_string_equal(text_of(3), "!");
    assert_rules(false);
}

static void a_new_turn_has_no_gap(void **state) {
    (void)state;
    add("Hello.", 1);
    begin();
    add("Again.", 1);
    assert_int_equal(cue(2)->gap, 0);
}

static void marks_of_what_is_over_were_heard(void **state) {
    (void)state;
    add("Great!", 1);
    clip(1, 1000);
    start(1, 0);
    tick(0);
    tick(1000);
    assert_int_equal(cue(1)->state, VP_CUE_ENDED);
    add("!!", 1);
    assert_string_equal(heard_of(1), "Great!!!");
}

/* ---- Tags ----------------------------------------------------------------------------------------- */

static void adds(uint32_t mode, const char *text, const char *shown) {
    h.style.tag_bracket = h.style.tag_think = h.style.tag_paren = h.style.tag_star = mode;
    reopen();
    add(text, 0);
    assert_string_equal(text_of(1), shown);
}

static void tags_are_shown_or_hidden(void **state) {
    (void)state;
    adds(VP_TAG_SHOW, "[joy] Hi (smiles) *waves* **you** there.",
         "[joy] Hi (smiles) *waves* **you** there.");
    adds(VP_TAG_HIDE, "[joy] Hi (smiles) *waves* **to** you.", "Hi you.");
    adds(VP_TAG_EVENT, "[joy] Hi (smiles) *waves* **to** you.", "Hi you.");
    adds(VP_TAG_HIDE, "你好（微笑）世界", "你好世界");
    adds(VP_TAG_SHOW, "你好（微笑）世界", "你好（微笑）世界");
    adds(VP_TAG_HIDE, "<think>Hm. What?</think>Yes.", "Yes.");
    adds(VP_TAG_SHOW, "<think>Hm.</think>Yes.", "(Hm.)Yes.");
    adds(VP_TAG_HIDE, "Yes.<think>Hm.", "Yes.");
    adds(VP_TAG_HIDE, "open (until the end", "open (until the end");
    adds(VP_TAG_HIDE, "a [b] c [d] e", "a c e");
}

static void what_is_shown_of_a_tag_is_not_spoken(void **state) {
    (void)state;
    add("你(smiles)好", 1);
    set_word(0, 0, 0);
    set_word(1, 9, 500);
    assert_int_equal(vp_subtitle_clip(h.subtitle, 1, 1000, 0, 0, 2), VP_OK);
    start(1, 0);
    tick(0);
    assert_string_equal(visible(), "你(smiles)"); /* it comes with what is before it */
    tick(500);
    assert_string_equal(visible(), "你(smiles)好");
}

static void a_tag_is_told_when_what_is_before_it_was_spoken(void **state) {
    (void)state;
    add("[joy]你好[wave]世界[bow]", 1);
    assert_string_equal(text_of(1), "你好世界");
    set_word(0, 0, 100);
    set_word(1, 1, 200);
    set_word(2, 2, 300);
    set_word(3, 3, 400);
    vp_subtitle_clip(h.subtitle, 1, 1000, 0, 0, 4);
    tick(0);
    assert_int_equal(h.view->tags_told, 0);
    start(1, 1000);
    for (uint32_t ms = 900; ms <= 2100; ms++) {
        const uint32_t told = h.view->tags_told, revision = h.view->revision;
        tick(ms);
        if (told != h.view->tags_told) assert_int_not_equal(h.view->revision, revision);
        const uint32_t expected = ms < 1000 ? 0 : ms < 1200 ? 1 : ms < 1400 ? 2 : 3;
        assert_int_equal(h.view->tags_told, expected);
    }
    assert_string_equal(tag_text(0), "joy");
    assert_string_equal(tag_text(1), "wave");
    assert_string_equal(tag_text(2), "bow");
    const uint32_t at[] = {0, 2, 4};
    for (uint32_t n = 0; n < 3; n++) {
        assert_int_equal(tag(n)->kind, VP_TAG_BRACKET);
        assert_int_equal(tag(n)->cue, 1);
        assert_int_equal(tag(n)->at, at[n]);
    }
}

static void every_kind_is_told(void **state) {
    (void)state;
    adds(VP_TAG_EVENT | VP_TAG_SHOW, "[a]<think>b</think>(c)（d）*e***f**",
         "[a](b)(c)（d）*e***f**");
    tick(0);
    tick(10000);
    assert_int_equal(h.view->tags_told, 6);
    static const uint32_t kinds[] = {VP_TAG_BRACKET, VP_TAG_THINK, VP_TAG_PAREN,
                                     VP_TAG_PAREN,   VP_TAG_STAR,  VP_TAG_STAR};
    static const char *const texts[] = {"a", "b", "c", "d", "e", "f"};
    for (uint32_t n = 0; n < 6; n++) {
        assert_int_equal(tag(n)->kind, kinds[n]);
        assert_string_equal(tag_text(n), texts[n]);
    }
}

static void a_tag_goes_where_its_text_goes(void **state) {
    (void)state;
    /* With a sentence that was cut off, */
    push("First. [a]Second. [b] Third.[c]", 1);
    flush();
    assert_string_equal(all_texts(), "First. |Second. |Third.");
    for (uint32_t serial = 1; serial <= 3; serial++) {
        clip(serial, 100);
        start(serial, 200 * serial);
    }
    tick(0);
    tick(300);
    assert_int_equal(h.view->tags_told, 0);
    tick(400);
    assert_int_equal(h.view->tags_told, 1);
    assert_int_equal(tag(0)->cue, 2);
    assert_int_equal(tag(0)->at, 0);
    tick(1000);
    assert_int_equal(h.view->tags_told, 3);
    /* with marks that were joined, */
    reopen();
    add("Great", 1);
    add("![joy]!", 1);
    clip(1, 100);
    start(1, 0);
    tick(0);
    tick(100);
    assert_int_equal(h.view->tags_told, 1);
    assert_int_equal(tag(0)->cue, 1);
    assert_int_equal(tag(0)->at, 6);
    assert_string_equal(text_of(1), "Great!!");
    /* and behind a quote that was. */
    reopen();
    add("\"Go.", 1);
    add("\" [joy]She [sad]left.", 1);
    assert_string_equal(text_of(2), "She left.");
    clip(1, 100);
    start(1, 0);
    clip(2, 1000);
    start(2, 1000);
    tick(0);
    tick(3000);
    assert_int_equal(h.view->tags_told, 2);
    assert_int_equal(tag(0)->cue, 2);
    assert_int_equal(tag(0)->at, 0);
    assert_int_equal(tag(1)->cue, 2);
    assert_int_equal(tag(1)->at, 4);
}

static void a_cue_of_nothing_but_a_tag(void **state) {
    (void)state;
    assert_int_equal(add("[joy]", 0), 1);
    assert_int_equal(add("Hello.", 0), 2);
    assert_int_equal(add("[sad]", 0), 3);
    assert_int_equal(add("Bye.", 0), 4);
    tick(0);
    assert_string_equal(visible(), "Hello.");
    assert_int_equal(h.view->tags_told > 0, 1);
    assert_string_equal(tag_text(0), "joy");
    for (uint32_t ms = 1; ms < 3000; ms++)
        tick(ms);
    assert_string_equal(visible(), "Bye.");
    assert_int_equal(h.view->tags_told, 2);
}

static void tags_of_what_was_not_said_are_not_told(void **state) {
    (void)state;
    add("[a]One.", 1);
    add("[b]Two.", 1);
    clip(1, 1000);
    start(1, 0);
    tick(0);
    assert_int_equal(h.view->tags_told, 1);
    begin();
    add("[c]Three.[not told]", 1);
    clip(3, 1000);
    start(3, 500);
    tick(500);
    assert_int_equal(h.view->tags_told, 2);
    assert_string_equal(tag_text(1), "c");
    interrupt(600);
    begin();
    add("[d]Four.[e]", 0);
    tick(601);
    tick(5000);
    assert_int_equal(h.view->tags_told, 4);
    assert_string_equal(tag_text(2), "d");
    assert_string_equal(tag_text(3), "e");
}

static void more_tags_than_there_is_room_for(void **state) {
    (void)state;
    for (uint32_t n = 0; n < VP_TAGS_MAX + 5; n++)
        push("[t]a ", 1);
    flush();
    assert_int_equal(h.view->tags_lost, 5);
    assert_int_equal(h.view->tags_told, 0);
    clip(1, 1000);
    start(1, 0);
    tick(0);
    tick(1000);
    assert_int_equal(h.view->tags_told, VP_TAGS_MAX);
    add("[u]b", 1); /* now there is */
    clip(2, 1000);
    start(2, 2000);
    tick(2000);
    assert_int_equal(h.view->tags_told, VP_TAGS_MAX + 1);
    assert_string_equal(tag_text(VP_TAGS_MAX), "u");
}

static void a_lost_thought_is_not_another_ones_text(void **state) {
    (void)state;
    h.style.tag_think = VP_TAG_EVENT;
    reopen();
    for (uint32_t n = 0; n < VP_TAGS_MAX + 1; n++)
        push("<think>x</think>a ", 1);
    flush();
    assert_int_equal(h.view->tags_lost, 1);
    clip(1, 1000);
    start(1, 0);
    tick(0);
    tick(1000);
    for (uint32_t n = 0; n < VP_TAGS_MAX; n++)
        assert_string_equal(tag_text(n), "x");
}

static void a_thought_is_told_whole(void **state) {
    (void)state;
    h.style.tag_think = VP_TAG_EVENT;
    reopen();
    push("Well, <think>I should ", 0);
    tick(0);
    assert_string_equal(visible(), "Well, ");
    assert_int_equal(h.view->tags_told, 0);
    push("be nice</think>yes.", 0);
    tick(1);
    flush();
    tick(2);
    assert_int_equal(h.view->tags_told, 1);
    assert_string_equal(tag_text(0), "I should be nice");
}

static void a_tag_at_the_end_is_told_at_once(void **state) {
    (void)state;
    push("Hi ", 0);
    tick(0);
    push("[joy]", 0);
    const uint32_t revision = h.view->revision;
    tick(1);
    assert_int_equal(h.view->tags_told, 1);
    assert_int_not_equal(h.view->revision, revision);
    assert_string_equal(tag_text(0), "joy");
}

static void a_long_tag_is_cut(void **state) {
    (void)state;
    add("[" X10("0123456789") "]a", 0);
    tick(0);
    assert_int_equal(h.view->tags_told, 1);
    assert_int_equal(tag(0)->units, VP_TAG_UNITS_MAX);
    assert_true(strncmp(tag_text(0), X10("0123456789"), VP_TAG_UNITS_MAX) == 0);
}

static void a_translation_has_its_tags_removed_and_tells_none(void **state) {
    (void)state;
    add_pair("[joy]Hello.", "[joy]你好。", 0);
    assert_string_equal(translation_of(1), "你好。");
    tick(0);
    tick(5000);
    assert_int_equal(h.view->tags_told, 1);
}

/* ---- Widths -------------------------------------------------------------------------------------------- */

/* Each language has its own font. */
static void misses_are_the_clusters_whose_width_is_unknown(void **state) {
    (void)state;
    add_pair("abcabe\u0301", "bd", 0);
    assert_int_equal(vp_subtitle_misses(h.subtitle), 6);
    static const char *const clusters[] = {"a", "b", "c", "e\u0301", "b", "d"};
    for (uint32_t i = 0; i < 6; i++) {
        const vp_miss *miss = &misses()[i];
        const uint16_t *text =
            miss->language ? translation_at(it, miss->text) : text_at(it, miss->text);
        assert_int_equal(miss->language, i >= 4);
        assert_string_equal(narrow(text, miss->units), clusters[i]);
        misses()[i].width_px = 10;
    }
    assert_int_equal(vp_subtitle_misses(h.subtitle), 0);
    add("abca", 0);
    assert_int_equal(vp_subtitle_misses(h.subtitle), 0);
    assert_int_equal(vp_subtitle_forget_widths(h.subtitle), VP_OK);
    assert_int_equal(vp_subtitle_misses(h.subtitle), 6);
}

/* Until there are none; every width is that. */
static uint32_t measure(float width_px, uint32_t most_calls) {
    uint32_t asked = 0;
    int32_t count;
    while ((count = vp_subtitle_misses(it->subtitle)) > 0) {
        assert_true(count <= VP_MISSES_MAX);
        for (int32_t i = 0; i < count; i++)
            misses()[i].width_px = width_px;
        asked += (uint32_t)count;
        assert_true(most_calls-- > 0);
    }
    assert_int_equal(count, 0);
    return asked;
}

static void measured_widths_break_the_lines(void **state) {
    (void)state;
    h.style.lines = 8;
    h.style.balance = 0;
    reopen();
    add(X10("一二三四五六七"), 0);
    tick(0);
    assert_int_equal(h.view->page.line_count, 4); /* by the estimate, 20 a line */
    const uint32_t serial = h.view->page.serial, revision = h.view->revision;
    assert_int_equal(measure(64, 5), 7);
    tick(1);
    assert_int_equal(h.view->page.line_count, 7);
    assert_int_not_equal(h.view->page.serial, serial);
    assert_int_not_equal(h.view->revision, revision);
    for (uint32_t i = 0; i < 7; i++)
        assert_int_equal(h.view->page.lines[i].end - h.view->page.lines[i].start, 10);
}

/* The host measured half of it. */
static void a_cluster_that_grew_is_measured_anew(void **state) {
    (void)state;
    push("e", 0);
    assert_int_equal(vp_subtitle_misses(h.subtitle), 1);
    push("\u0301", 0);
    misses()[0].width_px = 10;
    assert_int_equal(vp_subtitle_misses(h.subtitle), 1);
    assert_int_equal(misses()[0].units, 2);
    misses()[0].width_px = 10;
    assert_int_equal(vp_subtitle_misses(h.subtitle), 0);
}

/* What was listed lies elsewhere when the oldest cues have made room. */
static void widths_of_text_that_moved(void **state) {
    (void)state;
    h.config.cues = 16;
    h.style.balance = 0;
    reopen();
    add("x", 1);
    begin();
    add("一", 1);
    assert_int_equal(vp_subtitle_misses(h.subtitle), 2);
    misses()[0].width_px = 20;
    misses()[1].width_px = 10;
    while (h.view->first_cue == 1) {
        begin();
        add("x", 1);
    }
    begin();
    add("x" X10("x") X10("x") X10("x") X10("x"), 0);
    int32_t count;
    while ((count = vp_subtitle_misses(h.subtitle)) > 0)
        for (int32_t i = 0; i < count; i++)
            misses()[i].width_px = *text_at(it, misses()[i].text) == 'x' ? 20 : 10;
    tick(0);
    assert_int_equal(h.view->page.lines[0].end - h.view->page.lines[0].start, 32);
}

static void widths_that_are_none_count_as_0(void **state) {
    (void)state;
    static const float none[] = {NAN, -1, INFINITY, -INFINITY, 0};
    for (uint32_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        h.style.lines = 2;
        reopen();
        add(X10("一二三四五六七"), 0);
        measure(none[i], 5);
        tick(0);
        assert_int_equal(h.view->page.line_count, 1);
        assert_int_equal(h.view->page.units, 70);
    }
}

static void a_tiny_table_of_widths(void **state) {
    (void)state;
    h.config.widths = VP_WIDTHS_MIN;
    h.style.lines = 8;
    reopen();
    for (uint32_t i = 0; i < 400; i++)
        inbox()[i] = (uint16_t)(0x4E00 + i);
    vp_subtitle_add(h.subtitle, 400, 0, 0);
    tick(0);
    measure(64, 400);
    tick(1);
    for (uint32_t i = 0; i < h.view->page.line_count; i++)
        assert_true(h.view->page.lines[i].end - h.view->page.lines[i].start <= 10);
    /* And a stream goes on under it. */
    for (uint32_t i = 0; i < 400; i++) {
        inbox()[0] = (uint16_t)(0x4E00 + i);
        vp_subtitle_push(h.subtitle, 1, 0);
        measure(64, 400);
        tick(2 + i);
    }
}

/* ---- Room ------------------------------------------------------------------------------------------------ */

static void a_megabyte_without_a_break(void **state) {
    (void)state;
    for (uint32_t clip = 0; clip < 2; clip++) {
        h.config.cue_units = 256;
        h.config.text_units = 1024;
        h.config.cues = 16;
        reopen();
        double now_ms = 0;
        uint32_t units = 0;
        for (uint32_t i = 0; i < 256; i++)
            inbox()[i] = 'x';
        for (uint32_t i = 0; i < 4096; i++) {
            const int32_t result = vp_subtitle_push(h.subtitle, 256, clip);
            assert_true(result >= 0);
            units += 256;
            if (clip)
                begin();
            else
                tick(now_ms += 100000);
        }
        assert_int_equal(units, 1 << 20);
        assert_rules(false);
        tick(now_ms + 1);
    }
}

static void no_room_is_no_change(void **state) {
    (void)state;
    h.config.cue_units = 256;
    h.config.text_units = 1024;
    h.config.cues = 16;
    reopen();
    int32_t result;
    uint8_t *was = malloc(h.bytes);
    uint32_t calls = 0;
    do {
        assert_true(++calls < 100);
        for (uint32_t i = 0; i < 200; i++)
            inbox()[i] = 'x';
        memcpy(was, h.subtitle, h.bytes);
        result = vp_subtitle_push(h.subtitle, 200, 1);
    } while (result >= 0);
    assert_int_equal(result, VP_E_CAPACITY);
    assert_memory_equal(was, h.subtitle, h.bytes);
    assert_int_equal(vp_subtitle_add(h.subtitle, 200, 0, 1), VP_E_CAPACITY);
    assert_memory_equal(was, h.subtitle, h.bytes);
    static const uint8_t bytes[200] = {'x', 'y'};
    assert_int_equal(vp_subtitle_push_utf8(h.subtitle, bytes, 200, 1), VP_E_CAPACITY);
    assert_memory_equal(was, h.subtitle, h.bytes);
    /* The next turn has room again. */
    begin();
    assert_true(vp_subtitle_push(h.subtitle, 200, 1) >= 0);
    free(was);
}

/* Cues that never played make room as well, and what comes after them plays. */
/* What is known of a clip moves with its text. */
static void a_clip_known_before_room_was_made(void **state) {
    (void)state;
    h.config.cues = 16;
    reopen();
    add("Never spoken.", 1);
    begin();
    add("一二三四", 1);
    for (uint32_t i = 0; i < 4; i++)
        set_word(i, i, (float)(250 * i));
    vp_subtitle_clip(h.subtitle, 2, 1000, 0, 0, 4);
    while (h.view->first_cue == 1)
        assert_true(add("More.", 1) > 0);
    start(2, 0);
    for (uint32_t ms = 0; ms < 1000; ms++) {
        tick(ms);
        assert_int_equal(h.view->page.visible, ms / 250 + 1);
    }
}

/* What is on show does not go; but for another turn it may. */
static void room_and_what_is_on_show(void **state) {
    (void)state;
    h.config.cues = 16;
    reopen();
    add("Hello.", 1);
    clip(1, 100);
    start(1, 0);
    tick(0);
    tick(1000);
    assert_int_equal(h.view->phase, VP_SUBTITLE_LINGERING);
    int32_t result;
    while ((result = add("More.", 1)) > 0)
        assert_true(result <= 16);
    assert_int_equal(result, VP_E_CAPACITY);
    tick(1001);
    assert_string_equal(visible(), "Hello.");
    start(2, 1002);
    clip(2, 10000);
    tick(1002);
    begin();
    for (uint32_t i = 0; i < 100; i++) {
        assert_true(add("More.", 1) > 0);
        if (i % 5 == 4) begin();
    }
    assert_true(h.view->first_cue > 2);
    tick(1003);
}

static void turns_that_were_never_spoken(void **state) {
    (void)state;
    h.config.cues = 16;
    reopen();
    for (uint32_t turn = 0; turn < 100; turn++) {
        begin();
        assert_true(add("Hello there.", 1) > 0);
    }
    const uint32_t serial = h.view->first_cue + h.view->cue_count - 1;
    assert_int_equal(serial, 100);
    assert_true(h.view->first_cue > 1);
    clip(serial, 1000);
    start(serial, 0);
    tick(0);
    assert_int_equal(h.view->cue, serial);
    assert_int_equal(h.view->phase, VP_SUBTITLE_SHOWING);
}

/* ---- Wrong input ------------------------------------------------------------------------------------------ */

static void sizes_have_their_ranges(void **state) {
    (void)state;
    vp_subtitle_config good;
    vp_subtitle_config_init(&good);
    assert_int_equal(good.text_units, 16384);
    assert_true(vp_subtitle_size(&good) > 0);
    assert_int_equal(vp_subtitle_size(NULL), VP_E_NULL);
#define SIZE(field, value, status)                                                                 \
    do {                                                                                           \
        vp_subtitle_config c = good;                                                               \
        c.field = value;                                                                           \
        const int32_t size = vp_subtitle_size(&c);                                                 \
        assert_int_equal(size < 0 ? size : VP_OK, status);                                         \
    } while (0)
    SIZE(text_units, 4 * 1024 - 1, VP_E_CAPACITY);
    SIZE(text_units, 4 * 1024, VP_OK);
    SIZE(text_units, VP_TEXT_UNITS_MAX, VP_OK);
    SIZE(text_units, VP_TEXT_UNITS_MAX + 1, VP_E_CAPACITY);
    SIZE(cues, VP_CUES_MIN - 1, VP_E_CAPACITY);
    SIZE(cues, VP_CUES_MIN, VP_OK);
    SIZE(cues, VP_CUES_MAX, VP_OK);
    SIZE(cues, VP_CUES_MAX + 1, VP_E_CAPACITY);
    SIZE(cue_units, VP_CUE_UNITS_MIN - 1, VP_E_CAPACITY);
    SIZE(cue_units, VP_CUE_UNITS_MIN, VP_OK);
    SIZE(cue_units, VP_CUE_UNITS_MAX, VP_OK);
    SIZE(cue_units, VP_CUE_UNITS_MAX + 1, VP_E_CAPACITY);
    SIZE(volumes, 0, VP_OK);
    SIZE(volumes, VP_VOLUMES_MAX, VP_OK);
    SIZE(volumes, VP_VOLUMES_MAX + 1, VP_E_CAPACITY);
    SIZE(words, 0, VP_OK);
    SIZE(words, VP_WORDS_MAX, VP_OK);
    SIZE(words, VP_WORDS_MAX + 1, VP_E_CAPACITY);
    SIZE(widths, 8, VP_E_CAPACITY);
    SIZE(widths, 16, VP_OK);
    SIZE(widths, 24, VP_E_CAPACITY);
    SIZE(widths, VP_WIDTHS_MAX, VP_OK);
    SIZE(widths, VP_WIDTHS_MAX * 2, VP_E_CAPACITY);
    SIZE(widths, 0, VP_E_CAPACITY);
    const vp_subtitle_config most = {VP_TEXT_UNITS_MAX, VP_CUES_MAX,  VP_CUE_UNITS_MAX,
                                     VP_VOLUMES_MAX,    VP_WORDS_MAX, VP_WIDTHS_MAX};
    assert_true(vp_subtitle_size(&most) > 0);
}

static void styles_have_their_ranges(void **state) {
    (void)state;
    uint8_t *was = malloc(h.bytes);
    memcpy(was, h.subtitle, h.bytes);
    vp_subtitle_style good;
    vp_subtitle_style_init(&good);
    assert_int_equal(vp_subtitle_restyle(h.subtitle, NULL), VP_E_NULL);
    assert_int_equal(vp_subtitle_restyle(NULL, &good), VP_E_NULL);
#define BAD(field, value)                                                                          \
    do {                                                                                           \
        vp_subtitle_style bad = good;                                                              \
        bad.field = value;                                                                         \
        assert_int_equal(vp_subtitle_restyle(h.subtitle, &bad), VP_E_STYLE);                       \
        assert_memory_equal(was, h.subtitle, h.bytes);                                             \
    } while (0)
    BAD(width_px, 0);
    BAD(width_px, -1);
    BAD(width_px, NAN);
    BAD(width_px, INFINITY);
    BAD(em_px, 0);
    BAD(em_px, NAN);
    BAD(em_px, INFINITY);
    BAD(reading_speed, 0.09F);
    BAD(reading_speed, 10.1F);
    BAD(reading_speed, NAN);
    BAD(min_ms, -1);
    BAD(min_ms, NAN);
    BAD(min_ms, 7001); /* max_ms is 7000 */
    BAD(max_ms, 832);
    BAD(max_ms, NAN);
    BAD(max_ms, INFINITY);
    BAD(linger_ms, -1);
    BAD(linger_ms, NAN);
    BAD(linger_ms, INFINITY);
    BAD(fade_ms, -1);
    BAD(fade_ms, NAN);
    BAD(fade_ms, INFINITY);
    BAD(lines, 0);
    BAD(lines, VP_LINES_MAX + 1);
    BAD(balance, 2);
    BAD(instant, 2);
    BAD(tag_bracket, 4);
    BAD(tag_think, 4);
    BAD(tag_paren, 4);
    BAD(tag_star, 4);
    vp_subtitle_style edge = good;
    edge.reading_speed = 0.1F;
    edge.min_ms = edge.max_ms = 0;
    edge.linger_ms = edge.fade_ms = 0;
    edge.lines = VP_LINES_MAX;
    edge.tag_star = VP_TAG_SHOW | VP_TAG_EVENT;
    assert_int_equal(vp_subtitle_restyle(h.subtitle, &edge), VP_OK);
    free(was);
}

static void wrong_memory_is_refused(void **state) {
    (void)state;
    vp_subtitle *s = h.subtitle;
    vp_subtitle_style bad = h.style;
    bad.lines = 0;
    vp_subtitle_config none = h.config;
    none.cues = 0;
    uint8_t *was = malloc(h.bytes);
    memcpy(was, s, h.bytes);
    assert_int_equal(vp_subtitle_init(NULL, h.bytes, &h.config, &h.style), VP_E_NULL);
    assert_int_equal(vp_subtitle_init(s, h.bytes, NULL, &h.style), VP_E_NULL);
    assert_int_equal(vp_subtitle_init(s, h.bytes, &h.config, NULL), VP_E_NULL);
    assert_int_equal(vp_subtitle_init(s, h.bytes - 1, &h.config, &h.style), VP_E_MEMORY);
    assert_int_equal(vp_subtitle_init(s, h.bytes, &none, &h.style), VP_E_CAPACITY);
    assert_int_equal(vp_subtitle_init(s, h.bytes, &h.config, &bad), VP_E_STYLE);
    vp_subtitle *askew = (vp_subtitle *)((uint8_t *)s + 8);
    assert_int_equal(vp_subtitle_init(askew, h.bytes, &h.config, &h.style), VP_E_MEMORY);
    assert_memory_equal(was, s, h.bytes);
    free(was);
}

static void nothing_is_null(void **state) {
    (void)state;
    assert_int_equal(vp_subtitle_begin(NULL), VP_E_NULL);
    assert_int_equal(vp_subtitle_push(NULL, 0, 0), VP_E_NULL);
    assert_int_equal(vp_subtitle_push_utf8(NULL, (const uint8_t *)"", 0, 0), VP_E_NULL);
    assert_int_equal(vp_subtitle_push_utf8(h.subtitle, NULL, 1, 0), VP_E_NULL);
    assert_int_equal(vp_subtitle_flush(NULL), VP_E_NULL);
    assert_int_equal(vp_subtitle_add(NULL, 0, 0, 0), VP_E_NULL);
    assert_int_equal(vp_subtitle_translate(NULL, 1, 0), VP_E_NULL);
    assert_int_equal(vp_subtitle_clip(NULL, 1, 0, 0, 0, 0), VP_E_NULL);
    assert_int_equal(vp_subtitle_start(NULL, 1, 0), VP_E_NULL);
    assert_int_equal(vp_subtitle_finish(NULL, 1, 0), VP_E_NULL);
    assert_int_equal(vp_subtitle_tick(NULL, 0), 0);
    assert_int_equal(vp_subtitle_heard(NULL, 0), VP_E_NULL);
    assert_int_equal(vp_subtitle_interrupt(NULL, 0), VP_E_NULL);
    assert_int_equal(vp_subtitle_misses(NULL), VP_E_NULL);
    assert_int_equal(vp_subtitle_forget_widths(NULL), VP_E_NULL);
}

/* After a failure the object is as it was, while a cue plays and a stream grows. */
static void a_refused_call_changes_nothing(void **state) {
    (void)state;
    add_pair("Hello.", "你好。", 1);
    clip(1, 1000);
    start(1, 0);
    tick(0);
    push("Wor [half", 1);
    vp_subtitle *s = h.subtitle;
    uint8_t *was = malloc(h.bytes);
    memcpy(was, s, h.bytes);
#define REFUSED(status, call)                                                                      \
    do {                                                                                           \
        assert_int_equal(call, status);                                                            \
        assert_memory_equal(was, s, h.bytes);                                                      \
    } while (0)
    REFUSED(VP_E_LENGTH, vp_subtitle_push(s, 2 * 512 + 1, 0));
    REFUSED(VP_E_LENGTH, vp_subtitle_push(s, UINT32_MAX, 0));
    REFUSED(VP_E_LENGTH, vp_subtitle_add(s, 513, 0, 0));
    REFUSED(VP_E_LENGTH, vp_subtitle_add(s, 0, 513, 0));
    REFUSED(VP_E_LENGTH, vp_subtitle_add(s, UINT32_MAX, UINT32_MAX, 0));
    REFUSED(VP_E_LENGTH, vp_subtitle_translate(s, 1, 513));
    REFUSED(VP_E_CUE, vp_subtitle_translate(s, 3, 5));
    REFUSED(VP_E_CUE, vp_subtitle_translate(s, UINT32_MAX, 5));
    REFUSED(VP_E_CUE, vp_subtitle_clip(s, 3, 1000, 0, 0, 0));
    REFUSED(VP_E_CUE, vp_subtitle_clip(s, 0, 1000, 0, 0, 0));
    REFUSED(VP_E_LENGTH, vp_subtitle_clip(s, 2, 1000, 20, 513, 0));
    REFUSED(VP_E_LENGTH, vp_subtitle_clip(s, 2, 1000, 20, 0, 513));
    REFUSED(VP_E_DURATION, vp_subtitle_clip(s, 2, NAN, 20, 0, 0));
    REFUSED(VP_E_DURATION, vp_subtitle_clip(s, 2, 1000, NAN, 5, 0));
    REFUSED(VP_E_CUE, vp_subtitle_start(s, 3, 10));
    REFUSED(VP_E_TIME, vp_subtitle_start(s, 2, NAN));
    REFUSED(VP_E_TIME, vp_subtitle_finish(s, 1, NAN));
    REFUSED(VP_E_CUE, vp_subtitle_finish(s, 2, 500)); /* it does not play */
    REFUSED(VP_E_CUE, vp_subtitle_finish(s, 9, 500));
    free(was);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_stream_is_cut_into_sentences),
        TEST(abbreviations_and_numbers_end_nothing),
        TEST(marks_alone_are_no_cue_of_a_stream),
        TEST(a_stream_is_shown_as_it_comes),
        TEST(half_a_cluster_is_not_shown),
        TEST(what_is_no_text_is_replaced),
        TEST(utf8_may_be_cut_anywhere),
        TEST(a_stream_is_ended_by_a_whole_cue),
        TEST(a_translation_does_not_end_a_stream),
        TEST(an_empty_stream_is_no_cue),
        TEST(a_cue_is_cut_where_it_is_as_long_as_can_be),
        TEST(no_cut_divides_a_cluster_that_fits),
        TEST(no_cut_divides_a_pair),
        TEST(thousands_of_combining_marks),
        TEST(marks_go_to_the_cue_before),
        TEST(marks_without_a_cue_before_stay),
        TEST(closing_quotes_go_to_the_cue_before),
        TEST(the_lost_space_is_noted),
        TEST(marks_that_do_not_fit_stay),
        TEST(a_new_turn_has_no_gap),
        TEST(marks_of_what_is_over_were_heard),
        TEST(tags_are_shown_or_hidden),
        TEST(what_is_shown_of_a_tag_is_not_spoken),
        TEST(a_tag_is_told_when_what_is_before_it_was_spoken),
        TEST(every_kind_is_told),
        TEST(a_tag_goes_where_its_text_goes),
        TEST(a_cue_of_nothing_but_a_tag),
        TEST(tags_of_what_was_not_said_are_not_told),
        TEST(more_tags_than_there_is_room_for),
        TEST(a_lost_thought_is_not_another_ones_text),
        TEST(a_thought_is_told_whole),
        TEST(a_tag_at_the_end_is_told_at_once),
        TEST(a_long_tag_is_cut),
        TEST(a_translation_has_its_tags_removed_and_tells_none),
        TEST(misses_are_the_clusters_whose_width_is_unknown),
        TEST(measured_widths_break_the_lines),
        TEST(a_cluster_that_grew_is_measured_anew),
        TEST(widths_of_text_that_moved),
        TEST(widths_that_are_none_count_as_0),
        TEST(a_tiny_table_of_widths),
        TEST(a_megabyte_without_a_break),
        TEST(no_room_is_no_change),
        TEST(a_clip_known_before_room_was_made),
        TEST(room_and_what_is_on_show),
        TEST(turns_that_were_never_spoken),
        TEST(sizes_have_their_ranges),
        TEST(styles_have_their_ranges),
        TEST(wrong_memory_is_refused),
        TEST(nothing_is_null),
        TEST(a_refused_call_changes_nothing),
    };
    return cmocka_run_group_tests_name("subtitle", tests, NULL, NULL);
}
