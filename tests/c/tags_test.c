/* Tags, found unit by unit, against a model that sees the whole text at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "tags.h"

#define TEXT_MAX 2048

/* What came out, in order, as one list of numbers: a unit of text or of a thought stands for itself,
 * with its class above it. */
enum {
    IS_TEXT = 0,
    IS_THOUGHT = 1 << 16,
    TAG_BEGINS = 2 << 16, /* + kind; then its units as text */
    TAG_ENDS = 3 << 16,
    THOUGHT_BEGINS = 4 << 16,
    THOUGHT_ENDS = 5 << 16,
};

typedef struct output {
    uint32_t at[2 * TEXT_MAX];
    uint32_t count;
} output;

static void emit(output *out, uint32_t item) {
    assert_true(out->count < 2 * TEXT_MAX);
    out->at[out->count++] = item;
}

static void emit_all(output *out, uint32_t class, const uint16_t *text, uint32_t units) {
    for (uint32_t i = 0; i < units; i++)
        emit(out, class + text[i]);
}

static void emit_tag(output *out, tag_kind kind, const uint16_t *text, uint32_t units) {
    emit(out, TAG_BEGINS + kind);
    emit_all(out, IS_TEXT, text, units);
    emit(out, TAG_ENDS);
}

/* ---- The model: the whole text ------------------------------------------------------------- */

typedef struct whole {
    const uint16_t *text;
    uint32_t units;
    output *out;
} whole;

static bool is_line_end(uint32_t unit) {
    return unit == '\n' || unit == '\r' || unit == 0x2028 || unit == 0x2029;
}

static bool is_space(uint32_t unit) {
    return unit == ' ' || unit == '\t' || unit == 0x3000 || is_line_end(unit);
}

static bool says(const whole *w, uint32_t at, const char *mark) {
    for (uint32_t i = 0; mark[i]; i++)
        if (at + i >= w->units || w->text[at + i] != (uint16_t)mark[i]) return false;
    return true;
}

/* Where what begins at `at` must have ended: after its line or after TAGS_HELD_MAX units. */
static uint32_t model_limit(const whole *w, uint32_t at) {
    uint32_t end = at;
    while (end < w->units && end - at < TAGS_HELD_MAX)
        if (is_line_end(w->text[end++])) break;
    return end;
}

static uint32_t model_nested(const whole *w, uint32_t at, tag_kind kind, const uint16_t opens[2],
                             const uint16_t closes[2]) {
    const uint32_t limit = model_limit(w, at);
    uint32_t depth = 0;
    for (uint32_t i = at; i < limit; i++) {
        depth += w->text[i] == opens[0] || w->text[i] == opens[1];
        depth -= w->text[i] == closes[0] || w->text[i] == closes[1];
        if (depth > 0) continue;
        emit_tag(w->out, kind, w->text + at + 1, i - at - 1);
        return i + 1;
    }
    emit_all(w->out, IS_TEXT, w->text + at, limit - at);
    return limit;
}

static uint32_t model_star(const whole *w, uint32_t at) {
    const uint32_t limit = model_limit(w, at), stars = says(w, at, "**") ? 2 : 1;
    const uint32_t first = at + stars;
    if (first < limit && (w->text[first] == '*' || is_space(w->text[first]))) {
        emit_all(w->out, IS_TEXT, w->text + at, stars + 1);
        return first + 1;
    }
    for (uint32_t end = first + 1; end + stars <= limit; end++) {
        if (!says(w, end, stars == 2 ? "**" : "*") || is_space(w->text[end - 1])) continue;
        emit_tag(w->out, TAG_STAR, w->text + first, end - first);
        return end + stars;
    }
    emit_all(w->out, IS_TEXT, w->text + at, limit - at);
    return limit;
}

/* A thought needs no end; what could have become its mark when the text ended is not in it. */
static uint32_t model_thought(const whole *w, uint32_t at) {
    emit(w->out, THOUGHT_BEGINS);
    uint32_t end = at + 7;
    while (end < w->units && !says(w, end, "</think>")) {
        static const char mark[] = "</think>";
        uint32_t same = 0;
        while (end + same < w->units && w->text[end + same] == (uint16_t)mark[same])
            same++;
        if (end + same == w->units) break;
        emit(w->out, IS_THOUGHT + w->text[end++]);
    }
    emit(w->out, THOUGHT_ENDS);
    return says(w, end, "</think>") ? end + 8 : w->units;
}

/* A star after a digit, or after a star that does. */
static bool model_multiplies(const output *out) {
    uint32_t count = out->count;
    while (count && out->at[count - 1] == '*')
        count--;
    return count && out->at[count - 1] >= '0' && out->at[count - 1] <= '9';
}

