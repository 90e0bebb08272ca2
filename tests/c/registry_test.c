/* The registry, by a hand-made story for every promise of the header. */
#include "registry_host.h"

#include <math.h>
#include <stdbool.h>

#define TWO_31 2147483648.0

/* ---- Memory and statuses ----------------------------------------------------------------- */

static void an_empty_registry_has_its_root(void **state) {
    (void)state;
    host_begin(5, 3, 16, 1000.5);
    assert_int_equal(host.at.tags[0], 1 << VP_TAG_SHIFT | VP_SLOT_LIVE);
    assert_int_equal(host.at.owners[0], 0);
    assert_int_equal(host.at.slot_sites[0], 0);
    assert_int_equal(host.at.site_kinds[0], 0);
    const vp_registry_state *s = host.at.state;
    assert_true(s->next_due_ms == INFINITY);
    assert_int_equal(s->timers, 0);
    assert_int_equal(s->retired, 0);
    assert_int_equal(s->free_tail - s->free_head, 4);
    assert_int_equal(s->site_count, 1);
    assert_int_equal(s->kind_count, 1);
    assert_counters(&s->total, COUNTERS(.opened = 1, .active = 1, .peak = 1));
    assert_counters(&host.at.sites[0], s->total);
    assert_counters(&host.at.kinds[0], s->total);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(host.at.free_ring[(s->free_head + i) & host.at.free_mask], i + 1);
        assert_int_equal(host.at.tags[i + 1], 1 << VP_TAG_SHIFT | VP_SLOT_FREE);
    }
    host_end();
}

static void capacities_are_checked(void **state) {
    (void)state;
    const vp_registry_config wrong[] = {
        {1, 1, 16}, {VP_SLOTS_MAX + 1, 1, 16},        {2, 0, 16}, {2, VP_SITES_MAX + 1, 16},
        {2, 1, 15}, {2, 1, VP_COMMAND_WORDS_MAX + 1},
    };
    host_begin(2, 1, 16, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(vp_registry_size(&wrong[i]), VP_E_CAPACITY);
        assert_int_equal(vp_registry_init(host.registry, host.bytes, &wrong[i], 0), VP_E_CAPACITY);
    }
    assert_int_equal(vp_registry_size(NULL), VP_E_NULL);
    vp_registry_config most = {VP_SLOTS_MAX, VP_SITES_MAX, VP_COMMAND_WORDS_MAX};
    assert_true(vp_registry_size(&most) > 0);
    host_end();
}

static void init_refuses_wrong_input(void **state) {
    (void)state;
    host_begin(4, 2, 16, 0);
    vp_registry *r = host.registry;
    const vp_registry_config *config = &host.config;
    assert_int_equal(vp_registry_init(NULL, host.bytes, config, 0), VP_E_NULL);
    assert_int_equal(vp_registry_init(r, host.bytes, NULL, 0), VP_E_NULL);
    assert_int_equal(vp_registry_init(r, host.bytes - 1, config, 0), VP_E_MEMORY);
    assert_int_equal(vp_registry_init((vp_registry *)((char *)r + 8), host.bytes, config, 0),
                     VP_E_MEMORY);
    assert_int_equal(vp_registry_init(r, host.bytes, config, -1), VP_E_TIME);
    assert_int_equal(vp_registry_init(r, host.bytes, config, NAN), VP_E_TIME);
    assert_int_equal(vp_registry_init(r, host.bytes, config, INFINITY), VP_E_TIME);
    assert_int_equal(vp_registry_init(r, host.bytes, config, 9007199254740994.0), VP_E_TIME);
    assert_int_equal(vp_registry_init(r, host.bytes, config, 9007199254740992.0), VP_OK);
    host_end();
}

