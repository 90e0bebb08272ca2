#include "text.h"

#include <stdlib.h>
#include <string.h>

char *text_extend(text *t, uint32_t bytes) {
    uint64_t length = (uint64_t)t->length + bytes;
    if (length > t->capacity || !t->at) {
        uint64_t capacity = length < 32 ? 32 : length + length / 2;
        char *grown = capacity <= UINT32_MAX ? malloc((size_t)capacity) : NULL;
        if (!grown) t->failed = true;
        if (t->failed) {
            free(grown);
            return NULL;
        }
        if (t->length) memcpy(grown, t->at, t->length);
        free(t->at);
        t->at = grown;
        t->capacity = (uint32_t)capacity;
    }
    char *added = t->at + t->length;
    t->length = (uint32_t)length;
    return added;
}

void text_add_bytes(text *t, const void *bytes, uint32_t count) {
    char *added = text_extend(t, count);
    if (added && count) memcpy(added, bytes, count);
}

void text_add(text *t, const char *s) {
    text_add_bytes(t, s, (uint32_t)strlen(s));
}

void text_add_item(text *t, const char *s) {
    text_add_bytes(t, s, (uint32_t)strlen(s) + 1);
}

void text_add_integer(text *t, int64_t value) {
    char digits[20];
    uint32_t first = sizeof digits;
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do
        digits[--first] = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0) digits[--first] = '-';
    text_add_bytes(t, digits + first, sizeof digits - first);
}

void text_add_format(text *t, const char *format, const char *s, int64_t first, int64_t second) {
    for (; *format; format++) {
        if (*format != '%') {
            text_add_bytes(t, format, 1);
        } else if (*++format == 's') {
            text_add(t, s);
        } else {
            text_add_integer(t, first);
            first = second;
        }
    }
}

const char *list_at(const char *list, uint32_t index) {
    while (index--)
        list += strlen(list) + 1;
    return list;
}
