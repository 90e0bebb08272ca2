/* Calls of ONNX Runtime's API in any order, with handles that are alive, released, of another kind, NULL or
 * garbage, over a host whose answers may be anything its contract allows. Whatever happens: a call that
 * fails changes no output, objects alive are those that the program has, and at the end nothing is. */
#include "ort_host.h"
#include "tape.h"
#include "voicepath/ort.h"

static const OrtApi *ort;

static void require(bool holds) {
    if (!holds) abort();
}

/* ---- What the program holds -------------------------------------------------------------- */

enum { ENV, OPTIONS, SESSION, RUN_OPTIONS, VALUE, TYPE, SHAPE, MEMORY, BINDING, KINDS, MOST = 8 };

static const char *const KIND_NAMES[KINDS] = {
    "Env",      "SessionOptions",         "Session",    "RunOptions", "Value",
    "TypeInfo", "TensorTypeAndShapeInfo", "MemoryInfo", "IoBinding",
};

static struct {
    void *alive[MOST];
    uint32_t count;
} own[KINDS];
static void *released;

static void *garbage(tape *t) {
    return (void *)(uintptr_t)(take(t, 4) | 1); /* never an address */
}

/* Mostly one that is alive. */
static void *any(tape *t, uint32_t kind) {
    uint32_t choice = take(t, 1);
    if (choice < 8) return NULL;
    if (choice < 16) return garbage(t);
    if (choice < 24) return released;
    if (choice < 32) kind = choice % KINDS;
    return own[kind].count ? own[kind].alive[choice % own[kind].count] : NULL;
}

/* Where a call puts a new object; taken when there is room. */
static void *made;

static bool room(uint32_t kind) {
    made = NULL;
    return own[kind].count < MOST;
}

static void drop(OrtStatus *status) {
    if (!status) return;
    require(ort->GetErrorCode(status) > ORT_OK && ort->GetErrorCode(status) <= ORT_EP_FAIL);
    require(strlen(ort->GetErrorMessage(status)) > 0);
    ort->ReleaseStatus(status);
}

static void keep(uint32_t kind, OrtStatus *status) {
    require(!status == !!made);
    if (made) own[kind].alive[own[kind].count++] = made;
    drop(status);
}

static void release_handle(uint32_t kind, void *handle) {
    switch (kind) {
    case ENV:
        ort->ReleaseEnv(handle);
        break;
    case OPTIONS:
        ort->ReleaseSessionOptions(handle);
        break;
    case SESSION:
        ort->ReleaseSession(handle);
        break;
    case RUN_OPTIONS:
        ort->ReleaseRunOptions(handle);
        break;
    case VALUE:
        ort->ReleaseValue(handle);
        break;
    case TYPE:
        ort->ReleaseTypeInfo(handle);
        break;
    case SHAPE:
        ort->ReleaseTensorTypeAndShapeInfo(handle);
        break;
    case MEMORY:
        ort->ReleaseMemoryInfo(handle);
        break;
    case BINDING:
        ort->ReleaseIoBinding(handle);
        break;
    }
}

static void release(tape *t, uint32_t kind) {
    uint32_t misuses = vp_ort_misuses();
    if (take(t, 1) < 32 && released) { /* what is no more */
        release_handle(kind, released);
        require(vp_ort_misuses() == misuses + 1);
    } else if (own[kind].count) {
        void **at = &own[kind].alive[take(t, 1) % own[kind].count];
        released = *at;
        *at = own[kind].alive[--own[kind].count];
        release_handle(kind, released);
        require(vp_ort_misuses() == misuses);
    }
}

static void check_counts(void) {
    for (uint32_t kind = 0; kind < KINDS; kind++)
        for (uint32_t i = 0; vp_ort_kind_name(i); i++)
            if (!strcmp(vp_ort_kind_name(i), KIND_NAMES[kind]))
                require(vp_ort_live(i) == own[kind].count);
    require(host.sessions == own[SESSION].count);
}

/* ---- The host's answers ------------------------------------------------------------------ */

static const char *const NAMES[] = {"a", "b", "c", "nobody", "", NULL};

