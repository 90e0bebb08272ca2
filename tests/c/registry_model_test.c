/* The registry beside a model of the plainest structures: lists of children, recursion, a search
 * for what is due. Random commands, seeded. */
#include "registry_host.h"

#include <math.h>
#include <stdbool.h>

#define HOUR_MS 3600000u

/* ---- The model --------------------------------------------------------------------------- */

enum { SLOTS_MOST = 1500, SITES_MOST = 24, RING = 1 << 22, SITE_KINDS = 5 };

typedef struct model_slot {
    uint32_t state, generation, owner, site;
    uint32_t children[SLOTS_MOST], child_count; /* in the order of opening */
    bool timed;
    uint64_t tick, due, started;
    uint32_t period, slack;
} model_slot;

static struct {
    model_slot slots[SLOTS_MOST];
    uint32_t slot_count;
    uint32_t queue[RING]; /* of all slots that ever became free */
    uint32_t queue_head, queue_tail;
    vp_registry_counters sites[SITES_MOST]; /* total and kinds are their sums, but for what */
    uint32_t kind_of[SITES_MOST];           /* is not summed: */
    uint32_t total_peak, kind_peak[SITE_KINDS], total_refused;
    uint32_t site_count;
    uint64_t now, starts;
} model;

/* How much a random story has met. */
static struct {
    uint32_t commands;
    uint32_t fired;
    uint32_t kept; /* timers of closing slots that a disposal met */
} played;

static void model_free(uint32_t index, uint32_t generation) {
    model.slots[index].state = VP_SLOT_FREE;
    model.slots[index].generation = generation;
    model.queue[model.queue_tail++] = index;
}

static void model_grow(uint32_t slots) {
    for (; model.slot_count < slots; model.slot_count++)
        model_free(model.slot_count, 1);
}

static uint32_t active_of_kind(uint32_t kind) {
    uint32_t active = 0;
    for (uint32_t site = 0; site < model.site_count; site++)
        if (kind == UINT32_MAX || model.kind_of[site] == kind) active += model.sites[site].active;
    return active;
}

static void raise(uint32_t *peak, uint32_t active) {
    if (*peak < active) *peak = active;
}

static void model_count_open(uint32_t site) {
    model.sites[site].opened++;
    model.sites[site].active++;
    uint32_t kind = model.kind_of[site];
    raise(&model.sites[site].peak, model.sites[site].active);
    raise(&model.kind_peak[kind], active_of_kind(kind));
    raise(&model.total_peak, active_of_kind(UINT32_MAX));
}

static void model_begin(uint32_t slots, uint64_t now) {
    memset(&model, 0, sizeof model);
    model.now = now;
    model.slots[0].state = VP_SLOT_LIVE;
    model.slots[0].generation = 1;
    model.slot_count = model.site_count = 1;
    model_count_open(0);
    model_grow(slots);
}

static bool model_open(handle h) {
    const model_slot *s = &model.slots[h.index];
    return s->generation == h.generation && s->state != VP_SLOT_FREE;
}

static void model_do_open(handle h, handle owner, uint32_t site) {
    assert_int_equal(model.queue[model.queue_head++], h.index);
    model_slot *s = &model.slots[h.index], *o = &model.slots[owner.index];
    if (!model_open(owner) || o->state == VP_SLOT_CLOSING) {
        model.sites[site].refused++;
        model_free(h.index, h.generation + 1);
        return;
    }
    s->state = VP_SLOT_LIVE;
    s->owner = owner.index;
    s->site = site;
    s->child_count = 0;
    s->timed = false;
    o->children[o->child_count++] = h.index;
    model_count_open(site);
}

static void model_do_close(handle h, uint32_t site) {
    model_slot *s = &model.slots[h.index];
    if (!model_open(h)) {
        model.sites[site].double_closed++;
        return;
    }
    if (s->child_count > 0 || h.index == 0) {
        model.sites[site].refused++;
        return;
    }
    model_slot *o = &model.slots[s->owner];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < o->child_count; i++)
        if (o->children[i] != h.index) o->children[kept++] = o->children[i];
    o->child_count = kept;
    model.sites[s->site].active--;
    model.sites[s->site].finished++;
    if (s->state == VP_SLOT_CLOSING) model.sites[s->site].closing--;
    s->timed = false;
    model_free(h.index, h.generation + 1);
}

static void model_tell_to_end(model_slot *s) {
    if (s->state == VP_SLOT_CLOSING) return;
    s->timed = false;
    s->state = VP_SLOT_CLOSING;
    model.sites[s->site].closing++;
}

