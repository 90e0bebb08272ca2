/* status_probe.c: every way to use the API wrongly, for tests/js/ort-status.test.ts.
 *
 * Each case is a function that does one thing wrong on fresh objects and gives the status that comes of
 * it; JavaScript says which status is right. probe_lives() goes through the life of everything again and
 * again and breaks off at another point each time.
 */
#include <onnxruntime_c_api.h>
#include <string.h>

#define EXPORT __attribute__((used))

enum { ROWS = 2, COLUMNS = 3, ELEMENTS = ROWS * COLUMNS };

static const OrtApi *ort;
static OrtEnv *env;
static OrtSessionOptions *options;
static OrtMemoryInfo *memory;
static OrtAllocator *allocator;
static OrtSession *session; /* of add.onnx: a, b of [rows, 3] to sum, product */

static const void *model; /* add.onnx */
static uint32_t model_bytes;
static char message[512];

static const char *const input_names[] = {"a", "b"};
static const char *const output_names[] = {"sum"};
static const int64_t shape[] = {ROWS, COLUMNS};
static float numbers[ELEMENTS] = {1, 2, 3, 4, 5, 6};

/* Keeps the message and releases the status. */
static int32_t code(OrtStatus *status) {
    message[0] = 0;
    if (!status) return ORT_OK;
    strncpy(message, ort->GetErrorMessage(status), sizeof message - 1);
    OrtErrorCode code = ort->GetErrorCode(status);
    ort->ReleaseStatus(status);
    return (int32_t)code;
}

EXPORT const char *probe_message(void) {
    return message;
}

/* OrtApi of that version: 0 when there is none. */
EXPORT const void *probe_api(uint32_t version) {
    return OrtGetApiBase()->GetApi(version);
}

EXPORT const char *probe_version(void) {
    return OrtGetApiBase()->GetVersionString();
}

/* The numbers of the table's functions, in the header's order. */
EXPORT uint32_t probe_slot(uint32_t index) {
    ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    void *const *slots = (void *const *)ort;
    return (uint32_t)(uintptr_t)slots[index];
}
EXPORT uint32_t probe_slots(void) {
    return sizeof(OrtApi) / sizeof(void *);
}

/* What a status says that slot gave. */
EXPORT int32_t probe_status(OrtStatus *status) {
    return code(status);
}

/* ---- Objects --------------------------------------------------------------------------------- */

static OrtStatus *value_of(ONNXTensorElementDataType type, const int64_t *dims, size_t rank,
                           size_t bytes, OrtValue **out) {
    return ort->CreateTensorWithDataAsOrtValue(memory, numbers, bytes, dims, rank, type, out);
}

static OrtStatus *good_value(OrtValue **out) {
    return value_of(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, shape, 2, sizeof numbers, out);
}

EXPORT int32_t probe_open(const void *bytes, uint32_t count) {
    ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    model = bytes;
    model_bytes = count;
    OrtStatus *status = ort->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "probe", &env);
    if (!status) status = ort->CreateSessionOptions(&options);
    if (!status) status = ort->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory);
    if (!status) status = ort->GetAllocatorWithDefaultOptions(&allocator);
    if (!status) status = ort->CreateSessionFromArray(env, model, model_bytes, options, &session);
    return code(status);
}

EXPORT void probe_close(void) {
    ort->ReleaseSession(session);
    ort->ReleaseMemoryInfo(memory);
    ort->ReleaseSessionOptions(options);
    ort->ReleaseEnv(env);
}

/* Runs with b as it should be. */
static OrtStatus *run_with(const char *first_name, const OrtValue *a, size_t count,
                           const char *output_name, OrtValue **out) {
    OrtValue *b = NULL;
    OrtStatus *status = good_value(&b);
    const char *const names[] = {first_name, "b"};
    const OrtValue *const values[] = {a, b};
    if (!status) status = ort->Run(session, NULL, names, values, count, &output_name, 1, out);
    ort->ReleaseValue(b);
    return status;
}