static void model_run(const uint16_t *text, uint32_t units, output *out) {
    const whole w = {text, units, out};
    out->count = 0;
    for (uint32_t at = 0; at < units;) {
        const uint32_t unit = text[at];
        const bool multiplies = unit == '*' && model_multiplies(out);
        if (says(&w, at, "<think>"))
            at = model_thought(&w, at);
        else if (unit == '[')
            at = model_nested(&w, at, TAG_BRACKET, (uint16_t[]){'[', '['}, (uint16_t[]){']', ']'});
        else if (unit == '(' || unit == 0xFF08)
            at = model_nested(&w, at, TAG_PAREN, (uint16_t[]){'(', 0xFF08},
                              (uint16_t[]){')', 0xFF09});
        else if (unit == '*' && !multiplies)
            at = model_star(&w, at);
        else
            emit(out, text[at++]);
    }
}

/* ---- What is tested ------------------------------------------------------------------------ */

static bool in_thought;

static void obey(const tags *t, tags_result result, uint32_t unit, output *out) {
    switch (result) {
    case TAGS_WAIT:
        return;
    case TAGS_UNIT:
        emit(out, unit);
        return;
    case TAGS_TEXT:
        assert_in_range(t->units, 1, TAGS_HELD_MAX);
        emit_all(out, in_thought ? IS_THOUGHT : IS_TEXT, t->held, t->units);
        return;
    case TAGS_CLOSED:
        assert_in_range(t->units, 2 * t->inner, TAGS_HELD_MAX);
        emit_tag(out, t->kind, t->held + t->inner, t->units - 2 * t->inner);
        return;
    case TAGS_THOUGHT:
        emit(out, IS_THOUGHT + unit);
        return;
    case TAGS_OPENED:
        emit(out, THOUGHT_BEGINS);
        in_thought = true;
        return;
    case TAGS_ENDED:
        emit(out, THOUGHT_ENDS);
        in_thought = false;
        return;
    }
    fail_msg("result %d", (int)result);
}

static void run(const uint16_t *text, uint32_t units, output *out) {
    tags t;
    memset(&t, 0xa5, sizeof t);
    tags_init(&t);
    in_thought = false;
    out->count = 0;
    for (uint32_t i = 0; i < units; i++) {
        const tags_result result = tags_take(&t, text[i]);
        assert_true(result == TAGS_OPENED || result == TAGS_ENDED || t.in_thought == in_thought);
        obey(&t, result, text[i], out);
    }
    obey(&t, tags_end(&t), 0, out);
    assert_int_equal(tags_end(&t), TAGS_WAIT);
}

/* ---- By hand -------------------------------------------------------------------------------- */

/* Text stands for itself, {kind|...} is a tag, <...> a thought. */
static void describe(const output *out, char *to) {
    static const char *const kinds[] = {"bracket", "think", "paren", "star"};
    for (uint32_t i = 0; i < out->count; i++) {
        const uint32_t class = out->at[i] & ~0xFFFFu, unit = out->at[i] & 0xFFFF;
        if (class == TAG_BEGINS) {
            *to++ = '{';
            for (const char *kind = kinds[unit]; *kind;)
                *to++ = *kind++;
            *to++ = '|';
        } else if (class == TAG_ENDS) {
            *to++ = '}';
        } else if (class == THOUGHT_BEGINS) {
            *to++ = '<';
        } else if (class == THOUGHT_ENDS) {
            *to++ = '>';
        } else {
            *to++ = unit < 0x80 ? (char)unit : '?';
        }
    }
    *to = 0;
}

static uint32_t widen(const char *ascii, uint16_t *to) {
    uint32_t units = 0;
    for (; *ascii; ascii++) /* { and } stand for the full-width parentheses */
        to[units++] = *ascii == '{' ? 0xFF08 : *ascii == '}' ? 0xFF09 : (uint16_t)*ascii;
    return units;
}

static void expect(const char *text, const char *expected) {
    static uint16_t units[TEXT_MAX];
    static output ours, model;
    static char described[4 * TEXT_MAX];
    const uint32_t count = widen(text, units);
    run(units, count, &ours);
    describe(&ours, described);
    assert_string_equal(described, expected);
    model_run(units, count, &model);
    describe(&model, described);
    assert_string_equal(described, expected);
}

static void every_kind(void **state) {
    (void)state;
    expect("plain", "plain");
    expect("", "");
    expect("[joy]Hi", "{bracket|joy}Hi");
    expect("Hi (smiles) you", "Hi {paren|smiles} you");
    expect("{smiles}", "{paren|smiles}");
    expect("*waves* hi", "{star|waves} hi");
    expect("**waves** hi", "{star|waves} hi");
    expect("<think>hm</think>Hi", "<hm>Hi");
    expect("[]()", "{bracket|}{paren|}");
    expect("[a][b](c)*d*", "{bracket|a}{bracket|b}{paren|c}{star|d}");
}

static void tags_in_tags(void **state) {
    (void)state;
    expect("[a [b] c]d", "{bracket|a [b] c}d");
    expect("(a (b {c}) d) e", "{paren|a (b ?c?) d} e");
    expect("(a [b) c]", "{paren|a [b} c]");
    expect("*a (b) c*", "{star|a (b) c}");
    expect("[a <think>b</think>]", "{bracket|a <think>b</think>}");
    expect("<think>[a] (b) *c* <think></think>[d]", "<[a] (b) *c* <think>>{bracket|d}");
}

