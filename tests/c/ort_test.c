/* ONNX Runtime's C API as a program sees it: which status comes when, what a handle means and for how long,
 * and that nothing is lost whatever fails. Behind it is a host that does what the tests say (ort_host.h);
 * tests/js runs the same shim over onnxruntime-web. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include "ort_host.h"
#include "voicepath/ort.h"

static const OrtApi *ort;

enum { FLOAT = ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, STRING = ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING };

/* ---- Memory that ends -------------------------------------------------------------------- */

static int64_t allocations_left = INT64_MAX; /* until malloc() gives nothing more */

void *__real_malloc(size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_malloc(size_t bytes) {
    return allocations_left-- > 0 ? __real_malloc(bytes) : NULL;
}

void *__real_calloc(size_t count, size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes) {
    return allocations_left-- > 0 ? __real_calloc(count, bytes) : NULL;
}

/* ---- Statuses ---------------------------------------------------------------------------- */

#define assert_ok(call) assert_null(call)

static void expect(OrtStatus *status, OrtErrorCode code, const char *part) {
    assert_non_null(status);
    if (ort->GetErrorCode(status) != code || !strstr(ort->GetErrorMessage(status), part))
        fail_msg("status %d \"%s\", not %d with \"%s\"", ort->GetErrorCode(status),
                 ort->GetErrorMessage(status), code, part);
    ort->ReleaseStatus(status);
}
#define expect_invalid(call, part) expect(call, ORT_INVALID_ARGUMENT, part)

static uint32_t live(const char *name) {
    for (uint32_t kind = 0; vp_ort_kind_name(kind); kind++)
        if (!strcmp(vp_ort_kind_name(kind), name)) return vp_ort_live(kind);
    fail_msg("no kind %s", name);
    return 0;
}

static void assert_nothing_alive(void) {
    for (uint32_t kind = 0; vp_ort_kind_name(kind); kind++)
        if (vp_ort_live(kind)) fail_msg("%u %s alive", vp_ort_live(kind), vp_ort_kind_name(kind));
    assert_int_equal(host.sessions, 0);
    assert_int_equal(host.results_held, 0);
}

/* ---- A model: x[batch,2] and y[2] in, sum[batch,2] and words[2] out ----------------------- */

static OrtEnv *env;
static OrtSession *session;
static OrtMemoryInfo *memory;

static const char *const INPUTS[] = {"x", "y"}, *const OUTPUTS[] = {"sum", "words"};
static const float SUM[] = {11, 22};
static float x_data[] = {1, 2}, y_data[] = {10, 20};

static int set_up(void **state) {
    (void)state;
    ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    host = (struct host){
        .count = {2, 2},
        .slots = {{{"x", FLOAT, 2, {-1, 2}, {"batch", NULL}}, {"y", FLOAT, 1, {2}, {NULL}}},
                  {{"sum", FLOAT, 2, {-1, 2}, {"batch", NULL}}, {"words", STRING, 1, {2}, {NULL}}}},
        .results = {{.type = FLOAT, .rank = 2, .shape = {1, 2}, .bytes = sizeof SUM},
                    {.type = STRING, .rank = 1, .shape = {2}, .bytes = 7, .data = "one\0two"}},
        .can_wait = 1,
        .message = "because",
        .providers = "WebGpuExecutionProvider\0CPUExecutionProvider\0",
    };
    host.results[1].bytes = 8;
    memcpy(host.results[0].data, SUM, sizeof SUM);
    assert_ok(ort->CreateEnv(ORT_LOGGING_LEVEL_ERROR, "test", &env));
    assert_ok(ort->CreateSessionFromArray(env, "model", 5, NULL, &session));
    assert_ok(ort->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory));
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    ort->ReleaseMemoryInfo(memory);
    ort->ReleaseSession(session);
    ort->ReleaseEnv(env);
    assert_nothing_alive();
    return 0;
}

static OrtValue *value_of(float *data, size_t rank) {
    static const int64_t shape[] = {1, 2};
    OrtValue *value = NULL;
    assert_ok(ort->CreateTensorWithDataAsOrtValue(memory, data, 8, shape + (2 - rank), rank, FLOAT,
                                                  &value));
    return value;
}

/* ---- The table --------------------------------------------------------------------------- */

static void test_table(void **state) {
    (void)state;
    const OrtApiBase *base = OrtGetApiBase();
    assert_ptr_equal(base->GetApi(1), ort);
    assert_null(base->GetApi(ORT_API_VERSION + 1));
    assert_string_equal(base->GetVersionString(), "1.30.0");
    void *const *slots = (void *const *)ort;
    assert_int_equal(sizeof *ort / sizeof *slots, 285);
    for (size_t i = 0; i < sizeof *ort / sizeof *slots; i++)
        assert_non_null(slots[i]);
}