static void null_pointers_are_refused(void **state) {
    (void)state;
    host_begin(4, 2, 16, 0);
    vp_registry *r = host.registry;
    vp_registry_views views;
    static _Alignas(VP_ALIGNMENT) char mark[256];
    vp_registry_delta delta;
    assert_int_equal(vp_registry_view(NULL, &views), VP_E_NULL);
    assert_int_equal(vp_registry_view(r, NULL), VP_E_NULL);
    assert_int_equal(vp_registry_site(NULL, 0), VP_E_NULL);
    assert_int_equal(vp_registry_flush(NULL, 0, 0), VP_E_NULL);
    assert_int_equal(vp_registry_advance(NULL, 0), VP_E_NULL);
    assert_int_equal(vp_registry_dispose(NULL, 0, 1), VP_E_NULL);
    assert_int_equal(vp_registry_mark_size(NULL), VP_E_NULL);
    assert_int_equal(vp_registry_mark_set(NULL, (vp_registry_mark *)mark, 256), VP_E_NULL);
    assert_int_equal(vp_registry_mark_set(r, NULL, 256), VP_E_NULL);
    assert_int_equal(vp_registry_mark_set(r, (vp_registry_mark *)mark, 256), VP_OK);
    assert_int_equal(vp_registry_mark_diff(NULL, (vp_registry_mark *)mark, &delta, 1), VP_E_NULL);
    assert_int_equal(vp_registry_mark_diff(r, NULL, &delta, 1), VP_E_NULL);
    assert_int_equal(vp_registry_mark_diff(r, (vp_registry_mark *)mark, NULL, 1), VP_E_NULL);
    assert_int_equal(vp_registry_mark_diff(r, (vp_registry_mark *)mark, NULL, 0), 0);
    assert_int_equal(vp_registry_move(NULL, host.bytes, &host.config, r), VP_E_NULL);
    assert_int_equal(vp_registry_move(r, host.bytes, &host.config, NULL), VP_E_NULL);
    host_end();
}

static void move_refuses_less_room(void **state) {
    (void)state;
    host_begin(8, 4, 32, 0);
    const vp_registry_config less[] = {{7, 4, 32}, {8, 3, 32}, {8, 4, 31}, {1, 4, 32}};
    uint32_t bytes;
    vp_registry_config more = {16, 8, 64};
    vp_registry *to = block_of(&more, &bytes);
    for (size_t i = 0; i < sizeof less / sizeof *less; i++)
        assert_int_equal(vp_registry_move(to, bytes, &less[i], host.registry), VP_E_CAPACITY);
    assert_int_equal(vp_registry_move(to, bytes, NULL, host.registry), VP_E_NULL);
    assert_int_equal(vp_registry_move(to, bytes - 1, &more, host.registry), VP_E_MEMORY);
    assert_int_equal(vp_registry_move(host.registry, host.bytes, &host.config, host.registry),
                     VP_E_MEMORY);
    assert_int_equal(generation_of(0), ROOT.generation);
    free(to);
    host_end();
}

static void sites_are_numbered_and_checked(void **state) {
    (void)state;
    host_begin(2, 4, 16, 0);
    assert_int_equal(site_of(VP_KINDS_MAX), VP_E_KIND);
    assert_int_equal(site_of(7), 1);
    assert_int_equal(host.at.state->kind_count, 8);
    assert_int_equal(site_of(3), 2);
    assert_int_equal(host.at.state->kind_count, 8);
    assert_int_equal(site_of(VP_KINDS_MAX - 1), 3);
    assert_int_equal(host.at.state->kind_count, VP_KINDS_MAX);
    assert_int_equal(site_of(0), VP_E_CAPACITY);
    assert_int_equal(host.at.state->site_count, 4);
    assert_int_equal(host.at.site_kinds[1], 7);
    assert_int_equal(host.at.site_kinds[2], 3);
    host_end();
}

/* ---- Commands ---------------------------------------------------------------------------- */

static void opening_and_closing_is_counted_in_three_places(void **state) {
    (void)state;
    host_begin(8, 4, 64, 0);
    uint32_t socket = (uint32_t)site_of(5), other = (uint32_t)site_of(5);
    handle a = open_now(ROOT, socket);
    handle b = open_now(ROOT, other);
    assert_counters(&host.at.sites[socket], COUNTERS(.opened = 1, .active = 1, .peak = 1));
    assert_counters(&host.at.kinds[5], COUNTERS(.opened = 2, .active = 2, .peak = 2));
    assert_counters(&host.at.state->total, COUNTERS(.opened = 3, .active = 3, .peak = 3));
    close_now(a, socket);
    put_command(VP_COMMAND_CLOSING, b);
    put_command(VP_COMMAND_CLOSING, b);
    put_command(VP_COMMAND_LATE, b);
    put_close(a, other);
    assert_int_equal(flush(0), 4);
    assert_int_equal(state_of(b.index), VP_SLOT_CLOSING);
    assert_counters(&host.at.sites[socket], COUNTERS(.opened = 1, .finished = 1, .peak = 1));
    assert_counters(&host.at.sites[other], COUNTERS(.opened = 1, .active = 1, .peak = 1,
                                                    .closing = 1, .late = 1, .double_closed = 1));
    assert_counters(&host.at.kinds[5], COUNTERS(.opened = 2, .active = 1, .finished = 1, .peak = 2,
                                                .closing = 1, .late = 1, .double_closed = 1));
    close_now(b, other);
    assert_counters(&host.at.state->total, COUNTERS(.opened = 3, .active = 1, .finished = 2,
                                                    .peak = 3, .late = 1, .double_closed = 1));
    host_end();
}

