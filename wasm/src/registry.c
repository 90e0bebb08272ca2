/* Slots in flat arrays, a tree through their indices, and one wheel of timers.
 *
 * A slot's tag is its generation and its state in one word, so that one look tells whether a handle
 * is still good. Free slots wait in a ring and are taken in the order in which they came back: all
 * take turns, and generations last as long as they can.
 *
 * In the owner tree a slot knows its owner, the youngest of what it owns, and its older and younger
 * siblings. Slot 0, the root, is nobody's child or sibling, so in these links 0 stands for none.
 * Disposal walks from the youngest leaf back to the start, without recursion, however deep it is.
 *
 * A batch of commands is checked as a whole before any of it is carried out. What is left to happen
 * then are things that programs do, a handle kept too long for instance, and these are counted.
 */
#include "voicepath/registry.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "memory.h"
#include "time_ms.h"
#include "timer.h"

enum { ROOT = 0, NONE = 0 };

typedef struct kin {
    uint32_t youngest; /* of what it owns */
    uint32_t older;    /* the one that its owner opened before */
    uint32_t younger;
} kin;

struct vp_registry {
    vp_registry_config config;
    vp_registry_state state;
    timer_wheel wheel;

    /* for each slot */
    uint32_t *tags;
    uint32_t *owners;
    uint32_t *slot_sites;
    kin *kin;
    timer *timers;
    uint32_t *order;
    uint32_t *free_ring;
    uint32_t free_mask;

    /* for each site */
    vp_registry_counters *sites;
    uint32_t *site_kinds;

    uint32_t *commands;
    uint32_t fired[2 * VP_FIRED_MAX];
    vp_registry_counters kinds[VP_KINDS_MAX];
};

/* ---- Memory ------------------------------------------------------------------------------ */

static int32_t config_check(const vp_registry_config *config) {
    if (!config) return VP_E_NULL;
    if (config->slots < 2 || config->slots > VP_SLOTS_MAX || config->sites < 1 ||
        config->sites > VP_SITES_MAX || config->command_words < 16 ||
        config->command_words > VP_COMMAND_WORDS_MAX)
        return VP_E_CAPACITY;
    return VP_OK;
}

/* Points the arrays into the block at `at`, which need not exist yet, and returns its end. */
static uintptr_t lay_out(vp_registry *r, uintptr_t at) {
    const vp_registry_config *config = &r->config;
    r->free_mask = 1;
    while (r->free_mask + 1 < config->slots)
        r->free_mask = r->free_mask << 1 | 1;
    vp_carve(&at, 1, sizeof *r);
    r->tags = vp_carve(&at, config->slots, sizeof *r->tags);
    r->owners = vp_carve(&at, config->slots, sizeof *r->owners);
    r->slot_sites = vp_carve(&at, config->slots, sizeof *r->slot_sites);
    r->kin = vp_carve(&at, config->slots, sizeof *r->kin);
    r->timers = vp_carve(&at, config->slots, sizeof *r->timers);
    r->order = vp_carve(&at, config->slots, sizeof *r->order);
    r->free_ring = vp_carve(&at, (size_t)r->free_mask + 1, sizeof *r->free_ring);
    r->sites = vp_carve(&at, config->sites, sizeof *r->sites);
    r->site_kinds = vp_carve(&at, config->sites, sizeof *r->site_kinds);
    r->commands = vp_carve(&at, config->command_words, sizeof *r->commands);
    return at;
}

int32_t vp_registry_size(const vp_registry_config *config) {
    int32_t status = config_check(config);
    if (status < 0) return status;
    vp_registry sketch = {.config = *config};
    return (int32_t)lay_out(&sketch, 0);
}

/* ---- Time -------------------------------------------------------------------------------- */

static void show_timers(vp_registry *r) {
    uint64_t next = timer_wheel_next(&r->wheel);
    r->state.next_due_ms = next == TIMER_NEVER ? INFINITY : (double)next;
    r->state.timers = r->wheel.running;
}

/* ---- Counters ---------------------------------------------------------------------------- */

/* What happens, as what it adds to the counters. The functions below are inlined so that of these
 * constants only what is not 0 is left. */