static void test_not_implemented(void **state) {
    (void)state;
#define EXPECT_MISSING(slot, ...) expect(ort->slot(__VA_ARGS__), ORT_NOT_IMPLEMENTED, #slot)
    EXPECT_MISSING(CreateCustomOpDomain, "x", NULL);
    EXPECT_MISSING(SessionEndProfiling, NULL, NULL, NULL);
    EXPECT_MISSING(KernelInfoGetAttributeArray_int64, NULL, NULL, NULL, NULL);
    EXPECT_MISSING(SetEpDynamicOptions, NULL, NULL, NULL, 0);
    EXPECT_MISSING(GetTensorRTProviderOptionsAsString, NULL, NULL, NULL);
    EXPECT_MISSING(SessionOptionsAppendExecutionProvider_CUDA, NULL, NULL);
    EXPECT_MISSING(RegisterCustomOpsLibrary_V2, NULL, NULL);
#undef EXPECT_MISSING
    expect(ort->SessionOptionsAppendExecutionProvider_TensorRT_V2(NULL, NULL), ORT_NOT_IMPLEMENTED,
           "browser has no such execution provider");
    assert_null(ort->GetTrainingApi(ORT_API_VERSION));
    ort->ReleaseOp(NULL);
}

/* ---- Handles ----------------------------------------------------------------------------- */

static void test_status(void **state) {
    (void)state;
    OrtStatus *status = ort->CreateStatus(ORT_EP_FAIL, "50% of é");
    assert_int_equal(ort->GetErrorCode(status), ORT_EP_FAIL);
    assert_string_equal(ort->GetErrorMessage(status), "50% of é");
    assert_int_equal(live("Status"), 1);
    ort->ReleaseStatus(status);
    assert_int_equal(ort->GetErrorCode(status), ORT_INVALID_ARGUMENT);
    ort->ReleaseStatus(NULL);
}

static void test_released_twice(void **state) {
    (void)state;
    uint32_t misuses = vp_ort_misuses();
    OrtValue *value = value_of(x_data, 1);
    assert_true((uintptr_t)value & 1);
    ort->ReleaseValue(value);
    assert_int_equal(vp_ort_misuses(), misuses);
    ort->ReleaseValue(value);
    ort->ReleaseValue((OrtValue *)session); /* of another kind */
    ort->ReleaseValue((OrtValue *)x_data);  /* no handle at all */
    assert_int_equal(vp_ort_misuses(), misuses + 3);
    int is_tensor = 7;
    expect_invalid(ort->IsTensor(value, &is_tensor), "OrtValue");
    expect_invalid(ort->IsTensor(NULL, &is_tensor), "OrtValue");
    expect_invalid(ort->IsTensor((OrtValue *)session, &is_tensor), "OrtValue");
    assert_int_equal(is_tensor, 7);
    size_t count;
    assert_ok(ort->SessionGetInputCount(session, &count));
}

/* A handle means something else only after 2047 others have had its slot. */
static void test_handles_come_back_late(void **state) {
    (void)state;
    OrtTensorTypeAndShapeInfo *first, *info;
    assert_ok(ort->CreateTensorTypeAndShapeInfo(&first));
    ort->ReleaseTensorTypeAndShapeInfo(first);
    uint32_t others = 0;
    do {
        assert_ok(ort->CreateTensorTypeAndShapeInfo(&info));
        ort->ReleaseTensorTypeAndShapeInfo(info);
        others++;
    } while (info != first);
    assert_true(others > 2046 * 50);
}

static void test_many_handles(void **state) {
    (void)state;
    enum { MANY = 5000 };
    static OrtMemoryInfo *infos[MANY];
    for (int i = 0; i < MANY; i++)
        assert_ok(
            ort->CreateMemoryInfo("Cpu", OrtDeviceAllocator, i, OrtMemTypeDefault, &infos[i]));
    for (int i = 0; i < MANY; i++) {
        int id;
        assert_ok(ort->MemoryInfoGetId(infos[i], &id));
        assert_int_equal(id, i);
        ort->ReleaseMemoryInfo(infos[i]);
    }
    assert_int_equal(live("MemoryInfo"), 1);
}

/* ---- Options ----------------------------------------------------------------------------- */

static void test_options(void **state) {
    (void)state;
    static const char *const keys[] = {"powerPreference"}, *const values[] = {"low-power"};
    static const char expected[] =
        "logSeverityLevel\0"
        "3\0graphOptimizationLevel\0"
        "extended\0executionMode\0parallel\0intraOpNumThreads\0"
        "4\0enableMemPattern\0"
        "0\0logId\0me\0config.a.b\0c\0freeDimension.batch\0"
        "9000000\0executionProvider\0WebGPU\0executionProvider.powerPreference\0low-power";
    OrtSessionOptions *first, *options;
    assert_ok(ort->CreateSessionOptions(&first));
    assert_ok(ort->SetSessionGraphOptimizationLevel(first, ORT_ENABLE_EXTENDED));
    assert_ok(ort->SetSessionExecutionMode(first, ORT_PARALLEL));
    assert_ok(ort->SetIntraOpNumThreads(first, 4));
    assert_ok(ort->DisableMemPattern(first));
    assert_ok(ort->SetSessionLogId(first, "me"));
    assert_ok(ort->AddSessionConfigEntry(first, "a.b", "c"));
    assert_ok(ort->CloneSessionOptions(first, &options));
    ort->ReleaseSessionOptions(first);
    assert_ok(ort->AddFreeDimensionOverrideByName(options, "batch", 9000000));
    assert_ok(ort->SessionOptionsAppendExecutionProvider(options, "WebGPU", keys, values, 1));

    expect_invalid(ort->SessionOptionsAppendExecutionProvider(options, "QNN", NULL, NULL, 0),
                   "QNN");
    expect_invalid(ort->SessionOptionsAppendExecutionProvider(options, "CPU", keys, NULL, 1),
                   "NULL");
    expect_invalid(ort->SetIntraOpNumThreads(options, -1), "-1");
    expect_invalid(ort->SetSessionLogSeverityLevel(options, 5), "5");
    expect_invalid(ort->SetSessionGraphOptimizationLevel(options, (GraphOptimizationLevel)50),
                   "graphOptimizationLevel");
    expect_invalid(ort->SetSessionLogId(options, NULL), "NULL");

    OrtSession *made;
    assert_ok(ort->CreateSession(env, "model.onnx", options, &made));
    assert_string_equal(host.path, "model.onnx");
    assert_int_equal(host.options_bytes, sizeof expected);
    assert_memory_equal(host.options, expected, sizeof expected);
    ort->ReleaseSession(made);
    ort->ReleaseSessionOptions(options);
}

