/* Weights files made up for tests. */
#ifndef WEIGHTS_BYTES_H
#define WEIGHTS_BYTES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "voicepath/vad.h"

enum {
    WEIGHTS_HEADER = 32,
    WEIGHTS_VECTORS = 128 + 64 + 64 + 128 + 512 + 128 + 1,
    WEIGHTS_MATRICES =
        128 * 129 * 3 + 64 * 128 * 3 + 64 * 64 * 2 + 128 * 64 + 512 * 128 + 512 * 128,
    WEIGHTS_OUT_BIAS = WEIGHTS_HEADER + (WEIGHTS_VECTORS - 1) * 4
};

static inline uint32_t weights_length(uint32_t bits) {
    return WEIGHTS_HEADER + WEIGHTS_VECTORS * 4u + WEIGHTS_MATRICES * (bits / 8);
}

static inline void put_u32(uint8_t *to, uint32_t value) {
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

/* CRC-32 bit by bit, the definition. */
static inline uint32_t weights_crc(const uint8_t *bytes, uint32_t length) {
    uint32_t crc = 0xffffffff;
    for (uint32_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

static inline void weights_seal(uint8_t *file, uint32_t generation, uint32_t bits) {
    memcpy(file, "VPSV", 4);
    put_u32(file + 4, 1);
    put_u32(file + 8, generation);
    put_u32(file + 12, bits);
    put_u32(file + 16, weights_length(bits) - WEIGHTS_HEADER);
    put_u32(file + 20, weights_crc(file + WEIGHTS_HEADER, weights_length(bits) - WEIGHTS_HEADER));
    memset(file + 24, 0, 8);
}

/* All weights zero: every frame has the probability sigmoid(out_bias). The caller frees. */
static inline uint8_t *weights_constant(float out_bias) {
    uint8_t *file = calloc(1, weights_length(16));
    uint32_t bits;
    memcpy(&bits, &out_bias, 4);
    put_u32(file + WEIGHTS_OUT_BIAS, bits);
    weights_seal(file, 6, 16);
    return file;
}

/* The model of these weights. The caller frees. */
static inline vp_vad_model *constant_model(float out_bias) {
    uint8_t *file = weights_constant(out_bias);
    uint32_t size = (uint32_t)vp_vad_model_size();
    vp_vad_model *model = aligned_alloc(VP_ALIGNMENT, (size + 15) & ~15u);
    if (vp_vad_model_init(model, size, file, weights_length(16)) != 6) abort();
    free(file);
    return model;
}

#endif
