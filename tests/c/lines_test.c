/* Lines and pages: by hand for the rules of typesetting, and on random texts against definitions:
 * all divisions of a text into lines, and a greedy filling that tries every end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>

#include "lines.h"

enum { UNITS_MOST = 1 << 20 };

static uint16_t text[UNITS_MOST];
static uint8_t flags[UNITS_MOST];
static float width_px[UNITS_MOST];
static page_text sample = {text, flags, width_px, 0};

/* ---- Random numbers: xorshift64* --------------------------------------------------------- */

static uint64_t random_state;

static void seed(uint64_t number) {
    random_state = number;
    print_message("seed %llu\n", (unsigned long long)number);
}

static uint32_t below(uint32_t limit) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(0x2545f4914f6cdd1d) >> 32) * limit >> 32);
}

/* ---- Texts by hand ----------------------------------------------------------------------- */

static bool among(const char16_t *set, uint16_t unit) {
    for (; *set; set++)
        if (*set == unit) return true;
    return false;
}

static bool is_space(uint16_t unit) {
    return among(u" \t\r\n\u3000\u200B", unit);
}

/* JLREQ: what must not begin a line (cl-02..07, 09..11) and what must not end one (cl-01). */
static const char16_t no_start[] = u"」』）】〉》〕’”。．、，・：；！？‐〜ーヽヾゝゞ々"
                                   u"ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ";
static const char16_t no_end[] = u"「『（【〈《〔‘“";

static bool joins(uint16_t before, uint16_t unit) {
    return (before == '\r' && unit == '\n') || (unit >= 0x300 && unit < 0x370) ||
           ((unit & 0xFC00) == 0xDC00 && (before & 0xFC00) == 0xD800);
}

static bool may_break(uint16_t before, uint16_t unit) {
    if (is_space(unit)) return false;
    if (is_space(before)) return true;
    return (before >= 0x2E80 || unit >= 0x2E80) && !among(no_start, unit) && !among(no_end, before);
}

static bool sentence_ends(uint32_t at) {
    uint32_t last = at;
    while (last > 0 && is_space(text[last - 1]))
        last--;
    while (last > 0 && among(u"」』）", text[last - 1]))
        last--;
    return last > 0 &&
           (among(u"。！？", text[last - 1]) || (last < at && among(u".!?", text[last - 1])));
}

/* Flags for what these tests contain; all clusters 10 px wide, new lines 0. */
static void set_text(const char16_t *units) {
    for (sample.units = 0; units[sample.units]; sample.units++)
        text[sample.units] = units[sample.units];
    for (uint32_t i = 0; i < sample.units; i++) {
        const uint16_t before = i ? text[i - 1] : 0;
        flags[i] = 0;
        width_px[i] = 1e30f; /* not to be looked at */
        if (i && joins(before, text[i])) continue;
        flags[i] = SEGMENT_GRAPHEME;
        width_px[i] = among(u"\r\n\u200B", text[i]) ? 0 : 10;
        if (i && may_break(before, text[i])) flags[i] |= SEGMENT_LINE;
        if (among(u"\r\n", before)) flags[i] |= SEGMENT_LINE | SEGMENT_LINE_MUST;
        if (i && !is_space(text[i]) && sentence_ends(i)) flags[i] |= SEGMENT_SENTENCE;
    }
}

static void append(char *to, const uint16_t *units, uint32_t count) {
    to += strlen(to);
    for (uint32_t i = 0, length; i < count; i += length) {
        const uint32_t point = segment_code_point(units, count, i, &length);
        if (point < 0x80) {
            *to++ = (char)point;
            continue;
        }
        if (point >= 0x10000) {
            *to++ = (char)(0xF0 | point >> 18);
            *to++ = (char)(0x80 | (point >> 12 & 63));
        } else if (point >= 0x800) {
            *to++ = (char)(0xE0 | point >> 12);
        } else {
            *to++ = (char)(0xC0 | point >> 6);
            *to++ = (char)(0x80 | (point & 63));
            continue;
        }
        *to++ = (char)(0x80 | (point >> 6 & 63));
        *to++ = (char)(0x80 | (point & 63));
    }
    *to = 0;
}