static void test_run_options(void **state) {
    (void)state;
    OrtRunOptions *options;
    int level;
    const char *tag;
    assert_ok(ort->CreateRunOptions(&options));
    assert_ok(ort->RunOptionsSetRunLogVerbosityLevel(options, 3));
    assert_ok(ort->RunOptionsGetRunLogVerbosityLevel(options, &level));
    assert_int_equal(level, 3);
    assert_ok(ort->RunOptionsGetRunTag(options, &tag));
    assert_string_equal(tag, "");
    assert_ok(ort->RunOptionsSetRunTag(options, "a"));
    assert_ok(ort->RunOptionsSetRunTag(options, "bc"));
    assert_ok(ort->RunOptionsGetRunTag(options, &tag));
    assert_string_equal(tag, "bc");
    OrtValue *x = value_of(x_data, 2), *out = NULL;
    assert_ok(ort->RunOptionsSetTerminate(options));
    expect(ort->Run(session, options, INPUTS, (const OrtValue *const *)&x, 1, OUTPUTS, 1, &out),
           ORT_FAIL, "terminate");
    assert_ok(ort->RunOptionsUnsetTerminate(options));
    assert_ok(ort->Run(session, options, INPUTS, (const OrtValue *const *)&x, 1, OUTPUTS, 1, &out));
    ort->ReleaseValue(out);
    ort->ReleaseValue(x);
    ort->ReleaseRunOptions(options);
}

/* ---- Memory ------------------------------------------------------------------------------ */

static void test_memory(void **state) {
    (void)state;
    OrtAllocator *lent, *made;
    assert_ok(ort->GetAllocatorWithDefaultOptions(&lent));
    assert_ok(ort->CreateAllocator(session, memory, &made));
    uint32_t misuses = vp_ort_misuses();
    void *block;
    assert_ok(ort->AllocatorAlloc(made, 100, &block));
    memset(block, 1, 100);
    assert_ok(ort->AllocatorFree(lent, block));
    const OrtMemoryInfo *info;
    assert_ok(ort->AllocatorGetInfo(made, &info));
    const char *name;
    assert_ok(ort->MemoryInfoGetName(info, &name));
    assert_string_equal(name, "Cpu");
    int differs;
    assert_ok(ort->CompareMemoryInfo(info, memory, &differs)); /* device and arena */
    assert_int_equal(differs, -1);
    assert_ok(ort->CompareMemoryInfo(memory, memory, &differs));
    assert_int_equal(differs, 0);
    ort->ReleaseAllocator(made);
    assert_int_equal(vp_ort_misuses(), misuses);
    ort->ReleaseAllocator(made);
    ort->ReleaseAllocator(lent);
    ort->ReleaseMemoryInfo((OrtMemoryInfo *)info);
    assert_int_equal(vp_ort_misuses(), misuses + 3);
    OrtMemoryInfo *gpu;
    expect_invalid(ort->CreateMemoryInfo("Cuda", OrtDeviceAllocator, 0, OrtMemTypeDefault, &gpu),
                   "Cuda");
}

static void test_providers(void **state) {
    (void)state;
    char **names;
    int count;
    assert_ok(ort->GetAvailableProviders(&names, &count));
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "WebGpuExecutionProvider");
    assert_string_equal(names[1], "CPUExecutionProvider");
    assert_ok(ort->ReleaseAvailableProviders(names, count));
}

/* ---- Sessions ---------------------------------------------------------------------------- */

