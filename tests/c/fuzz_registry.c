/* Any calls in any order, with commands that may be sound, stale or garbage. Whatever happens: the
 * counters add up, every slot is free, open or retired and the ring holds just the free ones,
 * owners are open as long as what they own, order and fired name open slots, no timer fires before
 * its delay has passed, disposal leaves alone what was closing, and a refused batch leaves no trace
 * in what the host can read. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tape.h"
#include "voicepath/registry.h"

#define TIME_MAX_MS 9007199254740992.0 /* 2^53 */

static void require(int holds) {
    if (!holds) abort();
}

enum { SLOTS_MOST = 256 };

static vp_registry_config config;
static vp_registry *registry;
static vp_registry_views at;
static double now_ms;
static double not_before_ms[SLOTS_MOST]; /* each slot's timer; 0 when that is not known for sure */

static uint32_t state_of(uint32_t index) {
    return at.tags[index] & 3;
}

static int is_open(uint32_t index) {
    return state_of(index) == VP_SLOT_LIVE || state_of(index) == VP_SLOT_CLOSING;
}

static void *block_of(uint32_t *bytes) {
    int32_t size = vp_registry_size(&config);
    require(size > 0);
    *bytes = (uint32_t)size;
    return aligned_alloc(VP_ALIGNMENT, (*bytes + 15) & ~15u);
}

/* ---- Invariants -------------------------------------------------------------------------- */

static void check_counters(const vp_registry_counters *c) {
    require(c->opened == c->active + c->finished);
    require(c->closing <= c->active && c->active <= c->peak && c->peak <= c->opened);
}

static void add(vp_registry_counters *sum, const vp_registry_counters *part) {
    check_counters(part);
    sum->opened += part->opened;
    sum->active += part->active;
    sum->finished += part->finished;
    sum->peak += part->peak;
    sum->closing += part->closing;
    sum->late += part->late;
    sum->double_closed += part->double_closed;
    sum->refused += part->refused;
}

static void check_sum(const vp_registry_counters *sum, uint32_t active, uint32_t closing) {
    const vp_registry_counters *total = &at.state->total;
    require(sum->opened == total->opened && sum->finished == total->finished);
    require(sum->active == active && sum->closing == closing);
    require(sum->late == total->late && sum->double_closed == total->double_closed);
    require(sum->refused <= total->refused && sum->peak >= total->peak);
}

static void check_tree(uint32_t index) {
    require(at.slot_sites[index] < at.state->site_count);
    uint32_t steps = 0;
    for (uint32_t owner = index; owner != 0; owner = at.owners[owner], steps++)
        require(steps < config.slots && is_open(owner));
    require(at.owners[0] == 0 && is_open(0));
}

static void check_ring(uint32_t free_slots) {
    uint8_t seen[SLOTS_MOST] = {0};
    require(at.state->free_tail - at.state->free_head == free_slots);
    for (uint32_t i = at.state->free_head; i != at.state->free_tail; i++) {
        uint32_t index = at.free_ring[i & at.free_mask];
        require(index < config.slots && state_of(index) == VP_SLOT_FREE && !seen[index]);
        seen[index] = 1;
    }
}

static void check(void) {
    uint32_t of_state[4] = {0};
    for (uint32_t index = 0; index < config.slots; index++) {
        of_state[state_of(index)]++;
        if (is_open(index)) check_tree(index);
    }
    uint32_t active = of_state[VP_SLOT_LIVE] + of_state[VP_SLOT_CLOSING];
    check_ring(of_state[VP_SLOT_FREE]);
    require(of_state[VP_SLOT_RETIRED] == at.state->retired);
    check_counters(&at.state->total);
    require(at.state->total.active == active);
    vp_registry_counters sites = {0}, kinds = {0};
    for (uint32_t site = 0; site < config.sites; site++)
        add(&sites, &at.sites[site]);
    for (uint32_t kind = 0; kind < VP_KINDS_MAX; kind++)
        add(&kinds, &at.kinds[kind]);
    check_sum(&sites, active, of_state[VP_SLOT_CLOSING]);
    check_sum(&kinds, active, of_state[VP_SLOT_CLOSING]);
    require(at.state->timers <= active);
    require((at.state->timers == 0) == (at.state->next_due_ms == INFINITY));
}

