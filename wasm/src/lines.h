/* Text to pages of at most a few lines, none wider than the box. */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "segment.h"

#define PAGE_LINES_MAX 8

typedef struct line {
    uint32_t start;
    uint32_t end;
} line;

typedef struct page {
    uint32_t start;
    uint32_t end; /* where the next page starts, after the spaces between them */
    uint32_t line_count;
    uint32_t unused;
    line lines[PAGE_LINES_MAX];
} page;

typedef struct page_style {
    float width_px;   /* > 0 */
    uint32_t lines;   /* 1..PAGE_LINES_MAX */
    uint32_t balance; /* 1: lines of about the same width */
} page_style;

/* Unicode text of a cue: width_px[i] is the width of the cluster that begins at unit i, 0 if it is
 * negative or not finite; not looked at for its other units. */
typedef struct page_text {
    const uint16_t *text;
    const uint8_t *flags; /* SEGMENT_BITS */
    const float *width_px;
    uint32_t units;
} page_text;

/* The page that begins at `from`, a cluster's start or the end. If only spaces follow, it has no
 * lines.
 *
 * Lines end where Unicode allows it (kinsoku is part of that), or inside a word that is wider than
 * the box, between clusters; a cluster wider than the box has a line of its own. Spaces at a line's
 * start and end are in none, and no line is empty.
 * Text that needs more than one page is divided where a sentence or a clause ends, if one of the
 * page's later places is such, and no page is left with a few words where two can share them.
 * `growing`: more text will follow, so pages and lines are filled one after the other and not
 * balanced. Every line then keeps its start, and all but the last keep their end: only the word at
 * its end may yet turn out too long, and go to the next line. That holds for whole clusters with
 * decided boundaries: text up to the first of segmenter.pending for clusters and lines, and without
 * half a surrogate pair (segmenter.high). */
void page_lay_out(page *p, const page_text *t, uint32_t from, const page_style *style,
                  bool growing);

#endif
