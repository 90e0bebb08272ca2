#include "type_info.h"

#include "slots.h"
#include "status.h"

static int64_t *new_shape(uint32_t rank) {
    return (uint64_t)rank * sizeof(int64_t) <= SIZE_MAX ? malloc(rank * sizeof(int64_t)) : NULL;
}

type_info *type_info_new(ONNXTensorElementDataType type, uint32_t rank) {
    type_info *made = malloc(sizeof *made);
    int64_t *shape = rank ? new_shape(rank) : NULL;
    if (!made || (rank && !shape)) {
        free(shape);
        free(made);
        return NULL;
    }
    *made = (type_info){.type = type, .rank = rank, .shape = shape};
    return made;
}

void type_info_free(type_info *info) {
    if (!info) return;
    free(info->shape);
    free(info->symbols.at);
    free(info);
}

OrtStatus *type_info_give(kind k, type_info *info, void **out) {
    void *handle = info && !info->symbols.failed ? handle_new(k, info) : NULL;
    if (!handle) {
        type_info_free(info);
        return status_exhausted();
    }
    *out = handle;
    return NULL;
}

/* ---- OrtTypeInfo ------------------------------------------------------------------------- */

OrtStatus *api_CastTypeInfoToTensorInfo(const OrtTypeInfo *handle,
                                        const OrtTensorTypeAndShapeInfo **out) {
    FIND(const type_info, info, TypeInfo, handle);
    NEED(out);
    *out = info->type ? (const void *)handle : NULL;
    return NULL;
}

OrtStatus *api_GetOnnxTypeFromTypeInfo(const OrtTypeInfo *handle, enum ONNXType *out) {
    FIND(const type_info, info, TypeInfo, handle);
    NEED(out);
    *out = info->type ? ONNX_TYPE_TENSOR : ONNX_TYPE_UNKNOWN;
    return NULL;
}

void api_ReleaseTypeInfo(OrtTypeInfo *handle) {
    type_info_free(handle_end(KIND_TypeInfo, handle));
}

/* ---- OrtTensorTypeAndShapeInfo ----------------------------------------------------------- */

OrtStatus *api_CreateTensorTypeAndShapeInfo(OrtTensorTypeAndShapeInfo **out) {
    NEED(out);
    return type_info_give(KIND_TensorTypeAndShapeInfo,
                          type_info_new(ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED, 0), (void **)out);
}

void api_ReleaseTensorTypeAndShapeInfo(OrtTensorTypeAndShapeInfo *handle) {
    type_info_free(handle_end(KIND_TensorTypeAndShapeInfo, handle));
}

/* At the top of what takes one: its own, or a lent one. */
#define FIND_INFO(info, handle)                                                                    \
    type_info *info = handle_object(KIND_TensorTypeAndShapeInfo, handle);                          \
    if (!info) info = handle_object(KIND_TypeInfo, handle);                                        \
    if (!info) return status_dead(KIND_TensorTypeAndShapeInfo)

OrtStatus *api_SetTensorElementType(OrtTensorTypeAndShapeInfo *handle,
                                    enum ONNXTensorElementDataType type) {
    FIND_INFO(info, handle);
    info->type = type;
    return NULL;
}

OrtStatus *api_SetDimensions(OrtTensorTypeAndShapeInfo *handle, const int64_t *shape, size_t rank) {
    FIND_INFO(info, handle);
    if (rank) NEED(shape);
    int64_t *copy = rank && rank <= UINT32_MAX ? new_shape((uint32_t)rank) : NULL;
    if (rank && !copy) return status_exhausted();
    if (rank) memcpy(copy, shape, rank * sizeof *copy);
    free(info->shape);
    free(info->symbols.at);
    info->shape = copy;
    info->rank = (uint32_t)rank;
    info->symbols = (text){0};
    return NULL;
}

OrtStatus *api_GetTensorElementType(const OrtTensorTypeAndShapeInfo *handle,
                                    enum ONNXTensorElementDataType *out) {
    FIND_INFO(info, handle);
    NEED(out);
    *out = info->type;
    return NULL;
}

OrtStatus *api_GetDimensionsCount(const OrtTensorTypeAndShapeInfo *handle, size_t *out) {
    FIND_INFO(info, handle);
    NEED(out);
    *out = info->rank;
    return NULL;
}

static OrtStatus *check_length(const type_info *info, const void *into, size_t length) {
    if (length) NEED(into);
    if (length <= info->rank) return NULL;
    return status_invalid("room for %d dimensions: there are %d", (int64_t)length, info->rank);
}

OrtStatus *api_GetDimensions(const OrtTensorTypeAndShapeInfo *handle, int64_t *into,
                             size_t length) {
    FIND_INFO(info, handle);
    OrtStatus *bad = check_length(info, into, length);
    if (!bad && length) memcpy(into, info->shape, length * sizeof *into);
    return bad;
}

OrtStatus *api_GetSymbolicDimensions(const OrtTensorTypeAndShapeInfo *handle, const char *into[],
                                     size_t length) {
    FIND_INFO(info, handle);
    OrtStatus *bad = check_length(info, into, length);
    if (bad) return bad;
    for (uint32_t i = 0; i < length; i++)
        into[i] = info->symbols.at ? list_at(info->symbols.at, i) : "";
    return NULL;
}

/* -1 as a size_t when a dimension is open. */
OrtStatus *api_GetTensorShapeElementCount(const OrtTensorTypeAndShapeInfo *handle, size_t *out) {
    FIND_INFO(info, handle);
    NEED(out);
    size_t count = 1;
    bool open = false;
    for (uint32_t i = 0; i < info->rank; i++) {
        count *= (size_t)info->shape[i];
        open |= info->shape[i] < 0;
    }
    *out = open ? SIZE_MAX : count;
    return NULL;
}