/* The same flags by the rules of Unicode. */
static void segment_text(void) {
    segmenter segments;
    segmenter_init(&segments);
    segmenter_push(&segments, text, flags, sample.units);
    segmenter_end(&segments, flags);
}

/* All pages of a text as one string: lines divided by |, pages by #. */
static void expect_pages(page_style style, bool growing, const char *expected) {
    char shown[4096] = "";
    page p = {0};
    do {
        page_lay_out(&p, &sample, p.end, &style, growing);
        if (p.start > 0) strcat(shown, "#");
        for (uint32_t i = 0; i < p.line_count; i++) {
            if (i) strcat(shown, "|");
            append(shown, text + p.lines[i].start, p.lines[i].end - p.lines[i].start);
        }
    } while (p.end < sample.units);
    assert_string_equal(shown, expected);
}

static void expect(const char16_t *units, page_style style, bool growing, const char *expected) {
    set_text(units);
    expect_pages(style, growing, expected);
    segment_text();
    expect_pages(style, growing, expected);
}

#define FILLED(text, px, lines, expected) expect(text, (page_style){px, lines, 0}, true, expected)
#define BALANCED(text, px, lines, expected)                                                        \
    expect(text, (page_style){px, lines, 1}, false, expected)

static void lines_are_filled(void **state) {
    (void)state;
    FILLED(u"the quick brown fox jumps", 100, 8, "the quick|brown fox|jumps");
    FILLED(u"the quick brown fox jumps", 90, 8, "the quick|brown fox|jumps");
    FILLED(u"the quick brown fox jumps", 89, 8, "the|quick|brown|fox|jumps");
    FILLED(u"the quick brown fox jumps", 100, 2, "the quick|brown fox#jumps");
    FILLED(u"the quick brown fox jumps", 100, 1, "the quick#brown fox#jumps");
    FILLED(u"一二三四五六七八九十", 40, 8, "一二三四|五六七八|九十");
    FILLED(u"", 40, 8, "");
}

static void spaces_hang(void **state) {
    (void)state;
    FILLED(u"abc    def", 30, 8, "abc|def");
    FILLED(u"  abc def  ", 30, 8, "abc|def");
    FILLED(u"ああ\u3000\u3000いい", 20, 8, "ああ|いい");
    FILLED(u"abc\t def", 30, 1, "abc#def");
    FILLED(u"ab\u200Bcd", 20, 8, "ab|cd");
    FILLED(u"ab  cd", 60, 8, "ab  cd");
    FILLED(u"ab\u00A0cd", 20, 8, "ab|\u00A0c|d"); /* these do not */
    FILLED(u"ab\u2007cd", 20, 8, "ab|\u2007c|d");
    BALANCED(u"abc    def", 60, 8, "abc|def");
    BALANCED(u" \t ", 30, 8, "");
}

static void newlines_end_lines(void **state) {
    (void)state;
    FILLED(u"ab\ncd", 100, 8, "ab|cd");
    FILLED(u"ab\r\ncd\r\n", 100, 8, "ab|cd");
    FILLED(u"\n\nab \n\n  cd", 100, 8, "ab|cd");
    FILLED(u"ab\ncd\nef", 100, 2, "ab|cd#ef");
    BALANCED(u"ab cd\nef", 100, 8, "ab cd|ef");
    BALANCED(u"aa bb cc dd\nef", 100, 8, "aa bb|cc dd|ef");
}

static void lines_are_balanced(void **state) {
    (void)state;
    BALANCED(u"aaaa bbbb cccc dddd", 150, 8, "aaaa bbbb|cccc dddd");
    BALANCED(u"一二三四五六七八九十一二", 100, 8, "一二三四五六|七八九十一二");
    BALANCED(u"the quick brown fox jumps", 100, 8, "the quick|brown fox|jumps");
    BALANCED(u"aa incomprehensibilities b", 240, 8, "aa|incomprehensibilities b");
    BALANCED(u"short", 100, 8, "short");
    expect(u"aaaa bbbb cccc dddd", (page_style){150, 8, 0}, false, "aaaa bbbb cccc|dddd");
}

