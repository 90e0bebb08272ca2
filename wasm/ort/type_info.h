/* type_info.h: a type and a shape. An OrtTypeInfo is one, and lends itself as the
 * OrtTensorTypeAndShapeInfo that the API finds inside it. */
#ifndef VP_ORT_TYPE_INFO_H
#define VP_ORT_TYPE_INFO_H

#include <onnxruntime_c_api.h>

#include "handles.h"
#include "text.h"

typedef struct type_info {
    ONNXTensorElementDataType type; /* undefined for what is no tensor */
    uint32_t rank;
    int64_t *shape; /* -1 where it is open; NULL when rank is 0 */
    text symbols;   /* the dimensions' names, a list; without any, empty */
} type_info;

/* Shape and symbols are to be written; NULL when there is no memory. */
type_info *type_info_new(ONNXTensorElementDataType type, uint32_t rank);
void type_info_free(type_info *info);

/* The handle owns the info, which is freed when there is none. */
OrtStatus *type_info_give(kind k, type_info *info, void **out);

#endif
