/* A line is filled with whole clusters from its start until the next would be too much, and ends at
 * the last place before where Unicode allows it; where there is none, a word wider than the box has
 * begun the line, and ends it between two clusters (fill()). No other way needs fewer lines: of two
 * lines, the one that starts later or may be wider never ends earlier.
 *
 * For the same reason a smaller width never needs fewer lines. So lines of about the same width are
 * those filled to the smallest width that needs no more of them than the box, found by bisection:
 * Chromium's way for `text-wrap: balance`, CSS Text 4 (balance()). A filling tells how wide its
 * lines are, and which width would have changed one; between these two it is the same. So the
 * bisection leaps from sum to sum that occur in the text and ends at the exact one, mostly in few
 * rounds.
 *
 * Pages are cut between sentences, or else between clauses, words, clusters, if such a place can be
 * had; of equal ones, the nearest to where a cut is best (best_place()). That is the end of the
 * full page; but the middle of a text that fits on two, so that the last is not left with a word.
 * What is beyond the second page is not looked at: a page costs what it and the next contain, times
 * the logarithm of that.
 *
 * Sums are double: those of a few thousand floats of everyday sizes are exact.
 */
#include "lines.h"

#include <math.h>

/* Widths closer than the box's 2^-ROUNDS are not told apart. */
enum { ROUNDS = 32 };

/* A line with what its filling tells. */
typedef struct filled {
    line line;
    uint32_t next; /* what it left begins here, perhaps with spaces */
    double width_px;
    double enough_px; /* any width from width_px to below this gives the same line */
} filled;

/* The same of all lines. */
typedef struct filling {
    page page;
    double widest_px; /* without clusters too wide for a line */
    double enough_px;
} filling;

/* ---- Clusters ---------------------------------------------------------------------------- */

static uint32_t cluster_end(const page_text *t, uint32_t at) {
    do
        at++;
    while (at < t->units && !(t->flags[at] & SEGMENT_GRAPHEME));
    return at;
}

static double cluster_width(const page_text *t, uint32_t at) {
    const float width_px = t->width_px[at];
    return width_px >= 0 && width_px < INFINITY ? width_px : 0;
}

/* Spaces that vanish at the end of a line: White_Space without the no-break spaces, and U+200B. */
static bool is_space_unit(uint16_t unit) {
    if (unit < 0x1680) return unit == 0x20 || (unit >= 9 && unit <= 13) || unit == 0x85;
    if (unit >= 0x2000 && unit <= 0x200B) return unit != 0x2007;
    return unit == 0x3000 || unit == 0x2028 || unit == 0x2029 || unit == 0x205F || unit == 0x1680;
}

static bool is_space(const page_text *t, uint32_t at, uint32_t end) {
    while (at < end && is_space_unit(t->text[at]))
        at++;
    return at == end;
}

static uint32_t skip_spaces(const page_text *t, uint32_t at, uint32_t limit) {
    for (uint32_t end; at < limit; at = end) {
        end = cluster_end(t, at);
        if (!is_space(t, at, end)) break;
    }
    return at;
}

/* Sentence_Break=SContinue (UAX #29) without hyphens and compatibility forms, and the dots of what
 * is left unsaid. */
static bool ends_clause(uint16_t unit) {
    switch (unit) {
    case ',':
    case ':':
    case ';':
    case 0x037E: /* Greek question mark, which looks like a semicolon */
    case 0x055D: /* Armenian comma */
    case 0x060C: /* Arabic comma */
    case 0x060D:
    case 0x061B: /* Arabic semicolon */
    case 0x07F8: /* NKo comma */
    case 0x1802: /* Mongolian comma */
    case 0x1808:
    case 0x2013: /* dashes */
    case 0x2014:
    case 0x2025: /* dots */
    case 0x2026:
    case 0x3001: /* ideographic comma */
    case 0xFF0C: /* fullwidth comma, colon, semicolon */
    case 0xFF1A:
    case 0xFF1B:
    case 0xFF64: /* halfwidth ideographic comma */
        return true;
    default:
        return false;
    }
}

