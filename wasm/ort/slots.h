/* slots.h: the slots of OrtApi that are served, each by api_<slot>(); the rest is not_implemented(). */
#ifndef VP_ORT_SLOTS_H
#define VP_ORT_SLOTS_H

#include <onnxruntime_c_api.h>

#define EACH_SLOT(X)                                                                               \
    /* status.c */                                                                                 \
    X(CreateStatus)                                                                                \
    X(GetErrorCode)                                                                                \
    X(GetErrorMessage)                                                                             \
    X(ReleaseStatus)                                                                               \
    /* options.c */                                                                                \
    X(CreateEnv)                                                                                   \
    X(ReleaseEnv)                                                                                  \
    X(EnableTelemetryEvents)                                                                       \
    X(DisableTelemetryEvents)                                                                      \
    X(CreateSessionOptions)                                                                        \
    X(CloneSessionOptions)                                                                         \
    X(ReleaseSessionOptions)                                                                       \
    X(SetSessionExecutionMode)                                                                     \
    X(SetSessionLogId)                                                                             \
    X(SetSessionLogVerbosityLevel)                                                                 \
    X(SetSessionLogSeverityLevel)                                                                  \
    X(SetSessionGraphOptimizationLevel)                                                            \
    X(SetIntraOpNumThreads)                                                                        \
    X(SetInterOpNumThreads)                                                                        \
    X(EnableMemPattern)                                                                            \
    X(DisableMemPattern)                                                                           \
    X(EnableCpuMemArena)                                                                           \
    X(DisableCpuMemArena)                                                                          \
    X(AddSessionConfigEntry)                                                                       \
    X(AddFreeDimensionOverrideByName)                                                              \
    X(SessionOptionsAppendExecutionProvider)                                                       \
    X(GetAvailableProviders)                                                                       \
    X(ReleaseAvailableProviders)                                                                   \
    X(CreateRunOptions)                                                                            \
    X(ReleaseRunOptions)                                                                           \
    X(RunOptionsSetRunLogVerbosityLevel)                                                           \
    X(RunOptionsSetRunLogSeverityLevel)                                                            \
    X(RunOptionsSetRunTag)                                                                         \
    X(RunOptionsGetRunLogVerbosityLevel)                                                           \
    X(RunOptionsGetRunLogSeverityLevel)                                                            \
    X(RunOptionsGetRunTag)                                                                         \
    X(RunOptionsSetTerminate)                                                                      \
    X(RunOptionsUnsetTerminate)                                                                    \
    /* memory.c */                                                                                 \
    X(CreateAllocator)                                                                             \
    X(ReleaseAllocator)                                                                            \
    X(GetAllocatorWithDefaultOptions)                                                              \
    X(AllocatorAlloc)                                                                              \
    X(AllocatorFree)                                                                               \
    X(AllocatorGetInfo)                                                                            \
    X(CreateMemoryInfo)                                                                            \
    X(CreateCpuMemoryInfo)                                                                         \
    X(ReleaseMemoryInfo)                                                                           \
    X(CompareMemoryInfo)                                                                           \
    X(MemoryInfoGetName)                                                                           \
    X(MemoryInfoGetId)                                                                             \
    X(MemoryInfoGetMemType)                                                                        \
    X(MemoryInfoGetType)                                                                           \
    /* session.c */                                                                                \
    X(CreateSession)                                                                               \
    X(CreateSessionFromArray)                                                                      \
    X(ReleaseSession)                                                                              \
    X(SessionGetInputCount)                                                                        \
    X(SessionGetOutputCount)                                                                       \
    X(SessionGetOverridableInitializerCount)                                                       \
    X(SessionGetInputName)                                                                         \
    X(SessionGetOutputName)                                                                        \
    X(SessionGetInputTypeInfo)                                                                     \
    X(SessionGetOutputTypeInfo)                                                                    \
    /* type_info.c */                                                                              \
    X(CastTypeInfoToTensorInfo)                                                                    \
    X(GetOnnxTypeFromTypeInfo)                                                                     \
    X(CreateTensorTypeAndShapeInfo)                                                                \
    X(ReleaseTypeInfo)                                                                             \
    X(ReleaseTensorTypeAndShapeInfo)                                                               \
    X(SetTensorElementType)                                                                        \
    X(SetDimensions)                                                                               \
    X(GetTensorElementType)                                                                        \
    X(GetDimensionsCount)                                                                          \
    X(GetDimensions)                                                                               \
    X(GetSymbolicDimensions)                                                                       \
    X(GetTensorShapeElementCount)                                                                  \
    /* value.c */                                                                                  \
    X(CreateTensorAsOrtValue)                                                                      \
    X(CreateTensorWithDataAsOrtValue)                                                              \
    X(ReleaseValue)                                                                                \
    X(IsTensor)                                                                                    \
    X(HasValue)                                                                                    \
    X(GetValueType)                                                                                \
    X(GetTypeInfo)                                                                                 \
    X(GetTensorTypeAndShape)                                                                       \
    X(GetTensorMemoryInfo)                                                                         \
    X(GetTensorMutableData)                                                                        \
    X(TensorAt)                                                                                    \
    /* strings.c */                                                                                \
    X(FillStringTensor)                                                                            \
    X(FillStringTensorElement)                                                                     \
    X(GetStringTensorDataLength)                                                                   \
    X(GetStringTensorContent)                                                                      \
    X(GetStringTensorElementLength)                                                                \
    X(GetStringTensorElement)                                                                      \
    /* run.c */                                                                                    \
    X(Run)                                                                                         \
    X(RunAsync)                                                                                    \
    /* binding.c */                                                                                \
    X(CreateIoBinding)                                                                             \
    X(ReleaseIoBinding)                                                                            \
    X(BindInput)                                                                                   \
    X(BindOutput)                                                                                  \
    X(BindOutputToDevice)                                                                          \
    X(ClearBoundInputs)                                                                            \
    X(ClearBoundOutputs)                                                                           \
    X(SynchronizeBoundInputs)                                                                      \
    X(SynchronizeBoundOutputs)                                                                     \
    X(GetBoundOutputNames)                                                                         \
    X(GetBoundOutputValues)                                                                        \
    X(RunWithBinding)                                                                              \
    /* api.c */                                                                                    \
    X(GetBuildInfoString)

/* With the types that the official header gives the slots. */
#define DECLARE(slot) __typeof__(*((OrtApi *)0)->slot) api_##slot;
EACH_SLOT(DECLARE)
#undef DECLARE

#endif
