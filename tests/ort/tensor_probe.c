/* tensor_probe.c: any tensors through any way to run, for tests/js/ort-tensors.ts.
 *
 * JavaScript opens a model, adds inputs and outputs, runs, and reads the results. Functions that can
 * fail return an OrtErrorCode; probe_message() says more.
 */
#include <onnxruntime_c_api.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((used))

enum { VALUES_MAX = 8, RANK_MAX = 8 };
enum how { RUN, BINDING, ASYNC };

struct side {
    size_t count;
    const char *names[VALUES_MAX];
    OrtValue *values[VALUES_MAX];
};

static const OrtApi *ort;
static OrtEnv *env;
static OrtSessionOptions *options;
static OrtSession *session;
static OrtMemoryInfo *memory;
static OrtAllocator *allocator;
static struct side inputs, outputs;
static int finished;
static char message[512];

/* Keeps the message and releases the status. */
static int32_t code(OrtStatus *status) {
    if (!status) return ORT_OK;
    strncpy(message, ort->GetErrorMessage(status), sizeof message - 1);
    OrtErrorCode code = ort->GetErrorCode(status);
    ort->ReleaseStatus(status);
    return (int32_t)code;
}

#define TRY(call)                                                                                  \
    do {                                                                                           \
        int32_t code_ = code(call);                                                                \
        if (code_ != ORT_OK) return code_;                                                         \
    } while (0)

static int32_t wrong(const char *what) {
    strncpy(message, what, sizeof message - 1);
    return ORT_FAIL;
}

static void clear(struct side *side) {
    for (size_t i = 0; i < side->count; i++)
        ort->ReleaseValue(side->values[i]);
    memset(side, 0, sizeof *side);
}

EXPORT const char *probe_message(void) {
    return message;
}
EXPORT int32_t probe_finished(void) {
    return finished;
}

/* Forgets the last run's inputs and outputs. */
EXPORT void probe_clear(void) {
    clear(&inputs);
    clear(&outputs);
}

EXPORT void probe_close(void) {
    if (!ort) return;
    probe_clear();
    ort->ReleaseMemoryInfo(memory);
    ort->ReleaseSession(session);
    ort->ReleaseSessionOptions(options);
    ort->ReleaseEnv(env);
    memory = NULL;
    session = NULL;
    options = NULL;
    env = NULL;
}

/* path NULL: the model's bytes. provider NULL: the CPU. */
EXPORT int32_t probe_open(const char *path, const void *model, uint32_t bytes,
                          const char *provider) {
    probe_close();
    ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    TRY(ort->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "probe", &env));
    TRY(ort->CreateSessionOptions(&options));
    if (provider) TRY(ort->SessionOptionsAppendExecutionProvider(options, provider, NULL, NULL, 0));
    TRY(ort->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory));
    TRY(ort->GetAllocatorWithDefaultOptions(&allocator));
    if (path)
        TRY(ort->CreateSession(env, path, options, &session));
    else
        TRY(ort->CreateSessionFromArray(env, model, bytes, options, &session));
    return ORT_OK;
}

/* ---- What the session says of its inputs (side 0) and outputs (1) ---------------------------- */

static struct {
    char *name;
    ONNXTensorElementDataType type;
    size_t rank;
    int64_t shape[RANK_MAX];
    const char *symbols[RANK_MAX];
} described;
static OrtTypeInfo *described_info;

EXPORT uint32_t probe_count(uint32_t side) {
    size_t count;
    int32_t failure = code(side ? ort->SessionGetOutputCount(session, &count)
                                : ort->SessionGetInputCount(session, &count));
    return failure ? 0 : count;
}

EXPORT int32_t probe_describe(uint32_t side, uint32_t index) {
    const OrtTensorTypeAndShapeInfo *info;
    if (side) {
        TRY(ort->SessionGetOutputName(session, index, allocator, &described.name));
        TRY(ort->SessionGetOutputTypeInfo(session, index, &described_info));
    } else {
        TRY(ort->SessionGetInputName(session, index, allocator, &described.name));
        TRY(ort->SessionGetInputTypeInfo(session, index, &described_info));
    }
    TRY(ort->CastTypeInfoToTensorInfo(described_info, &info));
    TRY(ort->GetTensorElementType(info, &described.type));
    TRY(ort->GetDimensionsCount(info, &described.rank));
    if (described.rank > RANK_MAX) return wrong("more dimensions than the probe has room for");
    TRY(ort->GetDimensions(info, described.shape, described.rank));
    TRY(ort->GetSymbolicDimensions(info, described.symbols, described.rank));
    return ORT_OK;
}

