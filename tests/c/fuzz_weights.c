/* Any bytes as a weights file; half of them with a right header and checksum, to get past those. */
#include "voicepath/vad.h"
#include "weights_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    static vp_vad_model *model;
    uint32_t size = (uint32_t)vp_vad_model_size();
    if (!model) model = aligned_alloc(VP_ALIGNMENT, (size + 15) & ~15u);
    if (length == 0) return 0;
    if (data[0] % 2 == 0) {
        vp_vad_model_init(model, size, data + 1, (uint32_t)length - 1);
        return 0;
    }
    uint32_t bits = data[0] & 2 ? 32 : 16;
    uint32_t file_length = weights_length(bits);
    uint8_t *file = calloc(1, file_length);
    for (uint32_t i = WEIGHTS_HEADER; i < file_length; i++)
        file[i] = data[i % length] ^ (uint8_t)(i >> 8);
    weights_seal(file, 5 + (data[0] >> 2 & 1), bits);
    if (vp_vad_model_init(model, size, file, file_length) < 5) abort();
    free(file);
    return 0;
}
