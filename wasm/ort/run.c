/* A run has three parts. Everything that can be wrong is found out first, while nothing has happened. Then
 * the host runs, which may take a while: programs can be entered meanwhile and release what they like, so
 * bindings share their tensors, and the session is not looked at again. At last the results are
 * fetched: all of them first, and only then anything is changed that the program can see. */
#include "run.h"

#include "host.h"
#include "memory.h"
#include "options.h"
#include "slots.h"
#include "status.h"
#include "voicepath/ort.h"

enum { BINDINGS_MAX = 1 << 20 };

/* ---- Bindings ---------------------------------------------------------------------------- */

bindings *bindings_new(size_t inputs, size_t outputs) {
    if (inputs > BINDINGS_MAX || outputs > BINDINGS_MAX) return NULL;
    bindings *made = malloc(sizeof *made + (inputs + outputs) * sizeof *made->all);
    if (made) *made = (bindings){.at = {made->all, made->all + inputs}};
    return made;
}

void bindings_clear(bindings *b, uint32_t side) {
    for (uint32_t i = 0; i < b->count[side]; i++) {
        tensor_release(b->at[side][i].given);
        tensor_release(b->at[side][i].result);
    }
    b->count[side] = 0;
}

void bindings_free(bindings *b) {
    bindings_clear(b, ORT_HOST_INPUT);
    bindings_clear(b, ORT_HOST_OUTPUT);
    free(b);
}

OrtStatus *bindings_add(bindings *b, const session *s, uint32_t side, const char *name,
                        const OrtValue *value) {
    NEED(name);
    tensor *given = value ? handle_object(KIND_Value, value) : NULL;
    if (!given && (value || side == ORT_HOST_INPUT)) return status_dead(KIND_Value);
    uint32_t index;
    OrtStatus *bad = session_index(s, side, name, &index);
    if (bad) return bad;
    b->at[side][b->count[side]++] = (binding){.index = index, .given = tensor_share(given)};
    return NULL;
}

static OrtStatus *put_together(const session *s, const char *const *input_names,
                               const OrtValue *const *inputs, size_t input_count,
                               const char *const *output_names, size_t output_count,
                               OrtValue *const *outputs, bindings **out) {
    if (input_count) {
        NEED(input_names);
        NEED(inputs);
    }
    if (!output_count) return status_invalid("a run without outputs", 0, 0);
    NEED(output_names);
    NEED(outputs);
    bindings *b = bindings_new(input_count, output_count);
    if (!b) return status_exhausted();
    OrtStatus *bad = NULL;
    for (size_t i = 0; !bad && i < input_count; i++)
        bad = bindings_add(b, s, ORT_HOST_INPUT, input_names[i], inputs[i]);
    for (size_t i = 0; !bad && i < output_count; i++)
        bad = bindings_add(b, s, ORT_HOST_OUTPUT, output_names[i], outputs[i]);
    if (bad)
        bindings_free(b);
    else
        *out = b;
    return bad;
}

static void tell_host(const bindings *b, const session *s) {
    ort_host_run_begin(s->number);
    for (uint32_t i = 0; i < b->count[ORT_HOST_INPUT]; i++) {
        const binding *in = &b->at[ORT_HOST_INPUT][i];
        const tensor *t = in->given;
        ort_host_run_input(in->index, t->type, t->shape, t->rank, t->data, t->bytes);
    }
    for (uint32_t i = 0; i < b->count[ORT_HOST_OUTPUT]; i++)
        ort_host_run_output(b->at[ORT_HOST_OUTPUT][i].index);
}

/* ---- Results ----------------------------------------------------------------------------- */

/* A list of exactly so many texts. */
static bool is_list(const tensor *t) {
    const char *list = t->data;
    uint32_t texts = 0;
    for (uint32_t i = 0; i < t->bytes; i++)
        texts += !list[i];
    return texts == t->count && (!t->bytes || !list[t->bytes - 1]);
}

/* A given tensor of numbers is where its result's data goes: not yet. */
static bool goes_to_given(const binding *b) {
    return b->given && b->given->type != ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING;
}

static OrtStatus *fetch(binding *b, int32_t result, uint32_t i) {
    static const char not_ort[] = "a result whose bytes do not fit its shape";
    uint32_t type = ort_host_result_type(result, i), bytes = ort_host_result_bytes(result, i);
    if (!type) return status_new(ORT_NOT_IMPLEMENTED, "a result is no tensor", NULL);
    tensor *t = b->fresh = tensor_new(type, ort_host_result_rank(result, i));
    if (!t) return status_exhausted();
    ort_host_result_shape(result, i, t->shape);
    OrtStatus *bad = tensor_measure(t);
    if (bad) return bad;
    bool strings = type == ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING;
    if (!strings && bytes != t->bytes) return status_new(ORT_FAIL, not_ort, NULL);
    t->bytes = bytes;
    if (b->given && !tensor_same_shape(b->given, t))
        return status_invalid("result %d has another type or shape than the tensor given for it", i,
                              0);
    if (goes_to_given(b)) return NULL;
    bad = tensor_allocate(t, b->given ? b->given->allocator : &memory_allocator);
    if (bad) return bad;
    ort_host_result_data(result, i, t->data);
    if (strings && !is_list(t)) return status_new(ORT_FAIL, not_ort, NULL);
    return NULL;
}