static void test_session_description(void **state) {
    (void)state;
    OrtAllocator *allocator;
    assert_ok(ort->GetAllocatorWithDefaultOptions(&allocator));
    size_t count;
    assert_ok(ort->SessionGetOutputCount(session, &count));
    assert_int_equal(count, 2);
    assert_ok(ort->SessionGetOverridableInitializerCount(session, &count));
    assert_int_equal(count, 0);
    char *name;
    assert_ok(ort->SessionGetOutputName(session, 1, allocator, &name));
    assert_string_equal(name, "words");
    assert_ok(ort->AllocatorFree(allocator, name));
    expect_invalid(ort->SessionGetInputName(session, 2, allocator, &name), "2");

    OrtTypeInfo *type;
    assert_ok(ort->SessionGetInputTypeInfo(session, 0, &type));
    const OrtTensorTypeAndShapeInfo *info;
    assert_ok(ort->CastTypeInfoToTensorInfo(type, &info));
    enum ONNXType onnx_type;
    assert_ok(ort->GetOnnxTypeFromTypeInfo(type, &onnx_type));
    assert_int_equal(onnx_type, ONNX_TYPE_TENSOR);
    enum ONNXTensorElementDataType element;
    assert_ok(ort->GetTensorElementType(info, &element));
    assert_int_equal(element, FLOAT);
    assert_ok(ort->GetDimensionsCount(info, &count));
    assert_int_equal(count, 2);
    int64_t shape[2];
    assert_ok(ort->GetDimensions(info, shape, 2));
    assert_true(shape[0] == -1 && shape[1] == 2);
    const char *symbols[2];
    assert_ok(ort->GetSymbolicDimensions(info, symbols, 2));
    assert_string_equal(symbols[0], "batch");
    assert_string_equal(symbols[1], "");
    expect_invalid(ort->GetDimensions(info, shape, 3), "3");
    assert_ok(ort->GetTensorShapeElementCount(info, &count));
    assert_true(count == (size_t)-1);

    /* Lent: not to be released, and gone with what lent it. */
    uint32_t misuses = vp_ort_misuses();
    ort->ReleaseTensorTypeAndShapeInfo((OrtTensorTypeAndShapeInfo *)info);
    assert_int_equal(vp_ort_misuses(), misuses + 1);
    assert_ok(ort->GetDimensionsCount(info, &count));
    ort->ReleaseTypeInfo(type);
    expect_invalid(ort->GetDimensionsCount(info, &count), "TensorTypeAndShapeInfo");
}

static void test_not_a_tensor(void **state) {
    (void)state;
    host.slots[ORT_HOST_OUTPUT][0].type = host.results[0].type = 0;
    OrtTypeInfo *type;
    assert_ok(ort->SessionGetOutputTypeInfo(session, 0, &type));
    const OrtTensorTypeAndShapeInfo *info;
    assert_ok(ort->CastTypeInfoToTensorInfo(type, &info));
    assert_null(info);
    ort->ReleaseTypeInfo(type);
    OrtValue *x = value_of(x_data, 2), *out = NULL;
    expect(ort->Run(session, NULL, INPUTS, (const OrtValue *const *)&x, 1, OUTPUTS, 1, &out),
           ORT_NOT_IMPLEMENTED, "no tensor");
    ort->ReleaseValue(x);
}

static void test_session_failures(void **state) {
    (void)state;
    static const OrtErrorCode codes[] = {ORT_INVALID_PROTOBUF, ORT_NO_SUCHFILE, ORT_ENGINE_ERROR};
    OrtSession *made = NULL;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        host.failure = -(int32_t)codes[i];
        host.message = "the model is broken";
        expect(ort->CreateSession(env, "x", NULL, &made), codes[i], "the model is broken");
    }
    host.failure = -1000; /* no code of ORT's */
    expect(ort->CreateSession(env, "x", NULL, &made), ORT_FAIL, "broken");
    expect_invalid(ort->CreateSession(NULL, "x", NULL, &made), "OrtEnv");
    expect_invalid(ort->CreateSession(env, NULL, NULL, &made), "model_path");
    expect_invalid(ort->CreateSessionFromArray(env, NULL, 4, NULL, &made), "model_data");
    expect_invalid(ort->CreateSession(env, "x", (OrtSessionOptions *)env, &made), "SessionOptions");
    assert_null(made);
    OrtEnv *wrong = NULL;
    expect_invalid(ort->CreateEnv((OrtLoggingLevel)9, "x", &wrong), "9");
    assert_null(wrong);
}

/* ---- Tensors ----------------------------------------------------------------------------- */

static void test_element_sizes(void **state) {
    (void)state;
    static const struct {
        ONNXTensorElementDataType type;
        size_t bytes; /* of three elements */
    } cases[] = {
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, 3 * sizeof(float)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, 3 * sizeof(uint8_t)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8, 3 * sizeof(int8_t)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16, 3 * sizeof(uint16_t)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16, 3 * sizeof(int16_t)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32, 3 * sizeof(int32_t)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, 3 * sizeof(int64_t)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL, 3},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16, 3 * 2},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE, 3 * sizeof(double)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32, 3 * sizeof(uint32_t)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64, 3 * sizeof(uint64_t)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX64, 3 * 2 * sizeof(float)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX128, 3 * 2 * sizeof(double)},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16, 3 * 2},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FN, 3},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2FNUZ, 3},
        {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT4, 2}, /* two in a byte */
    };
    static char data[64];
    const int64_t shape = 3;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        OrtValue *value = NULL;
        expect_invalid(ort->CreateTensorWithDataAsOrtValue(memory, data, cases[i].bytes - 1, &shape,
                                                           1, cases[i].type, &value),
                       "needs");
        assert_null(value);
        assert_ok(ort->CreateTensorWithDataAsOrtValue(memory, data, cases[i].bytes, &shape, 1,
                                                      cases[i].type, &value));
        ort->ReleaseValue(value);
    }
}

