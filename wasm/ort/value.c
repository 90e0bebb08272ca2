#include "memory.h"
#include "slots.h"
#include "status.h"
#include "tensor.h"
#include "type_info.h"

/* ---- Making and releasing ---------------------------------------------------------------- */

/* The handle is the only one who has the tensor, or it is released. */
static OrtStatus *give(tensor *t, OrtValue **out) {
    OrtValue *handle = value_new(t);
    tensor_release(t);
    if (!handle) return status_exhausted();
    *out = handle;
    return NULL;
}

OrtStatus *api_CreateTensorAsOrtValue(OrtAllocator *allocator, const int64_t *shape, size_t rank,
                                      ONNXTensorElementDataType type, OrtValue **out) {
    NEED(allocator);
    NEED(out);
    tensor *made = NULL;
    OrtStatus *bad = tensor_create(type, shape, rank, &made);
    if (bad) return bad;
    bad = tensor_allocate(made, allocator);
    if (bad) {
        tensor_release(made);
        return bad;
    }
    if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING) memset(made->data, 0, made->bytes);
    return give(made, out);
}

OrtStatus *api_CreateTensorWithDataAsOrtValue(const OrtMemoryInfo *info, void *data, size_t length,
                                              const int64_t *shape, size_t rank,
                                              ONNXTensorElementDataType type, OrtValue **out) {
    NEED(out);
    OrtStatus *bad = memory_info_check(info);
    if (bad) return bad;
    if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING)
        return status_invalid("a tensor of strings has its own memory", 0, 0);
    tensor *made = NULL;
    bad = tensor_create(type, shape, rank, &made);
    if (bad) return bad;
    if (made->bytes > length)
        bad =
            status_invalid("the shape needs %d bytes: there are %d", made->bytes, (int64_t)length);
    else if (made->bytes && !data)
        bad = status_null("data");
    if (bad) {
        tensor_release(made);
        return bad;
    }
    made->data = data;
    return give(made, out);
}

void api_ReleaseValue(OrtValue *value) {
    tensor_release(handle_end(KIND_Value, value));
}

/* ---- What it is -------------------------------------------------------------------------- */

/* There are no values but tensors, and none without a value. */
OrtStatus *api_IsTensor(const OrtValue *value, int *out) {
    FIND(const tensor, t, Value, value);
    NEED(out);
    *out = 1;
    return NULL;
}

OrtStatus *api_HasValue(const OrtValue *value, int *out) {
    return api_IsTensor(value, out);
}

OrtStatus *api_GetValueType(const OrtValue *value, enum ONNXType *out) {
    FIND(const tensor, t, Value, value);
    NEED(out);
    *out = ONNX_TYPE_TENSOR;
    return NULL;
}

static OrtStatus *give_info(kind k, const OrtValue *value, void **out) {
    FIND(const tensor, t, Value, value);
    NEED(out);
    type_info *info = type_info_new(t->type, t->rank);
    if (info && t->rank) memcpy(info->shape, t->shape, t->rank * sizeof *t->shape);
    return type_info_give(k, info, out);
}

OrtStatus *api_GetTypeInfo(const OrtValue *value, OrtTypeInfo **out) {
    return give_info(KIND_TypeInfo, value, (void **)out);
}

OrtStatus *api_GetTensorTypeAndShape(const OrtValue *value, OrtTensorTypeAndShapeInfo **out) {
    return give_info(KIND_TensorTypeAndShapeInfo, value, (void **)out);
}

OrtStatus *api_GetTensorMemoryInfo(const OrtValue *value, const OrtMemoryInfo **out) {
    FIND(const tensor, t, Value, value);
    NEED(out);
    *out = MEMORY_INFO;
    return NULL;
}

/* ---- What is in it ----------------------------------------------------------------------- */

static OrtStatus *check_numbers(const tensor *t) {
    if (t->type != ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING) return NULL;
    return status_invalid("a tensor of strings", 0, 0);
}

OrtStatus *api_GetTensorMutableData(OrtValue *value, void **out) {
    FIND(const tensor, t, Value, value);
    NEED(out);
    OrtStatus *bad = check_numbers(t);
    if (!bad) *out = t->data;
    return bad;
}

OrtStatus *api_TensorAt(OrtValue *value, const int64_t *location, size_t count, void **out) {
    FIND(const tensor, t, Value, value);
    NEED(out);
    OrtStatus *bad = check_numbers(t);
    if (bad) return bad;
    if (count != t->rank)
        return status_invalid("%d indexes into %d dimensions", (int64_t)count, t->rank);
    if (count) NEED(location);
    uint64_t element = 0;
    for (uint32_t i = 0; i < t->rank; i++) {
        if (location[i] < 0 || location[i] >= t->shape[i])
            return status_invalid("index %d into %d", location[i], t->shape[i]);
        element = element * (uint64_t)t->shape[i] + (uint64_t)location[i];
    }
    *out = (char *)t->data + element * t->bytes / t->count;
    return NULL;
}
