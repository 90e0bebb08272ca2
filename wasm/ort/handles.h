/* handles.h: what the program holds instead of pointers.
 *
 * A handle is an odd number of 32 bits: 20 for a slot, 11 for the slot's generation, 1. Slots are used
 * again oldest first and with the next generation, so a handle means what it meant for long after
 * its object is gone, and is no address of any object, which are even. Generation 0 is never given out:
 * with it, constants can be told from handles of objects. */
#ifndef VP_ORT_HANDLES_H
#define VP_ORT_HANDLES_H

#include <stdbool.h>
#include <stdint.h>

#define EACH_KIND(X)                                                                               \
    X(Env)                                                                                         \
    X(Status)                                                                                      \
    X(SessionOptions)                                                                              \
    X(Session)                                                                                     \
    X(RunOptions)                                                                                  \
    X(Value)                                                                                       \
    X(TypeInfo)                                                                                    \
    X(TensorTypeAndShapeInfo)                                                                      \
    X(MemoryInfo)                                                                                  \
    X(Allocator)                                                                                   \
    X(IoBinding)                                                                                   \
    X(RunAsync) /* a run under way; its handle is the token that the host gets */

#define KIND_OF(name) KIND_##name,
typedef enum kind { EACH_KIND(KIND_OF) KIND_COUNT } kind;
#undef KIND_OF

enum {
    HANDLE_INDEX_BITS = 20,
    HANDLES_MAX = 1 << HANDLE_INDEX_BITS,
};

/* The number-th of the handles that stand for no object. */
#define HANDLE_CONSTANT(number) ((void *)(uintptr_t)((number)*2 + 1))

/* NULL when there is no memory, or no slot. */
void *handle_new(kind k, void *object);

/* NULL when the handle is not that of a living object of this kind. */
void *handle_object(kind k, const void *handle);

/* The same, and the handle is no more. That nothing was alive is a misuse, unless it was NULL. */
void *handle_end(kind k, const void *handle);

/* The handle of an object that the program knows by address; NULL when there is none. */
void *handle_of(kind k, const void *object);

void handle_misused(void);
bool handles_used_up(void);

#endif