static void wide_words_are_divided_between_clusters(void **state) {
    (void)state;
    FILLED(u"ab cdefghij k", 30, 8, "ab|cde|fgh|ij|k");
    FILLED(u"abcde", 10, 8, "a|b|c|d|e");
    FILLED(u"abc", 1, 8, "a|b|c"); /* each wider than the box */
    FILLED(u"ae\u0301e\u0301\u0302e\u0301", 20, 8, "ae\u0301|e\u0301\u0302e\u0301");
    FILLED(u"😀😀😀", 20, 8, "😀😀|😀");
    BALANCED(u"abcdef", 50, 8, "abc|def");
    BALANCED(u"xy abcdefgh", 60, 8, "xy|abcd|efgh");
}

static void kinsoku(void **state) {
    (void)state;
    FILLED(u"今日は、いい天気です。", 30, 8, "今日|は、い|い天気|です。");
    FILLED(u"彼は「はい」と言った", 30, 8, "彼は|「は|い」と|言った");
    FILLED(u"コーヒーとケーキ", 20, 8, "コー|ヒー|と|ケー|キ");
    FILLED(u"ちょっと待って", 30, 8, "ちょっ|と待っ|て");
    FILLED(u"「行く。」と言う。", 40, 8, "「行|く。」と|言う。");
    FILLED(u"（『あ』）", 20, 8, "（『|あ』|）"); /* nowhere allowed, but it must be somewhere */
    BALANCED(u"今日は、いい天気です。", 100, 8, "今日は、いい|天気です。");
}

static void pages_end_between_sentences_and_clauses(void **state) {
    (void)state;
    /* More than two pages: at the last sentence of the later half, or else full. Then two of about
     * the same size. */
    BALANCED(u"Aa bb cc. Dd ee ff gg hh ii jj kk ll mm nn oo pp.", 150, 1,
             "Aa bb cc.#Dd ee ff gg hh#ii jj kk ll#mm nn oo pp.");
    BALANCED(u"Aa bb, cc dd ee ff gg hh ii jj kk ll mm nn oo pp.", 120, 1,
             "Aa bb,#cc dd ee ff#gg hh ii jj#kk ll mm#nn oo pp.");
    BALANCED(u"Aa. Bb cc dd ee ff gg hh ii jj kk ll mm nn oo pp.", 150, 1,
             "Aa. Bb cc dd ee#ff gg hh ii jj#kk ll mm#nn oo pp.");
    /* Two pages: a clause is better than the middle, a first sentence of two words is not. */
    BALANCED(u"One two three four, five six seven eight nine.", 260, 1,
             "One two three four,#five six seven eight nine.");
    BALANCED(u"One two. Three four five six seven eight nine ten.", 260, 1,
             "One two. Three four five#six seven eight nine ten.");
    BALANCED(u"One two three. Four, five six seven eight.", 300, 1,
             "One two three.#Four, five six seven eight.");
    BALANCED(u"一二三四。五六，七八九", 80, 1, "一二三四。#五六，七八九");
    BALANCED(u"“一二三四，”五六七八九十", 80, 1, "“一二三四，”#五六七八九十");
    BALANCED(u"\"One two three four,\" said he, who had five.", 260, 1,
             "\"One two three four,\"#said he, who had five.");
    BALANCED(u"一二三四五，六七八九。十", 60, 1, "一二三四五，#六七八九。十");
}