static void test_bad_tensors(void **state) {
    (void)state;
    OrtAllocator *allocator;
    assert_ok(ort->GetAllocatorWithDefaultOptions(&allocator));
    OrtValue *value = NULL;
    const int64_t negative[] = {2, -1}, large[] = {1 << 20, 1 << 20}, huge[] = {INT64_MAX, 0},
                  wraps[] = {(int64_t)1 << 62, 4}, many[] = {1 << 30, 1};
#define CREATE(shape, type) ort->CreateTensorAsOrtValue(allocator, shape, 2, type, &value)
    expect_invalid(CREATE(negative, FLOAT), "-1");
    expect_invalid(CREATE(large, FLOAT), "4 GiB");
    expect_invalid(CREATE(huge, FLOAT), "4 GiB");
    expect_invalid(CREATE(wraps, FLOAT), "4 GiB");
    expect_invalid(CREATE(many, ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE), "4 GiB");
    expect_invalid(CREATE(NULL, FLOAT), "shape");
    expect_invalid(CREATE(negative, (ONNXTensorElementDataType)0), "type 0");
    expect_invalid(CREATE(negative, (ONNXTensorElementDataType)23), "type 23");
    expect_invalid(CREATE(negative, (ONNXTensorElementDataType)-1), "type");
    expect_invalid(ort->CreateTensorAsOrtValue(allocator, negative, SIZE_MAX, FLOAT, &value),
                   "most");
#undef CREATE
    const int64_t two = 2;
    expect_invalid(ort->CreateTensorWithDataAsOrtValue(memory, NULL, 8, &two, 1, FLOAT, &value),
                   "data");
    expect_invalid(ort->CreateTensorWithDataAsOrtValue(NULL, x_data, 8, &two, 1, FLOAT, &value),
                   "MemoryInfo");
    expect_invalid(ort->CreateTensorWithDataAsOrtValue(memory, x_data, 8, &two, 1, STRING, &value),
                   "strings");
    assert_null(value);
}

static void test_tensor_access(void **state) {
    (void)state;
    OrtAllocator *allocator;
    assert_ok(ort->GetAllocatorWithDefaultOptions(&allocator));
    const int64_t shape[] = {2, 3};
    OrtValue *value;
    assert_ok(ort->CreateTensorAsOrtValue(allocator, shape, 2, FLOAT, &value));
    float *data, *element;
    assert_ok(ort->GetTensorMutableData(value, (void **)&data));
    for (int i = 0; i < 6; i++)
        data[i] = (float)i;
    const int64_t at[] = {1, 2}, beyond[] = {0, 3};
    assert_ok(ort->TensorAt(value, at, 2, (void **)&element));
    assert_ptr_equal(element, data + 5);
    expect_invalid(ort->TensorAt(value, beyond, 2, (void **)&element), "3");
    expect_invalid(ort->TensorAt(value, at, 1, (void **)&element), "2 dimensions");
    OrtTensorTypeAndShapeInfo *info;
    assert_ok(ort->GetTensorTypeAndShape(value, &info));
    size_t count;
    assert_ok(ort->GetTensorShapeElementCount(info, &count));
    assert_int_equal(count, 6);
    const int64_t other[] = {4, -5, 6};
    assert_ok(ort->SetDimensions(info, other, 3));
    int64_t read[3];
    assert_ok(ort->GetDimensions(info, read, 3));
    assert_memory_equal(read, other, sizeof other);
    ort->ReleaseTensorTypeAndShapeInfo(info);
    enum ONNXType type;
    assert_ok(ort->GetValueType(value, &type));
    assert_int_equal(type, ONNX_TYPE_TENSOR);
    ort->ReleaseValue(value);
    assert_ok(ort->CreateTensorAsOrtValue(allocator, NULL, 0, FLOAT, &value)); /* a scalar */
    assert_ok(ort->TensorAt(value, NULL, 0, (void **)&element));
    *element = 1;
    ort->ReleaseValue(value);
}

static void test_strings(void **state) {
    (void)state;
    OrtAllocator *allocator;
    assert_ok(ort->GetAllocatorWithDefaultOptions(&allocator));
    const int64_t four = 4;
    OrtValue *value;
    assert_ok(ort->CreateTensorAsOrtValue(allocator, &four, 1, STRING, &value));
    size_t bytes, offsets[4];
    assert_ok(ort->GetStringTensorDataLength(value, &bytes));
    assert_int_equal(bytes, 0);
    const char *const words[] = {"This", "is", "a", "test"}; /* the header's example */
    assert_ok(ort->FillStringTensor(value, words, 4));
    char content[16];
    assert_ok(ort->GetStringTensorDataLength(value, &bytes));
    assert_int_equal(bytes, 11);
    assert_ok(ort->GetStringTensorContent(value, content, 11, offsets, 4));
    assert_memory_equal(content, "Thisisatest", 11);
    const size_t expected[] = {0, 4, 6, 7};
    assert_memory_equal(offsets, expected, sizeof expected);
    assert_ok(ort->FillStringTensorElement(value, "was not", 1));
    assert_ok(ort->GetStringTensorElementLength(value, 1, &bytes));
    assert_int_equal(bytes, 7);
    assert_ok(ort->GetStringTensorElement(value, 7, 1, content));
    assert_memory_equal(content, "was not", 7);
    assert_ok(ort->GetStringTensorElement(value, 4, 3, content));
    assert_memory_equal(content, "test", 4);
    expect_invalid(ort->GetStringTensorElement(value, 3, 3, content), "4 bytes");
    expect_invalid(ort->GetStringTensorContent(value, content, 15, offsets, 4), "16 bytes");
    expect_invalid(ort->FillStringTensor(value, words, 3), "3 strings");
    expect_invalid(ort->FillStringTensorElement(value, "x", 4), "element 4");
    void *data;
    expect_invalid(ort->GetTensorMutableData(value, &data), "strings");
    ort->ReleaseValue(value);
    value = value_of(x_data, 1);
    expect_invalid(ort->FillStringTensor(value, words, 2), "strings");
    ort->ReleaseValue(value);
}