static const vp_registry_counters OPENED = {.opened = 1, .active = 1};
static const vp_registry_counters TOLD_TO_END = {.closing = 1};
static const vp_registry_counters ENDED_LIVE = {.active = -1u, .finished = 1};
static const vp_registry_counters ENDED_CLOSING = {.active = -1u, .finished = 1, .closing = -1u};
static const vp_registry_counters WAS_LATE = {.late = 1};
static const vp_registry_counters DOUBLE_CLOSED = {.double_closed = 1};
static const vp_registry_counters REFUSED = {.refused = 1};

static inline __attribute__((always_inline)) void add(vp_registry_counters *to,
                                                      const vp_registry_counters *change) {
    to->opened += change->opened;
    to->active += change->active;
    to->finished += change->finished;
    to->closing += change->closing;
    to->late += change->late;
    to->double_closed += change->double_closed;
    to->refused += change->refused;
    if (to->active > to->peak) to->peak = to->active;
}

static inline __attribute__((always_inline)) void count(vp_registry *r, uint32_t site,
                                                        const vp_registry_counters *change) {
    add(&r->sites[site], change);
    add(&r->kinds[r->site_kinds[site]], change);
    add(&r->state.total, change);
}

/* ---- Slots ------------------------------------------------------------------------------- */

static uint32_t tag_of(uint32_t generation, vp_slot_state state) {
    return generation << VP_TAG_SHIFT | state;
}

static uint32_t generation_of(uint32_t tag) {
    return tag >> VP_TAG_SHIFT;
}

static vp_slot_state state_of(uint32_t tag) {
    return (vp_slot_state)(tag & ((1u << VP_TAG_SHIFT) - 1));
}

static bool is_open(const vp_registry *r, uint32_t index, uint32_t generation) {
    uint32_t tag = r->tags[index];
    return generation_of(tag) == generation &&
           (state_of(tag) == VP_SLOT_LIVE || state_of(tag) == VP_SLOT_CLOSING);
}

static void slot_put_free(vp_registry *r, uint32_t index, uint32_t generation) {
    r->tags[index] = tag_of(generation, VP_SLOT_FREE);
    r->free_ring[r->state.free_tail++ & r->free_mask] = index;
}

/* The slot's handle is used up. */
static void slot_give_back(vp_registry *r, uint32_t index) {
    uint32_t generation = generation_of(r->tags[index]);
    if (generation < VP_GENERATION_MAX) {
        slot_put_free(r, index, generation + 1);
    } else {
        r->tags[index] = tag_of(generation, VP_SLOT_RETIRED);
        r->state.retired++;
    }
}

static void slot_open(vp_registry *r, uint32_t index, uint32_t owner, uint32_t site) {
    r->tags[index] = tag_of(generation_of(r->tags[index]), VP_SLOT_LIVE);
    r->owners[index] = owner;
    r->slot_sites[index] = site;
    uint32_t older = r->kin[owner].youngest;
    r->kin[index] = (kin){.youngest = NONE, .older = older, .younger = NONE};
    if (older != NONE) r->kin[older].younger = index;
    r->kin[owner].youngest = index;
    count(r, site, &OPENED);
}

static void slot_close(vp_registry *r, uint32_t index) {
    const kin *gone = &r->kin[index];
    if (gone->older != NONE) r->kin[gone->older].younger = gone->younger;
    if (gone->younger != NONE)
        r->kin[gone->younger].older = gone->older;
    else
        r->kin[r->owners[index]].youngest = gone->older;
    if (timer_runs(&r->wheel, index)) timer_stop(&r->wheel, index);
    if (state_of(r->tags[index]) == VP_SLOT_LIVE)
        count(r, r->slot_sites[index], &ENDED_LIVE);
    else
        count(r, r->slot_sites[index], &ENDED_CLOSING);
    slot_give_back(r, index);
}

/* What is closing already keeps its timer: that is for its deadline. */
static void slot_tell_to_end(vp_registry *r, uint32_t index) {
    if (state_of(r->tags[index]) != VP_SLOT_LIVE) return;
    if (timer_runs(&r->wheel, index)) timer_stop(&r->wheel, index);
    r->tags[index] = tag_of(generation_of(r->tags[index]), VP_SLOT_CLOSING);
    count(r, r->slot_sites[index], &TOLD_TO_END);
}