/* What comes between the end of a clause and the next. */
static bool follows_clause(const page_text *t, uint32_t at, uint32_t end) {
    const uint16_t unit = t->text[at];
    return unit == '"' || segment_traits(unit) & TRAIT_CLOSE || is_space(t, at, end);
}

/* ---- Lines ------------------------------------------------------------------------------- */

/* The line that begins at `start`, which is not a space and before `limit`. */
static filled fill(const page_text *t, uint32_t start, uint32_t limit, double width_px) {
    filled whole = {.line = {start, start}, .next = limit, .enough_px = INFINITY};
    filled allowed = whole; /* up to the last place where it may end */
    double sum_px = 0;
    for (uint32_t at = start, end; at < limit; at = end) {
        end = cluster_end(t, at);
        if (at > start && t->flags[at] & SEGMENT_LINE) {
            allowed = whole;
            allowed.next = at;
            if (t->flags[at] & SEGMENT_LINE_MUST) return allowed;
        }
        sum_px += cluster_width(t, at);
        if (is_space(t, at, end)) continue;
        if (sum_px > width_px && at > start) {
            whole.next = at;
            if (allowed.line.end > start) whole = allowed;
            whole.enough_px = sum_px;
            return whole;
        }
        whole.line.end = end;
        whole.width_px = sum_px;
    }
    return whole;
}

/* Lines until the limit or `lines` of them; page.end tells how far they came. */
static filling fill_page(const page_text *t, uint32_t from, uint32_t limit, double width_px,
                         uint32_t lines) {
    filling f = {.page = {.start = from}, .enough_px = INFINITY};
    uint32_t at = skip_spaces(t, from, limit);
    while (at < limit && f.page.line_count < lines) {
        const filled l = fill(t, at, limit, width_px);
        f.page.lines[f.page.line_count++] = l.line;
        if (l.width_px > f.widest_px && l.width_px <= width_px) f.widest_px = l.width_px;
        if (l.enough_px < f.enough_px) f.enough_px = l.enough_px;
        at = skip_spaces(t, l.next, limit);
    }
    f.page.end = at;
    return f;
}

/* ---- Balance ----------------------------------------------------------------------------- */

/* Where the next place for a line's end is, and how wide it is until there. */
static uint32_t word_end(const page_text *t, uint32_t at, uint32_t limit, double *width_px) {
    double sum_px = *width_px = 0;
    do {
        const uint32_t end = cluster_end(t, at);
        sum_px += cluster_width(t, at);
        if (!is_space(t, at, end)) *width_px = sum_px;
        at = end;
    } while (at < limit && !(t->flags[at] & SEGMENT_LINE));
    return at;
}

static double widest_cluster(const page_text *t, uint32_t at, uint32_t limit, double box_px) {
    double widest_px = 0;
    for (uint32_t end; at < limit; at = end) {
        const double width_px = cluster_width(t, at);
        end = cluster_end(t, at);
        if (width_px > widest_px && width_px <= box_px && !is_space(t, at, end))
            widest_px = width_px;
    }
    return widest_px;
}

/* The least width that divides nothing which the box leaves whole. */
static double least_width(const page_text *t, uint32_t from, uint32_t limit, double box_px) {
    double least_px = 0;
    uint32_t end, at = skip_spaces(t, from, limit);
    for (; at < limit; at = skip_spaces(t, end, limit)) {
        double width_px;
        end = word_end(t, at, limit, &width_px);
        if (width_px > box_px) width_px = widest_cluster(t, at, end, box_px);
        if (width_px > least_px) least_px = width_px;
    }
    return least_px;
}

/* Lines of text[from..limit), which need `best`'s number of them, for the smallest width. */
static void balance(const page_text *t, uint32_t from, uint32_t limit, double box_px,
                    filling *best) {
    double low_px = least_width(t, from, limit, box_px);
    for (uint32_t round = 0; round < ROUNDS && low_px < best->widest_px; round++) {
        const double middle_px = low_px + (best->widest_px - low_px) / 2;
        const filling f = fill_page(t, from, limit, middle_px, best->page.line_count);
        if (f.page.end == limit)
            *best = f;
        else
            low_px = f.enough_px;
    }
}