/* ---- Runs -------------------------------------------------------------------------------- */

static OrtStatus *run_both(OrtValue **outputs) {
    OrtValue *in[] = {value_of(x_data, 2), value_of(y_data, 1)};
    OrtStatus *status =
        ort->Run(session, NULL, INPUTS, (const OrtValue *const *)in, 2, OUTPUTS, 2, outputs);
    ort->ReleaseValue(in[0]);
    ort->ReleaseValue(in[1]);
    return status;
}

static void check_both(OrtValue *sum, OrtValue *words) {
    float *data;
    char text[6];
    size_t offsets[2];
    assert_ok(ort->GetTensorMutableData(sum, (void **)&data));
    assert_memory_equal(data, SUM, sizeof SUM);
    assert_ok(ort->GetStringTensorContent(words, text, 6, offsets, 2));
    assert_memory_equal(text, "onetwo", 6);
}

static void release_both(OrtValue **values) {
    ort->ReleaseValue(values[0]);
    ort->ReleaseValue(values[1]);
}

static void test_run(void **state) {
    (void)state;
    OrtValue *out[2] = {0};
    assert_ok(run_both(out));
    assert_int_equal(host.input_count, 2);
    assert_int_equal(host.inputs[1].index, 1);
    assert_int_equal(host.inputs[0].rank, 2);
    assert_true(host.inputs[0].shape[0] == 1 && host.inputs[0].shape[1] == 2);
    assert_memory_equal(host.inputs[1].data, y_data, sizeof y_data);
    check_both(out[0], out[1]);
    OrtValue *again[2] = {out[0], out[1]}; /* into the same */
    memset(host.results[0].data, 0, sizeof SUM);
    assert_ok(run_both(again));
    assert_ptr_equal(again[0], out[0]);
    float *data;
    assert_ok(ort->GetTensorMutableData(out[0], (void **)&data));
    assert_true(data[0] == 0 && data[1] == 0);
    release_both(out);
}

static void test_run_failures(void **state) {
    (void)state;
    OrtValue *x = value_of(x_data, 2), *out[2] = {0};
    const OrtValue *const in[] = {x, NULL};
    const char *const wrong[] = {"x", "z"};
#define RUN(names, count, outputs) ort->Run(session, NULL, names, in, count, outputs, 2, out)
    expect_invalid(RUN(wrong + 1, 1, OUTPUTS), "no input z: there are x, y");
    expect_invalid(RUN(INPUTS, 1, wrong), "no output x: there are sum, words");
    expect_invalid(RUN(INPUTS, 2, OUTPUTS), "OrtValue");
    expect_invalid(RUN(NULL, 1, OUTPUTS), "input_names");
    expect_invalid(ort->Run(session, NULL, INPUTS, in, 1, OUTPUTS, 0, out), "without outputs");
    expect_invalid(ort->Run(NULL, NULL, INPUTS, in, 1, OUTPUTS, 2, out), "OrtSession");
    host.failure = -ORT_EP_FAIL;
    expect(RUN(INPUTS, 1, OUTPUTS), ORT_EP_FAIL, "because");
    host.can_wait = 0;
    expect(RUN(INPUTS, 1, OUTPUTS), ORT_NOT_IMPLEMENTED, "RunAsync");
    host.can_wait = 1;
    host.results[1].bytes =
        7; /* the second of two results is broken: the first is not given either */
    expect(RUN(INPUTS, 1, OUTPUTS), ORT_FAIL, "result");
    host.results[1].bytes = 8;
    host.results[0].bytes = 4;
    expect(RUN(INPUTS, 1, OUTPUTS), ORT_FAIL, "result");
    assert_null(out[0]);
    assert_null(out[1]);
#undef RUN
    ort->ReleaseValue(x);
}

/* A given tensor that does not fit leaves another one as it was. */
static void test_given_outputs(void **state) {
    (void)state;
    float kept[] = {5, 6};
    OrtValue *out[] = {value_of(kept, 2), value_of(y_data, 1)};
    expect_invalid(run_both(out), "another type or shape");
    assert_true(kept[0] == 5 && kept[1] == 6);
    ort->ReleaseValue(out[1]);
    out[1] = NULL;
    assert_ok(run_both(out));
    assert_memory_equal(kept, SUM, sizeof SUM);
    check_both(out[0], out[1]);
    release_both(out);
}

static OrtValue *held;

static void release_everything(void) {
    ort->ReleaseSession(session);
    ort->ReleaseValue(held);
}

