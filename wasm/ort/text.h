/* text.h: a text that grows. What fails to grow stays failed, so one look at the end is enough.
 *
 * A list of texts is one text with a NUL behind each of them: how they cross to the host. */
#ifndef VP_ORT_TEXT_H
#define VP_ORT_TEXT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct text {
    char *at; /* freed by its owner, with free() */
    uint32_t length, capacity;
    bool failed;
} text;

/* Room for more at the end, which counts as written; NULL when there is no memory. */
char *text_extend(text *t, uint32_t bytes);
void text_add_bytes(text *t, const void *bytes, uint32_t count);
void text_add(text *t, const char *s);
/* A text of a list: s and its NUL. */
void text_add_item(text *t, const char *s);
void text_add_integer(text *t, int64_t value);
/* The format has at most one %s, which is s, and two %d, which are the integers in their order. */
void text_add_format(text *t, const char *format, const char *s, int64_t first, int64_t second);

/* Where a list's text begins. */
const char *list_at(const char *list, uint32_t index);

#endif
