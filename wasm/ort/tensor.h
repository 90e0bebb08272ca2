/* tensor.h: what an OrtValue is. Shared by the handles, bindings and runs that hold it. */
#ifndef VP_ORT_TENSOR_H
#define VP_ORT_TENSOR_H

#include <onnxruntime_c_api.h>

typedef struct tensor {
    uint32_t references;
    ONNXTensorElementDataType type;
    uint32_t rank, count, bytes; /* dimensions, elements, size of data */
    OrtAllocator *allocator;     /* where data is from; NULL when the program lent it */
    /* Elements; of strings, the list of their texts (text.h), which is how the host takes and gives
     * them: writing one element moves what is behind it. */
    void *data;
    int64_t shape[];
} tensor;

/* Without data, and a shape to be written; NULL when there is no memory. */
tensor *tensor_new(ONNXTensorElementDataType type, uint32_t rank);

/* Works out count and bytes from type and shape; those of strings are for empty texts. */
OrtStatus *tensor_measure(tensor *t);

/* Both at once. */
OrtStatus *tensor_create(ONNXTensorElementDataType type, const int64_t *shape, size_t rank,
                         tensor **out);

/* Of bytes' size, not written. */
OrtStatus *tensor_allocate(tensor *t, OrtAllocator *allocator);

tensor *tensor_share(tensor *t);
void tensor_release(tensor *t);

bool tensor_same_shape(const tensor *a, const tensor *b);

/* The handle shares the tensor; NULL when there is none. */
OrtValue *value_new(tensor *t);

#endif