EXPORT const char *probe_described_name(void) {
    return described.name;
}
EXPORT int32_t probe_described_type(void) {
    return (int32_t)described.type;
}
EXPORT uint32_t probe_described_rank(void) {
    return described.rank;
}
EXPORT double probe_described_dimension(uint32_t i) {
    return (double)described.shape[i];
}
EXPORT const char *probe_described_symbol(uint32_t i) {
    return described.symbols[i];
}

/* Before the next probe_describe(). */
EXPORT int32_t probe_described_free(void) {
    ort->ReleaseTypeInfo(described_info);
    return code(ort->AllocatorFree(allocator, described.name));
}

/* ---- Values ---------------------------------------------------------------------------------- */

/* count strings, a NUL behind each */
static OrtStatus *fill_strings(OrtValue *value, const char *strings, size_t count) {
    const char **each = malloc((count + 1) * sizeof *each);
    for (size_t i = 0; i < count; i++) {
        each[i] = strings;
        strings += strlen(strings) + 1;
    }
    OrtStatus *status = ort->FillStringTensor(value, each, count);
    free(each);
    return status;
}

/* A number's data is lent until probe_clear(); of strings there are `bytes`. */
EXPORT int32_t probe_input(const char *name, int32_t type, const int64_t *shape, uint32_t rank,
                           void *data, uint32_t bytes) {
    if (inputs.count == VALUES_MAX) return wrong("too many inputs");
    OrtValue **value = &inputs.values[inputs.count];
    if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING) {
        TRY(ort->CreateTensorAsOrtValue(allocator, shape, rank,
                                        ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING, value));
        TRY(fill_strings(*value, data, bytes));
    } else {
        TRY(ort->CreateTensorWithDataAsOrtValue(memory, data, bytes, shape, rank,
                                                (ONNXTensorElementDataType)type, value));
    }
    inputs.names[inputs.count++] = name;
    return ORT_OK;
}

/* type 0: the runtime makes the value. */
EXPORT int32_t probe_output(const char *name, int32_t type, const int64_t *shape, uint32_t rank) {
    if (outputs.count == VALUES_MAX) return wrong("too many outputs");
    if (type != 0)
        TRY(ort->CreateTensorAsOrtValue(allocator, shape, rank, (ONNXTensorElementDataType)type,
                                        &outputs.values[outputs.count]));
    outputs.names[outputs.count++] = name;
    return ORT_OK;
}

/* ---- Runs ------------------------------------------------------------------------------------ */

static int32_t take_bound_values(OrtIoBinding *binding) {
    OrtValue **values;
    size_t count;
    TRY(ort->GetBoundOutputValues(binding, allocator, &values, &count));
    for (size_t i = 0; i < count; i++) {
        ort->ReleaseValue(
            outputs.values[i]); /* the one that was bound: a handle of the same data */
        outputs.values[i] = values[i];
    }
    return code(ort->AllocatorFree(allocator, values));
}

static int32_t run_bound(OrtIoBinding *binding) {
    for (size_t i = 0; i < inputs.count; i++)
        TRY(ort->BindInput(binding, inputs.names[i], inputs.values[i]));
    for (size_t i = 0; i < outputs.count; i++)
        TRY(outputs.values[i] ? ort->BindOutput(binding, outputs.names[i], outputs.values[i])
                              : ort->BindOutputToDevice(binding, outputs.names[i], memory));
    TRY(ort->RunWithBinding(session, NULL, binding));
    return take_bound_values(binding);
}

static void run_ended(void *context, OrtValue **values, size_t count, OrtStatusPtr status) {
    int32_t result = code(status);
    if (result == ORT_OK && (context != &outputs || count != outputs.count))
        result = wrong("the callback got something else");
    if (result == ORT_OK && values != outputs.values)
        result = wrong("the callback got another array");
    finished = result == ORT_OK ? 1 : -result;
}

