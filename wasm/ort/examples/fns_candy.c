/* fns_candy.c: a picture in another style, after ONNX Runtime's sample of the same name.
 *
 * It is written for ONNX Runtime's C API alone, so the same file links against the native library; only
 * its caller is JavaScript instead of a main():
 *
 *   candy_open("candy.onnx", NULL)     once: environment, options, session
 *   candy_style(rgba, width, height)   as often as you like, for pictures of any size
 *   candy_close()                      at the end
 *   candy_error()                      what went wrong, when one of them says that something did
 */
#include <onnxruntime_c_api.h>
#include <stdlib.h>
#include <string.h>

/* Called from outside: not to be thrown away by the linker. */
#define EXPORT __attribute__((used))

static const OrtApi *ort;
static OrtEnv *env;
static OrtSessionOptions *options;
static OrtSession *session;
static uint8_t *styled;
static char error[512];

static void say(const char *message) {
    size_t length = strlen(message);
    if (length >= sizeof error) length = sizeof error - 1;
    memcpy(error, message, length);
    error[length] = 0;
}

/* Every call gives a status; NULL is success. The others are ours to release. */
static int failed(OrtStatus *status) {
    if (!status) return 0;
    say(ort->GetErrorMessage(status));
    ort->ReleaseStatus(status);
    return 1;
}

/* From pixels, RGBA RGBA ..., to planes, RR... GG... BB..., and back; from 0 to 255. */
static void to_planes(const uint8_t *rgba, size_t pixels, float *planes) {
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < 3; c++)
            planes[c * pixels + i] = rgba[4 * i + c];
}

static void to_pixels(const float *planes, size_t pixels, uint8_t *rgba) {
    for (size_t i = 0; i < pixels; i++) {
        for (size_t c = 0; c < 3; c++) {
            float value = planes[c * pixels + i];
            rgba[4 * i + c] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
        }
        rgba[4 * i + 3] = 255;
    }
}

static int one_input_and_one_output(void) {
    size_t inputs, outputs;
    if (failed(ort->SessionGetInputCount(session, &inputs)) ||
        failed(ort->SessionGetOutputCount(session, &outputs)))
        return 0;
    if (inputs == 1 && outputs == 1) return 1;
    say("the model is of another kind: it should have one input and one output");
    return 0;
}

EXPORT const char *candy_error(void) {
    return error;
}

EXPORT void candy_close(void) {
    free(styled);
    styled = NULL;
    if (!ort) return;
    ort->ReleaseSessionOptions(options);
    ort->ReleaseSession(session);
    ort->ReleaseEnv(env);
    options = NULL;
    session = NULL;
    env = NULL;
}

/* A provider may be refused by its name, or only when there is a session to be made on it. */
static int open_session(const char *model_path, const char *provider) {
    if (!failed(ort->CreateSessionOptions(&options)) &&
        !(provider &&
          failed(ort->SessionOptionsAppendExecutionProvider(options, provider, NULL, NULL, 0))) &&
        !failed(ort->CreateSession(env, model_path, options, &session)))
        return 1;
    ort->ReleaseSessionOptions(options);
    options = NULL;
    return 0;
}

/* provider: "WebGPU", or NULL for the CPU. Returns 1; 2 when the provider was refused, candy_error()
 * says why and the CPU does it; 0 when there is no session. */
EXPORT int candy_open(const char *model_path, const char *provider) {
    candy_close();
    error[0] = 0;
    ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    if (!ort) {
        say("this ONNX Runtime is older than the header");
        return 0;
    }
    if (failed(ort->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "fns_candy", &env))) return 0;
    int refused = provider && !open_session(model_path, provider);
    if (!session && !open_session(model_path, NULL)) return 0;
    if (!one_input_and_one_output()) return 0;
    return refused ? 2 : 1;
}

static OrtValue *picture_tensor(float *planes, int64_t width, int64_t height) {
    const int64_t shape[] = {1, 3, height, width};
    const size_t bytes = (size_t)(3 * height * width) * sizeof *planes;
    OrtMemoryInfo *memory;
    if (failed(ort->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory)))
        return NULL;
    OrtValue *tensor = NULL;
    failed(ort->CreateTensorWithDataAsOrtValue(memory, planes, bytes, shape, 4,
                                               ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &tensor));
    ort->ReleaseMemoryInfo(memory);
    return tensor;
}

static int is_tensor(const OrtValue *value) {
    int yes = 0;
    if (failed(ort->IsTensor(value, &yes))) return 0;
    if (!yes) say("no tensor");
    return yes;
}

/* From one tensor's picture to the pixels in `styled`. */
static int run(const OrtValue *input, size_t pixels) {
    const char *const input_names[] = {"inputImage"};
    const char *const output_names[] = {"outputImage"};
    OrtValue *output = NULL;
    if (failed(ort->Run(session, NULL, input_names, &input, 1, output_names, 1, &output))) return 0;
    float *planes;
    int done = is_tensor(output) && !failed(ort->GetTensorMutableData(output, (void **)&planes));
    if (done) to_pixels(planes, pixels, styled);
    ort->ReleaseValue(output);
    return done;
}

/* rgba: width * height pixels of four bytes, as a canvas has them. Returns as many, which stay until the
 * next call; NULL on failure. */
EXPORT const uint8_t *candy_style(const uint8_t *rgba, uint32_t width, uint32_t height) {
    error[0] = 0;
    if (!session) {
        say("candy_open() comes first");
        return NULL;
    }
    size_t pixels = (size_t)width * height;
    float *planes = malloc(3 * pixels * sizeof *planes);
    free(styled);
    styled = malloc(4 * pixels);
    int done = 0;
    if (planes && styled) {
        to_planes(rgba, pixels, planes);
        OrtValue *input = picture_tensor(planes, width, height);
        done = input && is_tensor(input) && run(input, pixels);
        ort->ReleaseValue(input);
    } else {
        say("no memory for a picture of this size");
    }
    free(planes); /* the tensor only borrowed it */
    return done ? styled : NULL;
}