/* ---- Lifetime ---------------------------------------------------------------------------- */

int32_t vp_registry_init(vp_registry *registry, uint32_t size, const vp_registry_config *config,
                         double now_ms) {
    if (!registry) return VP_E_NULL;
    int32_t needed = vp_registry_size(config);
    if (needed < 0) return needed;
    if (!vp_block_fits(registry, size, needed)) return VP_E_MEMORY;
    if (!vp_time_fits(now_ms)) return VP_E_TIME;
    memset(registry, 0, (uint32_t)needed);
    registry->config = *config;
    lay_out(registry, (uintptr_t)registry);
    timer_wheel_init(&registry->wheel, registry->timers, config->slots, (uint64_t)now_ms);
    registry->state.site_count = 1;
    registry->state.kind_count = 1;
    registry->tags[ROOT] = tag_of(1, VP_SLOT_LIVE);
    count(registry, 0, &OPENED);
    for (uint32_t index = 1; index < config->slots; index++)
        slot_put_free(registry, index, 1);
    show_timers(registry);
    return VP_OK;
}

int32_t vp_registry_move(vp_registry *to, uint32_t size, const vp_registry_config *config,
                         const vp_registry *from) {
    if (!to || !from) return VP_E_NULL;
    int32_t needed = vp_registry_size(config);
    if (needed < 0) return needed;
    if (to == from || !vp_block_fits(to, size, needed)) return VP_E_MEMORY;
    const vp_registry_config *old = &from->config;
    if (config->slots < old->slots || config->sites < old->sites ||
        config->command_words < old->command_words)
        return VP_E_CAPACITY;
    memset(to, 0, (uint32_t)needed);
    *to = *from;
    to->config = *config;
    lay_out(to, (uintptr_t)to);
    memcpy(to->tags, from->tags, old->slots * sizeof *to->tags);
    memcpy(to->owners, from->owners, old->slots * sizeof *to->owners);
    memcpy(to->slot_sites, from->slot_sites, old->slots * sizeof *to->slot_sites);
    memcpy(to->kin, from->kin, old->slots * sizeof *to->kin);
    memcpy(to->order, from->order, old->slots * sizeof *to->order);
    memcpy(to->sites, from->sites, old->sites * sizeof *to->sites);
    memcpy(to->site_kinds, from->site_kinds, old->sites * sizeof *to->site_kinds);
    timer_wheel_move(&to->wheel, to->timers, config->slots, &from->wheel, old->slots);
    for (uint32_t at = from->state.free_head; at != from->state.free_tail; at++)
        to->free_ring[at & to->free_mask] = from->free_ring[at & from->free_mask];
    for (uint32_t index = old->slots; index < config->slots; index++)
        slot_put_free(to, index, 1);
    return VP_OK;
}

int32_t vp_registry_view(vp_registry *registry, vp_registry_views *views) {
    if (!registry || !views) return VP_E_NULL;
    *views = (vp_registry_views){
        .state = &registry->state,
        .tags = registry->tags,
        .owners = registry->owners,
        .slot_sites = registry->slot_sites,
        .free_ring = registry->free_ring,
        .free_mask = registry->free_mask,
        .commands = registry->commands,
        .fired = registry->fired,
        .order = registry->order,
        .kinds = registry->kinds,
        .sites = registry->sites,
        .site_kinds = registry->site_kinds,
    };
    return VP_OK;
}

int32_t vp_registry_site(vp_registry *registry, uint32_t kind) {
    if (!registry) return VP_E_NULL;
    if (kind >= VP_KINDS_MAX) return VP_E_KIND;
    vp_registry_state *state = &registry->state;
    if (state->site_count == registry->config.sites) return VP_E_CAPACITY;
    registry->site_kinds[state->site_count] = kind;
    if (kind >= state->kind_count) state->kind_count = kind + 1;
    return (int32_t)state->site_count++;
}

/* ---- Commands ---------------------------------------------------------------------------- */

/* A command's words, by name. */
enum { INDEX = 1, OWNER = 2, OWNER_GENERATION = 3, OPEN_SITE = 4 };
enum { CLOSE_SITE = 2 };
enum { DELAY = 2, PERIOD = 3, SLACK = 4 };