static void an_owner_that_has_ended_refuses(void **state) {
    (void)state;
    host_begin(8, 2, 64, 0);
    uint32_t site = (uint32_t)site_of(1);
    handle owner = open_now(ROOT, site);
    put_command(VP_COMMAND_CLOSING, owner);
    handle under_closing = put_open(owner, site);
    put_close(owner, site);
    handle under_closed = put_open(owner, site);
    handle under_itself = put_open(next_handle(), site);
    handle fine = put_open(ROOT, site);
    handle under_new = put_open(fine, site);
    assert_int_equal(flush(0), 7);
    const handle refused[] = {under_closing, under_closed, under_itself};
    for (int i = 0; i < 3; i++)
        assert_int_equal(host.at.tags[refused[i].index],
                         (refused[i].generation + 1) << VP_TAG_SHIFT | VP_SLOT_FREE);
    assert_int_equal(state_of(under_new.index), VP_SLOT_LIVE);
    assert_int_equal(host.at.owners[under_new.index], fine.index);
    assert_counters(&host.at.sites[site],
                    COUNTERS(.opened = 3, .active = 2, .finished = 1, .peak = 2, .refused = 3));
    assert_int_equal(host.at.state->free_tail - host.at.state->free_head, 7 - 2);
    host_end();
}

static void an_owner_does_not_close_before_what_it_owns(void **state) {
    (void)state;
    host_begin(8, 3, 64, 0);
    uint32_t site = (uint32_t)site_of(1);
    handle owner = open_now(ROOT, site), child = open_now(owner, site);
    close_now(owner, site);
    assert_int_equal(state_of(owner.index), VP_SLOT_LIVE);
    assert_int_equal(host.at.sites[site].refused, 1);
    close_now(child, site);
    close_now(owner, site);
    assert_int_equal(state_of(owner.index), VP_SLOT_FREE);
    close_now(ROOT, site);
    assert_int_equal(state_of(0), VP_SLOT_LIVE);
    assert_int_equal(host.at.sites[site].refused, 2);
    host_end();
}

static void an_ended_handle_is_counted_and_changes_nothing(void **state) {
    (void)state;
    host_begin(3, 2, 64, 0);
    uint32_t site = (uint32_t)site_of(1);
    handle old = open_now(ROOT, site);
    close_now(old, site);
    handle between = open_now(ROOT, site), again = open_now(ROOT, site);
    (void)between;
    assert_int_equal(again.index, old.index);
    assert_int_equal(again.generation, old.generation + 1);
    vp_registry_counters before = host.at.sites[site];
    put_command(VP_COMMAND_CLOSING, old);
    put_command(VP_COMMAND_LATE, old);
    put_start(old, 5, 0, 0);
    put_command(VP_COMMAND_STOP, old);
    assert_int_equal(flush(0), 4);
    assert_counters(&host.at.sites[site], before);
    assert_int_equal(host.at.state->total.refused, 4);
    assert_int_equal(host.at.state->timers, 0);
    put_close(old, site);
    assert_int_equal(flush(0), 1);
    assert_int_equal(host.at.sites[site].double_closed, 1);
    assert_int_equal(state_of(again.index), VP_SLOT_LIVE);
    host_end();
}

typedef void breaking(uint32_t *words);

static void break_command(uint32_t *words) {
    words[0] = (words[0] & ~0xffu) | 7;
}
static void break_command_zero(uint32_t *words) {
    words[0] &= ~0xffu;
}
static void break_command_far(uint32_t *words) {
    words[0] |= 0xff;
}
static void break_open_index(uint32_t *words) {
    words[1] = 2;
}
static void break_open_generation(uint32_t *words) {
    words[0] += 1 << 8;
}
static void break_owner(uint32_t *words) {
    words[2] = 8;
}
static void break_open_site(uint32_t *words) {
    words[4] = 2;
}
static void break_close_index(uint32_t *words) {
    words[6] = 8;
}
static void break_close_site(uint32_t *words) {
    words[7] = 2;
}
static void break_second_open(uint32_t *words) {
    words[9] = words[1];
}
static void break_start_index(uint32_t *words) {
    words[14] = UINT32_MAX;
}
static void break_delay(uint32_t *words) {
    words[15] = VP_DELAY_MAX_MS + 1u;
}
static void break_delay_far(uint32_t *words) {
    words[15] = UINT32_MAX;
}
static void break_period(uint32_t *words) {
    words[16] = VP_DELAY_MAX_MS + 1u;
}
static void break_slack(uint32_t *words) {
    words[17] = VP_DELAY_MAX_MS + 1u;
}
static void break_length(uint32_t *words) {
    words[18] = VP_COMMAND_CLOSE; /* one word more than there is */
}

