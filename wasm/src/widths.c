/* Open addressing with linear probing.
 *
 * A key is the cluster's units after a leading one: U+0041 is 0x10041, U+0000 is 0x10000, and none
 * is 0. Three units fit; longer clusters have a hash with the highest bit set instead. */
#include "widths.h"

#include <string.h>

#define UNITS_EXACT 3
#define HASHED (UINT64_C(1) << 63)

static uint64_t key_of(const uint16_t *cluster, uint32_t units) {
    uint64_t key = 1;
    if (units <= UNITS_EXACT) {
        for (uint32_t i = 0; i < units; i++)
            key = key << 16 | cluster[i];
        return key;
    }
    for (uint32_t i = 0; i < units; i++) {
        key = (key ^ cluster[i]) * WIDTHS_GOLDEN;
        key ^= key >> 29;
    }
    return key | HASHED;
}

/* Where the key is, or the free entry where it belongs. There is one: a quarter is always free. */
static width_entry *find(const widths *w, uint64_t key) {
    uint32_t slot = widths_slot(w, key);
    while (w->entries[slot].key != key && w->entries[slot].key != 0)
        slot = (slot + 1) & w->mask;
    return &w->entries[slot];
}

void widths_init(widths *w, width_entry *entries, uint32_t count) {
    w->entries = entries;
    w->mask = count - 1;
    widths_forget(w);
}

void widths_forget(widths *w) {
    memset(w->entries, 0, ((size_t)w->mask + 1) * sizeof *w->entries);
    w->used = 0;
}

float widths_get(const widths *w, const uint16_t *cluster, uint32_t units) {
    const width_entry *entry = find(w, key_of(cluster, units));
    return entry->key ? entry->width_px : -1;
}

void widths_set(widths *w, const uint16_t *cluster, uint32_t units, float width_px) {
    const uint64_t key = key_of(cluster, units);
    width_entry *entry = find(w, key);
    if (!entry->key) {
        if (w->used >= (w->mask + 1) / 4 * 3) {
            widths_forget(w);
            entry = find(w, key);
        }
        entry->key = key;
        w->used++;
    }
    entry->width_px = width_px;
}