/* Of ASYNC the end is when probe_finished() is not 0: 1, or minus an OrtErrorCode. */
EXPORT int32_t probe_run(int32_t how) {
    const OrtValue *const *values = (const OrtValue *const *)inputs.values;
    if (how == RUN)
        return code(ort->Run(session, NULL, inputs.names, values, inputs.count, outputs.names,
                             outputs.count, outputs.values));
    if (how == ASYNC) {
        finished = 0;
        return code(ort->RunAsync(session, NULL, inputs.names, values, inputs.count, outputs.names,
                                  outputs.count, outputs.values, run_ended, &outputs));
    }
    OrtIoBinding *binding;
    TRY(ort->CreateIoBinding(session, &binding));
    int32_t result = run_bound(binding);
    ort->ReleaseIoBinding(binding);
    return result;
}

/* ---- Results --------------------------------------------------------------------------------- */

static struct {
    ONNXTensorElementDataType type;
    size_t rank, elements, bytes;
    int64_t shape[RANK_MAX];
    const void *data; /* of strings: one after the other, without NULs */
    char *content;    /* of strings, ours */
    size_t *offsets;  /* of strings: where each begins */
} result;

static int32_t read_strings(const OrtValue *value) {
    TRY(ort->GetStringTensorDataLength(value, &result.bytes));
    result.content = realloc(result.content, result.bytes + 1);
    result.data = result.content;
    result.offsets = realloc(result.offsets, (result.elements + 1) * sizeof *result.offsets);
    TRY(ort->GetStringTensorContent(value, result.content, result.bytes, result.offsets,
                                    result.elements));
    result.offsets[result.elements] = result.bytes;
    for (size_t i = 0; i < result.elements; i++) {
        size_t length, expected = result.offsets[i + 1] - result.offsets[i];
        char element[64];
        TRY(ort->GetStringTensorElementLength(value, i, &length));
        if (length != expected || length > sizeof element)
            return wrong("an element is not as long as the content says");
        TRY(ort->GetStringTensorElement(value, length, i, element));
        if (memcmp(element, result.content + result.offsets[i], length) != 0)
            return wrong("an element is not what the content says");
    }
    return ORT_OK;
}

static size_t element_bytes(ONNXTensorElementDataType type) {
    switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
        return 1;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16:
        return 2;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64:
        return 8;
    default:
        return 4;
    }
}

static int32_t read_info(const OrtTensorTypeAndShapeInfo *info) {
    TRY(ort->GetTensorElementType(info, &result.type));
    TRY(ort->GetDimensionsCount(info, &result.rank));
    TRY(ort->GetTensorShapeElementCount(info, &result.elements));
    if (result.rank > RANK_MAX) return wrong("more dimensions than the probe has room for");
    TRY(ort->GetDimensions(info, result.shape, result.rank));
    return ORT_OK;
}

/* Makes result i the one that the functions below tell of. */
EXPORT int32_t probe_result(uint32_t i) {
    if (i >= outputs.count || !outputs.values[i]) return wrong("there is no such result");
    OrtValue *value = outputs.values[i];
    int is_tensor;
    TRY(ort->IsTensor(value, &is_tensor));
    if (!is_tensor) return wrong("no tensor");
    OrtTensorTypeAndShapeInfo *info;
    TRY(ort->GetTensorTypeAndShape(value, &info));
    int32_t failure = read_info(info);
    ort->ReleaseTensorTypeAndShapeInfo(info);
    if (failure) return failure;
    if (result.type == ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING) return read_strings(value);
    result.bytes = result.elements * element_bytes(result.type);
    return code(ort->GetTensorMutableData(value, (void **)&result.data));
}

EXPORT int32_t probe_result_type(void) {
    return (int32_t)result.type;
}
EXPORT uint32_t probe_result_rank(void) {
    return result.rank;
}
EXPORT double probe_result_dimension(uint32_t i) {
    return (double)result.shape[i];
}
EXPORT uint32_t probe_result_bytes(void) {
    return result.bytes;
}
EXPORT const void *probe_result_data(void) {
    return result.data;
}
EXPORT const size_t *probe_result_offsets(void) {
    return result.offsets;
}