static void model_arm(model_slot *s) {
    uint64_t first = s->due > model.now ? s->due : model.now + 1, last = s->due + s->slack;
    if (last < first) last = first;
    uint64_t power = UINT64_C(1) << 60;
    while (last / power * power < first)
        power /= 2;
    s->tick = last / power * power;
    s->timed = true;
    s->started = ++model.starts;
}

static void model_do_start(handle h, uint64_t due, uint32_t period, uint32_t slack) {
    model_slot *s = &model.slots[h.index];
    s->due = due;
    s->period = period;
    s->slack = slack;
    model_arm(s);
}

static void model_dispose(uint32_t index, uint32_t *order, uint32_t *count) {
    model_slot *s = &model.slots[index];
    for (uint32_t i = s->child_count; i > 0; i--)
        model_dispose(s->children[i - 1], order, count);
    if (s->state == VP_SLOT_CLOSING && s->timed) played.kept++;
    model_tell_to_end(s);
    order[(*count)++] = index;
}

static model_slot *model_earliest(void) {
    model_slot *earliest = NULL;
    for (uint32_t i = 0; i < model.slot_count; i++) {
        model_slot *s = &model.slots[i];
        if (!s->timed) continue;
        if (!earliest || s->tick < earliest->tick ||
            (s->tick == earliest->tick && s->started < earliest->started))
            earliest = s;
    }
    return earliest;
}

/* ---- The registry beside the model ------------------------------------------------------- */

static uint64_t random_state;

static uint32_t below(uint32_t limit) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(0x2545f4914f6cdd1d) >> 32) * limit >> 32);
}

static uint32_t any_below(uint32_t limit) {
    uint32_t drawn = below(UINT32_MAX) >> below(32);
    return drawn < limit ? drawn : below(limit);
}

/* Mostly one that is open, and sometimes one that was, or never was. */
static handle random_handle(void) {
    uint32_t index = below(model.slot_count);
    for (uint32_t tries = 0; tries < 8 && model.slots[index].state == VP_SLOT_FREE; tries++)
        index = below(model.slot_count);
    handle h = {index, model.slots[index].generation};
    if (below(12) == 0) h.generation -= 1;
    if (below(100) == 0) h.generation = below(VP_GENERATION_MAX);
    return h;
}

static handle random_handle_but_root(void) {
    handle h = random_handle();
    while (h.index == 0)
        h = random_handle();
    return h;
}

/* A clock's reading, as its whole ms and how many 1024ths of the next. */
typedef struct clock_time {
    uint64_t whole;
    uint32_t fraction;
} clock_time;

static double clock_ms(clock_time t) {
    return (double)t.whole + t.fraction / 1024.0;
}

/* Mostly within the ms that the timers have reached; now and then ahead of it, or behind. */
static clock_time random_clock(uint64_t now) {
    clock_time t = {now, below(2) ? 0 : below(1024)};
    if (below(8) == 0) t.whole += any_below(HOUR_MS);
    if (below(8) == 0) t.whole -= any_below(now < 5000 ? (uint32_t)now + 1 : 5000);
    return t;
}

/* Mostly of hours at most, and now and then of any size. */
static uint32_t random_duration(void) {
    return any_below(below(20) ? HOUR_MS : VP_DELAY_MAX_MS + 1u);
}

static void random_command(clock_time at) {
    uint32_t site = below(model.site_count);
    uint32_t choice = below(100);
    if (choice < 40) {
        uint32_t left = host.at.state->free_tail - host.at.state->free_head - host.opens;
        if (left == 0) return;
        handle owner = below(3) ? random_handle() : ROOT;
        handle h = put_open(owner, site);
        model_do_open(h, owner, site);
        return;
    }
    handle h = random_handle();
    if (choice < 75) {
        put_close(h, site);
        model_do_close(h, site);
        return;
    }
    bool refused = !model_open(h);
    if (refused) model.total_refused++;
    model_slot *s = &model.slots[h.index];
    if (choice < 78 && h.index != 0) { /* the root stays, or the story would be over */
        put_command(VP_COMMAND_CLOSING, h);
        if (!refused) model_tell_to_end(s);
    } else if (choice < 80) {
        put_command(VP_COMMAND_LATE, h);
        if (!refused) model.sites[s->site].late++;
    } else if (choice < 95) {
        uint32_t delay = random_duration(), period = below(2) ? 0 : random_duration();
        uint32_t slack = below(2) ? 0 : any_below(below(20) ? 5000 : VP_DELAY_MAX_MS + 1u);
        put_start(h, delay, period, slack);
        uint64_t due = at.whole + (at.fraction > 0) + delay;
        if (!refused) model_do_start(h, due, period, slack);
    } else {
        put_command(VP_COMMAND_STOP, h);
        if (!refused) s->timed = false;
    }
}

