/* OrtIoBinding: bindings that are kept from run to run. A run works on a copy, since the program may bind
 * something else, or release the binding, while it waits. */
#include "host.h"
#include "memory.h"
#include "options.h"
#include "run.h"
#include "slots.h"
#include "status.h"

typedef struct io_binding {
    const OrtSession *session;
    bindings *bound; /* each input and output at most once */
} io_binding;

OrtStatus *api_CreateIoBinding(OrtSession *handle, OrtIoBinding **out) {
    FIND(const session, s, Session, handle);
    NEED(out);
    io_binding *made = malloc(sizeof *made);
    bindings *bound = bindings_new(s->count[ORT_HOST_INPUT], s->count[ORT_HOST_OUTPUT]);
    OrtIoBinding *binding = made && bound ? handle_new(KIND_IoBinding, made) : NULL;
    if (!binding) {
        free(bound);
        free(made);
        return status_exhausted();
    }
    *made = (io_binding){handle, bound};
    *out = binding;
    return NULL;
}

void api_ReleaseIoBinding(OrtIoBinding *handle) {
    io_binding *ended = handle_end(KIND_IoBinding, handle);
    if (ended) bindings_free(ended->bound);
    free(ended);
}

/* ---- Binding ----------------------------------------------------------------------------- */

static OrtStatus *bind(OrtIoBinding *handle, uint32_t side, const char *name,
                       const OrtValue *value) {
    FIND(const io_binding, io, IoBinding, handle);
    FIND(const session, s, Session, io->session);
    NEED(name);
    uint32_t index;
    OrtStatus *bad = session_index(s, side, name, &index);
    if (bad) return bad;
    tensor *given = value ? handle_object(KIND_Value, value) : NULL;
    if (value && !given) return status_dead(KIND_Value);
    bindings *b = io->bound;
    uint32_t i = 0;
    while (i < b->count[side] && b->at[side][i].index != index)
        i++;
    binding *at = &b->at[side][i];
    if (i == b->count[side]) {
        b->count[side]++;
        *at = (binding){.index = index};
    }
    tensor_share(given);
    tensor_release(at->given);
    tensor_release(at->result);
    at->given = given;
    at->result = NULL;
    return NULL;
}

OrtStatus *api_BindInput(OrtIoBinding *handle, const char *name, const OrtValue *value) {
    NEED(value);
    return bind(handle, ORT_HOST_INPUT, name, value);
}

OrtStatus *api_BindOutput(OrtIoBinding *handle, const char *name, const OrtValue *value) {
    NEED(value);
    return bind(handle, ORT_HOST_OUTPUT, name, value);
}

OrtStatus *api_BindOutputToDevice(OrtIoBinding *handle, const char *name,
                                  const OrtMemoryInfo *info) {
    OrtStatus *bad = memory_info_check(info);
    return bad ? bad : bind(handle, ORT_HOST_OUTPUT, name, NULL);
}

static void clear(OrtIoBinding *handle, uint32_t side) {
    const io_binding *io = handle_object(KIND_IoBinding, handle);
    if (io) bindings_clear(io->bound, side);
}

void api_ClearBoundInputs(OrtIoBinding *handle) {
    clear(handle, ORT_HOST_INPUT);
}

void api_ClearBoundOutputs(OrtIoBinding *handle) {
    clear(handle, ORT_HOST_OUTPUT);
}

/* All tensors are in memory: there is nothing to wait for. */
OrtStatus *api_SynchronizeBoundInputs(OrtIoBinding *handle) {
    return handle_object(KIND_IoBinding, handle) ? NULL : status_dead(KIND_IoBinding);
}

OrtStatus *api_SynchronizeBoundOutputs(OrtIoBinding *handle) {
    return api_SynchronizeBoundInputs(handle);
}

/* ---- Running ----------------------------------------------------------------------------- */

static bindings *copy_of(const bindings *from) {
    bindings *made = bindings_new(from->count[ORT_HOST_INPUT], from->count[ORT_HOST_OUTPUT]);
    for (uint32_t side = 0; made && side < 2; side++) {
        made->count[side] = from->count[side];
        for (uint32_t i = 0; i < from->count[side]; i++) {
            const binding *b = &from->at[side][i];
            made->at[side][i] = (binding){.index = b->index, .given = tensor_share(b->given)};
        }
    }
    return made;
}