/* ---- Calls ------------------------------------------------------------------------------- */

static uint32_t take_handle(tape *t, uint32_t command, uint32_t *index) {
    *index = take(t, 1) % (config.slots + 1);
    uint32_t generation = *index < config.slots ? at.tags[*index] >> VP_TAG_SHIFT : 1;
    return command | (generation - (take(t, 1) % 8 == 0)) << 8;
}

/* Rarely too long. */
static uint32_t take_duration(tape *t) {
    uint32_t choice = take(t, 1);
    if (choice == 255) return take(t, 4);
    return choice % 4 ? take(t, 2) : take(t, 4) >> 1;
}

static uint32_t put_sound(tape *t, uint32_t *words, uint32_t *opens) {
    uint32_t command = 1 + take(t, 1) % 6, index, owner;
    if (command == VP_COMMAND_OPEN) {
        index = at.free_ring[(at.state->free_head + (*opens)++) & at.free_mask];
        words[0] = command | at.tags[index] >> VP_TAG_SHIFT << 8;
        words[3] = take_handle(t, 0, &owner) >> 8;
        words[2] = owner;
        words[4] = take(t, 1) % at.state->site_count;
        words[1] = index;
        return VP_OPEN_WORDS;
    }
    words[0] = take_handle(t, command, &index);
    words[1] = index;
    if (command == VP_COMMAND_CLOSE) {
        words[2] = take(t, 1) % at.state->site_count;
        return VP_CLOSE_WORDS;
    }
    if (command == VP_COMMAND_START) {
        words[2] = take_duration(t);
        words[3] = take(t, 1) % 4 ? 0 : take_duration(t);
        words[4] = take(t, 1) % 4 ? 0 : take_duration(t);
        return VP_START_WORDS;
    }
    return 2;
}

static int is_start_for_sure(const uint32_t *words, const uint32_t *tags_before) {
    uint32_t live = words[0] >> 8 << VP_TAG_SHIFT | VP_SLOT_LIVE;
    return tags_before[words[1]] == live && at.tags[words[1]] == live;
}

/* Of a batch that was carried out. A slot that was live with this generation before and after it
 * was so all the time. */
static void note_delays(uint32_t words, const uint32_t *tags_before, double clock_ms) {
    static const uint32_t lengths[] = {0, 5, 3, 2, 2, 5, 2};
    for (uint32_t i = 0; i < words; i += lengths[at.commands[i] & 0xff]) {
        const uint32_t *command = at.commands + i;
        if ((command[0] & 0xff) != VP_COMMAND_START) continue;
        for (uint32_t k = 2; k < 5; k++)
            require(command[k] <= VP_DELAY_MAX_MS);
        int sure = is_start_for_sure(command, tags_before);
        not_before_ms[command[1]] = sure ? clock_ms + command[2] : 0;
    }
}

static void flush(tape *t) {
    uint32_t words = 0, opens = 0, planned = take(t, 1) % 32;
    for (uint32_t i = 0; i < planned && words + 5 <= config.command_words; i++) {
        if (take(t, 1) % 64 == 0)
            at.commands[words++] = take(t, 4);
        else
            words += put_sound(t, at.commands + words, &opens);
    }
    if (take(t, 1) % 64 == 0) words = take(t, 2);
    uint32_t tags[SLOTS_MOST];
    memcpy(tags, at.tags, config.slots * sizeof *tags);
    vp_registry_state before = *at.state;
    double clock_ms = now_ms + take(t, 1) / 256.0;
    if (clock_ms > TIME_MAX_MS) clock_ms = now_ms;
    int32_t done = vp_registry_flush(registry, words, clock_ms);
    if (done < 0) {
        require(done == VP_E_COMMAND || (done == VP_E_LENGTH && words > config.command_words));
        require(memcmp(tags, at.tags, config.slots * sizeof *tags) == 0);
        require(memcmp(&before, at.state, sizeof before) == 0);
    } else {
        require((uint32_t)done * 2 <= words);
        note_delays(words, tags, clock_ms);
    }
}