/* ---- Pages ------------------------------------------------------------------------------- */

/* Where a page may be cut: a cluster's start in first..last; a sentence or a clause counts if the
 * page's text is then from least to most wide; the nearer to best the better. */
typedef struct cut {
    uint32_t first;
    uint32_t last;
    double least_px;
    double most_px;
    double best_px;
} cut;

enum { WITHIN_WORD, BETWEEN_WORDS, BETWEEN_CLAUSES, BETWEEN_SENTENCES };

static uint32_t rank_of(uint8_t flags, bool after_clause) {
    if (!(flags & SEGMENT_LINE)) return WITHIN_WORD;
    if (flags & SEGMENT_SENTENCE) return BETWEEN_SENTENCES;
    return after_clause ? BETWEEN_CLAUSES : BETWEEN_WORDS;
}

static uint32_t best_place(const page_text *t, uint32_t from, const cut *c) {
    uint32_t best = c->last, best_rank = WITHIN_WORD;
    double sum_px = 0, best_off_px = INFINITY;
    bool after_clause = false;
    for (uint32_t at = from, end; at <= c->last; at = end) {
        uint32_t rank = rank_of(t->flags[at], after_clause);
        if (rank > BETWEEN_WORDS && (sum_px < c->least_px || sum_px > c->most_px))
            rank = BETWEEN_WORDS;
        const double off_px = fabs(sum_px - c->best_px);
        if (at >= c->first && (rank > best_rank || (rank == best_rank && off_px <= best_off_px))) {
            best = at;
            best_rank = rank;
            best_off_px = off_px;
        }
        end = cluster_end(t, at);
        sum_px += cluster_width(t, at);
        after_clause = ends_clause(t->text[at]) || (after_clause && follows_clause(t, at, end));
    }
    return best;
}

static double width_between(const page_text *t, uint32_t at, uint32_t end) {
    double sum_px = 0;
    for (; at < end; at = cluster_end(t, at))
        sum_px += cluster_width(t, at);
    return sum_px;
}

/* The first cluster after `from` from which the rest fits on a page, as it does from `full`. */
static uint32_t last_page_start(const page_text *t, uint32_t from, uint32_t full, double box_px,
                                uint32_t lines) {
    uint32_t low = from, high = full;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        uint32_t start = middle;
        while (start > low && !(t->flags[start] & SEGMENT_GRAPHEME))
            start--;
        if (start > low && fill_page(t, start, t->units, box_px, lines).page.end == t->units)
            high = start;
        else
            low = middle;
    }
    return high;
}

/* Where to end a page that is full at `full`, while the text goes on. */
static uint32_t page_end(const page_text *t, uint32_t from, uint32_t full, double box_px,
                         uint32_t lines) {
    cut c = {.first = from + 1, .last = full};
    if (fill_page(t, full, t->units, box_px, lines).page.end < t->units) {
        c.best_px = c.most_px = width_between(t, from, full);
        c.least_px = c.best_px / 2;
    } else {
        const double width_px = width_between(t, from, t->units);
        c.first = last_page_start(t, from, full, box_px, lines);
        c.best_px = width_px / 2;
        c.least_px = width_px / 3;
        c.most_px = width_px - c.least_px;
    }
    return best_place(t, from, &c);
}

void page_lay_out(page *p, const page_text *t, uint32_t from, const page_style *style,
                  bool growing) {
    /* Sums that differ from the box by the rounding of floats are equal to it. */
    const double box_px = (double)style->width_px * (1 + 0x1p-23);
    const uint32_t start = skip_spaces(t, from, t->units);
    uint32_t limit = t->units;
    filling f = fill_page(t, start, limit, box_px, style->lines);
    if (!growing) {
        if (f.page.end < limit) {
            limit = page_end(t, start, f.page.end, box_px, style->lines);
            f = fill_page(t, start, limit, box_px, style->lines);
        }
        if (style->balance && f.page.line_count > 1) balance(t, start, limit, box_px, &f);
    }
    *p = f.page;
    p->start = from;
    p->end = skip_spaces(t, f.page.end, t->units);
}
