/* What a program of ort_table.c's kind has without the table: an allocator. */
#include <stdlib.h>

__attribute__((used)) void *allocate(size_t bytes) {
    return malloc(bytes);
}

__attribute__((used)) void give_back(void *block) {
    free(block);
}