static void no_page_is_left_with_a_word(void **state) {
    (void)state;
    BALANCED(u"aaaa bbbb cccc dddd eeee", 90, 2, "aaaa bbbb#cccc dddd|eeee");
    BALANCED(u"一二三四五六七八九十", 40, 2, "一二三|四五#六七八|九十");
    BALANCED(u"abcdefghij", 40, 2, "abc|de#fgh|ij"); /* Thai without a dictionary is such a word */
    FILLED(u"aaaa bbbb cccc dddd eeee", 90, 2, "aaaa bbbb|cccc dddd#eeee");
}

/* ---- The model: clusters, and trial of everything ---------------------------------------- */

enum { CLUSTERS_MOST = 200 };

typedef struct cluster {
    uint32_t unit;
    double width;
    bool space, sentence, may, must; /* the latter before it */
    bool in_wide;                    /* its start divides a word that is wider than the box */
} cluster;

/* text[clusters[first].unit ..), whose end is clusters[count].unit */
static cluster clusters[CLUSTERS_MOST + 1];
static uint32_t cluster_count;

static void read_clusters(void) {
    cluster_count = 0;
    for (uint32_t i = 0; i < sample.units; i++) {
        if (i && !(flags[i] & SEGMENT_GRAPHEME)) {
            clusters[cluster_count - 1].space &= is_space(text[i]);
            continue;
        }
        assert_true(cluster_count < CLUSTERS_MOST);
        clusters[cluster_count++] = (cluster){.unit = i,
                                              .width = width_px[i],
                                              .space = is_space(text[i]),
                                              .sentence = flags[i] & SEGMENT_SENTENCE,
                                              .may = flags[i] & SEGMENT_LINE,
                                              .must = flags[i] & SEGMENT_LINE_MUST};
    }
    clusters[cluster_count] = (cluster){.unit = sample.units, .may = true};
}

static uint32_t cluster_at(uint32_t unit) {
    uint32_t at = 0;
    while (clusters[at].unit != unit)
        if (++at > cluster_count) fail_msg("unit %u is within a cluster", unit);
    return at;
}

static void trim(uint32_t *first, uint32_t *end) {
    while (*first < *end && clusters[*first].space)
        ++*first;
    while (*first < *end && clusters[*end - 1].space)
        --*end;
}

static double width_of(uint32_t first, uint32_t end) {
    double width = 0;
    for (trim(&first, &end); first < end; first++)
        width += clusters[first].width;
    return width;
}

/* Whether clusters first..end may be a line of the box, and how wide it is: 0 for one that is
 * nothing but spaces, or a cluster wider than the box. */
static bool is_line(uint32_t first, uint32_t end, uint32_t limit, double box, double *width) {
    uint32_t start = first, last = end;
    trim(&start, &last);
    *width = width_of(start, last);
    for (uint32_t i = first + 1; i < end; i++)
        if (clusters[i].must) return false;
    if (end < limit && !clusters[end].may) {
        if (!clusters[end].in_wide) return false;
        for (uint32_t i = start + 1; i < end; i++)
            if (clusters[i].may) return false; /* the word begins a line */
    }
    if (last - start == 1 && *width > box) *width = 0;
    return *width <= box;
}

static void mark_wide(uint32_t first, uint32_t limit, double box) {
    for (uint32_t start = first, end; start < limit; start = end) {
        for (end = start + 1; end < limit && !clusters[end].may;)
            end++;
        const bool wide = width_of(start, end) > box;
        for (uint32_t i = start + 1; i < end; i++)
            clusters[i].in_wide = wide;
    }
}

/* Over all divisions: the least number of lines, and their least greatest width. */
typedef struct optimum {
    uint32_t lines;
    double width;
} optimum;

static optimum all_divisions(uint32_t first, uint32_t limit, double box) {
    optimum best = {UINT32_MAX, INFINITY};
    const uint32_t places = limit - first - 1;
    mark_wide(first, limit, box);
    for (uint32_t mask = 0; mask < 1u << places; mask++) {
        optimum found = {0, 0};
        bool valid = true;
        for (uint32_t start = first, end = first + 1; valid && end <= limit; end++) {
            if (end < limit && !(mask >> (end - first - 1) & 1)) continue;
            double width;
            valid = is_line(start, end, limit, box, &width);
            if (width > found.width) found.width = width;
            uint32_t from = start, to = end;
            trim(&from, &to);
            found.lines += from < to;
            start = end;
        }
        if (valid &&
            (found.lines < best.lines || (found.lines == best.lines && found.width < best.width)))
            best = found;
    }
    return best;
}

