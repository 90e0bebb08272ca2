/* memory.h: the program's memory, which is the only one there is: WebAssembly cannot address a GPU's. */
#ifndef VP_ORT_MEMORY_H
#define VP_ORT_MEMORY_H

#include <onnxruntime_c_api.h>

/* The info of that memory, lent to the program: it need not be released. */
#define MEMORY_INFO HANDLE_CONSTANT(0)

/* malloc() as the API knows it. */
extern OrtAllocator memory_allocator;

/* The only calls of allocators beside AllocatorGetInfo, which may be the program's own and must not wait: Asyncify is told so
 * by these names. */
__attribute__((noinline)) void *allocator_take(OrtAllocator *allocator, size_t bytes);
__attribute__((noinline)) void allocator_give_back(OrtAllocator *allocator, void *block);

OrtStatus *memory_info_check(const OrtMemoryInfo *info);

#endif
