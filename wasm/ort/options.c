/* Session options are kept as they go to the host: a list of keys and values, in the order of the calls,
 * the last of a key counting. */
#include "options.h"

#include "host.h"
#include "slots.h"
#include "status.h"

static OrtStatus *check_range(int64_t value, int64_t least, int64_t most) {
    if (value >= least && value <= most) return NULL;
    return status_invalid(most == INT32_MAX ? "%d is less than %d"
                                            : "%d is no severity level, which are to %d",
                          value, most == INT32_MAX ? least : most);
}

static const char SEVERITY[] = "logSeverityLevel";

/* ---- OrtEnv: its severity is all there is to know ---------------------------------------- */

static const uint8_t SEVERITIES[] = {
    ORT_LOGGING_LEVEL_VERBOSE, ORT_LOGGING_LEVEL_INFO,  ORT_LOGGING_LEVEL_WARNING,
    ORT_LOGGING_LEVEL_ERROR,   ORT_LOGGING_LEVEL_FATAL,
};

OrtStatus *api_CreateEnv(OrtLoggingLevel severity, const char *logid, OrtEnv **out) {
    NEED(logid);
    NEED(out);
    OrtStatus *bad = check_range(severity, 0, ORT_LOGGING_LEVEL_FATAL);
    if (bad) return bad;
    OrtEnv *handle = handle_new(KIND_Env, (void *)&SEVERITIES[severity]);
    if (!handle) return status_exhausted();
    *out = handle;
    return NULL;
}

void api_ReleaseEnv(OrtEnv *env) {
    handle_end(KIND_Env, env);
}

/* There is none. */
OrtStatus *api_EnableTelemetryEvents(const OrtEnv *env) {
    return handle_object(KIND_Env, env) ? NULL : status_dead(KIND_Env);
}

OrtStatus *api_DisableTelemetryEvents(const OrtEnv *env) {
    return api_EnableTelemetryEvents(env);
}

/* ---- OrtSessionOptions ------------------------------------------------------------------- */

OrtStatus *options_for_session(const OrtEnv *env, const OrtSessionOptions *options, text *into) {
    FIND(const uint8_t, severity, Env, env);
    const text *given = options ? handle_object(KIND_SessionOptions, options) : NULL;
    if (options && !given) return status_dead(KIND_SessionOptions);
    text_add_item(into, SEVERITY);
    text_add_integer(into, *severity);
    text_add_item(into, "");
    if (given) text_add_bytes(into, given->at, given->length);
    return NULL;
}

static OrtStatus *create(const text *from, OrtSessionOptions **out) {
    NEED(out);
    text *made = calloc(1, sizeof *made);
    if (made && from) text_add_bytes(made, from->at, from->length);
    OrtSessionOptions *handle =
        made && !made->failed ? handle_new(KIND_SessionOptions, made) : NULL;
    if (!handle) {
        if (made) free(made->at);
        free(made);
        return status_exhausted();
    }
    *out = handle;
    return NULL;
}

OrtStatus *api_CreateSessionOptions(OrtSessionOptions **out) {
    return create(NULL, out);
}

OrtStatus *api_CloneSessionOptions(const OrtSessionOptions *handle, OrtSessionOptions **out) {
    FIND(const text, options, SessionOptions, handle);
    return create(options, out);
}

void api_ReleaseSessionOptions(OrtSessionOptions *handle) {
    text *ended = handle_end(KIND_SessionOptions, handle);
    if (ended) free(ended->at);
    free(ended);
}

/* All or nothing of what was written since then. */
static OrtStatus *written(text *options, uint32_t since) {
    if (!options->failed) return NULL;
    options->length = since;
    options->failed = false;
    return status_exhausted();
}

/* The key is two texts for those that have a prefix. */
static void add(text *options, const char *prefix, const char *key, const char *value) {
    text_add(options, prefix);
    text_add_item(options, key);
    text_add_item(options, value);
}

static OrtStatus *set(OrtSessionOptions *handle, const char *prefix, const char *key,
                      const char *value) {
    FIND(text, options, SessionOptions, handle);
    NEED(key);
    NEED(value);
    uint32_t since = options->length;
    add(options, prefix, key, value);
    return written(options, since);
}

