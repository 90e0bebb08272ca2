/* What vp_vad_model_init() accepts and refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include "voicepath/vad.h"
#include "weights_bytes.h"

static int32_t unpack(const uint8_t *bytes, uint32_t length) {
    uint32_t size = (uint32_t)vp_vad_model_size();
    void *model = aligned_alloc(VP_ALIGNMENT, size);
    int32_t status = vp_vad_model_init(model, size, bytes, length);
    free(model);
    return status;
}

static void accepts_both_precisions_and_generations(void **state) {
    (void)state;
    for (uint32_t bits = 16; bits <= 32; bits += 16) {
        for (uint32_t generation = 5; generation <= 6; generation++) {
            uint8_t *file = calloc(1, weights_length(bits));
            weights_seal(file, generation, bits);
            assert_int_equal(unpack(file, weights_length(bits)), generation);
            free(file);
        }
    }
}

static void refuses_every_truncation(void **state) {
    (void)state;
    uint8_t *file = weights_constant(0);
    assert_int_equal(unpack(file, 0), VP_E_WEIGHTS_FOREIGN);
    assert_int_equal(unpack(file, 3), VP_E_WEIGHTS_FOREIGN);
    for (uint32_t length = 4; length < weights_length(16); length += length < 64 ? 1 : 9973)
        assert_int_equal(unpack(file, length), VP_E_WEIGHTS_TRUNCATED);
    assert_int_equal(unpack(file, weights_length(16) - 1), VP_E_WEIGHTS_TRUNCATED);
    uint8_t *longer = calloc(1, weights_length(16) + 1);
    memcpy(longer, file, weights_length(16));
    assert_int_equal(unpack(longer, weights_length(16) + 1), VP_E_WEIGHTS_TRUNCATED);
    free(longer);
    free(file);
}

static void refuses_foreign_files(void **state) {
    (void)state;
    uint8_t *file = weights_constant(0);
    const struct {
        uint32_t at;
        uint32_t value;
        int32_t status;
    } changes[] = {
        {0, 0x6d736100, VP_E_WEIGHTS_FOREIGN}, /* a wasm file */
        {4, 2, VP_E_WEIGHTS_FORMAT},           /* a later format */
        {8, 4, VP_E_WEIGHTS_FORMAT},           /* Silero v4 */
        {8, 7, VP_E_WEIGHTS_FORMAT},
        {12, 8, VP_E_WEIGHTS_FORMAT},
        {12, 32, VP_E_WEIGHTS_TRUNCATED}, /* f32 would be longer */
        {16, 5, VP_E_WEIGHTS_TRUNCATED},
        {20, 0, VP_E_WEIGHTS_CORRUPT},
        {WEIGHTS_OUT_BIAS, 1, VP_E_WEIGHTS_CORRUPT},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        uint8_t *changed = malloc(weights_length(16));
        memcpy(changed, file, weights_length(16));
        put_u32(changed + changes[i].at, changes[i].value);
        assert_int_equal(unpack(changed, weights_length(16)), changes[i].status);
        free(changed);
    }
    free(file);
}

static void refuses_bad_memory(void **state) {
    (void)state;
    uint8_t *file = weights_constant(0);
    uint32_t size = (uint32_t)vp_vad_model_size();
    char *block = aligned_alloc(VP_ALIGNMENT, size + VP_ALIGNMENT);
    vp_vad_model *model = (vp_vad_model *)block;
    uint32_t length = weights_length(16);
    assert_int_equal(vp_vad_model_init(NULL, size, file, length), VP_E_NULL);
    assert_int_equal(vp_vad_model_init(model, size, NULL, length), VP_E_NULL);
    assert_int_equal(vp_vad_model_init(model, size - 1, file, length), VP_E_MEMORY);
    assert_int_equal(vp_vad_model_init((vp_vad_model *)(block + 4), size, file, length),
                     VP_E_MEMORY);
    free(block);
    free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_both_precisions_and_generations),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(refuses_foreign_files),
        cmocka_unit_test(refuses_bad_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
