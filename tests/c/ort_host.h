/* A host for the shim of ONNX Runtime's API, as the loader is one: it does what a test told it, keeps
 * what the shim told it, and stops the test when it is asked for what is not there. */
#ifndef ORT_HOST_H
#define ORT_HOST_H

#include <onnxruntime_c_api.h>

#include "host.h"

enum { HOST_SLOTS = 3, HOST_RANK = 3, HOST_BYTES = 256 };

/* An input or output of the model. */
typedef struct host_slot {
    const char *name;
    uint32_t type, rank;
    double shape[HOST_RANK];
    const char *symbols[HOST_RANK];
} host_slot;

typedef struct host_tensor {
    uint32_t index, type, rank, bytes;
    int64_t shape[HOST_RANK];
    char data[HOST_BYTES];
} host_tensor;

extern struct host {
    /* By the test. */
    uint32_t count[2];
    host_slot slots[2][HOST_SLOTS];
    host_tensor results[HOST_SLOTS]; /* by output of the model */
    uint32_t can_wait;
    int32_t failure; /* what the next session or run returns, when it is not 0 */
    const char *message, *providers;
    void (*while_running)(void);

    /* For the test. */
    char options[512]; /* as many as there is room for, of so many */
    uint32_t options_bytes;
    char path[64];
    uint32_t model_bytes;
    host_tensor inputs[HOST_SLOTS * 2];
    uint32_t input_count, outputs[HOST_SLOTS * 2], output_count;
    uint32_t token;
    uint32_t sessions, results_held; /* alive */
} host;

/* Ends the run that was started with host.token. */
void host_finish_run(void);

#endif