static OrtStatus *set_integer(OrtSessionOptions *handle, const char *prefix, const char *key,
                              int64_t value, int64_t least) {
    NEED(key);
    OrtStatus *bad = check_range(value, least, INT32_MAX);
    if (bad) return bad;
    char digits[24];
    text decimal = {.at = digits, .capacity = sizeof digits};
    text_add_integer(&decimal, value);
    text_add_item(&decimal, "");
    return set(handle, prefix, key, digits);
}

/* A value that has a name; an empty one is none. */
static OrtStatus *set_named(OrtSessionOptions *handle, const char *key, const char *name) {
    if (!*name) return status_new(ORT_INVALID_ARGUMENT, "no such %s", key);
    return set(handle, "", key, name);
}

OrtStatus *api_SetSessionExecutionMode(OrtSessionOptions *handle, ExecutionMode mode) {
    const char *name = mode == ORT_SEQUENTIAL ? "sequential"
                       : mode == ORT_PARALLEL ? "parallel"
                                              : "";
    return set_named(handle, "executionMode", name);
}

OrtStatus *api_SetSessionGraphOptimizationLevel(OrtSessionOptions *handle,
                                                GraphOptimizationLevel level) {
    enum { LAYOUT = 3 }; /* of newer headers */
    const char *name = "";
    switch ((int)level) {
    case ORT_DISABLE_ALL:
        name = "disabled";
        break;
    case ORT_ENABLE_BASIC:
        name = "basic";
        break;
    case ORT_ENABLE_EXTENDED:
        name = "extended";
        break;
    case LAYOUT:
        name = "layout";
        break;
    case ORT_ENABLE_ALL:
        name = "all";
        break;
    }
    return set_named(handle, "graphOptimizationLevel", name);
}

OrtStatus *api_SetSessionLogId(OrtSessionOptions *handle, const char *logid) {
    return set(handle, "", "logId", logid);
}

OrtStatus *api_SetSessionLogVerbosityLevel(OrtSessionOptions *handle, int level) {
    return set_integer(handle, "", "logVerbosityLevel", level, INT32_MIN);
}

OrtStatus *api_SetSessionLogSeverityLevel(OrtSessionOptions *handle, int level) {
    OrtStatus *bad = check_range(level, 0, ORT_LOGGING_LEVEL_FATAL);
    return bad ? bad : set_integer(handle, "", SEVERITY, level, 0);
}

OrtStatus *api_SetIntraOpNumThreads(OrtSessionOptions *handle, int threads) {
    return set_integer(handle, "", "intraOpNumThreads", threads, 0);
}

OrtStatus *api_SetInterOpNumThreads(OrtSessionOptions *handle, int threads) {
    return set_integer(handle, "", "interOpNumThreads", threads, 0);
}

OrtStatus *api_EnableMemPattern(OrtSessionOptions *handle) {
    return set(handle, "", "enableMemPattern", "1");
}

OrtStatus *api_DisableMemPattern(OrtSessionOptions *handle) {
    return set(handle, "", "enableMemPattern", "0");
}

OrtStatus *api_EnableCpuMemArena(OrtSessionOptions *handle) {
    return set(handle, "", "enableCpuMemArena", "1");
}

OrtStatus *api_DisableCpuMemArena(OrtSessionOptions *handle) {
    return set(handle, "", "enableCpuMemArena", "0");
}

OrtStatus *api_AddSessionConfigEntry(OrtSessionOptions *handle, const char *key,
                                     const char *value) {
    return set(handle, "config.", key, value);
}

OrtStatus *api_AddFreeDimensionOverrideByName(OrtSessionOptions *handle, const char *name,
                                              int64_t value) {
    return set_integer(handle, "freeDimension.", name, value, 1);
}

/* ---- Execution providers ----------------------------------------------------------------- */

OrtStatus *api_SessionOptionsAppendExecutionProvider(OrtSessionOptions *handle, const char *name,
                                                     const char *const *keys,
                                                     const char *const *values, size_t count) {
    static const char known[] = "WebGPU\0WebNN\0CPU\0";
    FIND(text, options, SessionOptions, handle);
    NEED(name);
    const char *found = known;
    while (*found && strcmp(found, name))
        found = list_at(found, 1);
    if (!*found)
        return status_new(
            ORT_INVALID_ARGUMENT,
            "a browser has no execution provider \"%s\"; it may have WebGPU, WebNN and CPU", name);
    uint32_t since = options->length;
    add(options, "", "executionProvider", name);
    for (size_t i = 0; i < count; i++) {
        bool given = keys && values && keys[i] && values[i];
        if (!given) {
            options->length = since;
            return status_null("a key or a value of the execution provider");
        }
        add(options, "executionProvider.", keys[i], values[i]);
    }
    return written(options, since);
}