static const char *any_name(tape *t) {
    return NAMES[take(t, 1) % (sizeof NAMES / sizeof *NAMES)];
}

static uint32_t any_type(tape *t) {
    static const uint32_t often[] = {1, 8, 7, 9};
    uint32_t choice = take(t, 1);
    return choice < 200 ? often[choice % 4] : choice % 26;
}

/* Its shape and bytes mostly agree. */
static void answer(tape *t) {
    for (uint32_t i = 0; i < HOST_SLOTS; i++) {
        host_tensor *result = &host.results[i];
        *result = (host_tensor){.type = any_type(t), .rank = take(t, 1) % (HOST_RANK + 1)};
        uint32_t elements = 1;
        for (uint32_t k = 0; k < result->rank; k++)
            elements *= (uint32_t)(result->shape[k] = take(t, 1) % 4);
        uint32_t size = result->type == 8 || result->type == 9 ? 1 : result->type == 7 ? 8 : 4;
        result->bytes = elements * size;
        if (result->bytes > HOST_BYTES || take(t, 1) < 16) result->bytes = take(t, 1);
        if (take(t, 1) < 16) result->shape[0] = (int64_t)take(t, 3) << take(t, 1) % 40;
        if (take(t, 1) < 32) result->data[take(t, 1)] = 'x';
    }
    host.failure = take(t, 1) < 32 ? -(int32_t)(take(t, 1) % 14) : 0;
    host.can_wait = take(t, 1) >= 8;
}

static void model(tape *t) {
    for (uint32_t side = 0; side < 2; side++) {
        host.count[side] = HOST_SLOTS;
        for (uint32_t i = 0; i < HOST_SLOTS; i++) {
            host_slot *slot = &host.slots[side][i];
            *slot = (host_slot){.name = NAMES[i], .type = any_type(t), .rank = take(t, 1) % 4};
            for (uint32_t k = 0; k < slot->rank; k++) {
                slot->shape[k] = (double)take(t, 1) - 1;
                slot->symbols[k] = any_name(t);
            }
        }
    }
}

/* ---- Calls ------------------------------------------------------------------------------- */

static OrtAllocator *allocator;
static float numbers[64];

static void create_value(tape *t) {
    int64_t shape[3];
    for (int i = 0; i < 3; i++)
        shape[i] = take(t, 1) < 16 ? (int64_t)take(t, 4) * 1000000007 - 9 : take(t, 1) % 4;
    size_t rank = take(t, 1) % 4;
    ONNXTensorElementDataType type = any_type(t);
    if (!room(VALUE)) return;
    if (take(t, 1) % 2) {
        double elements = 1; /* what would be too much for this machine is not asked for */
        for (size_t i = 0; i < rank; i++)
            elements *= (double)shape[i];
        if (elements > 1e6) return;
        keep(VALUE, ort->CreateTensorAsOrtValue(allocator, shape, rank, type, (OrtValue **)&made));
    } else
        keep(VALUE, ort->CreateTensorWithDataAsOrtValue(any(t, MEMORY), numbers, sizeof numbers,
                                                        take(t, 1) ? shape : NULL, rank, type,
                                                        (OrtValue **)&made));
}

static void use_value(tape *t) {
    OrtValue *value = any(t, VALUE);
    size_t length = 0, index = take(t, 1) % 5, offsets[27];
    const char *words[27];
    for (int i = 0; i < 27; i++)
        words[i] = any_name(t);
    char *text = malloc(256);
    drop(ort->FillStringTensor(value, words, take(t, 1) % 27));
    drop(ort->FillStringTensorElement(value, any_name(t), index));
    drop(ort->GetStringTensorDataLength(value, &length));
    drop(ort->GetStringTensorContent(value, text, length < 256 ? length : 256, offsets,
                                     take(t, 1) % 27));
    drop(ort->GetStringTensorElementLength(value, index, &length));
    drop(ort->GetStringTensorElement(value, length < 256 ? length : 256, index, text));
    const int64_t at[] = {take(t, 1) % 4, take(t, 1) % 4, take(t, 1) % 4};
    char *element = NULL;
    drop(ort->TensorAt(value, at, take(t, 1) % 4, (void **)&element));
    if (element) require(*element || !*element); /* it can be read */
    free(text);
    if (room(TYPE)) keep(TYPE, ort->GetTypeInfo(value, (OrtTypeInfo **)&made));
    if (room(SHAPE))
        keep(SHAPE, ort->GetTensorTypeAndShape(value, (OrtTensorTypeAndShapeInfo **)&made));
}

