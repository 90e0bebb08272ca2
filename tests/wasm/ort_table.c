/* The least program over ONNX Runtime's C API: the whole table, and nothing that uses it. */
#include <onnxruntime_c_api.h>

__attribute__((used)) const OrtApi *ort_table(void) {
    return OrtGetApiBase()->GetApi(ORT_API_VERSION);
}