/* Breaks a valid batch in one place; it must leave no trace. */
static void broken_batch(uint64_t now) {
    void *before = malloc(host.bytes);
    assert_non_null(before);
    host.words = host.opens = 0;
    put_command(VP_COMMAND_STOP, ROOT);
    if (host.at.state->free_tail != host.at.state->free_head) put_open(ROOT, 0);
    put_start(ROOT, 1, 0, 0);
    uint32_t too_long = VP_DELAY_MAX_MS + 1u + below(1u << 31);
    switch (below(6)) {
    case 0:
        put(below(2) ? 0 : 7 + below(249));
        break;
    case 1:
        put_command(VP_COMMAND_LATE, (handle){host.config.slots + any_below(1000), 1});
        break;
    case 2:
        put_start(ROOT, too_long, 0, 0);
        break;
    case 3:
        put_start(ROOT, 0, too_long, 0);
        break;
    case 4:
        put_start(ROOT, 0, 0, too_long);
        break;
    default:
        put_close(ROOT, host.at.state->site_count);
    }
    memcpy(before, host.registry, host.bytes);
    assert_int_equal(flush((double)now), VP_E_COMMAND);
    assert_memory_equal(before, host.registry, host.bytes);
    free(before);
}

static void compare_advance(uint64_t now) {
    model.now = now;
    for (;;) {
        int32_t count = advance((double)now);
        assert_in_range(count, 0, VP_FIRED_MAX);
        for (int32_t i = 0; i < count; i++) {
            model_slot *s = model_earliest();
            assert_non_null(s);
            assert_true(s->tick <= now);
            assert_int_equal(host.at.fired[2 * i], s - model.slots);
            assert_int_equal(host.at.fired[2 * i + 1], s->generation);
            s->timed = false;
            if (s->period) {
                s->due = now + s->period - (now - s->due) % s->period;
                model_arm(s);
            }
            played.fired++;
        }
        if (count == 0) break;
    }
    const model_slot *next = model_earliest();
    assert_true(!next || next->tick > now);
    assert_true(next ? host.at.state->next_due_ms <= (double)next->tick &&
                           host.at.state->next_due_ms > (double)now
                     : host.at.state->next_due_ms == INFINITY);
}

static void compare_dispose(handle h) {
    static uint32_t order[SLOTS_MOST];
    if (!model_open(h)) {
        assert_int_equal(dispose(h), VP_E_HANDLE);
        return;
    }
    uint32_t count = 0;
    model_dispose(h.index, order, &count);
    assert_int_equal(dispose(h), count);
    assert_memory_equal(host.at.order, order, count * sizeof *order);
    if (below(4) == 0) return;
    for (uint32_t i = 0; i < count; i++) {
        if (host.words + VP_CLOSE_WORDS > host.config.command_words)
            assert_true(flush((double)model.now) >= 0);
        handle ended = {order[i], model.slots[order[i]].generation};
        put_close(ended, 0);
        model_do_close(ended, 0);
    }
    assert_true(flush((double)model.now) >= 0);
}

static void sum_up(vp_registry_counters *sum, const vp_registry_counters *part) {
    sum->opened += part->opened;
    sum->active += part->active;
    sum->finished += part->finished;
    sum->closing += part->closing;
    sum->late += part->late;
    sum->double_closed += part->double_closed;
    sum->refused += part->refused;
}

static void compare_counters(void) {
    vp_registry_counters total = {.peak = model.total_peak, .refused = model.total_refused};
    vp_registry_counters kinds[SITE_KINDS] = {{0}};
    for (uint32_t site = 0; site < model.site_count; site++) {
        assert_counters(&host.at.sites[site], model.sites[site]);
        sum_up(&total, &model.sites[site]);
        sum_up(&kinds[model.kind_of[site]], &model.sites[site]);
    }
    for (uint32_t kind = 0; kind < SITE_KINDS; kind++) {
        kinds[kind].peak = model.kind_peak[kind];
        assert_counters(&host.at.kinds[kind], kinds[kind]);
    }
    assert_counters(&host.at.state->total, total);
}

