/* A host of a registry, as JavaScript is one: it holds handles, appends commands and flushes them,
 * and reads everything else from the registry's memory. */
#ifndef REGISTRY_HOST_H
#define REGISTRY_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "voicepath/registry.h"

typedef struct handle {
    uint32_t index, generation;
} handle;

static const handle ROOT = {0, 1};

static struct {
    vp_registry_config config;
    vp_registry *registry;
    uint32_t bytes;
    vp_registry_views at;
    uint32_t words; /* in the command buffer */
    uint32_t opens; /* among them */
} host;

static inline void *block_of(const vp_registry_config *config, uint32_t *bytes) {
    int32_t size = vp_registry_size(config);
    assert_true(size > 0);
    *bytes = (uint32_t)size;
    void *block = aligned_alloc(VP_ALIGNMENT, (*bytes + 15) & ~15u);
    assert_non_null(block);
    memset(block, 0xa5, *bytes);
    return block;
}

static inline void host_see(void) {
    assert_int_equal(vp_registry_view(host.registry, &host.at), VP_OK);
    host.words = host.opens = 0;
}

static inline void host_begin(uint32_t slots, uint32_t sites, uint32_t command_words,
                              double now_ms) {
    host.config = (vp_registry_config){slots, sites, command_words};
    host.registry = block_of(&host.config, &host.bytes);
    assert_int_equal(vp_registry_init(host.registry, host.bytes, &host.config, now_ms), VP_OK);
    host_see();
}

static inline void host_end(void) {
    free(host.registry);
    host.registry = NULL;
}

static inline void host_move(uint32_t slots, uint32_t sites, uint32_t command_words) {
    vp_registry_config config = {slots, sites, command_words};
    uint32_t bytes;
    vp_registry *moved = block_of(&config, &bytes);
    assert_int_equal(vp_registry_move(moved, bytes, &config, host.registry), VP_OK);
    memset(host.registry, 0xff, host.bytes);
    free(host.registry);
    host.registry = moved;
    host.bytes = bytes;
    host.config = config;
    host_see();
}

static inline void put(uint32_t word) {
    assert_true(host.words < host.config.command_words);
    host.at.commands[host.words++] = word;
}

static inline void put_command(vp_command command, handle h) {
    put(command | h.generation << VP_GENERATION_SHIFT);
    put(h.index);
}

static inline uint32_t generation_of(uint32_t index) {
    return host.at.tags[index] >> VP_TAG_SHIFT;
}

static inline uint32_t state_of(uint32_t index) {
    return host.at.tags[index] & 3;
}

/* The handle that the next OPEN will have. */
static inline handle next_handle(void) {
    uint32_t at = host.at.state->free_head + host.opens;
    assert_true(host.opens < host.at.state->free_tail - host.at.state->free_head);
    uint32_t index = host.at.free_ring[at & host.at.free_mask];
    return (handle){index, generation_of(index)};
}

static inline handle put_open(handle owner, uint32_t site) {
    handle opened = next_handle();
    put_command(VP_COMMAND_OPEN, opened);
    put(owner.index);
    put(owner.generation);
    put(site);
    host.opens++;
    return opened;
}

static inline void put_close(handle h, uint32_t site) {
    put_command(VP_COMMAND_CLOSE, h);
    put(site);
}

static inline void put_start(handle h, uint32_t delay_ms, uint32_t period_ms, uint32_t slack_ms) {
    put_command(VP_COMMAND_START, h);
    put(delay_ms);
    put(period_ms);
    put(slack_ms);
}

static inline int32_t flush(double now_ms) {
    int32_t result = vp_registry_flush(host.registry, host.words, now_ms);
    host.words = host.opens = 0;
    return result;
}

static inline int32_t site_of(uint32_t kind) {
    return vp_registry_site(host.registry, kind);
}

static inline int32_t advance(double now_ms) {
    return vp_registry_advance(host.registry, now_ms);
}

static inline int32_t dispose(handle h) {
    return vp_registry_dispose(host.registry, h.index, h.generation);
}

static inline handle open_now(handle owner, uint32_t site) {
    handle opened = put_open(owner, site);
    assert_int_equal(flush(0), 1);
    return opened;
}

static inline void close_now(handle h, uint32_t site) {
    put_close(h, site);
    assert_int_equal(flush(0), 1);
}

static inline void assert_counters(const vp_registry_counters *c, vp_registry_counters expected) {
    assert_int_equal(c->opened, expected.opened);
    assert_int_equal(c->active, expected.active);
    assert_int_equal(c->finished, expected.finished);
    assert_int_equal(c->peak, expected.peak);
    assert_int_equal(c->closing, expected.closing);
    assert_int_equal(c->late, expected.late);
    assert_int_equal(c->double_closed, expected.double_closed);
    assert_int_equal(c->refused, expected.refused);
}
#define COUNTERS(...) ((vp_registry_counters){__VA_ARGS__})

#endif