/* The farthest end that a line from `first` can have. */
static uint32_t farthest(uint32_t first, uint32_t limit, double box) {
    uint32_t must = first + 1;
    while (must < limit && !clusters[must].must)
        must++;
    for (uint32_t end = must; end > first + 1; end--)
        if ((end == limit || clusters[end].may) && width_of(first, end) <= box) return end;
    uint32_t end = first + 1;
    while (end < limit && !clusters[end].may && width_of(first, end + 1) <= box)
        end++;
    return end;
}

/* Lines by the farthest ends, without spaces. */
static uint32_t naive_lines(uint32_t first, uint32_t limit, double box, uint32_t most, line *lines,
                            uint32_t *stopped) {
    uint32_t count = 0, end;
    for (;; first = end) {
        uint32_t last = limit;
        trim(&first, &last);
        *stopped = first == last ? limit : first;
        if (first == last || count == most) return count;
        end = last = farthest(first, limit, box);
        trim(&first, &last);
        lines[count++] = (line){clusters[first].unit, clusters[last].unit};
    }
}

static bool fits_page(uint32_t first, uint32_t limit, double box, uint32_t most) {
    line lines[PAGE_LINES_MAX];
    uint32_t stopped;
    naive_lines(first, limit, box, most, lines, &stopped);
    return stopped == limit;
}

static double text_width(uint32_t first, uint32_t end) {
    double width = 0;
    for (; first < end; first++)
        width += clusters[first].width;
    return width;
}

static bool after_clause(uint32_t first, uint32_t at) {
    while (at > first && (clusters[at - 1].space || among(u"\"”）", text[clusters[at - 1].unit])))
        at--;
    return at > first && among(u",;:–—…、，；：", text[clusters[at - 1].unit]);
}

/* Where the first page of first.. ends: each place is asked whether it can be, and the best of them
 * by the words of lines.h. */
static uint32_t naive_page_end(uint32_t first, double box, uint32_t most) {
    uint32_t best = 0, last = cluster_count;
    trim(&first, &last);
    if (fits_page(first, cluster_count, box, most)) return cluster_count;
    uint32_t full;
    line unused[PAGE_LINES_MAX];
    naive_lines(first, cluster_count, box, most, unused, &full);
    const bool two = fits_page(full, cluster_count, box, most);
    const double all = text_width(first, two ? cluster_count : full);
    double best_score = -1;
    for (uint32_t at = first + 1; at <= full; at++) {
        if (two && !fits_page(at, cluster_count, box, most)) continue;
        const double width = text_width(first, at);
        const bool good = two ? width >= all / 3 && width <= all - all / 3 : width >= all / 2;
        int rank = clusters[at].may;
        if (rank && good && clusters[at].sentence)
            rank = 3;
        else if (rank && good && after_clause(first, at))
            rank = 2;
        const double off = fabs(width - (two ? all / 2 : all));
        const double score = 10 * rank + 9 / (1 + off);
        if (score >= best_score) {
            best = at;
            best_score = score;
        }
    }
    return best;
}

/* ---- Random texts ------------------------------------------------------------------------ */