/* The whole batch, valid as it stands: OPEN, CLOSE, OPEN, START, STOP. */
static void put_batch(void) {
    handle a = put_open(ROOT, 1);
    put_close(a, 1);
    handle b = put_open(ROOT, 1);
    put_start(b, 10, 0, 0);
    put_command(VP_COMMAND_STOP, b);
}

static void a_batch_is_done_as_a_whole_or_not_at_all(void **state) {
    (void)state;
    breaking *const ways[] = {
        break_command,         break_command_zero, break_command_far, break_open_index,
        break_open_generation, break_owner,        break_open_site,   break_close_index,
        break_close_site,      break_second_open,  break_start_index, break_delay,
        break_delay_far,       break_period,       break_slack,       break_length,
    };
    host_begin(8, 2, 32, 0);
    site_of(1);
    void *before = malloc(host.bytes);
    assert_non_null(before);
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        put_batch();
        ways[way](host.at.commands);
        memcpy(before, host.registry, host.bytes);
        if (flush(0) != VP_E_COMMAND) fail_msg("way %zu was accepted", way);
        assert_memory_equal(before, host.registry, host.bytes);
    }
    put_batch();
    for (uint32_t words = 1; words < host.words; words++) {
        bool whole = words == 5 || words == 8 || words == 13 || words == 18;
        if (!whole) assert_int_equal(vp_registry_flush(host.registry, words, 0), VP_E_COMMAND);
    }
    memcpy(before, host.registry, host.bytes);
    assert_int_equal(vp_registry_flush(host.registry, 33, 0), VP_E_LENGTH);
    assert_int_equal(vp_registry_flush(host.registry, host.words, -1), VP_E_TIME);
    assert_int_equal(vp_registry_flush(host.registry, host.words, NAN), VP_E_TIME);
    assert_memory_equal(before, host.registry, host.bytes);
    assert_int_equal(flush(0), 5);
    assert_int_equal(flush(0), 0);
    free(before);
    host_end();
}

static void put_open_of(handle h) {
    put_command(VP_COMMAND_OPEN, h);
    put(ROOT.index);
    put(ROOT.generation);
    put(0);
}

/* A slot that comes back within a batch cannot be taken again by the same batch; and what the ring
 * still holds from earlier is not free. */
static void a_batch_opens_no_more_than_was_free_before(void **state) {
    (void)state;
    host_begin(3, 2, 64, 0);
    handle a = put_open(ROOT, 0), b = put_open(ROOT, 0);
    assert_int_equal(flush(0), 2);
    for (int round = 0; round < 5; round++) {
        uint32_t index = host.at.free_ring[host.at.state->free_head & host.at.free_mask];
        put_open_of((handle){index, generation_of(index)});
        assert_int_equal(flush(0), VP_E_COMMAND);
        close_now(a, 0);
        a = open_now(ROOT, 0);
    }
    close_now(a, 0);
    put_close(b, 0);
    put_open(ROOT, 0);
    put_open_of((handle){b.index, b.generation + 1});
    assert_int_equal(flush(0), VP_E_COMMAND);
    host_end();
}

static void generations_run_out(void **state) {
    (void)state;
    host_begin(2, 1, 16, 0);
    uint32_t *words = host.at.commands;
    uint32_t generation = 1;
    for (; generation < VP_GENERATION_MAX; generation++) {
        words[0] = VP_COMMAND_OPEN | generation << 8;
        words[1] = 1;
        words[2] = 0;
        words[3] = 1;
        words[4] = 0;
        words[5] = VP_COMMAND_CLOSE | generation << 8;
        words[6] = 1;
        words[7] = 0;
        if (vp_registry_flush(host.registry, 8, 0) != 2) fail_msg("generation %u", generation);
    }
    assert_int_equal(host.at.tags[1], VP_GENERATION_MAX << VP_TAG_SHIFT | VP_SLOT_FREE);
    handle last = open_now(ROOT, 0);
    assert_int_equal(last.generation, VP_GENERATION_MAX);
    close_now(last, 0);
    assert_int_equal(state_of(1), VP_SLOT_RETIRED);
    assert_int_equal(host.at.state->retired, 1);
    assert_int_equal(host.at.state->free_head, host.at.state->free_tail);
    assert_int_equal(host.at.state->total.finished, VP_GENERATION_MAX);
    close_now(last, 0);
    assert_int_equal(host.at.state->total.double_closed, 1);
    assert_int_equal(dispose(last), VP_E_HANDLE);
    host_move(3, 1, 16);
    assert_int_equal(state_of(1), VP_SLOT_RETIRED);
    assert_int_equal(open_now(ROOT, 0).index, 2);
    host_end();
}