static void advance(tape *t) {
    uint32_t step = take(t, 4) >> take(t, 1) % 32;
    double due = at.state->next_due_ms, back = take(t, 1) % 8 == 0 ? 1 : 0;
    int sleeps = take(t, 1) % 2; /* as a host does: until then, and no longer */
    if (sleeps && due > now_ms && due <= TIME_MAX_MS)
        now_ms = due;
    else if (now_ms + step <= TIME_MAX_MS)
        now_ms += step;
    if (back && now_ms >= 1) now_ms -= 1;
    int32_t fired;
    uint32_t sum = 0;
    do {
        fired = vp_registry_advance(registry, now_ms);
        require(fired >= 0 && fired <= VP_FIRED_MAX);
        require(fired == 0 || due <= now_ms);
        for (int32_t i = 0; i < fired; i++) {
            uint32_t index = at.fired[2 * i];
            require(index < config.slots && is_open(index));
            require(at.tags[index] >> VP_TAG_SHIFT == at.fired[2 * i + 1]);
            require(now_ms >= not_before_ms[index]);
        }
        sum += (uint32_t)fired;
    } while (fired);
    require(sum <= config.slots);
}

static void dispose(tape *t) {
    uint32_t index, generation = take_handle(t, 0, &index) >> 8;
    int open = index < config.slots && is_open(index) && at.tags[index] >> 2 == generation;
    uint32_t tags[SLOTS_MOST], timers = at.state->timers;
    memcpy(tags, at.tags, config.slots * sizeof *tags);
    int32_t count = vp_registry_dispose(registry, index, generation);
    require(open ? count > 0 && (uint32_t)count <= config.slots : count == VP_E_HANDLE);
    uint32_t place[SLOTS_MOST], told = 0;
    for (int32_t i = 0; i < count; i++) {
        require(state_of(at.order[i]) == VP_SLOT_CLOSING);
        told += (tags[at.order[i]] & 3) == VP_SLOT_LIVE;
        place[at.order[i]] = (uint32_t)i;
    }
    require(timers - at.state->timers <= told); /* only they had theirs stopped */
    for (int32_t i = 0; i + 1 < count; i++)
        require(place[at.owners[at.order[i]]] > (uint32_t)i);
    require(count < 0 || at.order[count - 1] == index);
}

static void move(tape *t) {
    vp_registry_config old = config;
    config.slots += take(t, 1) % 16;
    config.sites += take(t, 1) % 4;
    if (config.slots > SLOTS_MOST) config.slots = old.slots;
    uint32_t bytes;
    vp_registry *to = block_of(&bytes);
    require(vp_registry_move(to, bytes, &config, registry) == VP_OK);
    free(registry);
    registry = to;
    require(vp_registry_view(registry, &at) == VP_OK);
}

static void mark(tape *t) {
    uint32_t bytes = (uint32_t)vp_registry_mark_size(registry);
    vp_registry_mark *m = aligned_alloc(VP_ALIGNMENT, (bytes + 15) & ~15u);
    require(vp_registry_mark_set(registry, m, bytes) == VP_OK);
    flush(t);
    vp_registry_delta deltas[4];
    require(vp_registry_mark_diff(registry, m, deltas, 4) <= (int32_t)at.state->site_count);
    free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    tape t = {data, length};
    config = (vp_registry_config){2 + take(&t, 1) % 30, 1 + take(&t, 1) % 8, 16 + take(&t, 1)};
    memset(not_before_ms, 0, sizeof not_before_ms);
    now_ms = (double)take(&t, 4) * (take(&t, 1) % 4 ? 1 : 2097152);
    uint32_t bytes;
    registry = block_of(&bytes);
    require(vp_registry_init(registry, bytes, &config, now_ms) == VP_OK);
    require(vp_registry_view(registry, &at) == VP_OK);
    while (t.left) {
        uint32_t call = take(&t, 1) % 16;
        if (call < 7)
            flush(&t);
        else if (call < 11)
            advance(&t);
        else if (call < 13)
            dispose(&t);
        else if (call == 13)
            move(&t);
        else if (call == 14)
            mark(&t);
        else
            vp_registry_site(registry, take(&t, 1));
        check();
    }
    free(registry);
    return 0;
}
