/* The cases of the Unicode Character Database's break tests. */
#ifndef BREAK_TEST_H
#define BREAK_TEST_H

#include <stdbool.h>
#include <stdint.h>

enum { BREAK_CASE_UNITS = 512 };

typedef struct break_case {
    const char *line; /* of the file, for messages */
    uint32_t units;
    uint16_t text[BREAK_CASE_UNITS];
    bool boundary[BREAK_CASE_UNITS]; /* before each unit */
} break_case;

/* Reads auxiliary/<name> in the folder of the UCD; false at the end. Exits if there is no such file
 * or a line cannot be read. */
typedef struct break_file break_file;
break_file *break_open(const char *ucd, const char *name);
bool break_next(break_file *file, break_case *next);
void break_close(break_file *file);

/* Appends a code point as UTF-16; returns how many units it took. */
uint32_t put_utf16(uint16_t *text, uint32_t code_point);

#endif