static OrtStatus *fetch_all(bindings *b, int32_t result, bool values) {
    OrtStatus *bad = NULL;
    for (uint32_t i = 0; !bad && i < b->count[ORT_HOST_OUTPUT]; i++) {
        binding *out = &b->at[ORT_HOST_OUTPUT][i];
        bad = fetch(out, result, i);
        if (bad || !values || out->given) continue;
        out->value = value_new(out->fresh);
        if (!out->value) bad = status_exhausted();
    }
    return bad;
}

static void forget(binding *b) {
    tensor_release(b->fresh);
    if (b->value) tensor_release(handle_end(KIND_Value, b->value));
    b->fresh = NULL;
    b->value = NULL;
}

/* Nothing here can fail. */
static void keep(binding *b, int32_t result, uint32_t i, OrtValue **output) {
    tensor *fresh = b->fresh, *given = b->given;
    b->fresh = NULL;
    if (goes_to_given(b)) {
        ort_host_result_data(result, i, given->data);
    } else if (given) {
        void *data = given->data;
        given->data = fresh->data;
        given->bytes = fresh->bytes;
        fresh->data = data;
    } else {
        tensor *last = b->result;
        b->result = fresh;
        fresh = last;
        if (output) *output = b->value;
    }
    b->value = NULL;
    tensor_release(fresh);
}

/* Of what the host returned from a run. */
static OrtStatus *take_results(bindings *b, int32_t result, OrtValue **outputs) {
    if (result <= 0) return status_of_host(result);
    OrtStatus *bad = fetch_all(b, result, outputs != NULL);
    for (uint32_t i = 0; i < b->count[ORT_HOST_OUTPUT]; i++) {
        binding *out = &b->at[ORT_HOST_OUTPUT][i];
        if (bad)
            forget(out);
        else
            keep(out, result, i, outputs ? &outputs[i] : NULL);
    }
    ort_host_result_release(result);
    return bad;
}

OrtStatus *bindings_run(bindings *b, const session *s, OrtValue **outputs) {
    if (!ort_host_can_wait())
        return status_new(ORT_NOT_IMPLEMENTED, "nothing can wait for Run here: use RunAsync", NULL);
    tell_host(b, s);
    return take_results(b, ort_host_run(), outputs);
}

/* ---- Run --------------------------------------------------------------------------------- */

OrtStatus *api_Run(OrtSession *handle, const OrtRunOptions *options, const char *const *input_names,
                   const OrtValue *const *inputs, size_t input_count,
                   const char *const *output_names, size_t output_count, OrtValue **outputs) {
    FIND(const session, s, Session, handle);
    OrtStatus *bad = options_check_run(options);
    if (bad) return bad;
    bindings *b = NULL;
    bad =
        put_together(s, input_names, inputs, input_count, output_names, output_count, outputs, &b);
    if (bad) return bad;
    bad = bindings_run(b, s, outputs);
    bindings_free(b);
    return bad;
}

/* ---- RunAsync ---------------------------------------------------------------------------- */

typedef struct pending {
    bindings *bound;
    OrtValue **outputs;
    RunAsyncCallbackFn callback;
    void *user_data;
} pending;

OrtStatus *api_RunAsync(OrtSession *handle, const OrtRunOptions *options,
                        const char *const *input_names, const OrtValue *const *inputs,
                        size_t input_count, const char *const *output_names, size_t output_count,
                        OrtValue **outputs, RunAsyncCallbackFn callback, void *user_data) {
    FIND(const session, s, Session, handle);
    NEED(callback);
    OrtStatus *bad = options_check_run(options);
    if (bad) return bad;
    bindings *b = NULL;
    bad =
        put_together(s, input_names, inputs, input_count, output_names, output_count, outputs, &b);
    if (bad) return bad;
    pending *made = malloc(sizeof *made);
    void *token = made ? handle_new(KIND_RunAsync, made) : NULL;
    if (!token) {
        free(made);
        bindings_free(b);
        return status_exhausted();
    }
    *made = (pending){b, outputs, callback, user_data};
    tell_host(b, s);
    ort_host_run_start((uint32_t)(uintptr_t)token);
    return NULL;
}

/* The status is the callback's, as is all that it is given. */
void vp_ort_run_finished(uint32_t token, int32_t result) {
    pending *ended = handle_end(KIND_RunAsync, (const void *)(uintptr_t)token);
    if (!ended) {
        if (result > 0) ort_host_result_release(result);
        return;
    }
    pending run = *ended;
    free(ended);
    size_t count = run.bound->count[ORT_HOST_OUTPUT];
    OrtStatus *bad = take_results(run.bound, result, run.outputs);
    bindings_free(run.bound);
    run.callback(run.user_data, bad ? NULL : run.outputs, bad ? 0 : count, bad);
}
