/* options.h: what sessions and runs are told. */
#ifndef VP_ORT_OPTIONS_H
#define VP_ORT_OPTIONS_H

#include <onnxruntime_c_api.h>

#include "text.h"

/* Adds what the host wants to know: the environment's settings, then the session's. Without options
 * it has the defaults. On failure nothing is to be freed. */
OrtStatus *options_for_session(const OrtEnv *env, const OrtSessionOptions *options, text *into);

/* NULL when a run may go ahead. */
OrtStatus *options_check_run(const OrtRunOptions *options);

#endif