static void a_move_takes_along_what_was_handed_out(void **state) {
    (void)state;
    host_begin(4, 1, 64, 0);
    handle a = put_open(ROOT, 0), b = put_open(a, 0), c = put_open(ROOT, 0);
    put_start(c, 5, 0, 0);
    assert_int_equal(flush(0), 4);
    assert_int_equal(advance(5), 1);
    assert_int_equal(dispose(a), 2);
    host_move(9, 2, 65);
    assert_int_equal(host.at.fired[0], c.index);
    assert_int_equal(host.at.fired[1], c.generation);
    assert_int_equal(host.at.order[0], b.index);
    assert_int_equal(host.at.order[1], a.index);
    for (uint32_t index = 4; index < 9; index++)
        assert_int_equal(open_now(c, 0).index, index);
    host_end();
}

static void free_slots_take_turns(void **state) {
    (void)state;
    host_begin(6, 1, 64, 0);
    for (uint32_t round = 0; round < 50; round++) {
        handle h = open_now(ROOT, 0);
        assert_int_equal(h.index, 1 + round % 5);
        assert_int_equal(h.generation, 1 + round / 5);
        close_now(h, 0);
    }
    host_end();
}

/* ---- Timers ------------------------------------------------------------------------------ */

static void assert_fired(int32_t count, const handle *expected, int32_t expected_count) {
    assert_int_equal(count, expected_count);
    for (int32_t i = 0; i < count; i++) {
        assert_int_equal(host.at.fired[2 * i], expected[i].index);
        assert_int_equal(host.at.fired[2 * i + 1], expected[i].generation);
    }
}

static void timers_fire_at_their_time(void **state) {
    (void)state;
    host_begin(8, 1, 128, 1000);
    handle a = put_open(ROOT, 0), b = put_open(ROOT, 0), c = put_open(ROOT, 0);
    put_start(a, 500, 0, 0);
    put_start(b, 200, 300, 0);
    put_start(c, 500, 0, 0);
    put_start(ROOT, 201, 0, 0);
    assert_int_equal(flush(1000), 7);
    assert_int_equal(host.at.state->timers, 4);
    assert_true(host.at.state->next_due_ms <= 1200);
    assert_int_equal(advance(1199.999), 0);
    assert_true(host.at.state->next_due_ms == 1200);
    assert_fired(advance(1200), &b, 1);
    assert_fired(advance(1499.9), &ROOT, 1);
    /* The interval was started anew at 1200, after the others. */
    assert_fired(advance(1500), (const handle[]){a, c, b}, 3);
    assert_int_equal(advance(1500), 0);
    assert_int_equal(host.at.state->timers, 1);
    put_command(VP_COMMAND_STOP, b);
    assert_int_equal(flush(1500), 1);
    assert_true(host.at.state->next_due_ms == INFINITY);
    assert_int_equal(host.at.state->timers, 0);
    host_end();
}

static void closing_stops_a_timer_and_may_start_another(void **state) {
    (void)state;
    host_begin(8, 1, 128, 0);
    handle a = put_open(ROOT, 0), b = put_open(ROOT, 0);
    put_start(a, 10, 0, 0);
    put_start(b, 10, 0, 0);
    put_close(a, 0);
    put_command(VP_COMMAND_CLOSING, b);
    assert_int_equal(flush(0), 6);
    assert_int_equal(host.at.state->timers, 0);
    assert_true(host.at.state->next_due_ms == INFINITY);
    put_start(b, 20, 0, 0);
    put_command(VP_COMMAND_CLOSING, b); /* is closing already: changes nothing */
    assert_int_equal(flush(0), 2);
    assert_int_equal(host.at.state->timers, 1);
    assert_fired(advance(50), &b, 1);
    host_end();
}

static void more_than_fits_is_fired_in_several_calls(void **state) {
    (void)state;
    enum { COUNT = 2 * VP_FIRED_MAX + 44 };
    host_begin(COUNT + 1, 1, 16384, 0);
    handle handles[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        handles[i] = put_open(ROOT, 0);
        put_start(handles[i], 100, i % 2 ? 1 : 0, 0);
    }
    assert_int_equal(flush(0), 2 * COUNT);
    assert_fired(advance(100), handles, VP_FIRED_MAX);
    /* What callbacks start meanwhile for now is not among them, or the loop would not end. */
    for (uint32_t i = 0; i < VP_FIRED_MAX; i++)
        put_start(handles[i], 0, 0, 0);
    assert_int_equal(flush(100), VP_FIRED_MAX);
    assert_true(host.at.state->next_due_ms <= 100);
    assert_int_equal(advance(99), 0);
    assert_fired(advance(100), handles + VP_FIRED_MAX, VP_FIRED_MAX);
    assert_fired(advance(100), handles + 2 * VP_FIRED_MAX, 44);
    assert_int_equal(advance(100), 0);
    assert_true(host.at.state->next_due_ms == 101);
    host_end();
}

