/* A fuzzer's bytes, taken one after the other. */
#ifndef TAPE_H
#define TAPE_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

typedef struct tape {
    const uint8_t *at;
    size_t left;
} tape;

/* The next bytes as one number, or what there is of them. */
static inline uint32_t take(tape *t, uint32_t bytes) {
    uint32_t value = 0;
    for (; bytes && t->left; bytes--, t->left--)
        value = value << 8 | *t->at++;
    return value;
}

#endif