/* Of an output that is still bound, and still has no tensor given. */
static void hand_over(const bindings *from, bindings *to) {
    for (uint32_t i = 0; i < from->count[ORT_HOST_OUTPUT]; i++)
        for (uint32_t k = 0; k < to->count[ORT_HOST_OUTPUT]; k++) {
            binding *a = &from->at[ORT_HOST_OUTPUT][i], *b = &to->at[ORT_HOST_OUTPUT][k];
            if (a->index != b->index || a->given || b->given) continue;
            tensor *last = b->result;
            b->result = a->result;
            a->result = last;
        }
}

OrtStatus *api_RunWithBinding(OrtSession *handle, const OrtRunOptions *options,
                              const OrtIoBinding *binding) {
    FIND(const session, s, Session, handle);
    FIND(io_binding, io, IoBinding, binding);
    OrtStatus *bad = options_check_run(options);
    if (bad) return bad;
    if (io->session != handle) return status_invalid("bound to another session", 0, 0);
    if (!io->bound->count[ORT_HOST_OUTPUT]) return status_invalid("no output is bound", 0, 0);
    bindings *copy = copy_of(io->bound);
    if (!copy) return status_exhausted();
    bad = bindings_run(copy, s, NULL);
    io = handle_object(KIND_IoBinding, binding);
    if (io && !bad) hand_over(copy, io->bound);
    bindings_free(copy);
    return bad;
}

/* ---- What is bound ----------------------------------------------------------------------- */

OrtStatus *api_GetBoundOutputNames(const OrtIoBinding *handle, OrtAllocator *allocator,
                                   char **buffer, size_t **lengths, size_t *out_count) {
    FIND(const io_binding, io, IoBinding, handle);
    FIND(const session, s, Session, io->session);
    NEED(allocator);
    NEED(buffer);
    NEED(lengths);
    NEED(out_count);
    const uint32_t count = io->bound->count[ORT_HOST_OUTPUT];
    const char *list = s->names[ORT_HOST_OUTPUT].at;
    char *texts = NULL;
    size_t *sizes = NULL;
    if (count) {
        texts = allocator_take(allocator, s->names[ORT_HOST_OUTPUT].length);
        sizes = texts ? allocator_take(allocator, count * sizeof *sizes) : NULL;
        if (!sizes) {
            if (texts) allocator_give_back(allocator, texts);
            return status_exhausted();
        }
    }
    char *end = texts;
    for (uint32_t i = 0; i < count; i++) {
        const char *name = list_at(list, io->bound->at[ORT_HOST_OUTPUT][i].index);
        sizes[i] = strlen(name);
        memcpy(end, name, sizes[i]);
        end += sizes[i];
    }
    *buffer = texts;
    *lengths = sizes;
    *out_count = count;
    return NULL;
}

OrtStatus *api_GetBoundOutputValues(const OrtIoBinding *handle, OrtAllocator *allocator,
                                    OrtValue ***out, size_t *out_count) {
    FIND(const io_binding, io, IoBinding, handle);
    NEED(allocator);
    NEED(out);
    NEED(out_count);
    const uint32_t count = io->bound->count[ORT_HOST_OUTPUT];
    const binding *outputs = io->bound->at[ORT_HOST_OUTPUT];
    for (uint32_t i = 0; i < count; i++)
        if (!outputs[i].given && !outputs[i].result)
            return status_invalid("there was no run with this binding", 0, 0);
    OrtValue **values = count ? allocator_take(allocator, count * sizeof(OrtValue *)) : NULL;
    if (count && !values) return status_exhausted();
    for (uint32_t i = 0; i < count; i++) {
        values[i] = value_new(outputs[i].given ? outputs[i].given : outputs[i].result);
        if (values[i]) continue;
        while (i)
            tensor_release(handle_end(KIND_Value, values[--i]));
        allocator_give_back(allocator, values);
        return status_exhausted();
    }
    *out = values;
    *out_count = count;
    return NULL;
}