static void use_shape(tape *t) {
    const OrtTensorTypeAndShapeInfo *lent = NULL;
    drop(ort->CastTypeInfoToTensorInfo(any(t, TYPE), &lent));
    void *info = take(t, 1) % 2 ? (void *)lent : any(t, SHAPE);
    size_t rank = 0;
    int64_t shape[4] = {-1, 2, 3, 4};
    const char *symbols[4];
    drop(ort->GetDimensionsCount(info, &rank));
    drop(ort->GetDimensions(info, shape, take(t, 1) % 5));
    drop(ort->GetSymbolicDimensions(info, symbols, rank < 4 ? rank : 4));
    drop(ort->GetTensorShapeElementCount(info, &rank));
    if (take(t, 1) % 4 == 0) drop(ort->SetDimensions(info, shape, take(t, 1) % 5));
}

static void use_options(tape *t) {
    OrtSessionOptions *options = any(t, OPTIONS);
    const char *keys[] = {any_name(t), any_name(t)}, *values[] = {any_name(t), any_name(t)};
    drop(ort->SetIntraOpNumThreads(options, (int)take(t, 4)));
    drop(ort->AddFreeDimensionOverrideByName(options, any_name(t), (int)take(t, 4)));
    drop(ort->SessionOptionsAppendExecutionProvider(options, take(t, 1) % 2 ? "WebGPU" : keys[0],
                                                    keys, values, take(t, 1) % 3));
    if (take(t, 1) % 8 == 0) drop(ort->AddSessionConfigEntry(options, any_name(t), any_name(t)));
    OrtRunOptions *run = any(t, RUN_OPTIONS);
    drop(ort->RunOptionsSetRunTag(run, any_name(t)));
    drop(take(t, 1) % 4 ? ort->RunOptionsUnsetTerminate(run) : ort->RunOptionsSetTerminate(run));
}

static void adopt(OrtValue *value) {
    if (own[VALUE].count < MOST)
        own[VALUE].alive[own[VALUE].count++] = value;
    else
        ort->ReleaseValue(value);
}

static struct {
    bool pending;
    OrtValue *before[2], *outputs[2];
    size_t count;
} run;

static void take_outputs(bool ok) {
    for (size_t i = 0; i < run.count; i++) {
        require(ok ? run.outputs[i] != NULL : run.outputs[i] == run.before[i]);
        if (run.outputs[i] != run.before[i]) adopt(run.outputs[i]);
    }
}

static void on_finished(void *user_data, OrtValue **outputs, size_t count, OrtStatusPtr status) {
    require(user_data == &run && run.pending && (status ? !outputs && !count : count == run.count));
    run.pending = false;
    take_outputs(!status);
    drop(status);
}

static void run_model(tape *t) {
    if (run.pending) {
        answer(t);
        host_finish_run();
        require(!run.pending);
        return;
    }
    answer(t);
    const char *in_names[] = {any_name(t), any_name(t)}, *out_names[] = {any_name(t), any_name(t)};
    const OrtValue *in[] = {any(t, VALUE), any(t, VALUE)};
    size_t in_count = take(t, 1) % 3;
    run.count = take(t, 1) % 3;
    for (int i = 0; i < 2; i++)
        run.before[i] = run.outputs[i] = take(t, 1) % 4 ? NULL : any(t, VALUE);
    OrtSession *session = any(t, SESSION);
    OrtRunOptions *options = take(t, 1) % 4 ? NULL : any(t, RUN_OPTIONS);
    if (take(t, 1) % 4 == 0) {
        run.pending = true;
        OrtStatus *bad = ort->RunAsync(session, options, in_names, in, in_count, out_names,
                                       run.count, run.outputs, on_finished, &run);
        if (bad) run.pending = false;
        drop(bad);
        return;
    }
    OrtStatus *bad =
        ort->Run(session, options, in_names, in, in_count, out_names, run.count, run.outputs);
    take_outputs(!bad);
    drop(bad);
}

