#include "status.h"

#include "host.h"
#include "slots.h"
#include "text.h"
#include "voicepath/ort.h"

typedef struct status {
    OrtErrorCode code;
    char message[];
} status;

/* Those that need no memory. Releasing one is right and does nothing. */
#define NO_MEMORY HANDLE_CONSTANT(1)
#define NO_HANDLES HANDLE_CONSTANT(2)

static OrtStatus *finish(text *t) {
    text_add_bytes(t, "", 1);
    OrtStatus *made = t->failed ? NULL : handle_new(KIND_Status, t->at);
    if (made) return made;
    free(t->at);
    return status_exhausted();
}

static OrtStatus *make(OrtErrorCode code, const char *format, const char *s, int64_t first,
                       int64_t second) {
    text t = {0};
    text_add_bytes(&t, &code, sizeof code);
    text_add_format(&t, format, s, first, second);
    return finish(&t);
}

OrtStatus *status_new(OrtErrorCode code, const char *format, const char *s) {
    return make(code, format, s, 0, 0);
}

OrtStatus *status_invalid(const char *format, int64_t first, int64_t second) {
    return make(ORT_INVALID_ARGUMENT, format, NULL, first, second);
}

OrtStatus *status_exhausted(void) {
    return handles_used_up() ? NO_HANDLES : NO_MEMORY;
}

OrtStatus *status_of_host(int32_t returned) {
    OrtErrorCode code =
        returned < 0 && returned >= -ORT_EP_FAIL ? (OrtErrorCode)-returned : ORT_FAIL;
    text t = {0};
    text_add_bytes(&t, &code, sizeof code);
    uint32_t length = ort_host_error_message(NULL, 0);
    char *message = text_extend(&t, length);
    if (message) ort_host_error_message(message, length);
    return finish(&t);
}

OrtStatus *status_null(const char *argument) {
    return status_new(ORT_INVALID_ARGUMENT, "%s is NULL", argument);
}

OrtStatus *status_dead(kind k) {
    return status_new(ORT_INVALID_ARGUMENT, "not a living Ort%s", vp_ort_kind_name(k));
}

/* ---- The API ----------------------------------------------------------------------------- */

OrtStatus *api_CreateStatus(OrtErrorCode code, const char *message) {
    return status_new(code, "%s", message ? message : "");
}

OrtErrorCode api_GetErrorCode(const OrtStatus *handle) {
    if (!handle) return ORT_OK;
    if (handle == NO_MEMORY || handle == NO_HANDLES) return ORT_RUNTIME_EXCEPTION;
    const status *found = handle_object(KIND_Status, handle);
    return found ? found->code : ORT_INVALID_ARGUMENT;
}

const char *api_GetErrorMessage(const OrtStatus *handle) {
    if (!handle) return "";
    if (handle == NO_MEMORY) return "out of memory";
    if (handle == NO_HANDLES) return "out of handles: too many objects are alive";
    const status *found = handle_object(KIND_Status, handle);
    return found ? found->message : "not a living OrtStatus";
}

void api_ReleaseStatus(OrtStatus *handle) {
    if (handle != NO_MEMORY && handle != NO_HANDLES) free(handle_end(KIND_Status, handle));
}