/* What a program does while its run waits. */
static void test_released_while_running(void **state) {
    (void)state;
    OrtAllocator *allocator;
    assert_ok(ort->GetAllocatorWithDefaultOptions(&allocator));
    const int64_t shape[] = {1, 2};
    assert_ok(ort->CreateTensorAsOrtValue(allocator, shape, 2, FLOAT, &held));
    OrtValue *out[] = {held, NULL};
    host.while_running = release_everything;
    assert_ok(run_both(out));
    host.while_running = NULL;
    ort->ReleaseValue(out[1]);
    assert_int_equal(live("Value"), 0);
    assert_ok(ort->CreateSession(env, "x", NULL, &session));
}

/* ---- RunAsync ---------------------------------------------------------------------------- */

static struct {
    int calls;
    OrtValue **outputs;
    size_t count;
    OrtStatus *status;
} finished;

static void on_finished(void *user_data, OrtValue **outputs, size_t count, OrtStatusPtr status) {
    assert_ptr_equal(user_data, &finished);
    finished.calls++;
    finished.outputs = outputs;
    finished.count = count;
    finished.status = status;
}

static void start(OrtValue **out) {
    OrtValue *in[] = {value_of(x_data, 2), value_of(y_data, 1)};
    finished.calls = 0;
    assert_ok(ort->RunAsync(session, NULL, INPUTS, (const OrtValue *const *)in, 2, OUTPUTS, 2, out,
                            on_finished, &finished));
    release_both(in);
    assert_int_equal(live("RunAsync"), 1);
    assert_int_equal(finished.calls, 0);
}

static void test_run_async(void **state) {
    (void)state;
    host.can_wait = 0;
    OrtValue *out[2] = {0};
    start(out);
    host_finish_run();
    assert_int_equal(finished.calls, 1);
    assert_int_equal(finished.count, 2);
    assert_ptr_equal(finished.outputs, out);
    assert_null(finished.status);
    check_both(out[0], out[1]);
    release_both(out);

    uint32_t misuses = vp_ort_misuses();
    host_finish_run(); /* the same token again */
    assert_int_equal(finished.calls, 1);
    assert_int_equal(vp_ort_misuses(), misuses + 1);

    out[0] = out[1] = NULL;
    start(out);
    host.failure = -ORT_ENGINE_ERROR;
    host_finish_run();
    assert_int_equal(finished.calls, 1);
    assert_int_equal(finished.count, 0);
    assert_null(finished.outputs);
    assert_null(out[0]);
    expect(finished.status, ORT_ENGINE_ERROR, "because");
    expect_invalid(ort->RunAsync(session, NULL, NULL, NULL, 0, OUTPUTS, 1, out, NULL, NULL),
                   "callback");
}

/* ---- Bindings ---------------------------------------------------------------------------- */

static void test_binding(void **state) {
    (void)state;
    OrtAllocator *allocator;
    assert_ok(ort->GetAllocatorWithDefaultOptions(&allocator));
    OrtIoBinding *binding;
    assert_ok(ort->CreateIoBinding(session, &binding));
    OrtValue **values, *x = value_of(x_data, 2);
    size_t count, *lengths;
    char *names;
    assert_ok(ort->GetBoundOutputValues(binding, allocator, &values, &count));
    assert_null(values);
    expect_invalid(ort->RunWithBinding(session, NULL, binding), "output");
    expect_invalid(ort->BindInput(binding, "sum", x), "no input sum");
    assert_ok(ort->BindInput(binding, "x", x));
    assert_ok(ort->BindInput(binding, "x", x));
    ort->ReleaseValue(x); /* it stays bound */
    assert_ok(ort->BindOutputToDevice(binding, "words", memory));
    float given[2] = {0};
    OrtValue *sum = value_of(given, 2);
    assert_ok(ort->BindOutput(binding, "sum", sum));
    expect_invalid(ort->GetBoundOutputValues(binding, allocator, &values, &count), "no run");
    for (int i = 0; i < 3; i++)
        assert_ok(ort->RunWithBinding(session, NULL, binding));
    assert_int_equal(host.input_count, 1);
    assert_memory_equal(given, SUM, sizeof SUM);
    assert_ok(ort->GetBoundOutputNames(binding, allocator, &names, &lengths, &count));
    assert_int_equal(count, 2);
    assert_memory_equal(names, "wordssum", 8);
    assert_true(lengths[0] == 5 && lengths[1] == 3);
    assert_ok(ort->GetBoundOutputValues(binding, allocator, &values, &count));
    ort->ClearBoundOutputs(binding);
    ort->ReleaseValue(sum);
    check_both(values[1], values[0]);
    release_both(values);
    assert_ok(ort->AllocatorFree(allocator, values));
    assert_ok(ort->AllocatorFree(allocator, names));
    assert_ok(ort->AllocatorFree(allocator, lengths));
    ort->ReleaseIoBinding(binding);
}

/* ---- Out of memory ----------------------------------------------------------------------- */