static void unclosed_is_text(void **state) {
    (void)state;
    expect("[joy", "[joy");
    expect("a (b *c", "a (b *c");
    expect("*", "*");
    expect("**", "**");
    expect("<", "<");
    expect("<thi", "<thi");
    expect("[a\nb] [c]", "[a\nb] {bracket|c}");
    expect("(a\r(b)", "(a\r{paren|b}");
    expect("*a\n*b*", "*a\n{star|b}");
    expect("a]) b", "a]) b");
}

static void stars_that_are_none(void **state) {
    (void)state;
    expect("2*3*4", "2*3*4");
    expect("2 * 3 * 4", "2 * 3 * 4");
    expect("2**8 and 2**9", "2**8 and 2**9");
    expect("<3*4*5", "<3*4*5");
    expect("* a\n* b\n", "* a\n* b\n");
    expect("***a***", "***a***");
    expect("*a *b*", "{star|a *b}");
    expect("**a **b**", "{star|a **b}");
    expect("**a*b**", "{star|a*b}");
    expect("**a*", "**a*");
}

static void thoughts(void **state) {
    (void)state;
    expect("<think>a < b </ c </thin d</think>e", "<a < b </ c </thin d>e");
    expect("<think><</think>a", "<<>a");
    expect("<think><<</</think>a", "<<<</>a");
    expect("<think>a\nb\n</think>c", "<a\nb\n>c");
    expect("<think>never closed", "<never closed>");
    expect("<think>", "<>");
    expect("a</think>b", "a</think>b");
    expect("<<think>a</think>", "<<a>");
    expect("<think>a</think><think>b</think>", "<a><b>");
    expect("<Think>a", "<Think>a");
}

/* What ends the suspicion of one tag may begin another. */
static void a_mark_after_half_a_mark(void **state) {
    (void)state;
    expect("<[joy]a", "<{bracket|joy}a");
    expect("<th(b)a", "<th{paren|b}a");
    expect("<*b* a", "<{star|b} a");
    expect("<{b}", "<{paren|b}");
}

static void the_longest_tag(void **state) {
    (void)state;
    for (uint32_t units = TAGS_HELD_MAX - 1; units <= TAGS_HELD_MAX + 1; units++) {
        static uint16_t text[TEXT_MAX];
        static output ours, model;
        for (uint32_t i = 0; i < units; i++)
            text[i] = 'a';
        text[0] = '[';
        text[units - 1] = ']';
        run(text, units, &ours);
        model_run(text, units, &model);
        assert_int_equal(ours.at[0], units <= TAGS_HELD_MAX ? TAG_BEGINS + TAG_BRACKET : '[');
        assert_int_equal(ours.count, units);
        assert_int_equal(model.count, units);
        assert_memory_equal(ours.at, model.at, units * sizeof ours.at[0]);
    }
}

/* ---- At random ------------------------------------------------------------------------------ */

static uint64_t random_state;

static uint32_t below(uint32_t limit) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(0x2545f4914f6cdd1d) >> 32) * limit >> 32);
}

static uint32_t random_text(uint16_t *text) {
    static const char *const pieces[] = {
        "[",     "]", "(", ")",   "{", "}", "*",  "**",  "<",  "<think>", "</think>", "</",
        "think", ">", "a", "b c", "7", " ", "\n", "joy", ". ", "<th",     "\r\n",     "</thin"};
    const uint32_t count = below(40);
    uint32_t units = 0;
    for (uint32_t i = 0; i < count; i++) {
        units += widen(pieces[below(sizeof pieces / sizeof pieces[0])], text + units);
        if (below(60) == 0) /* long enough to be none */
            for (uint32_t rest = below(2 * TAGS_HELD_MAX); rest && units < TEXT_MAX - 600; rest--)
                text[units++] = (uint16_t)('a' + below(26));
    }
    return units;
}

static void any_text(void **state) {
    (void)state;
    static uint16_t text[TEXT_MAX];
    static output ours, model;
    random_state = 4;
    for (uint32_t round = 0; round < 100000; round++) {
        const uint32_t units = random_text(text);
        run(text, units, &ours);
        model_run(text, units, &model);
        if (ours.count == model.count && !memcmp(ours.at, model.at, ours.count * 4)) continue;
        static char a[4 * TEXT_MAX], b[4 * TEXT_MAX], whole[4 * TEXT_MAX];
        describe(&ours, a);
        describe(&model, b);
        model.count = 0;
        emit_all(&model, IS_TEXT, text, units);
        describe(&model, whole);
        fail_msg("seed 4, round %u: %s\nis\n%s\nand not\n%s", round, whole, a, b);
    }
    print_message("seed 4: 100000 texts\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind),       cmocka_unit_test(tags_in_tags),
        cmocka_unit_test(unclosed_is_text), cmocka_unit_test(stars_that_are_none),
        cmocka_unit_test(thoughts),         cmocka_unit_test(a_mark_after_half_a_mark),
        cmocka_unit_test(the_longest_tag),  cmocka_unit_test(any_text),
    };
    return cmocka_run_group_tests_name("tags", tests, NULL, NULL);
}
