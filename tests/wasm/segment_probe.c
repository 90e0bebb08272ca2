/* The segmenter for tests and the benchmark page: text in, flags out, in two pieces of any size. */
#include "segment.h"

#include <string.h>

enum { UNITS_MAX = 16384 };

static uint16_t text[UNITS_MAX];
static uint8_t flags[UNITS_MAX];

__attribute__((export_name("text"), used)) uint16_t *probe_text(void) {
    return text;
}

__attribute__((export_name("flags"), used)) uint8_t *probe_flags(void) {
    return flags;
}

/* Segments text[0..units), cut at `split`. */
__attribute__((export_name("segment"), used)) void probe_segment(uint32_t units, uint32_t split) {
    segmenter s;
    memset(flags, 0, units);
    segmenter_init(&s);
    segmenter_push(&s, text, flags, split);
    segmenter_push(&s, text, flags, units);
    segmenter_end(&s, flags);
}
