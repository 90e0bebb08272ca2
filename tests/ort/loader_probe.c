/* loader_probe.c: the loader's functions one by one, for tests/js/ort-program.test.ts and its siblings.
 *
 * The first part calls the host (wasm/ort/host.h) without the C API between, the second lets RunAsync
 * call back, the third does what breaks a program.
 */
#include <onnxruntime_c_api.h>
#include <stdlib.h>
#include <string.h>

#include "../../wasm/ort/host.h"

#define EXPORT __attribute__((used))

enum { RANK_MAX = 8 };

/* ---- The host -------------------------------------------------------------------------------- */

static int64_t shape[RANK_MAX];
static char text[4096];

EXPORT int64_t *probe_shape(void) {
    return shape;
}

EXPORT int32_t probe_create(const void *model, uint32_t bytes, const char *options,
                            uint32_t options_bytes) {
    return ort_host_session_create(model, bytes, NULL, 0, options, options_bytes);
}
EXPORT int32_t probe_create_path(const char *path) {
    return ort_host_session_create(NULL, 0, path, (uint32_t)strlen(path), NULL, 0);
}
EXPORT void probe_close(int32_t session) {
    ort_host_session_release(session);
}

EXPORT uint32_t probe_count(int32_t session, uint32_t side) {
    return ort_host_session_count(session, side);
}
static char *terminated(uint32_t bytes) {
    text[bytes < sizeof text ? bytes : sizeof text - 1] = 0;
    return text;
}
EXPORT char *probe_name(int32_t session, uint32_t side, uint32_t index) {
    return terminated(ort_host_session_name(session, side, index, text, sizeof text - 1));
}
EXPORT uint32_t probe_type(int32_t session, uint32_t side, uint32_t index) {
    return ort_host_session_type(session, side, index);
}
EXPORT uint32_t probe_rank(int32_t session, uint32_t side, uint32_t index) {
    return ort_host_session_rank(session, side, index);
}
EXPORT double probe_dimension(int32_t session, uint32_t side, uint32_t index, uint32_t dimension) {
    return ort_host_session_dimension(session, side, index, dimension);
}
EXPORT char *probe_symbol(int32_t session, uint32_t side, uint32_t index, uint32_t dimension) {
    return terminated(
        ort_host_session_symbol(session, side, index, dimension, text, sizeof text - 1));
}
EXPORT char *probe_error(void) {
    return terminated(ort_host_error_message(text, sizeof text - 1));
}
EXPORT char *probe_version(void) {
    return terminated(ort_host_version(text, sizeof text - 1));
}
/* The first of the list. */
EXPORT char *probe_provider(void) {
    ort_host_providers(text, sizeof text - 1);
    return text;
}
EXPORT uint32_t probe_can_wait(void) {
    return ort_host_can_wait();
}

EXPORT void probe_begin(int32_t session) {
    ort_host_run_begin(session);
}
EXPORT void probe_input(uint32_t index, uint32_t type, uint32_t rank, const void *data,
                        uint32_t bytes) {
    ort_host_run_input(index, type, shape, rank, data, bytes);
}
EXPORT void probe_output(uint32_t index) {
    ort_host_run_output(index);
}
/* The marker is on the stack that waiting puts aside. */
EXPORT int32_t probe_run(void) {
    volatile int32_t marker = 0x5eed;
    int32_t result = ort_host_run();
    return marker == 0x5eed ? result : INT32_MIN;
}

EXPORT uint32_t probe_result_type(int32_t result, uint32_t index) {
    return ort_host_result_type(result, index);
}
/* The rank; the shape is where probe_shape() says. */
EXPORT uint32_t probe_result_shape(int32_t result, uint32_t index) {
    ort_host_result_shape(result, index, shape);
    return ort_host_result_rank(result, index);
}
EXPORT uint32_t probe_result_bytes(int32_t result, uint32_t index) {
    return ort_host_result_bytes(result, index);
}
EXPORT void probe_result_data(int32_t result, uint32_t index, void *into) {
    ort_host_result_data(result, index, into);
}
EXPORT void probe_result_release(int32_t result) {
    ort_host_result_release(result);
}

/* ---- The order of things --------------------------------------------------------------------- */

static uint32_t events[64], event_count;

static void happened(uint32_t event) {
    if (event_count < sizeof events / sizeof *events) events[event_count++] = event;
}
EXPORT uint32_t *probe_events(void) {
    return events;
}
EXPORT uint32_t probe_event_count(void) {
    return event_count;
}

/* Notes where it enters and leaves a run that was put together before. */
EXPORT int32_t probe_noted_run(uint32_t event) {
    happened(event);
    int32_t result = ort_host_run();
    happened(event + 1);
    return result;
}

/* ---- RunAsync -------------------------------------------------------------------------------- */

static const OrtApi *ort;
static OrtEnv *env;
static OrtSession *session;
static OrtMemoryInfo *memory;
static OrtValue *input, *output;
static float number;
static const char *input_name = "x", *output_name = "y";

static void release(OrtStatus *status) {
    if (status) ort->ReleaseStatus(status);
}

/* A model from a float x of [1] to a y. 1 when all is there. */
EXPORT int32_t probe_open(const char *path) {
    static const int64_t one[] = {1};
    ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    release(ort->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "probe", &env));
    release(ort->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory));
    OrtSessionOptions *options = NULL;
    release(ort->CreateSessionOptions(&options));
    release(ort->CreateSession(env, path, options, &session));
    ort->ReleaseSessionOptions(options);
    release(ort->CreateTensorWithDataAsOrtValue(memory, &number, sizeof number, one, 1,
                                                ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &input));
    return session && input;
}

static void take(OrtValue **values) {
    float *y = NULL;
    release(ort->GetTensorMutableData(values[0], (void **)&y));
    happened(y ? (uint32_t)*y : 999);
    ort->ReleaseValue(values[0]);
    values[0] = NULL;
}

static void finished(void *data, OrtValue **values, size_t count, OrtStatus *status) {
    (void)data;
    happened(status ? 900 + ort->GetErrorCode(status) : 100 + (uint32_t)count);
    release(status);
    if (values && values[0]) take(values);
}

/* Starts a run of x, then makes x another number, which must not matter. */
EXPORT void probe_start(float x) {
    number = x;
    output = NULL;
    release(ort->RunAsync(session, NULL, &input_name, (const OrtValue *const *)&input, 1,
                          &output_name, 1, &output, finished, NULL));
    number = -1;
    happened(1);
}

EXPORT void probe_shut(void) {
    ort->ReleaseValue(input);
    ort->ReleaseMemoryInfo(memory);
    ort->ReleaseSession(session);
    ort->ReleaseEnv(env);
}

/* ---- What breaks ----------------------------------------------------------------------------- */

EXPORT void probe_trap(void) {
    __builtin_trap();
}

/* Many frames below a wait: more than a small Asyncify stack holds. */
__attribute__((noinline)) static int32_t deep(uint32_t depth) {
    volatile uint32_t kept = depth;
    int32_t result = depth ? deep(depth - 1) : ort_host_run();
    return kept == depth ? result : INT32_MIN;
}
EXPORT int32_t probe_deep_run(uint32_t depth) {
    return deep(depth);
}

/* Makes the memory grow, which leaves every view behind. */
EXPORT uint32_t probe_grow(uint32_t bytes) {
    static void *volatile block;
    block = malloc(bytes);
    return block != NULL;
}