static vp_command command_of(const uint32_t *words) {
    return (vp_command)(words[0] & ((1u << VP_GENERATION_SHIFT) - 1));
}

static uint32_t command_generation(const uint32_t *words) {
    return words[0] >> VP_GENERATION_SHIFT;
}

/* How many words the command has; 0 when there is no such command. */
static uint32_t command_length(const uint32_t *words) {
    static const uint8_t lengths[] = {
        [VP_COMMAND_OPEN] = VP_OPEN_WORDS,       [VP_COMMAND_CLOSE] = VP_CLOSE_WORDS,
        [VP_COMMAND_CLOSING] = VP_CLOSING_WORDS, [VP_COMMAND_LATE] = VP_LATE_WORDS,
        [VP_COMMAND_START] = VP_START_WORDS,     [VP_COMMAND_STOP] = VP_STOP_WORDS,
    };
    uint32_t command = command_of(words);
    return command < sizeof lengths ? lengths[command] : 0;
}

/* Whether an OPEN takes the next slot of the ring, before which `taken` others go. */
static bool open_fits(const vp_registry *r, const uint32_t *words, uint32_t taken) {
    const vp_registry_state *state = &r->state;
    if (taken >= state->free_tail - state->free_head) return false;
    uint32_t index = r->free_ring[(state->free_head + taken) & r->free_mask];
    return words[INDEX] == index && command_generation(words) == generation_of(r->tags[index]) &&
           words[OWNER] < r->config.slots && words[OPEN_SITE] < state->site_count;
}

static bool start_fits(const uint32_t *words) {
    return words[DELAY] <= VP_DELAY_MAX_MS && words[PERIOD] <= VP_DELAY_MAX_MS &&
           words[SLACK] <= VP_DELAY_MAX_MS;
}

static bool batch_fits(const vp_registry *r, const uint32_t *words, uint32_t end) {
    uint32_t opens = 0;
    for (uint32_t at = 0, length; at < end; at += length) {
        length = command_length(words + at);
        if (!length || length > end - at) return false;
        if (words[at + INDEX] >= r->config.slots) return false;
        vp_command command = command_of(words + at);
        if (command == VP_COMMAND_OPEN && !open_fits(r, words + at, opens++)) return false;
        if (command == VP_COMMAND_CLOSE && words[at + CLOSE_SITE] >= r->state.site_count)
            return false;
        if (command == VP_COMMAND_START && !start_fits(words + at)) return false;
    }
    return true;
}

static void carry_out_open(vp_registry *r, const uint32_t *words) {
    uint32_t index = words[INDEX], owner = words[OWNER], site = words[OPEN_SITE];
    r->state.free_head++;
    if (is_open(r, owner, words[OWNER_GENERATION]) && state_of(r->tags[owner]) == VP_SLOT_LIVE) {
        slot_open(r, index, owner, site);
    } else {
        count(r, site, &REFUSED);
        slot_give_back(r, index);
    }
}

static void carry_out_close(vp_registry *r, const uint32_t *words) {
    uint32_t index = words[INDEX], site = words[CLOSE_SITE];
    if (!is_open(r, index, command_generation(words)))
        count(r, site, &DOUBLE_CLOSED);
    else if (index == ROOT || r->kin[index].youngest != NONE)
        count(r, site, &REFUSED);
    else
        slot_close(r, index);
}

/* `now` is rounded up, so that no timer fires before its delay has passed. */
static void carry_out(vp_registry *r, const uint32_t *words, uint64_t now) {
    uint32_t index = words[INDEX];
    vp_command command = command_of(words);
    if (command == VP_COMMAND_OPEN) {
        carry_out_open(r, words);
    } else if (command == VP_COMMAND_CLOSE) {
        carry_out_close(r, words);
    } else if (!is_open(r, index, command_generation(words))) {
        add(&r->state.total, &REFUSED);
    } else if (command == VP_COMMAND_CLOSING) {
        slot_tell_to_end(r, index);
    } else if (command == VP_COMMAND_LATE) {
        count(r, r->slot_sites[index], &WAS_LATE);
    } else if (command == VP_COMMAND_START) {
        timer_start(&r->wheel, index, now + words[DELAY], words[PERIOD], words[SLACK]);
    } else {
        timer_stop(&r->wheel, index);
    }
}