static OrtStatus *run_and_release(const char *first_name, OrtValue *a, size_t count,
                                  const char *output_name) {
    OrtValue *sum = NULL;
    OrtStatus *status = run_with(first_name, a, count, output_name, &sum);
    ort->ReleaseValue(sum);
    ort->ReleaseValue(a);
    return status;
}

/* ---- Cases ----------------------------------------------------------------------------------- */

/* Nothing wrong: the others would mean nothing if this one failed. */
static OrtStatus *nothing(void) {
    OrtValue *a = NULL;
    OrtStatus *status = good_value(&a);
    return status ? status : run_and_release("a", a, 2, "sum");
}

static OrtStatus *session_of(const void *bytes, size_t count) {
    OrtSession *made = NULL;
    OrtStatus *status = ort->CreateSessionFromArray(env, bytes, count, options, &made);
    ort->ReleaseSession(made);
    return status;
}
static OrtStatus *bad_model(void) {
    return session_of("this is no model at all", 23);
}
static OrtStatus *cut_model(void) {
    return session_of(model, model_bytes / 2);
}
static OrtStatus *empty_model(void) {
    return session_of(model, 0);
}
static OrtStatus *null_model(void) {
    return session_of(NULL, 10);
}

static OrtStatus *unknown_path(void) {
    OrtSession *made = NULL;
    OrtStatus *status = ort->CreateSession(env, "no/such/model.onnx", options, &made);
    ort->ReleaseSession(made);
    return status;
}

static OrtStatus *unknown_provider(void) {
    OrtSessionOptions *own = NULL;
    OrtStatus *status = ort->CreateSessionOptions(&own);
    if (!status) status = ort->SessionOptionsAppendExecutionProvider(own, "Abacus", NULL, NULL, 0);
    ort->ReleaseSessionOptions(own);
    return status;
}

static OrtStatus *unknown_input(void) {
    OrtValue *a = NULL;
    OrtStatus *status = good_value(&a);
    return status ? status : run_and_release("apple", a, 2, "sum");
}

static OrtStatus *unknown_output(void) {
    OrtValue *a = NULL;
    OrtStatus *status = good_value(&a);
    return status ? status : run_and_release("a", a, 2, "difference");
}

static OrtStatus *missing_input(void) {
    OrtValue *a = NULL;
    OrtStatus *status = good_value(&a);
    return status ? status : run_and_release("a", a, 1, "sum");
}

static OrtStatus *null_input(void) {
    return run_and_release("a", NULL, 2, "sum");
}

static OrtStatus *wrong_dimension(void) {
    const int64_t transposed[] = {COLUMNS, ROWS};
    OrtValue *a = NULL;
    OrtStatus *status =
        value_of(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, transposed, 2, sizeof numbers, &a);
    return status ? status : run_and_release("a", a, 2, "sum");
}

static OrtStatus *wrong_rank(void) {
    const int64_t flat[] = {ELEMENTS};
    OrtValue *a = NULL;
    OrtStatus *status = value_of(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, flat, 1, sizeof numbers, &a);
    return status ? status : run_and_release("a", a, 2, "sum");
}

static OrtStatus *wrong_type(void) {
    OrtValue *a = NULL;
    OrtStatus *status = value_of(ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32, shape, 2, sizeof numbers, &a);
    return status ? status : run_and_release("a", a, 2, "sum");
}

/* The kernel finds out, not the session: rows may be any, but those of a and b differ. */
static OrtStatus *unequal_rows(void) {
    const int64_t fewer[] = {0, COLUMNS};
    const int64_t more[] = {ROWS, COLUMNS};
    OrtValue *a = NULL, *b = NULL, *sum = NULL;
    OrtStatus *status = value_of(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, fewer, 2, 0, &a);
    if (!status)
        status = value_of(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, more, 2, sizeof numbers, &b);
    const OrtValue *const values[] = {a, b};
    if (!status) status = ort->Run(session, NULL, input_names, values, 2, output_names, 1, &sum);
    ort->ReleaseValue(sum);
    ort->ReleaseValue(a);
    ort->ReleaseValue(b);
    return status;
}