static void run_binding(tape *t) {
    OrtIoBinding *binding = any(t, BINDING);
    drop(ort->BindInput(binding, any_name(t), any(t, VALUE)));
    drop(take(t, 1) % 2 ? ort->BindOutput(binding, any_name(t), any(t, VALUE))
                        : ort->BindOutputToDevice(binding, any_name(t), any(t, MEMORY)));
    if (binding && take(t, 1) < 16) ort->ClearBoundOutputs(binding);
    answer(t);
    drop(ort->RunWithBinding(any(t, SESSION), NULL, binding));
    OrtValue **values = NULL;
    char *names = NULL;
    size_t count = 0, *lengths = NULL;
    drop(ort->GetBoundOutputNames(binding, allocator, &names, &lengths, &count));
    free(names), free(lengths);
    count = 0;
    drop(ort->GetBoundOutputValues(binding, allocator, &values, &count));
    for (size_t i = 0; i < count; i++)
        adopt(values[i]);
    free(values);
}

static void create(tape *t) {
    uint32_t kind = take(t, 1) % KINDS;
    if (!room(kind)) return;
    OrtStatus *bad = NULL;
    switch (kind) {
    case ENV:
        bad = ort->CreateEnv(take(t, 1) % 6, any_name(t), (OrtEnv **)&made);
        break;
    case OPTIONS:
        bad = take(t, 1) % 2
                  ? ort->CreateSessionOptions((OrtSessionOptions **)&made)
                  : ort->CloneSessionOptions(any(t, OPTIONS), (OrtSessionOptions **)&made);
        break;
    case SESSION:
        host.failure = take(t, 1) < 32 ? -(int32_t)(1 + take(t, 1) % 14) : 0;
        bad = ort->CreateSession(any(t, ENV), any_name(t), any(t, OPTIONS), (OrtSession **)&made);
        host.failure = 0;
        break;
    case RUN_OPTIONS:
        bad = ort->CreateRunOptions((OrtRunOptions **)&made);
        break;
    case VALUE:
        create_value(t);
        return;
    case TYPE:
        bad = ort->SessionGetInputTypeInfo(any(t, SESSION), take(t, 1) % 4, (OrtTypeInfo **)&made);
        break;
    case SHAPE:
        bad = ort->CreateTensorTypeAndShapeInfo((OrtTensorTypeAndShapeInfo **)&made);
        break;
    case MEMORY:
        bad = ort->CreateMemoryInfo(take(t, 1) % 8 ? "Cpu" : any_name(t), 0, 0, 0,
                                    (OrtMemoryInfo **)&made);
        break;
    case BINDING:
        bad = ort->CreateIoBinding(any(t, SESSION), (OrtIoBinding **)&made);
        break;
    }
    keep(kind, bad);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    tape t = {data, length};
    ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    drop(ort->GetAllocatorWithDefaultOptions(&allocator));
    host = (struct host){.message = "host"};
    model(&t);
    for (int calls = 0; t.left && calls < 300; calls++) {
        switch (take(&t, 1) % 8) {
        case 0:
        case 1:
            create(&t);
            break;
        case 2:
            release(&t, take(&t, 1) % KINDS);
            break;
        case 3:
            use_value(&t);
            break;
        case 4:
            use_shape(&t);
            break;
        case 5:
            use_options(&t);
            break;
        case 6:
            run_model(&t);
            break;
        case 7:
            run_binding(&t);
            break;
        }
        check_counts();
        require(host.results_held == 0);
    }
    if (run.pending) host_finish_run();
    for (uint32_t kind = 0; kind < KINDS; kind++)
        while (own[kind].count)
            release_handle(kind, own[kind].alive[--own[kind].count]);
    released = NULL;
    for (uint32_t i = 0; vp_ort_kind_name(i); i++)
        require(!vp_ort_live(i));
    require(!host.sessions);
    return 0;
}
