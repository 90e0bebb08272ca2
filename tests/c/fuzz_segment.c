/* Any text in any pieces, with ends asked for and beginnings forgotten on the way, has the same
 * boundaries as the whole. */
#include <stdlib.h>
#include <string.h>

#include "segment.h"
#include "tape.h"

enum { TEXT_UNITS = 1024 };

static void require(int holds) {
    if (!holds) abort();
}

/* Units that rules speak of, or any. */
static uint16_t take_unit(tape *t) {
    static const uint16_t known[] = {
        'a',    'A',    '1',    '.',    ',',    ':',    '!',    '/',    '-',    '\'',   '"',
        '(',    ')',    '$',    '%',    '_',    ' ',    '\t',   '\n',   '\r',   0x85,   0xA0,
        0xAB,   0xBB,   0x300,  0x5D0,  0x600,  0x903,  0x915,  0x94D,  0xE01,  0x1100, 0x1161,
        0x11A8, 0x1B05, 0x1B44, 0x2010, 0x2014, 0x2019, 0x201C, 0x201D, 0x200B, 0x200D, 0x2060,
        0x2024, 0x2029, 0x25CC, 0x3001, 0x3005, 0x300C, 0x300D, 0x3042, 0x30AB, 0x4E00, 0xAC00,
        0xFE0F, 0xFFFC, 0xD83D, 0xD83D, 0xDC68, 0xDC69, 0xD83C, 0xD83C, 0xDDE9, 0xDDEA, 0xDFFB};
    const uint32_t kind = take(t, 1);
    if (kind < 192) return known[kind % (sizeof known / sizeof known[0])];
    return (uint16_t)take(t, 2);
}

/* Of the whole text at once. */
static void boundaries(const uint16_t *text, uint32_t units, uint8_t *flags) {
    segmenter s;
    segmenter_init(&s);
    memset(flags, 0, units);
    segmenter_push(&s, text, flags, units);
    segmenter_end(&s, flags);
    if (units == 0) return;
    const uint32_t first = SEGMENT_GRAPHEME | SEGMENT_WORD | SEGMENT_SENTENCE;
    require(flags[0] == first);
    for (uint32_t i = 1; i < units; i++) {
        const bool half = (text[i - 1] & 0xFC00) == 0xD800 && (text[i] & 0xFC00) == 0xDC00;
        require(!(half && flags[i]));
        require(!(flags[i] & SEGMENT_LINE_MUST) || flags[i] & SEGMENT_LINE);
    }
}

/* What is before is decided, and known to be no half of a surrogate pair. */
static uint32_t decided_units(const segmenter *s) {
    uint32_t decided = s->high ? s->units - 1 : s->units;
    for (uint32_t kind = 0; kind < 4; kind++)
        if (s->pending[kind] < decided) decided = s->pending[kind];
    return decided;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    static uint16_t text[TEXT_UNITS];
    static uint8_t flags[TEXT_UNITS], expected[TEXT_UNITS], whole[TEXT_UNITS];
    tape t = {data, length};
    const uint8_t others = (uint8_t)(take(&t, 1) & ~(uint32_t)SEGMENT_BITS);
    memset(flags, others | SEGMENT_BITS, sizeof flags);
    uint32_t units = 0, base = 0, known = 0;
    segmenter s;
    segmenter_init(&s);
    while (t.left || known < units) {
        const uint32_t command = t.left ? take(&t, 1) : 255;
        for (uint32_t more = command % 16; more && units < TEXT_UNITS && t.left; more--)
            text[units++] = take_unit(&t);
        segmenter_push(&s, text + base, flags + base, units - base);
        require(s.units == units - base);
        if (command >= 224) {
            const bool open = segmenter_open(&s);
            segmenter_end(&s, flags + base);
            require(segmenter_open(&s) == open);
            boundaries(text, units, whole);
            for (; known < units; known++)
                expected[known] = whole[known];
        } else if (command >= 192) {
            const uint32_t forgotten = take(&t, 1) % (decided_units(&s) + 1);
            segmenter_rebase(&s, forgotten);
            base += forgotten;
        }
        if (units == TEXT_UNITS) t.left = 0;
    }
    for (uint32_t i = 0; i < units; i++)
        require(flags[i] == (others | expected[i]));
    for (uint32_t i = 0, taken; i < units; i += taken)
        require(segment_traits(segment_code_point(text, units, i, &taken)) < 64);
    return 0;
}
