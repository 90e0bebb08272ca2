#include "session.h"

#include "host.h"
#include "memory.h"
#include "options.h"
#include "slots.h"
#include "status.h"
#include "type_info.h"

static OrtStatus *name_unknown(const session *s, uint32_t side, const char *name) {
    text message = {0};
    text_add_format(&message,
                    side == ORT_HOST_INPUT ? "no input %s: there are" : "no output %s: there are",
                    name, 0, 0);
    for (uint32_t i = 0; i < s->count[side]; i++)
        text_add_format(&message, i ? ", %s" : " %s", list_at(s->names[side].at, i), 0, 0);
    text_add_item(&message, "");
    OrtStatus *status =
        message.failed ? status_exhausted() : status_new(ORT_INVALID_ARGUMENT, "%s", message.at);
    free(message.at);
    return status;
}

OrtStatus *session_index(const session *s, uint32_t side, const char *name, uint32_t *index) {
    const char *known = s->names[side].at;
    for (uint32_t i = 0; i < s->count[side]; i++, known += strlen(known) + 1)
        if (!strcmp(known, name)) {
            *index = i;
            return NULL;
        }
    return name_unknown(s, side, name);
}

/* ---- Making and releasing ---------------------------------------------------------------- */

static void read_names(session *s, uint32_t side) {
    s->count[side] = ort_host_session_count(s->number, side);
    for (uint32_t i = 0; i < s->count[side]; i++) {
        uint32_t length = ort_host_session_name(s->number, side, i, NULL, 0);
        char *into = text_extend(&s->names[side], length);
        if (into) ort_host_session_name(s->number, side, i, into, length);
        text_add_item(&s->names[side], "");
    }
}

static void session_free(session *s) {
    ort_host_session_release(s->number);
    free(s->names[ORT_HOST_INPUT].at);
    free(s->names[ORT_HOST_OUTPUT].at);
    free(s);
}

static OrtStatus *create(const OrtEnv *env, const void *model, size_t model_bytes, const char *path,
                         const OrtSessionOptions *options, OrtSession **out) {
    text all = {0};
    OrtStatus *bad = options_for_session(env, options, &all);
    if (bad) return bad;
    session *made = all.failed ? NULL : malloc(sizeof *made);
    int32_t number = 0;
    if (made)
        number = ort_host_session_create(model, (uint32_t)model_bytes, path,
                                         path ? (uint32_t)strlen(path) : 0, all.at, all.length);
    free(all.at);
    if (number <= 0) {
        free(made);
        return made ? status_of_host(number) : status_exhausted();
    }
    *made = (session){.number = number};
    read_names(made, ORT_HOST_INPUT);
    read_names(made, ORT_HOST_OUTPUT);
    bool failed = made->names[ORT_HOST_INPUT].failed || made->names[ORT_HOST_OUTPUT].failed;
    OrtSession *handle = failed ? NULL : handle_new(KIND_Session, made);
    if (!handle) {
        session_free(made);
        return status_exhausted();
    }
    *out = handle;
    return NULL;
}

OrtStatus *api_CreateSession(const OrtEnv *env, const char *model_path,
                             const OrtSessionOptions *options, OrtSession **out) {
    NEED(model_path);
    NEED(out);
    return create(env, NULL, 0, model_path, options, out);
}

OrtStatus *api_CreateSessionFromArray(const OrtEnv *env, const void *model_data, size_t length,
                                      const OrtSessionOptions *options, OrtSession **out) {
    NEED(model_data);
    NEED(out);
    if (length > UINT32_MAX) return status_invalid("a model of more than 4 GiB", 0, 0);
    return create(env, model_data, length, NULL, options, out);
}

void api_ReleaseSession(OrtSession *handle) {
    session *ended = handle_end(KIND_Session, handle);
    if (ended) session_free(ended);
}

/* ---- What a model takes and gives -------------------------------------------------------- */

static OrtStatus *count(const OrtSession *handle, uint32_t side, size_t *out) {
    FIND(const session, s, Session, handle);
    NEED(out);
    *out = s->count[side];
    return NULL;
}

OrtStatus *api_SessionGetInputCount(const OrtSession *handle, size_t *out) {
    return count(handle, ORT_HOST_INPUT, out);
}

OrtStatus *api_SessionGetOutputCount(const OrtSession *handle, size_t *out) {
    return count(handle, ORT_HOST_OUTPUT, out);
}

/* onnxruntime-web has no way to give initializers. */
OrtStatus *api_SessionGetOverridableInitializerCount(const OrtSession *handle, size_t *out) {
    OrtStatus *bad = count(handle, ORT_HOST_INPUT, out);
    if (!bad) *out = 0;
    return bad;
}

static OrtStatus *check_index(const session *s, uint32_t side, size_t index) {
    if (index < s->count[side]) return NULL;
    return status_invalid("index %d: the model has %d of them", (int64_t)index, s->count[side]);
}

static OrtStatus *name(const OrtSession *handle, uint32_t side, size_t index,
                       OrtAllocator *allocator, char **out) {
    FIND(const session, s, Session, handle);
    NEED(allocator);
    NEED(out);
    OrtStatus *bad = check_index(s, side, index);
    if (bad) return bad;
    const char *known = list_at(s->names[side].at, (uint32_t)index);
    size_t bytes = strlen(known) + 1;
    char *copy = allocator_take(allocator, bytes);
    if (!copy) return status_exhausted();
    *out = memcpy(copy, known, bytes);
    return NULL;
}

OrtStatus *api_SessionGetInputName(const OrtSession *handle, size_t index, OrtAllocator *allocator,
                                   char **out) {
    return name(handle, ORT_HOST_INPUT, index, allocator, out);
}

OrtStatus *api_SessionGetOutputName(const OrtSession *handle, size_t index, OrtAllocator *allocator,
                                    char **out) {
    return name(handle, ORT_HOST_OUTPUT, index, allocator, out);
}

static void read_dimension(type_info *info, int32_t session, uint32_t side, uint32_t index,
                           uint32_t dimension) {
    info->shape[dimension] = (int64_t)ort_host_session_dimension(session, side, index, dimension);
    uint32_t length = ort_host_session_symbol(session, side, index, dimension, NULL, 0);
    char *into = text_extend(&info->symbols, length);
    if (into) ort_host_session_symbol(session, side, index, dimension, into, length);
    text_add_item(&info->symbols, "");
}

static OrtStatus *type(const OrtSession *handle, uint32_t side, size_t at, OrtTypeInfo **out) {
    FIND(const session, s, Session, handle);
    NEED(out);
    OrtStatus *bad = check_index(s, side, at);
    if (bad) return bad;
    uint32_t index = (uint32_t)at;
    type_info *info = type_info_new(ort_host_session_type(s->number, side, index),
                                    ort_host_session_rank(s->number, side, index));
    for (uint32_t i = 0; info && i < info->rank; i++)
        read_dimension(info, s->number, side, index, i);
    return type_info_give(KIND_TypeInfo, info, (void **)out);
}

OrtStatus *api_SessionGetInputTypeInfo(const OrtSession *handle, size_t index, OrtTypeInfo **out) {
    return type(handle, ORT_HOST_INPUT, index, out);
}

OrtStatus *api_SessionGetOutputTypeInfo(const OrtSession *handle, size_t index, OrtTypeInfo **out) {
    return type(handle, ORT_HOST_OUTPUT, index, out);
}
