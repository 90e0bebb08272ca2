#include "voicepath/base.h"

typedef struct status_text {
    int32_t status;
    const char *name;
    const char *message;
} status_text;

static const status_text texts[] = {
#define VP_STATUS(name, value, message) {value, "VP_" #name, message},
#include "voicepath/status.def"
#undef VP_STATUS
};

static const status_text *find(int32_t status) {
    static const status_text unknown = {0, "VP_E_UNKNOWN", "not a voicepath status"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].status == status) return &texts[i];
    return &unknown;
}

const char *vp_status_name(int32_t status) {
    return find(status)->name;
}

const char *vp_status_message(int32_t status) {
    return find(status)->message;
}
