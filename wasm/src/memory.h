/* Laying objects out in a block of memory that the caller owns. */
#ifndef VP_MEMORY_H
#define VP_MEMORY_H

#include "voicepath/base.h"

static inline uint32_t vp_align_up(size_t size) {
    return (uint32_t)((size + VP_ALIGNMENT - 1) & ~(size_t)(VP_ALIGNMENT - 1));
}

/* The next part of a block, of `count` things; `at` moves behind it. */
static inline void *vp_carve(uintptr_t *at, size_t count, size_t size) {
    void *part = (void *)*at;
    *at += vp_align_up(count * size);
    return part;
}

static inline int vp_block_fits(const void *block, uint32_t size, int32_t needed) {
    return (uintptr_t)block % VP_ALIGNMENT == 0 && size >= (uint32_t)needed;
}

#endif
