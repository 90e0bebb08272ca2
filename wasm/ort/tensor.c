#include "tensor.h"

#include "memory.h"
#include "status.h"

enum { RANK_MAX = 1024 };

/* Bits of an element, by type; 0 for what has no tensors. Strings: of an empty one. */
static const uint8_t ELEMENT_BITS[] = {
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT] = 32,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8] = 8,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8] = 8,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16] = 16,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16] = 16,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32] = 32,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64] = 64,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING] = 8,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL] = 8,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16] = 16,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE] = 64,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32] = 32,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64] = 64,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX64] = 64,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX128] = 128,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16] = 16,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FN] = 8,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FNUZ] = 8,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2] = 8,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2FNUZ] = 8,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT4] = 4,
    [ONNX_TENSOR_ELEMENT_DATA_TYPE_INT4] = 4,
};

tensor *tensor_new(ONNXTensorElementDataType type, uint32_t rank) {
    if (rank > RANK_MAX) return NULL;
    tensor *made = malloc(sizeof *made + rank * sizeof *made->shape);
    if (made) *made = (tensor){.references = 1, .type = type, .rank = rank};
    return made;
}

OrtStatus *tensor_measure(tensor *t) {
    static const char too_large[] = "a tensor of 4 GiB or more";
    uint32_t bits = (uint32_t)t->type < sizeof ELEMENT_BITS ? ELEMENT_BITS[t->type] : 0;
    if (!bits) return status_invalid("no tensors of type %d", t->type, 0);
    uint64_t count = 1;
    for (uint32_t i = 0; i < t->rank; i++) {
        int64_t dimension = t->shape[i];
        if (dimension < 0) return status_invalid("dimension %d of a tensor is %d", i, dimension);
        if (dimension <= UINT32_MAX) count *= (uint64_t)dimension;
        if (dimension > UINT32_MAX || count > UINT32_MAX) return status_invalid(too_large, 0, 0);
    }
    uint64_t bytes = (count * bits + 7) / 8;
    if (bytes > UINT32_MAX) return status_invalid(too_large, 0, 0);
    t->count = (uint32_t)count;
    t->bytes = (uint32_t)bytes;
    return NULL;
}

OrtStatus *tensor_create(ONNXTensorElementDataType type, const int64_t *shape, size_t rank,
                         tensor **out) {
    if (rank > RANK_MAX)
        return status_invalid("%d dimensions: the most is %d", (int64_t)rank, RANK_MAX);
    if (rank) NEED(shape);
    tensor *made = tensor_new(type, (uint32_t)rank);
    if (!made) return status_exhausted();
    if (rank) memcpy(made->shape, shape, rank * sizeof *shape);
    OrtStatus *bad = tensor_measure(made);
    if (bad)
        tensor_release(made);
    else
        *out = made;
    return bad;
}

OrtStatus *tensor_allocate(tensor *t, OrtAllocator *allocator) {
    t->data = allocator_take(allocator, t->bytes);
    if (!t->data) return status_exhausted();
    t->allocator = allocator;
    return NULL;
}

tensor *tensor_share(tensor *t) {
    if (t) t->references++;
    return t;
}

void tensor_release(tensor *t) {
    if (!t || --t->references) return;
    if (t->allocator) allocator_give_back(t->allocator, t->data);
    free(t);
}

bool tensor_same_shape(const tensor *a, const tensor *b) {
    return a->type == b->type && a->rank == b->rank &&
           !memcmp(a->shape, b->shape, a->rank * sizeof *a->shape);
}

OrtValue *value_new(tensor *t) {
    OrtValue *handle = handle_new(KIND_Value, t);
    if (handle) tensor_share(t);
    return handle;
}
