/* status.h: how a call fails. NULL is success. */
#ifndef VP_ORT_STATUS_H
#define VP_ORT_STATUS_H

#include <onnxruntime_c_api.h>

#include "handles.h"

/* The formats are text_add_format()'s: of a text, of two integers. When there is no memory for it, the
 * status says that instead. */
OrtStatus *status_new(OrtErrorCode code, const char *format, const char *s);
OrtStatus *status_invalid(const char *format, int64_t first, int64_t second);

/* There was no memory or no handle. Costs nothing. */
OrtStatus *status_exhausted(void);

/* Of what the host returned as a failure. */
OrtStatus *status_of_host(int32_t returned);

OrtStatus *status_null(const char *argument);
OrtStatus *status_dead(kind k);

/* At the top of a function of the API: what its header calls not NULL; the object of a handle. */
#define NEED(argument)                                                                             \
    if (!(argument)) return status_null(#argument)
#define FIND(type, object, k, handle)                                                              \
    type *object = handle_object(KIND_##k, handle);                                                \
    if (!object) return status_dead(KIND_##k)

#endif
