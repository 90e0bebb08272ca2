/* voicepath/ort.h: ONNX Runtime's C API over onnxruntime-web, and what it cannot say itself.
 *
 * Programs include <onnxruntime_c_api.h>, unmodified, and link voicepath::ort:
 *
 *   const OrtApi *ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
 *   ort->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "demo", &env);
 *   ort->CreateSession(env, "model.onnx", options, &session);
 *   ort->Run(session, NULL, names, inputs, 1, outputs, 1, &result);
 *
 * Every slot of the table is there. Those that a browser cannot serve, and those nobody has asked for
 * yet, return ORT_NOT_IMPLEMENTED with their name.
 *
 * Objects are named by handles that are never reused soon: what was released is recognised, so a second
 * release does nothing but count as a misuse, and any other use is ORT_INVALID_ARGUMENT. The exceptions
 * are those that the API lends: an OrtAllocator, and the tensor info inside an OrtTypeInfo.
 *
 * What a program exports may call Run and CreateSession, which wait, only while JavaScript entered it
 * by OrtProgram.call(). RunAsync's callbacks and allocators of the program's own may not wait. Programs run
 * on one thread.
 */
#ifndef VOICEPATH_ORT_H
#define VOICEPATH_ORT_H

#include <onnxruntime_c_api.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Objects alive that must be released: 0 of every kind when a program is done. Kinds count from 0. */
uint32_t vp_ort_live(uint32_t kind);

/* The kind's name in the API, "Session"; NULL beyond the last kind. */
const char *vp_ort_kind_name(uint32_t kind);

/* Releases of what was not alive, since the start. */
uint32_t vp_ort_misuses(void);

/* ---- Called by the loader -------------------------------------------------------------------- */

/* Memory of the program; NULL when there is none. */
void *vp_ort_allocate(uint32_t bytes);
void vp_ort_free(void *block);

/* A run that RunAsync started has ended: calls the program's callback. */
void vp_ort_run_finished(uint32_t token, int32_t result);

#ifdef __cplusplus
}
#endif
#endif
