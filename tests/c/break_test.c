#include "break_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct break_file {
    FILE *file;
    char line[1 << 15];
};

static void require(bool holds, const char *what, const char *where) {
    if (holds) return;
    fprintf(stderr, "%s: %.200s\n", what, where);
    exit(1);
}

break_file *break_open(const char *ucd, const char *name) {
    break_file *opened = malloc(sizeof *opened);
    char path[1024];
    const int length = snprintf(path, sizeof path, "%s/auxiliary/%s", ucd, name);
    require(opened && length > 0 && length < (int)sizeof path, "out of memory", name);
    opened->file = fopen(path, "rb");
    require(opened->file, "cannot be opened", path);
    return opened;
}

void break_close(break_file *file) {
    fclose(file->file);
    free(file);
}

uint32_t put_utf16(uint16_t *text, uint32_t code_point) {
    if (code_point < 0x10000) {
        text[0] = (uint16_t)code_point;
        return 1;
    }
    text[0] = (uint16_t)(0xD7C0 + (code_point >> 10));
    text[1] = (uint16_t)(0xDC00 | (code_point & 0x3FF));
    return 2;
}

/* "÷ 0041 × 0308 ÷", in UTF-8: a sign before every code point, and one at the end. */
bool break_next(break_file *file, break_case *next) {
    do {
        if (!fgets(file->line, sizeof file->line, file->file)) return false;
        require(strchr(file->line, '\n'), "too long a line", file->line);
    } while (file->line[0] == '#');
    memset(next, 0, sizeof *next);
    next->line = file->line;
    const char *at = file->line;
    for (;;) {
        const bool boundary = strncmp(at, "\xC3\xB7 ", 3) == 0;
        require(boundary || strncmp(at, "\xC3\x97 ", 3) == 0, "no sign", at);
        char *end;
        const uint32_t code_point = (uint32_t)strtoul(at + 3, &end, 16);
        require(end > at + 3 && code_point < 0x110000, "no code point", at);
        require(next->units + 2 <= BREAK_CASE_UNITS, "too long a case", file->line);
        next->boundary[next->units] = boundary;
        next->units += put_utf16(next->text + next->units, code_point);
        at = end + strspn(end, " ");
        if (strncmp(at, "\xC3\xB7\t", 3) == 0) return true;
    }
}