static OrtStatus *preallocated_wrongly(void) {
    const int64_t small[] = {1, COLUMNS};
    OrtValue *a = NULL, *sum = NULL;
    OrtStatus *status = good_value(&a);
    if (!status)
        status = ort->CreateTensorAsOrtValue(allocator, small, 2,
                                             ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &sum);
    if (!status) status = run_with("a", a, 2, "sum", &sum);
    ort->ReleaseValue(sum);
    ort->ReleaseValue(a);
    return status;
}

static OrtStatus *made_and_released(const int64_t *dims, size_t rank, size_t bytes) {
    OrtValue *value = NULL;
    OrtStatus *status = value_of(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, dims, rank, bytes, &value);
    ort->ReleaseValue(value);
    return status;
}
static OrtStatus *short_data(void) {
    return made_and_released(shape, 2, sizeof numbers - 4);
}
static OrtStatus *negative_dimension(void) {
    return made_and_released((const int64_t[]){-ROWS, COLUMNS}, 2, sizeof numbers);
}
/* 2^40 by 2^40: the number of elements is 0 if it is counted in 64 bits. */
static OrtStatus *too_many_elements(void) {
    return made_and_released((const int64_t[]){1LL << 40, 1LL << 40}, 2, sizeof numbers);
}

static OrtStatus *unknown_type(void) {
    OrtValue *value = NULL;
    OrtStatus *status = value_of((ONNXTensorElementDataType)77, shape, 2, sizeof numbers, &value);
    ort->ReleaseValue(value);
    return status;
}

static OrtStatus *null_result(void) {
    return ort->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "x", NULL);
}

static OrtStatus *input_out_of_range(void) {
    char *name = NULL;
    return ort->SessionGetInputName(session, 2, allocator, &name);
}

static OrtStatus *string_of_number(void) {
    const char *const text[] = {"text"};
    OrtValue *value = NULL;
    OrtStatus *status = good_value(&value);
    if (!status) status = ort->FillStringTensor(value, text, 1);
    ort->ReleaseValue(value);
    return status;
}

static OrtStatus *string_out_of_range(void) {
    OrtValue *value = NULL;
    OrtStatus *status = ort->CreateTensorAsOrtValue(allocator, shape, 2,
                                                    ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING, &value);
    if (!status) status = ort->FillStringTensorElement(value, "text", ELEMENTS);
    ort->ReleaseValue(value);
    return status;
}

static OrtStatus *used_value_after_release(void) {
    OrtValue *a = NULL;
    OrtStatus *status = good_value(&a);
    if (status) return status;
    ort->ReleaseValue(a);
    OrtValue *sum = NULL;
    status = run_with("a", a, 2, "sum", &sum);
    ort->ReleaseValue(sum);
    return status;
}

static OrtStatus *used_session_after_release(void) {
    OrtSession *own = NULL;
    OrtStatus *status = ort->CreateSessionFromArray(env, model, model_bytes, options, &own);
    if (status) return status;
    ort->ReleaseSession(own);
    size_t count;
    return ort->SessionGetInputCount(own, &count);
}

/* A handle of one kind given as another. */
static OrtStatus *used_env_as_session(void) {
    size_t count;
    return ort->SessionGetInputCount((OrtSession *)env, &count);
}

/* Never a handle: an address of ours. */
static OrtStatus *used_address_as_value(void) {
    int is_tensor;
    return ort->IsTensor((const OrtValue *)numbers, &is_tensor);
}

static OrtStatus *big_tensor(void) {
    const int64_t big[] = {1 << 27}; /* 512 MB */
    OrtValue *value = NULL;
    OrtStatus *status =
        ort->CreateTensorAsOrtValue(allocator, big, 1, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &value);
    ort->ReleaseValue(value);
    return status;
}

