/* The table of functions: those in slots.h, and for every other slot a stub that says its name. */
#include <string.h>

#include "host.h"
#include "slots.h"
#include "status.h"

static OrtStatus *not_implemented(uint32_t slot);

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"
#include "slots.gen.h"
#pragma clang diagnostic pop

static const OrtApi API = {NOT_IMPLEMENTED_SLOTS,
#define ENTRY(slot) .slot = api_##slot,
                           EACH_SLOT(ENTRY)
#undef ENTRY
};

static OrtStatus *not_implemented(uint32_t slot) {
    static const char provider[] = "SessionOptionsAppendExecutionProvider_";
    char name[64];
    uint32_t length = ort_host_slot_name(slot, name, sizeof name - 1);
    name[length < sizeof name ? length : sizeof name - 1] = 0;
    return status_new(ORT_NOT_IMPLEMENTED,
                      strncmp(name, provider, sizeof provider - 1)
                          ? "%s is not implemented"
                          : "%s: a browser has no such execution provider",
                      name);
}

static const OrtApi *get_api(uint32_t version) {
    return version >= 1 && version <= ORT_API_VERSION ? &API : NULL;
}

static const char *get_version_string(void) {
    static char version[32];
    ort_host_version(version, sizeof version - 1);
    return version;
}

const OrtApiBase *OrtGetApiBase(void) {
    static const OrtApiBase base = {get_api, get_version_string};
    return &base;
}

const char *api_GetBuildInfoString(void) {
    return "voicepath::ort, over onnxruntime-web";
}