/* One block: the pointers, of which there are fewer than bytes, and the texts they point to. */
OrtStatus *api_GetAvailableProviders(char ***out, int *length) {
    NEED(out);
    NEED(length);
    uint32_t bytes = ort_host_providers(NULL, 0);
    char **block = malloc(bytes * sizeof *block + bytes + 1);
    if (!block) return status_exhausted();
    char *text = (char *)(block + bytes), *end = text + ort_host_providers(text, bytes);
    int count = 0;
    for (; text < end; text += strlen(text) + 1)
        block[count++] = text;
    *out = block;
    *length = count;
    return NULL;
}

OrtStatus *api_ReleaseAvailableProviders(char **block, int length) {
    (void)length;
    free(block);
    return NULL;
}

/* ---- OrtRunOptions: the host takes none -------------------------------------------------- */

typedef struct run_options {
    int verbosity, severity;
    char *tag;
    bool terminate;
} run_options;

OrtStatus *options_check_run(const OrtRunOptions *handle) {
    if (!handle) return NULL;
    FIND(const run_options, options, RunOptions, handle);
    if (!options->terminate) return NULL;
    return status_new(ORT_FAIL, "the run's options say to terminate", NULL);
}

OrtStatus *api_CreateRunOptions(OrtRunOptions **out) {
    NEED(out);
    run_options *made = calloc(1, sizeof *made);
    OrtRunOptions *handle = made ? handle_new(KIND_RunOptions, made) : NULL;
    if (!handle) {
        free(made);
        return status_exhausted();
    }
    made->severity = -1; /* the session's */
    *out = handle;
    return NULL;
}

void api_ReleaseRunOptions(OrtRunOptions *handle) {
    run_options *ended = handle_end(KIND_RunOptions, handle);
    if (ended) free(ended->tag);
    free(ended);
}

OrtStatus *api_RunOptionsSetRunLogVerbosityLevel(OrtRunOptions *handle, int level) {
    FIND(run_options, options, RunOptions, handle);
    options->verbosity = level;
    return NULL;
}

OrtStatus *api_RunOptionsGetRunLogVerbosityLevel(const OrtRunOptions *handle, int *out) {
    FIND(const run_options, options, RunOptions, handle);
    NEED(out);
    *out = options->verbosity;
    return NULL;
}

OrtStatus *api_RunOptionsSetRunLogSeverityLevel(OrtRunOptions *handle, int level) {
    FIND(run_options, options, RunOptions, handle);
    OrtStatus *bad = check_range(level, -1, ORT_LOGGING_LEVEL_FATAL);
    if (!bad) options->severity = level;
    return bad;
}

OrtStatus *api_RunOptionsGetRunLogSeverityLevel(const OrtRunOptions *handle, int *out) {
    FIND(const run_options, options, RunOptions, handle);
    NEED(out);
    *out = options->severity;
    return NULL;
}

OrtStatus *api_RunOptionsSetRunTag(OrtRunOptions *handle, const char *tag) {
    FIND(run_options, options, RunOptions, handle);
    NEED(tag);
    text copy = {0};
    text_add_item(&copy, tag);
    if (copy.failed) return status_exhausted();
    free(options->tag);
    options->tag = copy.at;
    return NULL;
}

OrtStatus *api_RunOptionsGetRunTag(const OrtRunOptions *handle, const char **out) {
    FIND(const run_options, options, RunOptions, handle);
    NEED(out);
    *out = options->tag ? options->tag : "";
    return NULL;
}

static OrtStatus *set_terminate(OrtRunOptions *handle, bool terminate) {
    FIND(run_options, options, RunOptions, handle);
    options->terminate = terminate;
    return NULL;
}

OrtStatus *api_RunOptionsSetTerminate(OrtRunOptions *handle) {
    return set_terminate(handle, true);
}

OrtStatus *api_RunOptionsUnsetTerminate(OrtRunOptions *handle) {
    return set_terminate(handle, false);
}