static OrtStatus *big_block(void) {
    void *block = NULL;
    OrtStatus *status = ort->AllocatorAlloc(allocator, 1 << 29, &block);
    if (block) status = ort->AllocatorFree(allocator, block);
    return status;
}

static const struct {
    const char *name;
    OrtStatus *(*run)(void);
} cases[] = {
#define CASE(name) {#name, name},
    CASE(nothing)                    //
    CASE(bad_model)                  //
    CASE(cut_model)                  //
    CASE(empty_model)                //
    CASE(null_model)                 //
    CASE(unknown_path)               //
    CASE(unknown_provider)           //
    CASE(unknown_input)              //
    CASE(unknown_output)             //
    CASE(missing_input)              //
    CASE(null_input)                 //
    CASE(wrong_dimension)            //
    CASE(wrong_rank)                 //
    CASE(wrong_type)                 //
    CASE(unequal_rows)               //
    CASE(preallocated_wrongly)       //
    CASE(short_data)                 //
    CASE(negative_dimension)         //
    CASE(too_many_elements)          //
    CASE(unknown_type)               //
    CASE(null_result)                //
    CASE(input_out_of_range)         //
    CASE(string_of_number)           //
    CASE(string_out_of_range)        //
    CASE(used_value_after_release)   //
    CASE(used_session_after_release) //
    CASE(used_env_as_session)        //
    CASE(used_address_as_value)      //
    CASE(big_tensor)                 //
    CASE(big_block)                  //
#undef CASE
};

EXPORT const char *probe_case(uint32_t i) {
    return i < sizeof cases / sizeof *cases ? cases[i].name : NULL;
}
EXPORT int32_t probe_run_case(uint32_t i) {
    return code(cases[i].run());
}

/* ---- Misuses that give no status ------------------------------------------------------------- */

/* Releases one object of each kind twice, and once what never was one. */
EXPORT int32_t probe_release_twice(void) {
    OrtEnv *own_env = NULL;
    OrtSessionOptions *own_options = NULL;
    OrtSession *own_session = NULL;
    OrtMemoryInfo *own_memory = NULL;
    OrtValue *value = NULL;
    OrtStatus *status = ort->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "twice", &own_env);
    if (!status) status = ort->CreateSessionOptions(&own_options);
    if (!status)
        status =
            ort->CreateSessionFromArray(own_env, model, model_bytes, own_options, &own_session);
    if (!status)
        status = ort->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &own_memory);
    if (!status) status = good_value(&value);
    if (status) return code(status);
    status = ort->CreateStatus(ORT_FAIL, "a status of our own");
    for (int i = 0; i < 2; i++) {
        ort->ReleaseStatus(status);
        ort->ReleaseValue(value);
        ort->ReleaseMemoryInfo(own_memory);
        ort->ReleaseSession(own_session);
        ort->ReleaseSessionOptions(own_options);
        ort->ReleaseEnv(own_env);
    }
    ort->ReleaseValue((OrtValue *)numbers);
    return code(NULL);
}

/* Releasing nothing is allowed. */
EXPORT void probe_release_null(void) {
    ort->ReleaseStatus(NULL);
    ort->ReleaseValue(NULL);
    ort->ReleaseMemoryInfo(NULL);
    ort->ReleaseSession(NULL);
    ort->ReleaseSessionOptions(NULL);
    ort->ReleaseEnv(NULL);
}

/* ---- A result too big for the program -------------------------------------------------------- */