static void compare_slots(void) {
    uint32_t timers = 0;
    for (uint32_t i = 0; i < model.slot_count; i++) {
        const model_slot *s = &model.slots[i];
        assert_int_equal(host.at.tags[i], s->generation << VP_TAG_SHIFT | s->state);
        timers += s->timed;
        if (s->state == VP_SLOT_FREE) continue;
        assert_int_equal(host.at.owners[i], s->owner);
        assert_int_equal(host.at.slot_sites[i], s->site);
    }
    assert_int_equal(host.at.state->timers, timers);
    uint32_t head = host.at.state->free_head;
    assert_int_equal(head, model.queue_head);
    assert_int_equal(host.at.state->free_tail, model.queue_tail);
    for (uint32_t at = head; at != model.queue_tail; at++)
        assert_int_equal(host.at.free_ring[at & host.at.free_mask], model.queue[at]);
}

static struct {
    _Alignas(VP_ALIGNMENT) char memory[1024];
    vp_registry_counters sites[SITES_MOST];
} marked;

static void mark_set(void) {
    assert_int_equal(vp_registry_mark_set(host.registry, (vp_registry_mark *)marked.memory,
                                          sizeof marked.memory),
                     VP_OK);
    memcpy(marked.sites, model.sites, sizeof marked.sites);
}

static void compare_mark(void) {
    vp_registry_delta deltas[SITES_MOST];
    int32_t count =
        vp_registry_mark_diff(host.registry, (vp_registry_mark *)marked.memory, deltas, SITES_MOST);
    int32_t at = 0;
    for (uint32_t site = 0; site < model.site_count; site++) {
        uint32_t opened = model.sites[site].opened - marked.sites[site].opened;
        uint32_t finished = model.sites[site].finished - marked.sites[site].finished;
        if (opened == 0 && finished == 0) continue;
        assert_true(at < count);
        assert_int_equal(deltas[at].site, site);
        assert_int_equal(deltas[at].opened, opened);
        assert_int_equal(deltas[at].finished, finished);
        at++;
    }
    assert_int_equal(count, at);
}

static void random_site(void) {
    uint32_t kind = below(SITE_KINDS);
    if (model.site_count == host.config.sites) {
        assert_int_equal(site_of(kind), VP_E_CAPACITY);
        return;
    }
    assert_int_equal(site_of(kind), model.site_count);
    model.kind_of[model.site_count++] = kind;
}

static void random_growth(void) {
    uint32_t slots = host.config.slots + below(host.config.slots), sites = host.config.sites + 2;
    if (slots > SLOTS_MOST || sites > SITES_MOST) return;
    host_move(slots, sites, host.config.command_words + below(3));
    model_grow(slots);
}

static void play(uint64_t seed, uint64_t now, uint32_t commands) {
    random_state = seed;
    uint32_t slots = 2 + below(12), end = played.commands + commands;
    host_begin(slots, 2, 4096, (double)now);
    model_begin(slots, now);
    mark_set();
    for (uint32_t batch = 0; played.commands < end; batch++) {
        uint32_t planned = 1 + below(100);
        clock_time at = random_clock(now);
        for (uint32_t i = 0; i < planned; i++)
            random_command(at);
        uint32_t words = host.words, counted = 0;
        for (uint32_t word = 0; word < words; counted++) {
            static const uint32_t lengths[] = {0, 5, 3, 2, 2, 5, 2};
            word += lengths[host.at.commands[word] & 0xff];
        }
        assert_int_equal(flush(clock_ms(at)), counted);
        played.commands += counted;
        if (below(2) == 0) compare_advance(now += any_below(below(5) ? 5000 : HOUR_MS));
        if (below(15) == 0) compare_dispose(random_handle_but_root());
        if (below(20) == 0) broken_batch(now);
        if (below(30) == 0) random_site();
        if (below(150) == 0) random_growth();
        if (below(50) == 0) compare_mark();
        if (below(200) == 0) mark_set();
        if (batch % 8 == 0) {
            compare_counters();
            compare_slots();
        }
    }
    compare_dispose(ROOT);
    compare_mark();
    print_message("seed %llu: %u slots, peak %u; so far %u commands, %u fired, %u kept\n",
                  (unsigned long long)seed, host.config.slots, host.at.state->total.peak,
                  played.commands, played.fired, played.kept);
    host_end();
}

static void the_registry_is_the_model(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++)
        play(seed, seed % 2 ? seed : (seed << 32) - 20000, 50000);
    assert_true(played.commands >= 1000000);
    assert_true(played.fired >= 40000);
    assert_true(played.kept >= 300);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_registry_is_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