int32_t vp_registry_flush(vp_registry *registry, uint32_t words, double now_ms) {
    if (!registry) return VP_E_NULL;
    if (words > registry->config.command_words) return VP_E_LENGTH;
    if (!vp_time_fits(now_ms)) return VP_E_TIME;
    const uint32_t *commands = registry->commands;
    if (!batch_fits(registry, commands, words)) return VP_E_COMMAND;
    uint64_t now = (uint64_t)ceil(now_ms);
    int32_t done = 0;
    for (uint32_t at = 0; at < words; at += command_length(commands + at), done++)
        carry_out(registry, commands + at, now);
    show_timers(registry);
    return done;
}

/* ---- Timers ------------------------------------------------------------------------------ */

int32_t vp_registry_advance(vp_registry *registry, double now_ms) {
    if (!registry) return VP_E_NULL;
    if (!vp_time_fits(now_ms)) return VP_E_TIME;
    timer_wheel *wheel = &registry->wheel;
    uint64_t now = (uint64_t)now_ms;
    if (now < wheel->now) return 0;
    timer_wheel_advance(wheel, now);
    uint32_t fired = 0;
    for (uint32_t index; fired < VP_FIRED_MAX && (index = timer_wheel_take(wheel)) != TIMER_NONE;
         fired++) {
        registry->fired[2 * fired] = index;
        registry->fired[2 * fired + 1] = generation_of(registry->tags[index]);
    }
    show_timers(registry);
    return (int32_t)fired;
}

/* ---- Disposal ---------------------------------------------------------------------------- */

static uint32_t youngest_leaf(const vp_registry *r, uint32_t index) {
    while (r->kin[index].youngest != NONE)
        index = r->kin[index].youngest;
    return index;
}

int32_t vp_registry_dispose(vp_registry *registry, uint32_t index, uint32_t generation) {
    if (!registry) return VP_E_NULL;
    if (index >= registry->config.slots || !is_open(registry, index, generation))
        return VP_E_HANDLE;
    uint32_t ended = 0, at = youngest_leaf(registry, index);
    for (;;) {
        slot_tell_to_end(registry, at);
        registry->order[ended++] = at;
        if (at == index) break;
        uint32_t older = registry->kin[at].older;
        at = older != NONE ? youngest_leaf(registry, older) : registry->owners[at];
    }
    show_timers(registry);
    return (int32_t)ended;
}

/* ---- Marks ------------------------------------------------------------------------------- */

typedef struct site_mark {
    uint32_t opened;
    uint32_t finished;
} site_mark;

struct vp_registry_mark {
    uint32_t site_count;
    site_mark sites[];
};

int32_t vp_registry_mark_size(const vp_registry *registry) {
    if (!registry) return VP_E_NULL;
    return (int32_t)(sizeof(vp_registry_mark) + registry->state.site_count * sizeof(site_mark));
}

int32_t vp_registry_mark_set(const vp_registry *registry, vp_registry_mark *mark, uint32_t size) {
    if (!registry || !mark) return VP_E_NULL;
    if (!vp_block_fits(mark, size, vp_registry_mark_size(registry))) return VP_E_MEMORY;
    mark->site_count = registry->state.site_count;
    for (uint32_t site = 0; site < mark->site_count; site++)
        mark->sites[site] =
            (site_mark){registry->sites[site].opened, registry->sites[site].finished};
    return VP_OK;
}

int32_t vp_registry_mark_diff(const vp_registry *registry, const vp_registry_mark *mark,
                              vp_registry_delta *deltas, uint32_t capacity) {
    if (!registry || !mark || (!deltas && capacity)) return VP_E_NULL;
    uint32_t changed = 0;
    for (uint32_t site = 0; site < registry->state.site_count; site++) {
        site_mark then = site < mark->site_count ? mark->sites[site] : (site_mark){0, 0};
        vp_registry_delta delta = {site, registry->sites[site].opened - then.opened,
                                   registry->sites[site].finished - then.finished};
        if (!delta.opened && !delta.finished) continue;
        if (changed < capacity) deltas[changed] = delta;
        changed++;
    }
    return (int32_t)changed;
}
