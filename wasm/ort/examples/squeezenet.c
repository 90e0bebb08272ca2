/* squeezenet.c: what is this a drawing of? After ONNX Runtime's sample C_Api_Sample.
 *
 * Like that one it asks the model what it takes before it runs it. It is written for ONNX Runtime's C
 * API alone, so the same file links against the native library; its caller is JavaScript:
 *
 *   squeezenet_open("squeezenet.onnx")   once
 *   squeezenet_description()             the model's inputs, one a line
 *   squeezenet_classify(rgba)            32 by 32 pixels of four bytes, as a canvas has them
 *   squeezenet_scores()                  how likely each of the labels is
 *   squeezenet_close()                   at the end
 *   squeezenet_error()                   what went wrong, when one of them says that something did
 */
#include <onnxruntime_c_api.h>
#include <stdio.h>

/* Called from outside: not to be thrown away by the linker. */
#define EXPORT __attribute__((used))

enum { EDGE = 32, PIXELS = EDGE * EDGE, RANK_MAX = 8 };

static const char *const labels[] = {"circle", "square", "triangle", "star",   "heart",
                                     "plus",   "cross",  "zigzag",   "spiral", "arrow"};
enum { LABELS = sizeof labels / sizeof *labels };

static const OrtApi *ort;
static OrtEnv *env;
static OrtSessionOptions *options;
static OrtSession *session;
static OrtAllocator *allocator;
static char *input_name;
static float scores[LABELS];
static char description[256];
static char error[512];

/* Every call gives a status; NULL is success. The others are ours to release. */
static int failed(OrtStatus *status) {
    if (!status) return 0;
    snprintf(error, sizeof error, "%s", ort->GetErrorMessage(status));
    ort->ReleaseStatus(status);
    return 1;
}

static int refuse(const char *why) {
    snprintf(error, sizeof error, "%s", why);
    return 0;
}

/* "Input 0: data, type 1, shape 1 x 3 x 32 x 32" */
static int describe(const OrtTensorTypeAndShapeInfo *info, size_t index) {
    ONNXTensorElementDataType type;
    size_t rank;
    int64_t shape[RANK_MAX];
    if (failed(ort->GetTensorElementType(info, &type)) ||
        failed(ort->GetDimensionsCount(info, &rank)))
        return 0;
    if (rank > RANK_MAX) return refuse("an input has more dimensions than pictures have");
    if (failed(ort->GetDimensions(info, shape, rank))) return 0;
    int at = snprintf(description, sizeof description, "Input %zu: %s, type %d, shape", index,
                      input_name, (int)type);
    for (size_t i = 0; i < rank && at < (int)sizeof description; i++)
        at += snprintf(description + at, sizeof description - (size_t)at, "%s %d", i ? " x" : "",
                       (int)shape[i]);
    const int64_t wanted[] = {1, 3, EDGE, EDGE};
    int fits = rank == 4 && type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
    for (size_t i = 0; fits && i < rank; i++)
        fits = shape[i] == wanted[i];
    return fits ? 1 : refuse("the model does not take one float picture of 32 by 32 pixels");
}

static int look_at_inputs(void) {
    size_t count;
    if (failed(ort->SessionGetInputCount(session, &count))) return 0;
    if (count != 1) return refuse("the model should have one input");
    OrtTypeInfo *type_info;
    if (failed(ort->SessionGetInputName(session, 0, allocator, &input_name)) ||
        failed(ort->SessionGetInputTypeInfo(session, 0, &type_info)))
        return 0;
    const OrtTensorTypeAndShapeInfo *info; /* a part of type_info */
    int fits = !failed(ort->CastTypeInfoToTensorInfo(type_info, &info)) && describe(info, 0);
    ort->ReleaseTypeInfo(type_info);
    return fits;
}

EXPORT const char *squeezenet_error(void) {
    return error;
}
EXPORT const char *squeezenet_description(void) {
    return description;
}
EXPORT const float *squeezenet_scores(void) {
    return scores;
}

EXPORT const char *squeezenet_label(uint32_t index) {
    return index < LABELS ? labels[index] : NULL;
}

EXPORT void squeezenet_close(void) {
    if (!ort) return;
    if (input_name) failed(ort->AllocatorFree(allocator, input_name));
    input_name = NULL;
    ort->ReleaseSession(session);
    ort->ReleaseSessionOptions(options);
    ort->ReleaseEnv(env);
    session = NULL;
    options = NULL;
    env = NULL;
}

/* Returns 1, or 0 on failure. */
EXPORT int squeezenet_open(const char *model_path) {
    squeezenet_close();
    error[0] = 0;
    ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    if (!ort) return refuse("this ONNX Runtime is older than the header");
    return !failed(ort->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "squeezenet", &env)) &&
           !failed(ort->CreateSessionOptions(&options)) &&
           !failed(ort->SetIntraOpNumThreads(options, 1)) &&
           !failed(ort->SetSessionGraphOptimizationLevel(options, ORT_ENABLE_BASIC)) &&
           !failed(ort->CreateSession(env, model_path, options, &session)) &&
           !failed(ort->GetAllocatorWithDefaultOptions(&allocator)) && look_at_inputs();
}

/* Planes of red, green and blue, from 0 to 1. */
static void to_planes(const uint8_t *rgba, float *planes) {
    for (size_t i = 0; i < PIXELS; i++)
        for (size_t c = 0; c < 3; c++)
            planes[c * PIXELS + i] = (float)rgba[4 * i + c] / 255;
}

static int take_scores(OrtValue *output) {
    int is_tensor;
    float *data;
    if (failed(ort->IsTensor(output, &is_tensor))) return 0;
    if (!is_tensor) return refuse("no tensor");
    if (failed(ort->GetTensorMutableData(output, (void **)&data))) return 0;
    for (size_t i = 0; i < LABELS; i++)
        scores[i] = data[i];
    return 1;
}

static int run(const OrtValue *input) {
    const char *const input_names[] = {input_name};
    const char *const output_names[] = {"softmaxout"};
    OrtValue *output = NULL;
    if (failed(ort->Run(session, NULL, input_names, &input, 1, output_names, 1, &output))) return 0;
    int done = take_scores(output);
    ort->ReleaseValue(output);
    return done;
}

/* Returns the likeliest label's number, or -1 on failure. */
EXPORT int squeezenet_classify(const uint8_t *rgba) {
    static float planes[3 * PIXELS]; /* the tensor borrows it */
    static const int64_t shape[] = {1, 3, EDGE, EDGE};
    error[0] = 0;
    if (!session) return refuse("squeezenet_open() comes first") - 1;
    to_planes(rgba, planes);
    OrtMemoryInfo *memory;
    if (failed(ort->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory))) return -1;
    OrtValue *input = NULL;
    int is_tensor = 0;
    int done =
        !failed(ort->CreateTensorWithDataAsOrtValue(memory, planes, sizeof planes, shape, 4,
                                                    ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &input)) &&
        !failed(ort->IsTensor(input, &is_tensor)) && is_tensor;
    ort->ReleaseMemoryInfo(memory);
    done = done && run(input);
    ort->ReleaseValue(input);
    if (!done) return -1;
    int best = 0;
    for (int i = 1; i < LABELS; i++)
        if (scores[i] > scores[best]) best = i;
    return best;
}
