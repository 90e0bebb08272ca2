#include "memory.h"

#include "slots.h"
#include "status.h"
#include "voicepath/ort.h"

typedef struct memory_info {
    OrtAllocatorType type;
    OrtMemType memory_type;
    int id;
} memory_info;

static const char NAME[] = "Cpu";

/* ---- Allocators -------------------------------------------------------------------------- */

static void *take(OrtAllocator *self, size_t bytes) {
    (void)self;
    return malloc(bytes ? bytes : 1);
}

static void give_back(OrtAllocator *self, void *block) {
    (void)self;
    free(block);
}

static const OrtMemoryInfo *info_of(const OrtAllocator *self) {
    (void)self;
    return MEMORY_INFO;
}

OrtAllocator memory_allocator = {ORT_API_VERSION, take, give_back, info_of, take};

void *allocator_take(OrtAllocator *allocator, size_t bytes) {
    return allocator->Alloc(allocator, bytes);
}

void allocator_give_back(OrtAllocator *allocator, void *block) {
    allocator->Free(allocator, block);
}

OrtStatus *api_GetAllocatorWithDefaultOptions(OrtAllocator **out) {
    NEED(out);
    *out = &memory_allocator;
    return NULL;
}

OrtStatus *api_CreateAllocator(const OrtSession *session, const OrtMemoryInfo *info,
                               OrtAllocator **out) {
    NEED(out);
    FIND(const void, found, Session, session);
    (void)found;
    OrtStatus *bad = memory_info_check(info);
    if (bad) return bad;
    OrtAllocator *made = malloc(sizeof *made);
    if (!made || !handle_new(KIND_Allocator, made)) {
        free(made);
        return status_exhausted();
    }
    *made = memory_allocator;
    *out = made;
    return NULL;
}

/* An allocator is lent as what it is, a struct of functions: its handle is found by its address. */
void api_ReleaseAllocator(OrtAllocator *allocator) {
    if (!allocator) return;
    void *handle = handle_of(KIND_Allocator, allocator);
    if (handle)
        free(handle_end(KIND_Allocator, handle));
    else
        handle_misused();
}

OrtStatus *api_AllocatorAlloc(OrtAllocator *allocator, size_t size, void **out) {
    NEED(allocator);
    NEED(out);
    void *block = allocator_take(allocator, size);
    if (!block) return status_exhausted();
    *out = block;
    return NULL;
}

OrtStatus *api_AllocatorFree(OrtAllocator *allocator, void *block) {
    NEED(allocator);
    allocator_give_back(allocator, block);
    return NULL;
}

OrtStatus *api_AllocatorGetInfo(const OrtAllocator *allocator, const OrtMemoryInfo **out) {
    NEED(allocator);
    NEED(out);
    *out = allocator->Info(allocator);
    return NULL;
}

/* ---- Infos ------------------------------------------------------------------------------- */

static const memory_info *find(const OrtMemoryInfo *info) {
    static const memory_info lent = {OrtDeviceAllocator, OrtMemTypeDefault, 0};
    return info == MEMORY_INFO ? &lent : handle_object(KIND_MemoryInfo, info);
}

OrtStatus *memory_info_check(const OrtMemoryInfo *info) {
    return find(info) ? NULL : status_dead(KIND_MemoryInfo);
}

OrtStatus *api_CreateMemoryInfo(const char *name, OrtAllocatorType type, int id,
                                OrtMemType memory_type, OrtMemoryInfo **out) {
    NEED(name);
    NEED(out);
    if (strcmp(name, NAME))
        return status_new(ORT_INVALID_ARGUMENT, "no memory \"%s\": a program in a browser has Cpu",
                          name);
    memory_info *made = malloc(sizeof *made);
    OrtMemoryInfo *handle = made ? handle_new(KIND_MemoryInfo, made) : NULL;
    if (!handle) {
        free(made);
        return status_exhausted();
    }
    *made = (memory_info){type, memory_type, id};
    *out = handle;
    return NULL;
}

OrtStatus *api_CreateCpuMemoryInfo(OrtAllocatorType type, OrtMemType memory_type,
                                   OrtMemoryInfo **out) {
    return api_CreateMemoryInfo(NAME, type, 0, memory_type, out);
}

void api_ReleaseMemoryInfo(OrtMemoryInfo *info) {
    free(handle_end(KIND_MemoryInfo, info));
}

/* At the top of a getter. */
#define FIND_INFO(found, info)                                                                     \
    const memory_info *found = find(info);                                                         \
    if (!found) return status_dead(KIND_MemoryInfo);                                               \
    NEED(out)

OrtStatus *api_CompareMemoryInfo(const OrtMemoryInfo *info1, const OrtMemoryInfo *info2, int *out) {
    FIND_INFO(a, info1);
    const memory_info *b = find(info2);
    if (!b) return status_dead(KIND_MemoryInfo);
    *out = a->type == b->type && a->memory_type == b->memory_type && a->id == b->id ? 0 : -1;
    return NULL;
}

OrtStatus *api_MemoryInfoGetName(const OrtMemoryInfo *info, const char **out) {
    FIND_INFO(found, info);
    *out = NAME;
    return NULL;
}

OrtStatus *api_MemoryInfoGetId(const OrtMemoryInfo *info, int *out) {
    FIND_INFO(found, info);
    *out = found->id;
    return NULL;
}

OrtStatus *api_MemoryInfoGetMemType(const OrtMemoryInfo *info, OrtMemType *out) {
    FIND_INFO(found, info);
    *out = found->memory_type;
    return NULL;
}

OrtStatus *api_MemoryInfoGetType(const OrtMemoryInfo *info, OrtAllocatorType *out) {
    FIND_INFO(found, info);
    *out = found->type;
    return NULL;
}

/* ---- The loader's ------------------------------------------------------------------------ */

void *vp_ort_allocate(uint32_t bytes) {
    return malloc(bytes ? bytes : 1);
}

void vp_ort_free(void *block) {
    free(block);
}