/* Clusters of one to three units, flags and widths as they come. */
static void random_text(uint32_t most, uint32_t in_break) {
    static const char16_t units[] = u"abcde,\"” \n\u3000、一";
    static const float widths[] = {0, 10, 10, 10, 10, 10.25f, 7.5f, 3, 45};
    const uint32_t count = 1 + below(most);
    sample.units = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t at = sample.units;
        const uint16_t before = at ? text[at - 1] : 0;
        text[at] = units[below(sizeof units / sizeof *units - 1)];
        width_px[at] = text[at] == '\n' ? 0 : widths[below(sizeof widths / sizeof *widths)];
        flags[at] = SEGMENT_GRAPHEME;
        if (at && !is_space(text[at]) && (is_space(before) || below(in_break) == 0))
            flags[at] |= SEGMENT_LINE;
        if (before == '\n') flags[at] |= SEGMENT_LINE | SEGMENT_LINE_MUST;
        if (below(6) == 0) flags[at] |= SEGMENT_SENTENCE;
        sample.units++;
        while (below(8) == 0 && text[at] != '\n') {
            text[sample.units] = is_space(text[at]) ? text[at] : 0x301;
            width_px[sample.units] = NAN;
            flags[sample.units++] = below(2) ? SEGMENT_LINE : 0; /* no place: within a cluster */
        }
    }
    read_clusters();
}

static double page_widest(const page *p, double box) {
    double widest = 0;
    for (uint32_t i = 0; i < p->line_count; i++) {
        const uint32_t first = cluster_at(p->lines[i].start), end = cluster_at(p->lines[i].end);
        double width = width_of(first, end);
        if (end - first == 1 && width > box) width = 0;
        if (width > widest) widest = width;
    }
    return widest;
}

static void check_against_all_divisions(page_style style) {
    page p = {0}, plain;
    do {
        page_lay_out(&p, &sample, p.end, &style, false);
        const uint32_t first = cluster_at(p.start), end = cluster_at(p.end);
        const optimum best = all_divisions(first, end, style.width_px);
        assert_int_equal(p.line_count, best.lines);
        if (page_widest(&p, style.width_px) != best.width)
            fail_msg("%g wide instead of %g", page_widest(&p, style.width_px), best.width);
        page_style greedy = style;
        greedy.balance = 0;
        page_lay_out(&plain, &sample, p.start, &greedy, false);
        assert_int_equal(plain.end, p.end);
        assert_int_equal(plain.line_count, best.lines);
    } while (p.end < sample.units);
}

static void balance_is_the_best_of_all_divisions(void **state) {
    (void)state;
    seed(1);
    for (uint32_t round = 0; round < 20000; round++) {
        random_text(12, 1 + below(12));
        check_against_all_divisions((page_style){5 + (float)below(60), 1 + below(8), 1});
    }
}

static void check_page(const page *p, page_style style) {
    uint32_t at = p->start;
    assert_in_range(p->line_count, 0, style.lines);
    assert_true(p->end > p->start || p->start == sample.units);
    for (uint32_t i = 0; i <= p->line_count; i++) {
        const uint32_t start = i < p->line_count ? p->lines[i].start : p->end;
        for (; at < start; at++)
            assert_true(is_space(text[at]));
        assert_int_equal(at, start);
        if (i == p->line_count) break;
        assert_true(p->lines[i].end > start);
        at = p->lines[i].end;
        const uint32_t first = cluster_at(start), end = cluster_at(at);
        assert_true(end - first == 1 || width_of(first, end) <= style.width_px);
        assert_false(clusters[first].space || clusters[end - 1].space);
    }
}

static void pages_are_cut_at_the_best_place(void **state) {
    (void)state;
    seed(2);
    uint32_t pages = 0;
    for (uint32_t round = 0; round < 20000; round++) {
        random_text(60, 1 + below(30));
        const page_style style = {15 + (float)below(150), 1 + below(3), below(2)};
        page p = {0};
        do {
            page_lay_out(&p, &sample, p.end, &style, false);
            check_page(&p, style);
            uint32_t end = naive_page_end(cluster_at(p.start), style.width_px, style.lines);
            while (end < cluster_count && clusters[end].space)
                end++;
            assert_int_equal(p.end, clusters[end].unit);
            pages++;
        } while (p.end < sample.units);
    }
    print_message("%u pages\n", pages);
}