/* At clocks of every size, whole or not. A due time is a whole ms: the clock's, one more when it
 * has a fraction, and the delay; the clocks below are written in these two parts. */
static void delays_count_from_the_flush_rounded_up(void **state) {
    (void)state;
    const struct {
        uint64_t whole;
        double fraction;
    } clocks[] = {
        {0, 0},
        {0, 0.0009765625},
        {100, 0.5},
        {1000, 0.9990234375},
        {(UINT64_C(1) << 32) - 400, 0.75},
        {(UINT64_C(5) << 32) - 1, 0},
        {(UINT64_C(5) << 32) - 1, 0.25},
        {UINT64_C(1) << 42, 0.0009765625},
        {(UINT64_C(1) << 52) - 1, 0.5}, /* no double beyond has a fraction */
        {(UINT64_C(1) << 53) - (UINT64_C(1) << 33), 0},
    };
    const uint32_t delays[] = {0, 1, 2, 399, 400, 401, 100000, 1u << 30, VP_DELAY_MAX_MS};
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        for (size_t k = 0; k < sizeof delays / sizeof *delays; k++) {
            uint64_t whole = clocks[i].whole;
            double now = (double)whole + clocks[i].fraction;
            uint64_t due = whole + (clocks[i].fraction > 0) + delays[k];
            if (due == whole) due++; /* the registry begins at this ms: it has been reached */
            host_begin(2, 1, 16, now);
            handle a = open_now(ROOT, 0);
            put_start(a, delays[k], 0, 0);
            assert_int_equal(flush(now), 1);
            assert_true((double)due - now >= delays[k]);
            assert_true(host.at.state->next_due_ms <= (double)due);
            assert_int_equal(advance(now), 0);
            assert_int_equal(advance((double)(due - 1)), 0);
            assert_int_equal(advance(nextafter((double)due, 0)), 0);
            assert_true(host.at.state->next_due_ms == (double)due);
            assert_fired(advance((double)due), &a, 1);
            host_end();
        }
    }
}

/* Not from where the timers are: the host may flush long after it last advanced, or with a clock
 * that went back. */
static void delays_do_not_count_from_the_last_advance(void **state) {
    (void)state;
    host_begin(4, 1, 64, 0);
    handle a = put_open(ROOT, 0), b = put_open(ROOT, 0), c = put_open(ROOT, 0);
    assert_int_equal(flush(0), 3);
    assert_int_equal(advance(100), 0);
    put_start(a, 0, 0, 0);
    put_start(b, 50, 0, 0);
    assert_int_equal(flush(1000), 2); /* ahead: 1000 has not been reached yet */
    put_start(c, 50, 0, 0);
    assert_int_equal(flush(69.5), 1); /* 70 + 50 */
    assert_int_equal(advance(119), 0);
    assert_fired(advance(120), &c, 1);
    put_start(c, 50, 0, 0);
    assert_int_equal(flush(60), 1); /* 110 has been reached */
    assert_int_equal(advance(120), 0);
    assert_fired(advance(121), &c, 1);
    assert_int_equal(advance(999), 0);
    assert_fired(advance(1000), &a, 1);
    assert_int_equal(advance(1049), 0);
    assert_fired(advance(1050), &b, 1);
    host_end();
}

static void delays_periods_and_slacks_reach_their_limit(void **state) {
    (void)state;
    host_begin(2, 1, 16, 0);
    handle a = open_now(ROOT, 0);
    put_start(a, VP_DELAY_MAX_MS, VP_DELAY_MAX_MS, VP_DELAY_MAX_MS);
    assert_int_equal(flush(0), 1);
    /* The roundest time of [2^31 - 1, 2^32 - 2] is 2^31. */
    assert_int_equal(advance(TWO_31 - 1), 0);
    assert_fired(advance(TWO_31), &a, 1);
    /* [2^32 - 2, 2^32 + 2^31 - 3]: 2^32. */
    assert_int_equal(advance(2 * TWO_31 - 1), 0);
    assert_fired(advance(2 * TWO_31), &a, 1);
    /* [2^32 + 2^31 - 3, 2^33 - 4]: 2^32 + 2^31. */
    assert_int_equal(advance(3 * TWO_31 - 1), 0);
    assert_fired(advance(3 * TWO_31), &a, 1);
    host_end();
}