/* Everything that allocates, until something fails; then releases what there is. */
static OrtStatus *use_everything(void) {
    OrtEnv *own_env = NULL;
    OrtSessionOptions *options = NULL, *clone = NULL;
    OrtSession *made = NULL;
    OrtRunOptions *run_options = NULL;
    OrtMemoryInfo *info = NULL;
    OrtAllocator *allocator = NULL, *own = NULL;
    OrtValue *x = NULL, *text = NULL, *out[2] = {0}, **values = NULL;
    OrtTypeInfo *type = NULL;
    OrtTensorTypeAndShapeInfo *shape_info = NULL;
    OrtIoBinding *binding = NULL;
    char *name = NULL, *names = NULL, **providers = NULL;
    size_t *lengths = NULL, count = 0;
    const int64_t shape[] = {1, 2};
    const char *const words[] = {"a", "b"};
    int provider_count;
    OrtStatus *bad = NULL;
#define TRY(call)                                                                                  \
    if (!bad) bad = ort->call
    TRY(GetAllocatorWithDefaultOptions(&allocator));
    TRY(CreateEnv(ORT_LOGGING_LEVEL_INFO, "x", &own_env));
    TRY(CreateSessionOptions(&options));
    TRY(SetSessionLogId(options, "a name of some length, to make the options grow"));
    TRY(CloneSessionOptions(options, &clone));
    TRY(CreateSession(own_env, "m", clone, &made));
    TRY(CreateRunOptions(&run_options));
    TRY(RunOptionsSetRunTag(run_options, "tag"));
    TRY(CreateMemoryInfo("Cpu", OrtDeviceAllocator, 0, OrtMemTypeDefault, &info));
    TRY(CreateAllocator(made, info, &own));
    TRY(CreateTensorAsOrtValue(own, shape, 2, FLOAT, &x));
    TRY(CreateTensorAsOrtValue(allocator, shape + 1, 1, STRING, &text));
    TRY(FillStringTensor(text, words, 2));
    TRY(FillStringTensorElement(text, "longer", 0));
    TRY(SessionGetInputTypeInfo(made, 0, &type));
    TRY(GetTensorTypeAndShape(x, &shape_info));
    TRY(SetDimensions(shape_info, shape, 2));
    TRY(SessionGetInputName(made, 0, allocator, &name));
    TRY(GetAvailableProviders(&providers, &provider_count));
    TRY(Run(made, run_options, INPUTS, (const OrtValue *const *)&x, 1, OUTPUTS, 2, out));
    TRY(CreateIoBinding(made, &binding));
    TRY(BindInput(binding, "x", x));
    TRY(BindOutputToDevice(binding, "words", info));
    TRY(RunWithBinding(made, NULL, binding));
    TRY(GetBoundOutputNames(binding, allocator, &names, &lengths, &count));
    TRY(GetBoundOutputValues(binding, allocator, &values, &count));
#undef TRY
    assert_true(!out[0] == !out[1]);
    release_both(out);
    if (values) ort->ReleaseValue(values[0]);
    free(values), free(names), free(lengths), free(name), free(providers);
    ort->ReleaseIoBinding(binding);
    ort->ReleaseTensorTypeAndShapeInfo(shape_info);
    ort->ReleaseTypeInfo(type);
    ort->ReleaseValue(text), ort->ReleaseValue(x);
    ort->ReleaseAllocator(own);
    ort->ReleaseMemoryInfo(info);
    ort->ReleaseRunOptions(run_options);
    ort->ReleaseSession(made);
    ort->ReleaseSessionOptions(clone), ort->ReleaseSessionOptions(options);
    ort->ReleaseEnv(own_env);
    return bad;
}

static void test_out_of_memory(void **state) {
    (void)state;
    uint32_t misuses = vp_ort_misuses();
    int64_t allocations = 0;
    for (bool done = false; !done; allocations++) {
        allocations_left = allocations;
        OrtStatus *bad = use_everything();
        allocations_left = INT64_MAX;
        done = !bad;
        if (bad) expect(bad, ORT_RUNTIME_EXCEPTION, "memory");
        assert_int_equal(live("Status"), 0);
        assert_int_equal(live("Value"), 0);
        assert_int_equal(live("Session"), 1);
        assert_int_equal(host.sessions, 1);
        assert_int_equal(host.results_held, 0);
    }
    print_message("%d allocations, each failed once\n", (int)allocations - 1);
    assert_true(allocations > 30);
    assert_int_equal(vp_ort_misuses(), misuses);
}

static void test_ten_thousand_cycles(void **state) {
    (void)state;
    uint32_t misuses = vp_ort_misuses();
    for (int i = 0; i < 10000; i++)
        assert_ok(use_everything());
    assert_int_equal(vp_ort_misuses(), misuses);
    assert_int_equal(live("Value"), 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_table),
        TEST(test_not_implemented),
        TEST(test_status),
        TEST(test_released_twice),
        TEST(test_handles_come_back_late),
        TEST(test_many_handles),
        TEST(test_options),
        TEST(test_run_options),
        TEST(test_memory),
        TEST(test_providers),
        TEST(test_session_description),
        TEST(test_not_a_tensor),
        TEST(test_session_failures),
        TEST(test_element_sizes),
        TEST(test_bad_tensors),
        TEST(test_tensor_access),
        TEST(test_strings),
        TEST(test_run),
        TEST(test_run_failures),
        TEST(test_given_outputs),
        TEST(test_released_while_running),
        TEST(test_run_async),
        TEST(test_binding),
        TEST(test_out_of_memory),
        TEST(test_ten_thousand_cycles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
