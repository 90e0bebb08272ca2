/* probabilities WEIGHTS <speech >probabilities: both float32, little-endian; speech at 16 kHz. */
#include <stdio.h>
#include <stdlib.h>

#include "voicepath/vad.h"

static void fail(const char *what) {
    fprintf(stderr, "probabilities: %s\n", what);
    exit(1);
}

int main(int argc, char **argv) {
    static unsigned char weights[1 << 20];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file) fail("cannot open the weights");
    size_t length = fread(weights, 1, sizeof weights, file);
    fclose(file);

    uint32_t model_size = (uint32_t)vp_vad_model_size();
    vp_vad_model *model = aligned_alloc(VP_ALIGNMENT, (model_size + 15) & ~15u);
    int32_t generation = vp_vad_model_init(model, model_size, weights, (uint32_t)length);
    if (generation < 0) fail(vp_status_message(generation));

    vp_vad_config config;
    vp_vad_config_init(&config);
    int32_t size = vp_vad_size(&config);
    vp_vad *vad = aligned_alloc(VP_ALIGNMENT, ((uint32_t)size + 15) & ~15u);
    if (vp_vad_init(vad, (uint32_t)size, &config, model) < 0) fail("cannot make the VAD");

    float frame[VP_VAD_FRAME_SAMPLES];
    while (fread(frame, sizeof frame, 1, stdin) == 1) {
        vp_vad_output output;
        vp_vad_push(vad, frame, VP_VAD_FRAME_SAMPLES, &output);
        fwrite(&output.probability, sizeof(float), 1, stdout);
    }
    free(vad);
    free(model);
}