static void times_are_checked(void **state) {
    (void)state;
    host_begin(2, 1, 16, 0);
    const double wrong[] = {-0.5, NAN, INFINITY, 1e300, 9007199254740994.0};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(flush(wrong[i]), VP_E_TIME);
        assert_int_equal(advance(wrong[i]), VP_E_TIME);
    }
    put_start(ROOT, VP_DELAY_MAX_MS, VP_DELAY_MAX_MS, VP_DELAY_MAX_MS);
    assert_int_equal(flush(9007199254740992.0), 1);
    assert_int_equal(advance(9007199254740992.0), 0);
    assert_true(host.at.state->next_due_ms >= 9007199254740992.0);
    host_end();
}

/* ---- Disposal ---------------------------------------------------------------------------- */

static void assert_order(int32_t count, const handle *expected, int32_t expected_count) {
    assert_int_equal(count, expected_count);
    for (int32_t i = 0; i < count; i++)
        assert_int_equal(host.at.order[i], expected[i].index);
}

static void disposal_goes_from_last_to_first(void **state) {
    (void)state;
    host_begin(16, 1, 128, 0);
    handle scope = put_open(ROOT, 0), beside = put_open(ROOT, 0);
    handle a = put_open(scope, 0), b = put_open(scope, 0);
    handle a1 = put_open(a, 0), b1 = put_open(b, 0), a2 = put_open(a, 0), c = put_open(scope, 0);
    handle b11 = put_open(b1, 0);
    put_start(a1, 10, 10, 0);
    put_start(beside, 10, 0, 0);
    assert_int_equal(flush(0), 11);
    assert_order(dispose(b), (const handle[]){b11, b1, b}, 3);
    const handle all[] = {c, b11, b1, b, a2, a1, a, scope};
    assert_order(dispose(scope), all, 8);
    for (int i = 0; i < 8; i++)
        assert_int_equal(state_of(all[i].index), VP_SLOT_CLOSING);
    assert_counters(&host.at.state->total,
                    COUNTERS(.opened = 10, .active = 10, .peak = 10, .closing = 8));
    assert_int_equal(host.at.state->timers, 1);
    assert_order(dispose(scope), all, 8); /* again */
    assert_int_equal(host.at.state->total.closing, 8);
    for (int i = 0; i < 8; i++)
        put_close(all[i], 0);
    assert_int_equal(flush(0), 8);
    assert_counters(&host.at.state->total,
                    COUNTERS(.opened = 10, .active = 2, .finished = 8, .peak = 10));
    assert_int_equal(dispose(scope), VP_E_HANDLE);
    assert_int_equal(dispose((handle){16, 1}), VP_E_HANDLE);
    assert_int_equal(dispose((handle){15, 1}), VP_E_HANDLE);
    assert_int_equal(dispose((handle){0, 1u << 30 | 1}), VP_E_HANDLE); /* a tag is 32 bits */
    assert_order(dispose(ROOT), (const handle[]){beside, ROOT}, 2);
    assert_int_equal(host.at.state->timers, 0);
    assert_true(host.at.state->next_due_ms == INFINITY);
    open_now(ROOT, 0);
    assert_int_equal(host.at.state->total.refused, 1);
    host_end();
}

/* Whoever was told to end has a timer for its deadline, which the disposal of its owner leaves
 * alone; the timers of live slots are stopped. */
static void disposal_keeps_the_timers_of_the_closing(void **state) {
    (void)state;
    host_begin(16, 1, 128, 0);
    handle scope = put_open(ROOT, 0), part = put_open(scope, 0);
    handle live = put_open(part, 0), ending = put_open(part, 0), idle = put_open(part, 0);
    put_command(VP_COMMAND_CLOSING, ending);
    put_command(VP_COMMAND_CLOSING, idle);
    put_start(live, 10, 0, 0);
    put_start(ending, 20, 0, 0);
    put_start(part, 10, 10, 0);
    put_start(scope, 10, 10, 0);
    assert_int_equal(flush(0), 11);
    assert_int_equal(host.at.state->timers, 4);
    assert_order(dispose(part), (const handle[]){idle, ending, live, part}, 4);
    assert_int_equal(host.at.state->timers, 2); /* of ending and scope */
    put_start(part, 30, 0, 0);
    put_start(live, 40, 0, 0);
    assert_int_equal(flush(0), 2);
    assert_order(dispose(scope), (const handle[]){idle, ending, live, part, scope}, 5);
    assert_order(dispose(scope), (const handle[]){idle, ending, live, part, scope}, 5); /* again */
    assert_int_equal(host.at.state->timers, 3);
    assert_int_equal(advance(19), 0);
    assert_fired(advance(20), &ending, 1);
    assert_fired(advance(30), &part, 1);
    close_now(live, 0);
    assert_int_equal(host.at.state->timers, 0);
    assert_int_equal(advance(1000), 0);
    host_end();
}

