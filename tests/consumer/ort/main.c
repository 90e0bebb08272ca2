/* main.c: the smallest program that runs a model: scalar.onnx, which adds 1. */
#include <onnxruntime_c_api.h>

static const OrtApi *ort;

/* The first failure ends it; what is NULL need not be released, but may. */
__attribute__((used)) float add_one(float x) {
    OrtEnv *env = NULL;
    OrtSessionOptions *options = NULL;
    OrtSession *session = NULL;
    OrtMemoryInfo *memory = NULL;
    OrtValue *input = NULL, *output = NULL;
    const char *const names[] = {"x"}, *const results[] = {"y"};
    float *y = &(float){-1};
    ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    OrtStatus *status = ort->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "consumer", &env);
    if (!status) status = ort->CreateSessionOptions(&options);
    if (!status) status = ort->CreateSession(env, "scalar.onnx", options, &session);
    if (!status) status = ort->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory);
    if (!status)
        status = ort->CreateTensorWithDataAsOrtValue(memory, &x, sizeof x, NULL, 0,
                                                     ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &input);
    if (!status)
        status =
            ort->Run(session, NULL, names, (const OrtValue *const *)&input, 1, results, 1, &output);
    if (!status) status = ort->GetTensorMutableData(output, (void **)&y);
    float answer = *y;
    ort->ReleaseStatus(status);
    ort->ReleaseValue(output);
    ort->ReleaseValue(input);
    ort->ReleaseMemoryInfo(memory);
    ort->ReleaseSession(session);
    ort->ReleaseSessionOptions(options);
    ort->ReleaseEnv(env);
    return answer;
}
