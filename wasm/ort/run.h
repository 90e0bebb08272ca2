/* run.h: which tensors go into a run and come out. Run and RunAsync put that together for one run, an
 * OrtIoBinding keeps it. */
#ifndef VP_ORT_RUN_H
#define VP_ORT_RUN_H

#include <onnxruntime_c_api.h>

#include "session.h"
#include "tensor.h"

typedef struct binding {
    uint32_t index;  /* of the session's inputs or outputs */
    tensor *given;   /* by the program; an output without one gets a tensor made for it */
    tensor *result;  /* such an output's, of the last run */
    tensor *fresh;   /* a result that has come, while others may still fail to */
    OrtValue *value; /* the program's handle of it */
} binding;

typedef struct bindings {
    uint32_t count[2]; /* by side: ORT_HOST_INPUT, ORT_HOST_OUTPUT */
    binding *at[2];
    binding all[];
} bindings;

/* With room for so many, none bound; NULL when there is no memory. */
bindings *bindings_new(size_t inputs, size_t outputs);
void bindings_clear(bindings *b, uint32_t side);
void bindings_free(bindings *b);

/* Binds one more: what the session calls so. An output's value may be NULL. */
OrtStatus *bindings_add(bindings *b, const session *s, uint32_t side, const char *name,
                        const OrtValue *value);

/* Runs, and waits. Results go to outputs, where it has no value given, as Run says; without outputs they
 * stay bound. On failure nothing has changed. */
OrtStatus *bindings_run(bindings *b, const session *s, OrtValue **outputs);

#endif
