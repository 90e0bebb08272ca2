/* host.h: what the loader (js-glue/src/ort/host.ts) does for the C side. Private to wasm/ort.
 *
 * No struct crosses the border: numbers, and pointers to bytes and to int64 shapes, whose meaning is
 * said here. Texts are UTF-8; a function that gives one writes at most `capacity` bytes of it, without
 * a NUL, and returns its whole length. A text without a NUL needs its length told; lists of texts have
 * a NUL behind each.
 *
 * session_create() and run() may suspend the program (JSPI, Asyncify) or not (ORT's inner module);
 * the C side cannot tell. Everything else returns at once. What fails returns the negative of an
 * OrtErrorCode, and error_message() has the reason until the next failure.
 */
#ifndef VP_ORT_HOST_H
#define VP_ORT_HOST_H

#include <stdint.h>

#if defined(__wasm__)
#    define HOST(name) __attribute__((import_module("ort"), import_name(name)))
#else /* natively tests bring a host of their own */
#    define HOST(name)
#endif

/* ---- The engine ---------------------------------------------------------------------------- */

/* 1 when session_create() and run() can be called; 0 when only run_start() can, and session_create()
 * finds the models that the loader was given. */
HOST("can_wait") uint32_t ort_host_can_wait(void);

/* The version of onnxruntime-web, "1.30.0". */
HOST("version") uint32_t ort_host_version(char *into, uint32_t capacity);

/* Execution providers, by ONNX Runtime's names, best first, a NUL behind each:
 * "WebGpuExecutionProvider\0CPUExecutionProvider\0". */
HOST("providers") uint32_t ort_host_providers(char *into, uint32_t capacity);

/* What OrtApi calls its function at a place, counted from 0. */
HOST("slot_name") uint32_t ort_host_slot_name(uint32_t slot, char *into, uint32_t capacity);

HOST("error_message") uint32_t ort_host_error_message(char *into, uint32_t capacity);

/* ---- Sessions ------------------------------------------------------------------------------ */

/* Makes a session of a model's bytes (path NULL), or of the model that the loader has or fetches under
 * a path (model NULL). Returns its number, above 0.
 *
 * options: texts with a NUL behind each, by pairs of key and value, in the order of the calls:
 *   graphOptimizationLevel                  disabled basic extended layout all
 *   executionMode                           sequential parallel
 *   intraOpNumThreads interOpNumThreads     decimal
 *   enableMemPattern enableCpuMemArena      0 1
 *   logId  logSeverityLevel  logVerbosityLevel
 *   executionProvider                       a name as the C API takes it, "WebGPU"
 *   executionProvider.<key>                 an option of the provider before it
 *   config.<key>                            a session configuration entry
 *   freeDimension.<name>                    decimal */
HOST("session_create")
int32_t ort_host_session_create(const void *model, uint32_t model_bytes, const char *path,
                                uint32_t path_bytes, const char *options, uint32_t options_bytes);
HOST("session_release") void ort_host_session_release(int32_t session);

enum { ORT_HOST_INPUT = 0, ORT_HOST_OUTPUT = 1 };

HOST("session_count") uint32_t ort_host_session_count(int32_t session, uint32_t side);
HOST("session_name")
uint32_t ort_host_session_name(int32_t session, uint32_t side, uint32_t index, char *into,
                               uint32_t capacity);
/* ONNXTensorElementDataType; 0 for what is no tensor. */
HOST("session_type") uint32_t ort_host_session_type(int32_t session, uint32_t side, uint32_t index);
HOST("session_rank") uint32_t ort_host_session_rank(int32_t session, uint32_t side, uint32_t index);
/* -1 where the model leaves it open. */
HOST("session_dimension")
double ort_host_session_dimension(int32_t session, uint32_t side, uint32_t index,
                                  uint32_t dimension);
/* The name of an open dimension; length 0 where it has none. */
HOST("session_symbol")
uint32_t ort_host_session_symbol(int32_t session, uint32_t side, uint32_t index, uint32_t dimension,
                                 char *into, uint32_t capacity);

/* ---- Runs ---------------------------------------------------------------------------------- */

/* A run is put together by run_begin(), then run_input() and run_output() in any number and order,
 * and started by run() or run_start(), without anything between. Inputs are copied when it starts.
 * data of a string tensor: its elements with a NUL behind each. */
HOST("run_begin") void ort_host_run_begin(int32_t session);
HOST("run_input")
void ort_host_run_input(uint32_t index, uint32_t type, const int64_t *shape, uint32_t rank,
                        const void *data, uint32_t bytes);
HOST("run_output") void ort_host_run_output(uint32_t index);

/* Returns the number of the results, above 0, in the order of the run_output() calls. */
HOST("run") int32_t ort_host_run(void);
/* The loader calls vp_ort_run_finished(token, what run() would have returned) later, never before this
 * returns. */
HOST("run_start") void ort_host_run_start(uint32_t token);

/* ---- Results, until released --------------------------------------------------------------- */

HOST("result_type") uint32_t ort_host_result_type(int32_t result, uint32_t index);
HOST("result_rank") uint32_t ort_host_result_rank(int32_t result, uint32_t index);
HOST("result_bytes") uint32_t ort_host_result_bytes(int32_t result, uint32_t index);
HOST("result_shape") void ort_host_result_shape(int32_t result, uint32_t index, int64_t *into);
/* Writes result_bytes() bytes; strings as run_input() takes them. */
HOST("result_data") void ort_host_result_data(int32_t result, uint32_t index, void *into);
HOST("result_release") void ort_host_result_release(int32_t result);

#endif
