#include "handles.h"

#include <stdlib.h>
#include <string.h>

#include "voicepath/ort.h"

enum {
    FIRST_CAPACITY = 64,
    GENERATION_SHIFT = HANDLE_INDEX_BITS + 1,
    GENERATION_MAX = (1 << (32 - GENERATION_SHIFT)) - 1,
};

typedef struct slot {
    void *object;        /* NULL when it is free */
    uint32_t next;       /* free slot, while it is one */
    uint16_t generation; /* of the object, or of the one to come */
    uint16_t kind;
} slot;

/* Free slots are a queue: taken at the front, given back at the end. */
static struct {
    slot *slots;
    uint32_t capacity, free_count, first_free, last_free;
    uint32_t live[KIND_COUNT];
    uint32_t misuses;
} table;

static void give_back(uint32_t index) {
    if (table.free_count++)
        table.slots[table.last_free].next = index;
    else
        table.first_free = index;
    table.last_free = index;
}

static bool grow(void) {
    uint32_t capacity = table.capacity ? table.capacity * 2 : FIRST_CAPACITY;
    slot *grown = handles_used_up() ? NULL : malloc(capacity * sizeof *grown);
    if (!grown) return false;
    if (table.capacity) memcpy(grown, table.slots, table.capacity * sizeof *grown);
    free(table.slots);
    table.slots = grown;
    for (; table.capacity < capacity; table.capacity++) {
        grown[table.capacity] = (slot){.generation = 1};
        give_back(table.capacity);
    }
    return true;
}

/* The slot of a living object; NULL when it is none. */
static slot *find(kind k, const void *handle) {
    uintptr_t number = (uintptr_t)handle;
    uint32_t index = number >> 1 & (HANDLES_MAX - 1);
    if (!(number & 1) || index >= table.capacity) return NULL;
    slot *found = &table.slots[index];
    bool same =
        found->object && found->kind == k && found->generation == number >> GENERATION_SHIFT;
    return same ? found : NULL;
}

static void *handle_at(uint32_t index) {
    uintptr_t generation = table.slots[index].generation;
    return (void *)(generation << GENERATION_SHIFT | (uintptr_t)index << 1 | 1);
}

void *handle_new(kind k, void *object) {
    if (!table.free_count && !grow()) return NULL;
    uint32_t index = table.first_free;
    slot *taken = &table.slots[index];
    table.first_free = taken->next;
    table.free_count--;
    taken->object = object;
    taken->kind = (uint16_t)k;
    table.live[k]++;
    return handle_at(index);
}

void *handle_object(kind k, const void *handle) {
    slot *found = find(k, handle);
    return found ? found->object : NULL;
}

void *handle_end(kind k, const void *handle) {
    slot *found = find(k, handle);
    if (!found) {
        if (handle) handle_misused();
        return NULL;
    }
    void *object = found->object;
    found->object = NULL;
    found->generation = found->generation == GENERATION_MAX ? 1 : found->generation + 1;
    table.live[k]--;
    give_back((uint32_t)(found - table.slots));
    return object;
}

void *handle_of(kind k, const void *object) {
    for (uint32_t i = 0; i < table.capacity; i++)
        if (table.slots[i].object == object && table.slots[i].kind == k) return handle_at(i);
    return NULL;
}

void handle_misused(void) {
    table.misuses++;
}

bool handles_used_up(void) {
    return table.capacity == HANDLES_MAX && !table.free_count;
}

/* ---- What can be read from outside ------------------------------------------------------- */

uint32_t vp_ort_live(uint32_t k) {
    return k < KIND_COUNT ? table.live[k] : 0;
}

const char *vp_ort_kind_name(uint32_t k) {
    static const char *const names[] = {
#define NAME_OF(name) #name,
        EACH_KIND(NAME_OF)
#undef NAME_OF
    };
    return k < KIND_COUNT ? names[k] : NULL;
}

uint32_t vp_ort_misuses(void) {
    return table.misuses;
}
