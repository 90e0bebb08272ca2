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

/* `count` entries, a power of two, at least 16; full when three quarters are used. Have more than a
 * text has clusters, or what is measured for its start is forgotten at its end. */
void widths_init(widths *w, width_entry *entries, uint32_t count);
void widths_forget(widths *w);

/* Negative: not measured. Of clusters longer than three units only a hash is kept: two of them
 * share a width with a chance of 2^-63. */
float widths_get(const widths *w, const uint16_t *cluster, uint32_t units);
void widths_set(widths *w, const uint16_t *cluster, uint32_t units, float width_px);

#endif
