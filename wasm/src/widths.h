/* How wide grapheme clusters are, as the host has measured them: a hash table of fixed size. When
 * it is full it forgets everything, and the host measures again. */
#ifndef WIDTHS_H
#define WIDTHS_H

#include <stdint.h>

typedef struct width_entry {
    uint64_t key; /* of the cluster (widths.c); 0: free */
    float width_px;
    uint32_t unused;
} width_entry;

typedef struct widths {
    width_entry *entries;
    uint32_t mask; /* entries - 1 */
    uint32_t used;
} widths;

/* Fibonacci hashing (D. Knuth, The Art of Computer Programming 3, section 6.4) puts neighbours in
 * Unicode far apart. */
#define WIDTHS_GOLDEN UINT64_C(0x9e3779b97f4a7c15) /* 2^64 / golden ratio, odd */

static inline uint32_t widths_slot(const widths *w, uint64_t key) {
    return (uint32_t)(key * WIDTHS_GOLDEN >> 32) & w->mask;
}

/* `count` entries, a power of two, at least 16; full when three quarters are used. Have more than a
 * text has clusters, or what is measured for its start is forgotten at its end. */
void widths_init(widths *w, width_entry *entries, uint32_t count);
void widths_forget(widths *w);

/* Negative: not measured. Of clusters longer than three units only a hash is kept: two of them
 * share a width with a chance of 2^-63. */
float widths_get(const widths *w, const uint16_t *cluster, uint32_t units);
/* The same of a cluster of one unit, as nearly all are, short where the entry is in its own slot. */
static inline float widths_get_unit(const widths *w, const uint16_t *unit) {
    const uint64_t key = 0x10000 | *unit;
    const width_entry *entry = &w->entries[widths_slot(w, key)];
    return entry->key == key ? entry->width_px : widths_get(w, unit, 1);
}

void widths_set(widths *w, const uint16_t *cluster, uint32_t units, float width_px);

#endif