static void a_chain_as_deep_as_there_are_slots(void **state) {
    (void)state;
    enum { SLOTS = 200000 };
    host_begin(SLOTS, 1, VP_COMMAND_WORDS_MAX, 0);
    handle owner = ROOT;
    for (uint32_t i = 1; i < SLOTS; i++)
        owner = put_open(owner, 0);
    assert_int_equal(flush(0), SLOTS - 1);
    assert_int_equal(dispose(ROOT), SLOTS);
    for (uint32_t i = 0; i < SLOTS; i++)
        assert_int_equal(host.at.order[i], SLOTS - 1 - i);
    host_end();
}

/* ---- Marks ------------------------------------------------------------------------------- */

static void marks_show_what_changed(void **state) {
    (void)state;
    host_begin(8, 5, 64, 0);
    uint32_t a = (uint32_t)site_of(1), b = (uint32_t)site_of(2);
    handle before = open_now(ROOT, a);
    static _Alignas(VP_ALIGNMENT) char memory[256];
    vp_registry_mark *mark = (vp_registry_mark *)memory;
    int32_t size = vp_registry_mark_size(host.registry);
    assert_in_range(size, 3 * 8, 256);
    assert_int_equal(vp_registry_mark_set(host.registry, mark, (uint32_t)size - 1), VP_E_MEMORY);
    assert_int_equal(vp_registry_mark_set(host.registry, (vp_registry_mark *)(memory + 4), 200),
                     VP_E_MEMORY);
    assert_int_equal(vp_registry_mark_set(host.registry, mark, (uint32_t)size), VP_OK);
    vp_registry_delta deltas[5];
    assert_int_equal(vp_registry_mark_diff(host.registry, mark, deltas, 5), 0);
    uint32_t later = (uint32_t)site_of(1);
    assert_true(vp_registry_mark_size(host.registry) > size);
    open_now(ROOT, later);
    open_now(ROOT, later);
    close_now(before, b); /* counts where it was opened */
    memset(deltas, 0xff, sizeof deltas);
    assert_int_equal(vp_registry_mark_diff(host.registry, mark, deltas, 1), 2);
    assert_int_equal(deltas[1].site, UINT32_MAX);
    assert_int_equal(vp_registry_mark_diff(host.registry, mark, deltas, 5), 2);
    const vp_registry_delta expected[] = {{a, 0, 1}, {later, 2, 0}};
    assert_memory_equal(deltas, expected, sizeof expected);
    host_end();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_registry_has_its_root),
        cmocka_unit_test(capacities_are_checked),
        cmocka_unit_test(init_refuses_wrong_input),
        cmocka_unit_test(null_pointers_are_refused),
        cmocka_unit_test(move_refuses_less_room),
        cmocka_unit_test(sites_are_numbered_and_checked),
        cmocka_unit_test(opening_and_closing_is_counted_in_three_places),
        cmocka_unit_test(an_owner_that_has_ended_refuses),
        cmocka_unit_test(an_owner_does_not_close_before_what_it_owns),
        cmocka_unit_test(an_ended_handle_is_counted_and_changes_nothing),
        cmocka_unit_test(a_batch_is_done_as_a_whole_or_not_at_all),
        cmocka_unit_test(a_batch_opens_no_more_than_was_free_before),
        cmocka_unit_test(generations_run_out),
        cmocka_unit_test(a_move_takes_along_what_was_handed_out),
        cmocka_unit_test(free_slots_take_turns),
        cmocka_unit_test(timers_fire_at_their_time),
        cmocka_unit_test(closing_stops_a_timer_and_may_start_another),
        cmocka_unit_test(more_than_fits_is_fired_in_several_calls),
        cmocka_unit_test(delays_count_from_the_flush_rounded_up),
        cmocka_unit_test(delays_do_not_count_from_the_last_advance),
        cmocka_unit_test(delays_periods_and_slacks_reach_their_limit),
        cmocka_unit_test(times_are_checked),
        cmocka_unit_test(disposal_goes_from_last_to_first),
        cmocka_unit_test(disposal_keeps_the_timers_of_the_closing),
        cmocka_unit_test(a_chain_as_deep_as_there_are_slots),
        cmocka_unit_test(marks_show_what_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