static void growing_text_is_filled_farthest(void **state) {
    (void)state;
    seed(3);
    for (uint32_t round = 0; round < 20000; round++) {
        random_text(80, 1 + below(30));
        const page_style style = {5 + (float)below(150), 1 + below(8), below(2)};
        page p = {0};
        do {
            page_lay_out(&p, &sample, p.end, &style, true);
            check_page(&p, style);
            line lines[PAGE_LINES_MAX];
            uint32_t stopped;
            assert_int_equal(naive_lines(cluster_at(p.start), cluster_count, style.width_px,
                                         style.lines, lines, &stopped),
                             p.line_count);
            assert_memory_equal(lines, p.lines, p.line_count * sizeof *lines);
            assert_int_equal(clusters[stopped].unit, p.end);
        } while (p.end < sample.units);
    }
}

/* `now` has the text of `was` and more. */
static void check_grown(const page *was, const page *now, bool was_full) {
    assert_int_equal(was->start, now->start);
    assert_true(now->line_count >= was->line_count);
    for (uint32_t i = 0; i < was->line_count; i++) {
        assert_int_equal(was->lines[i].start, now->lines[i].start);
        if (was_full || i + 1 < was->line_count)
            assert_int_equal(was->lines[i].end, now->lines[i].end);
    }
    if (was_full) assert_int_equal(was->end, now->end);
}

static void what_is_there_stays_while_text_grows(void **state) {
    (void)state;
    seed(4);
    for (uint32_t round = 0; round < 3000; round++) {
        random_text(60, 1 + below(30));
        const page_style style = {5 + (float)below(150), 1 + below(8), below(2)};
        uint32_t from = 0;
        page was = {0}, now;
        sample.units = 0;
        for (uint32_t i = 1; i <= cluster_count; i++) {
            const bool was_full = was.end < sample.units;
            if (was_full) from = was.end; /* and the next page, too, from its start */
            page_lay_out(&was, &sample, from, &style, true);
            const bool full = was.end < sample.units;
            sample.units = clusters[i].unit;
            page_lay_out(&now, &sample, from, &style, true);
            check_grown(&was, &now, full);
            was = now;
        }
    }
}

/* As it is streamed: the segmenter reads unit by unit, and what it has not decided waits. */
static void what_is_there_stays_while_text_is_segmented(void **state) {
    (void)state;
    static const char16_t pool[] =
        u"abc can't 3.14, $5 (ab) “q” 「あ、いっ」。一二三 – — - ... !? x/y "
        u"50% e\u0301 한국 \u0E01 \r\n 👨\u200D👩 🇯🇵🇰";
    seed(5);
    for (uint32_t round = 0; round < 2000; round++) {
        const page_style style = {40 + (float)below(120), PAGE_LINES_MAX, 0};
        const uint32_t all = 1 + below(80);
        for (uint32_t i = 0, at = 0; i < all; i++) {
            if (i == 0 || below(4) == 0) at = below(sizeof pool / sizeof *pool - 1);
            text[i] = pool[at++ % (sizeof pool / sizeof *pool - 1)];
            width_px[i] = 10;
        }
        page was = {0}, now;
        segmenter segments;
        segmenter_init(&segments);
        sample.units = 0;
        for (uint32_t i = 1; i <= all; i++) {
            segmenter_push(&segments, text, flags, i);
            const bool full = was.end < sample.units;
            sample.units = segments.high ? i - 1 : i;
            if (sample.units > segments.pending[0]) sample.units = segments.pending[0];
            if (sample.units > segments.pending[3]) sample.units = segments.pending[3];
            page_lay_out(&now, &sample, 0, &style, true);
            check_grown(&was, &now, full);
            was = now;
        }
    }
}

/* ---- Bad input --------------------------------------------------------------------------- */

static uint32_t count_pages(page_style style, bool growing) {
    uint32_t pages = 0;
    page p = {0};
    do {
        page_lay_out(&p, &sample, p.end, &style, growing);
        assert_true(p.end > p.start || p.start == sample.units);
        assert_in_range(p.line_count, 0, style.lines);
        pages++;
    } while (p.end < sample.units);
    return pages;
}

