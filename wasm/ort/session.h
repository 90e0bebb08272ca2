/* session.h: a model in the host, and the names of its inputs and outputs. */
#ifndef VP_ORT_SESSION_H
#define VP_ORT_SESSION_H

#include <onnxruntime_c_api.h>

#include "text.h"

typedef struct session {
    int32_t number;    /* the host's */
    uint32_t count[2]; /* by side: ORT_HOST_INPUT, ORT_HOST_OUTPUT */
    text names[2];     /* lists */
} session;

OrtStatus *session_index(const session *s, uint32_t side, const char *name, uint32_t *index);

#endif