/* ones: ones.onnx. */
EXPORT int32_t probe_big_result(const void *ones, uint32_t bytes, uint32_t elements) {
    static const char *const names[] = {"count"}, *const results[] = {"y"};
    int64_t count[] = {elements};
    const int64_t one[] = {1};
    OrtSession *own = NULL;
    OrtValue *input = NULL, *output = NULL;
    OrtStatus *status = ort->CreateSessionFromArray(env, ones, bytes, options, &own);
    if (!status)
        status = ort->CreateTensorWithDataAsOrtValue(memory, count, sizeof count, one, 1,
                                                     ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, &input);
    const OrtValue *const inputs[] = {input};
    if (!status) status = ort->Run(own, NULL, names, inputs, 1, results, 1, &output);
    ort->ReleaseValue(output);
    ort->ReleaseValue(input);
    ort->ReleaseSession(own);
    return code(status);
}

/* ---- Lives ----------------------------------------------------------------------------------- */

/* What goes wrong in a life. */
enum fault { NONE, ENV, MODEL, INDEX, VALUE, NAME, SHAPE, PREALLOCATED, FAULTS };

struct life {
    OrtEnv *env;
    OrtSessionOptions *options;
    OrtSession *session;
    OrtTypeInfo *type_info;
    OrtValue *inputs[2], *output;
    char *name;
};

/* Whether a call fails just when it should; releases the status. */
static int as_meant(OrtStatus *status, int should_fail) {
    int did_fail = status != NULL;
    ort->ReleaseStatus(status);
    return did_fail == should_fail;
}

static int begin(struct life *life, enum fault fault) {
    size_t bytes = fault == MODEL ? model_bytes / 2 : model_bytes;
    return as_meant(
               ort->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "life", fault == ENV ? NULL : &life->env),
               fault == ENV) &&
           as_meant(ort->CreateSessionOptions(&life->options), 0) &&
           as_meant(
               ort->CreateSessionFromArray(life->env, model, bytes, life->options, &life->session),
               fault == MODEL || fault == ENV);
}

static int make_values(struct life *life, enum fault fault) {
    static const int64_t transposed[] = {COLUMNS, ROWS};
    return as_meant(ort->SessionGetInputName(life->session, fault == INDEX ? 99 : 0, allocator,
                                             &life->name),
                    fault == INDEX) &&
           as_meant(ort->SessionGetInputTypeInfo(life->session, 1, &life->type_info), 0) &&
           as_meant(value_of(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT,
                             fault == SHAPE ? transposed : shape, 2,
                             sizeof numbers - (fault == VALUE), &life->inputs[0]),
                    fault == VALUE) &&
           as_meant(good_value(&life->inputs[1]), 0) &&
           (fault != PREALLOCATED ||
            as_meant(ort->CreateTensorAsOrtValue(
                         allocator, shape, 1, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &life->output),
                     0));
}

static int run(struct life *life, enum fault fault) {
    const char *const names[] = {fault == NAME ? "apple" : "a", "b"};
    const OrtValue *const *inputs = (const OrtValue *const *)life->inputs;
    return as_meant(ort->Run(life->session, NULL, names, inputs, 2, output_names, 1, &life->output),
                    fault == VALUE || fault == NAME || fault == SHAPE || fault == PREALLOCATED);
}

static int end(struct life *life) {
    ort->ReleaseValue(life->output);
    ort->ReleaseValue(life->inputs[0]);
    ort->ReleaseValue(life->inputs[1]);
    ort->ReleaseTypeInfo(life->type_info);
    int freed = !life->name || as_meant(ort->AllocatorFree(allocator, life->name), 0);
    ort->ReleaseSession(life->session);
    ort->ReleaseSessionOptions(life->options);
    ort->ReleaseEnv(life->env);
    return freed;
}

/* From an environment to a result, each time with another fault. Returns how many went as they
 * should. */
EXPORT uint32_t probe_lives(uint32_t count) {
    uint32_t good = 0;
    for (uint32_t i = 0; i < count; i++) {
        enum fault fault = (enum fault)(i % FAULTS);
        struct life life = {0};
        int went_well = begin(&life, fault);
        if (went_well && life.session) went_well = make_values(&life, fault) && run(&life, fault);
        good += (uint32_t)(end(&life) && went_well);
    }
    return good;
}