static void fill_text(uint32_t units, uint16_t unit, uint8_t flag, float width) {
    sample.units = units;
    for (uint32_t i = 0; i < units; i++) {
        text[i] = unit;
        flags[i] = flag;
        width_px[i] = width;
    }
}

/* Were the cost of a page that of the text, these would take hours. */
static void text_without_an_end(void **state) {
    (void)state;
    const page_style style = {100, 2, 1};
    fill_text(UNITS_MOST, 'a', SEGMENT_GRAPHEME, 10);
    assert_int_equal(count_pages(style, true), (UNITS_MOST + 19) / 20);
    assert_in_range(count_pages(style, false), UNITS_MOST / 20, UNITS_MOST / 20 + 1);
    fill_text(UNITS_MOST, 'a', 0, 10);
    assert_int_equal(count_pages(style, false), 1);
    fill_text(UNITS_MOST, 'a', SEGMENT_GRAPHEME, 0);
    assert_int_equal(count_pages(style, false), 1);
    fill_text(UNITS_MOST, ' ', SEGMENT_BITS, 10);
    assert_int_equal(count_pages(style, false), 1);
    fill_text(UNITS_MOST, 'a', SEGMENT_BITS, 10);
    assert_int_equal(count_pages(style, false), UNITS_MOST / 2);
}

static void widths_without_sense_are_0(void **state) {
    (void)state;
    const float senseless[] = {NAN, -NAN, INFINITY, -INFINITY, -1, -0.0f};
    for (uint32_t i = 0; i < sizeof senseless / sizeof *senseless; i++) {
        set_text(u"abcdef");
        width_px[1] = width_px[2] = senseless[i];
        page p;
        page_lay_out(&p, &sample, 0, &(page_style){20, 2, 0}, true);
        assert_int_equal(p.lines[0].end, 4);
        assert_int_equal(p.lines[1].end, 6);
        assert_int_equal(p.end, 6);
    }
    fill_text(100, 'a', SEGMENT_GRAPHEME, 3e38f);
    assert_int_equal(count_pages((page_style){3.1e38f, 1, 1}, false), 100);
    fill_text(100, 'a', SEGMENT_GRAPHEME, 10);
    assert_int_equal(count_pages((page_style){1e-40f, 1, 1}, false), 100);
}

/* 13 * 17.6 and 228.8 as floats are not the same. */
static void a_box_for_n_clusters_has_room_for_n(void **state) {
    (void)state;
    for (uint32_t n = 1; n < 50; n++)
        for (uint32_t tenths = 80; tenths < 400; tenths++) {
            fill_text(n, u'一', SEGMENT_GRAPHEME | SEGMENT_LINE, (float)(tenths / 10.0));
            const page_style style = {(float)(tenths / 10.0 * n), 2, 0};
            page p;
            page_lay_out(&p, &sample, 0, &style, true);
            assert_int_equal(p.line_count, 1);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_filled),
        cmocka_unit_test(spaces_hang),
        cmocka_unit_test(newlines_end_lines),
        cmocka_unit_test(lines_are_balanced),
        cmocka_unit_test(wide_words_are_divided_between_clusters),
        cmocka_unit_test(kinsoku),
        cmocka_unit_test(pages_end_between_sentences_and_clauses),
        cmocka_unit_test(no_page_is_left_with_a_word),
        cmocka_unit_test(balance_is_the_best_of_all_divisions),
        cmocka_unit_test(pages_are_cut_at_the_best_place),
        cmocka_unit_test(growing_text_is_filled_farthest),
        cmocka_unit_test(what_is_there_stays_while_text_grows),
        cmocka_unit_test(what_is_there_stays_while_text_is_segmented),
        cmocka_unit_test(text_without_an_end),
        cmocka_unit_test(widths_without_sense_are_0),
        cmocka_unit_test(a_box_for_n_clusters_has_room_for_n),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
