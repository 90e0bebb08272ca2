/* The elements of a tensor of strings. They are one block, a list of texts (text.h), since they always
 * cross to the host and back as a whole: so to find or change one element is to walk the block. */
#include "memory.h"
#include "slots.h"
#include "status.h"
#include "tensor.h"
#include "text.h"

#define FIND_STRINGS(t, value)                                                                     \
    FIND(tensor, t, Value, value);                                                                 \
    if (t->type != ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING)                                           \
    return status_invalid("not a tensor of strings", 0, 0)

static OrtStatus *check_index(const tensor *t, size_t index) {
    if (index < t->count) return NULL;
    return status_invalid("no element %d: there are %d", (int64_t)index, t->count);
}

/* ---- Writing ----------------------------------------------------------------------------- */

/* Takes the place of the elements with one text for all of them, which may have no memory. */
static OrtStatus *replace(tensor *t, text *elements) {
    void *block = elements->failed ? NULL : allocator_take(t->allocator, elements->length);
    if (block) {
        memcpy(block, elements->at, elements->length);
        allocator_give_back(t->allocator, t->data);
        t->data = block;
        t->bytes = elements->length;
    }
    free(elements->at);
    return block ? NULL : status_exhausted();
}

OrtStatus *api_FillStringTensor(OrtValue *value, const char *const *s, size_t count) {
    FIND_STRINGS(t, value);
    if (count != t->count)
        return status_invalid("%d strings for %d elements", (int64_t)count, t->count);
    if (!count) return NULL;
    NEED(s);
    text elements = {0};
    for (size_t i = 0; i < count; i++)
        if (s[i])
            text_add_item(&elements, s[i]);
        else {
            free(elements.at);
            return status_invalid("string %d is NULL", (int64_t)i, 0);
        }
    return replace(t, &elements);
}

OrtStatus *api_FillStringTensorElement(OrtValue *value, const char *s, size_t index) {
    FIND_STRINGS(t, value);
    NEED(s);
    OrtStatus *bad = check_index(t, index);
    if (bad) return bad;
    const char *begin = t->data, *at = list_at(begin, (uint32_t)index), *after = list_at(at, 1);
    text elements = {0};
    text_add_bytes(&elements, begin, (uint32_t)(at - begin));
    text_add_item(&elements, s);
    text_add_bytes(&elements, after, (uint32_t)(begin + t->bytes - after));
    return replace(t, &elements);
}

/* ---- Reading ----------------------------------------------------------------------------- */

OrtStatus *api_GetStringTensorDataLength(const OrtValue *value, size_t *out) {
    FIND_STRINGS(t, value);
    NEED(out);
    *out = t->bytes - t->count; /* without the NULs */
    return NULL;
}

OrtStatus *api_GetStringTensorContent(const OrtValue *value, void *s, size_t length,
                                      size_t *offsets, size_t count) {
    FIND_STRINGS(t, value);
    uint32_t needed = t->bytes - t->count;
    if (length < needed || count != t->count)
        return status_invalid("there are %d strings of %d bytes", t->count, needed);
    if (needed) NEED(s);
    if (count) NEED(offsets);
    const char *at = t->data;
    size_t offset = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        size_t bytes = strlen(at);
        if (bytes) memcpy((char *)s + offset, at, bytes);
        offsets[i] = offset;
        offset += bytes;
        at += bytes + 1;
    }
    return NULL;
}

OrtStatus *api_GetStringTensorElementLength(const OrtValue *value, size_t index, size_t *out) {
    FIND_STRINGS(t, value);
    NEED(out);
    OrtStatus *bad = check_index(t, index);
    if (!bad) *out = strlen(list_at(t->data, (uint32_t)index));
    return bad;
}

OrtStatus *api_GetStringTensorElement(const OrtValue *value, size_t length, size_t index, void *s) {
    FIND_STRINGS(t, value);
    OrtStatus *bad = check_index(t, index);
    if (bad) return bad;
    const char *at = list_at(t->data, (uint32_t)index);
    size_t bytes = strlen(at);
    if (length < bytes)
        return status_invalid("%d bytes do not fit into %d", (int64_t)bytes, (int64_t)length);
    if (!bytes) return NULL;
    NEED(s);
    memcpy(s, at, bytes);
    return NULL;
}
