/* The connection: its transitions by a table written from the header, its formulas by their closed
 * forms, its budget by a log that forgets nothing, and the whole by 200 clients of a server that dies. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above */
#include <cmocka.h>

#include "voicepath/connection.h"

enum { BLOCK_BYTES = 2048, EVENTS = VP_EVENT_LEAD + 1 };

typedef struct rig {
    _Alignas(VP_ALIGNMENT) unsigned char block[BLOCK_BYTES];
    double now_ms;
    double random;
} rig;

static vp_connection *connection_of(rig *r) {
    return (vp_connection *)r->block;
}

static const vp_connection_status *status_of(const rig *r) {
    return (const vp_connection_status *)r->block;
}

static vp_connection_config defaults(void) {
    vp_connection_config config;
    vp_connection_config_init(&config);
    return config;
}

static void start(rig *r, vp_connection_config config) {
    r->now_ms = 1e6;
    r->random = 0.5;
    assert_true(vp_connection_size() <= BLOCK_BYTES);
    assert_int_equal(vp_connection_init(connection_of(r), BLOCK_BYTES, &config), VP_OK);
}

/* An event of the newest socket, or of no socket. */
static int32_t tell(rig *r, uint32_t event) {
    int32_t actions =
        vp_connection_step(connection_of(r), event, status_of(r)->epoch, r->now_ms, r->random);
    assert_true(actions >= 0);
    return actions;
}

static int32_t after(rig *r, double ms, uint32_t event) {
    r->now_ms += ms;
    return tell(r, event);
}

/* TIMER at the time that was asked for. */
static int32_t due(rig *r) {
    assert_true(isfinite(status_of(r)->due_ms));
    if (status_of(r)->due_ms > r->now_ms) r->now_ms = status_of(r)->due_ms;
    return tell(r, VP_EVENT_TIMER);
}

static void open_it(rig *r) {
    assert_int_equal(tell(r, VP_EVENT_CONNECT), VP_ACTION_OPEN);
    assert_int_equal(after(r, 20, VP_EVENT_OPENED), 0);
    assert_int_equal(status_of(r)->phase, VP_CONNECTION_OPEN);
}

/* An attempt that fails, from whatever wait there is. */
static void fail_once(rig *r) {
    assert_int_equal(due(r), VP_ACTION_OPEN);
    tell(r, VP_EVENT_LOST);
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t next(uint64_t *seed) {
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double uniform(uint64_t *seed) {
    return (double)(next(seed) >> 11) / 9007199254740992.0;
}

static uint32_t below(uint64_t *seed, uint32_t limit) {
    return (uint32_t)(next(seed) % limit);
}

/* ---- Every event in every phase ---------------------------------------------------------- */

enum { CLOSED, CONNECTING, OPEN, BACKOFF, TRIPPED, OFFLINE, FROZEN, AWAY, FOLLOWING, PLACES };

static const char *const place_names[PLACES] = {
    "closed", "connecting", "open", "backoff", "tripped", "offline", "frozen", "away", "following",
};

static void go_to(rig *r, int place) {
    vp_connection_config config = defaults();
    config.heartbeat_ms = 15000;
    config.breaker_failures = place == TRIPPED ? 1 : 0;
    start(r, config);
    if (place == CLOSED) return;
    tell(r, VP_EVENT_CONNECT);
    if (place == CONNECTING) return;
    if (place == BACKOFF || place == TRIPPED) after(r, 10, VP_EVENT_LOST);
    if (place == OPEN) after(r, 10, VP_EVENT_OPENED);
    if (place == OFFLINE) tell(r, VP_EVENT_OFFLINE);
    if (place == FROZEN) tell(r, VP_EVENT_FREEZE);
    if (place == AWAY) tell(r, VP_EVENT_PAGEHIDE);
    if (place == FOLLOWING) tell(r, VP_EVENT_FOLLOW);
}

/* From the header. First the phase: L closed, N connecting, O open, B backoff, T tripped, P paused,
 * and R for a backoff of random * resume_jitter_ms. Then what to do: c close, o open, p ping. */
static const char *const transitions[EVENTS][PLACES] = {
    [VP_EVENT_TIMER] = {"L", "Bc", "Op", "No", "No", "P", "P", "P", "P"},
    [VP_EVENT_CONNECT] = {"No", "N", "O", "B", "T", "P", "P", "P", "P"},
    [VP_EVENT_DISCONNECT] = {"L", "Lc", "Lc", "L", "L", "L", "L", "L", "L"},
    [VP_EVENT_RECONNECT] = {"No", "Nco", "Nco", "No", "No", "P", "P", "P", "P"},
    [VP_EVENT_OPENED] = {"L", "O", "O", "B", "T", "P", "P", "P", "P"},
    [VP_EVENT_LOST] = {"L", "B", "B", "B", "T", "P", "P", "P", "P"},
    [VP_EVENT_RECEIVED] = {"L", "N", "O", "B", "T", "P", "P", "P", "P"},
    [VP_EVENT_PONG] = {"L", "N", "O", "B", "T", "P", "P", "P", "P"},
    [VP_EVENT_ONLINE] = {"L", "N", "O", "R", "R", "R", "P", "P", "P"},
    [VP_EVENT_OFFLINE] = {"L", "Pc", "Op", "P", "P", "P", "P", "P", "P"},
    [VP_EVENT_VISIBLE] = {"L", "N", "Op", "R", "R", "P", "R", "P", "P"},
    [VP_EVENT_HIDDEN] = {"L", "N", "O", "B", "T", "P", "P", "P", "P"},
    [VP_EVENT_FREEZE] = {"L", "Pc", "Pc", "P", "P", "P", "P", "P", "P"},
    [VP_EVENT_PAGEHIDE] = {"L", "Pc", "Pc", "P", "P", "P", "P", "P", "P"},
    [VP_EVENT_PAGESHOW] = {"L", "N", "O", "R", "R", "P", "R", "R", "P"},
    [VP_EVENT_FOLLOW] = {"L", "Pc", "Pc", "P", "P", "P", "P", "P", "P"},
    [VP_EVENT_LEAD] = {"L", "N", "O", "No", "No", "P", "P", "P", "No"},
};

static void every_event_in_every_phase(void **state) {
    (void)state;
    static const char phases[] = "LNOBTP";
    for (uint32_t event = 0; event < EVENTS; event++)
        for (int place = 0; place < PLACES; place++) {
            rig r;
            go_to(&r, place);
            const vp_connection_status was = *status_of(&r);
            const int has_socket = place == CONNECTING || place == OPEN;
            const int of_socket = event >= VP_EVENT_OPENED && event <= VP_EVENT_PONG;
            r.now_ms = event == VP_EVENT_TIMER && isfinite(was.due_ms) ? was.due_ms : r.now_ms + 1;
            const int32_t actions = tell(&r, event);

            const char *expected = transitions[event][place];
            const char phase = expected[0] == 'R' ? 'B' : expected[0];
            const int32_t todo = (strchr(expected, 'c') ? VP_ACTION_CLOSE : 0) |
                                 (strchr(expected, 'o') ? VP_ACTION_OPEN : 0) |
                                 (strchr(expected, 'p') ? VP_ACTION_PING : 0);
            const vp_connection_status *is = status_of(&r);
            if (phases[is->phase] != phase || actions != todo)
                fail_msg("event %u while %s: phase %c actions %d, expected %s", event,
                         place_names[place], phases[is->phase], actions, expected);
            if (expected[0] == 'R' && fabs(is->due_ms - (r.now_ms + 100)) > 1e-6)
                fail_msg("event %u while %s resumes after %g ms", event, place_names[place],
                         is->due_ms - r.now_ms);
            assert_int_equal(is->epoch, was.epoch + !!(todo & VP_ACTION_OPEN));
            assert_int_equal(is->opens, is->epoch);
            assert_int_equal(is->stale, of_socket && !has_socket);
            assert_int_equal(is->hidden, event == VP_EVENT_HIDDEN);
        }
}

static void the_reason_of_every_end(void **state) {
    (void)state;
    static const struct {
        int place;
        uint32_t event;
        uint32_t reason;
    } ends[] = {
        {OPEN, VP_EVENT_DISCONNECT, VP_REASON_USER},
        {OPEN, VP_EVENT_RECONNECT, VP_REASON_USER},
        {OPEN, VP_EVENT_LOST, VP_REASON_LOST},
        {CONNECTING, VP_EVENT_LOST, VP_REASON_FAILED},
        {CONNECTING, VP_EVENT_TIMER, VP_REASON_TIMEOUT},
        {BACKOFF, VP_EVENT_OFFLINE, VP_REASON_OFFLINE},
        {OPEN, VP_EVENT_FREEZE, VP_REASON_FROZEN},
        {OPEN, VP_EVENT_PAGEHIDE, VP_REASON_FROZEN},
        {OPEN, VP_EVENT_FOLLOW, VP_REASON_FOLLOW},
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        rig r;
        go_to(&r, ends[i].place);
        r.now_ms = ends[i].event == VP_EVENT_TIMER ? status_of(&r)->due_ms : r.now_ms;
        tell(&r, ends[i].event);
        assert_int_equal(status_of(&r)->reason, ends[i].reason);
    }
    rig r;
    go_to(&r, CONNECTING);
    assert_int_equal(status_of(&r)->reason, VP_REASON_NONE);
}

/* ---- Epochs ------------------------------------------------------------------------------ */

static void other_sockets_are_counted_and_ignored(void **state) {
    (void)state;
    uint64_t seed = 20240611;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int place = 0; place < PLACES; place++)
        for (uint32_t event = VP_EVENT_OPENED; event <= VP_EVENT_PONG; event++)
            for (int k = 0; k < 50; k++) {
                rig r;
                go_to(&r, place);
                vp_connection_status was = *status_of(&r);
                const uint32_t epoch = was.epoch + 1 + (uint32_t)next(&seed) % 0xfffffffeu;
                assert_int_equal(vp_connection_step(connection_of(&r), event, epoch, r.now_ms, 0.9),
                                 0);
                was.stale++;
                assert_memory_equal(status_of(&r), &was, sizeof was);
            }
}

static void a_late_close_does_not_harm_the_successor(void **state) {
    (void)state;
    rig r;
    start(&r, defaults());
    open_it(&r);
    assert_true(status_of(&r)->opened_ms == r.now_ms);
    assert_int_equal(tell(&r, VP_EVENT_RECONNECT), VP_ACTION_CLOSE | VP_ACTION_OPEN);
    assert_true(status_of(&r)->opened_ms == -1);
    after(&r, 20, VP_EVENT_OPENED);
    assert_int_equal(vp_connection_step(connection_of(&r), VP_EVENT_LOST, 1, r.now_ms, 0.5), 0);
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_OPEN);
    assert_int_equal(status_of(&r)->epoch, 2);
    assert_int_equal(status_of(&r)->stale, 1);
}

/* ---- Waits ------------------------------------------------------------------------------- */

static void waits_are_random_times_the_doubled_base_up_to_the_cap(void **state) {
    (void)state;
    static const uint32_t bases[] = {1, 250, 1000, 2000, 86400000};
    static const double randoms[] = {0x1p-20, 0.25, 0.5, 0.75, 1 - 0x1p-53};
    for (size_t b = 0; b < 5; b++)
        for (size_t k = 0; k < 5; k++) {
            vp_connection_config config = defaults();
            config.backoff_base_ms = bases[b];
            config.backoff_cap_ms = bases[b] < 30000 ? 30000 : bases[b];
            config.breaker_failures = config.budget_window_ms = 0;
            rig r;
            start(&r, config);
            r.random = randoms[k];
            open_it(&r);
            after(&r, config.min_uptime_ms, VP_EVENT_LOST);
            for (int n = 0; n < 80; n++) {
                const double window = fmin(config.backoff_cap_ms, ldexp(bases[b], n));
                assert_int_equal(status_of(&r)->failures, n);
                assert_int_equal(status_of(&r)->phase, VP_CONNECTION_BACKOFF);
                assert_true(status_of(&r)->due_ms == r.now_ms + r.random * window);
                fail_once(&r);
            }
        }
}

static void no_wait_is_an_attempt_at_once(void **state) {
    (void)state;
    rig r;
    start(&r, defaults());
    open_it(&r);
    r.random = 0;
    assert_int_equal(tell(&r, VP_EVENT_LOST), VP_ACTION_OPEN);
    assert_int_equal(status_of(&r)->epoch, 2);
    assert_int_equal(after(&r, 10000, VP_EVENT_TIMER), VP_ACTION_CLOSE | VP_ACTION_OPEN);
}

static int compare_doubles(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov–Smirnov: for uniform waits sqrt(n) * D exceeds 1.95 once in a thousand. */
static void full_jitter_is_uniform_over_the_window(void **state) {
    (void)state;
    enum { SAMPLES = 100000 };
    static double waits[SAMPLES];
    uint64_t seed = 3;
    print_message("seed %llu\n", (unsigned long long)seed);
    vp_connection_config config = defaults();
    config.backoff_base_ms = 500;
    config.backoff_cap_ms = 8000;
    config.breaker_failures = config.budget_window_ms = 0;
    rig r;
    start(&r, config);
    open_it(&r);
    r.random = uniform(&seed);
    tell(&r, VP_EVENT_LOST);
    for (int i = 0; i < SAMPLES; i++) {
        const double window = fmin(8000, 500 * exp2(status_of(&r)->failures));
        waits[i] = (status_of(&r)->due_ms - r.now_ms) / window;
        r.random = uniform(&seed);
        fail_once(&r);
        /* A good connection now and then, so that short windows are among the samples. */
        if (i % 7) continue;
        due(&r);
        tell(&r, VP_EVENT_OPENED);
        after(&r, 5000, VP_EVENT_LOST);
    }
    qsort(waits, SAMPLES, sizeof waits[0], compare_doubles);
    double distance = 0;
    for (int i = 0; i < SAMPLES; i++) {
        distance = fmax(distance, fabs(waits[i] - (double)i / SAMPLES));
        distance = fmax(distance, fabs(waits[i] - (double)(i + 1) / SAMPLES));
    }
    print_message("sqrt(n) * D = %.3f\n", distance * sqrt(SAMPLES));
    assert_true(waits[0] >= 0 && waits[SAMPLES - 1] < 1);
    assert_true(distance * sqrt(SAMPLES) < 1.95);
}

static void attempts_that_take_too_long_have_failed(void **state) {
    (void)state;
    vp_connection_config config = defaults();
    config.connect_timeout_ms = 1234;
    rig r;
    start(&r, config);
    tell(&r, VP_EVENT_CONNECT);
    assert_true(status_of(&r)->due_ms == r.now_ms + 1234);
    assert_int_equal(after(&r, 1233.5, VP_EVENT_TIMER), 0);
    assert_int_equal(after(&r, 0.5, VP_EVENT_TIMER), VP_ACTION_CLOSE);
    assert_int_equal(status_of(&r)->failures, 1);
    assert_int_equal(status_of(&r)->reason, VP_REASON_TIMEOUT);
}

/* ---- Uptime and breaker ------------------------------------------------------------------ */

static void failures_are_forgotten_after_the_minimum_uptime(void **state) {
    (void)state;
    rig r;
    for (int told_by_timer = 0; told_by_timer < 2; told_by_timer++)
        for (int lived = 0; lived < 2; lived++) {
            start(&r, defaults());
            open_it(&r);
            tell(&r, VP_EVENT_LOST);
            assert_int_equal(status_of(&r)->failures, 1);
            due(&r);
            after(&r, 20, VP_EVENT_OPENED);
            assert_true(status_of(&r)->due_ms == r.now_ms + 5000);
            r.now_ms += lived ? 5000 : 4999;
            if (told_by_timer) assert_int_equal(tell(&r, VP_EVENT_TIMER), 0);
            if (told_by_timer && lived) assert_int_equal(status_of(&r)->failures, 0);
            if (told_by_timer && lived) assert_true(isinf(status_of(&r)->due_ms));
            tell(&r, VP_EVENT_LOST);
            assert_int_equal(status_of(&r)->failures, lived ? 0 : 2);
        }
}

static void ends_that_are_wanted_are_no_failures(void **state) {
    (void)state;
    static const uint32_t ends[] = {VP_EVENT_DISCONNECT, VP_EVENT_FREEZE, VP_EVENT_PAGEHIDE,
                                    VP_EVENT_FOLLOW};
    for (size_t i = 0; i < 4; i++)
        for (int open = 0; open < 2; open++) {
            rig r;
            start(&r, defaults());
            tell(&r, VP_EVENT_CONNECT);
            if (open) tell(&r, VP_EVENT_OPENED);
            tell(&r, ends[i]);
            assert_int_equal(status_of(&r)->failures, 0);
            /* And at such an end, too, a good connection makes up for failures before it. */
            start(&r, defaults());
            tell(&r, VP_EVENT_CONNECT);
            tell(&r, VP_EVENT_LOST);
            due(&r);
            tell(&r, VP_EVENT_OPENED);
            after(&r, open ? 5000 : 4999, ends[i]);
            assert_int_equal(status_of(&r)->failures, open ? 0 : 1);
        }
}

static void the_breaker_trips_and_closes_again(void **state) {
    (void)state;
    vp_connection_config config = defaults();
    config.breaker_failures = 4;
    config.breaker_cooldown_ms = 33000;
    rig r;
    start(&r, config);
    tell(&r, VP_EVENT_CONNECT);
    tell(&r, VP_EVENT_LOST);
    for (int i = 1; i < 4; i++) {
        assert_int_equal(status_of(&r)->phase, VP_CONNECTION_BACKOFF);
        assert_int_equal(status_of(&r)->half_open, 0);
        fail_once(&r);
    }
    for (uint32_t trips = 1; trips <= 3; trips++) {
        assert_int_equal(status_of(&r)->phase, VP_CONNECTION_TRIPPED);
        assert_int_equal(status_of(&r)->trips, trips);
        assert_int_equal(status_of(&r)->half_open, 0);
        assert_true(status_of(&r)->due_ms == r.now_ms + 33000);
        assert_int_equal(after(&r, 32999, VP_EVENT_TIMER), 0);
        assert_int_equal(due(&r), VP_ACTION_OPEN);
        assert_int_equal(status_of(&r)->half_open, 1);
        tell(&r, VP_EVENT_OPENED);
        /* Open, but not yet good: still the attempt that decides. */
        assert_int_equal(status_of(&r)->half_open, 1);
        if (trips < 3) after(&r, 4999, VP_EVENT_LOST);
    }
    due(&r);
    assert_int_equal(status_of(&r)->half_open, 0);
    assert_int_equal(status_of(&r)->failures, 0);
    tell(&r, VP_EVENT_LOST);
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_BACKOFF);
    assert_int_equal(status_of(&r)->trips, 3);
}

static void no_breaker_never_trips(void **state) {
    (void)state;
    vp_connection_config config = defaults();
    config.breaker_failures = 0;
    rig r;
    start(&r, config);
    tell(&r, VP_EVENT_CONNECT);
    tell(&r, VP_EVENT_LOST);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(status_of(&r)->phase, VP_CONNECTION_BACKOFF);
        fail_once(&r);
    }
}

/* ---- Budget ------------------------------------------------------------------------------ */

static void beyond_the_budget_attempts_wait_for_room(void **state) {
    (void)state;
    vp_connection_config config = defaults();
    config.budget_opens = 3;
    config.budget_window_ms = 10000;
    rig r;
    start(&r, config);
    const double first_ms = r.now_ms;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tell(&r, VP_EVENT_CONNECT), VP_ACTION_OPEN);
        assert_int_equal(after(&r, 1000, VP_EVENT_DISCONNECT), VP_ACTION_CLOSE);
    }
    assert_int_equal(tell(&r, VP_EVENT_CONNECT), 0);
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_BACKOFF);
    assert_int_equal(status_of(&r)->over_budget, 1);
    assert_true(status_of(&r)->due_ms == first_ms + 10000);
    /* Good news does not make room, and one attempt counts once. */
    tell(&r, VP_EVENT_ONLINE);
    tell(&r, VP_EVENT_VISIBLE);
    assert_int_equal(status_of(&r)->over_budget, 1);
    assert_true(status_of(&r)->due_ms == first_ms + 10000);
    assert_int_equal(due(&r), VP_ACTION_OPEN);
    /* The later of the two waits: the backoff ends at most 4 s from now, the room is 1 s away. */
    r.random = 0.75;
    tell(&r, VP_EVENT_LOST);
    assert_true(status_of(&r)->due_ms == r.now_ms + 3000);
    assert_int_equal(status_of(&r)->over_budget, 1);
    r.random = 0.125;
    tell(&r, VP_EVENT_DISCONNECT);
    tell(&r, VP_EVENT_CONNECT);
    assert_true(status_of(&r)->due_ms == first_ms + 11000);
    assert_int_equal(status_of(&r)->over_budget, 2);
    assert_int_equal(tell(&r, VP_EVENT_RECONNECT), VP_ACTION_OPEN);
}

/* All opens since the user last said RECONNECT, none forgotten. */
typedef struct journal {
    double *opens_ms;
    size_t count;
} journal;

static size_t opens_since(const journal *log, double from_ms) {
    size_t i = log->count;
    while (i > 0 && log->opens_ms[i - 1] > from_ms)
        i--;
    return log->count - i;
}

static vp_connection_config random_config(uint64_t *seed) {
    vp_connection_config config = defaults();
    config.connect_timeout_ms = 1 + below(seed, 200);
    config.backoff_base_ms = 1 + below(seed, 20);
    config.backoff_cap_ms = config.backoff_base_ms + below(seed, 100);
    config.min_uptime_ms = below(seed, 100);
    config.budget_opens = 1 + below(seed, VP_BUDGET_OPENS_MAX);
    config.budget_window_ms = below(seed, 4) ? below(seed, 2000) : 0;
    config.breaker_failures = below(seed, 4);
    config.breaker_cooldown_ms = below(seed, 50);
    config.heartbeat_ms = below(seed, 2) * below(seed, 50);
    config.heartbeat_timeout_ms = 1 + below(seed, 50);
    config.resume_jitter_ms = below(seed, 20);
    config.ignore_offline = below(seed, 2);
    return config;
}

/* What holds after every step, whatever was told; `socket` is whether the host has one. */
static void check_state(const rig *r, int socket) {
    const vp_connection_status *s = status_of(r);
    const int waiting = s->phase == VP_CONNECTION_BACKOFF || s->phase == VP_CONNECTION_TRIPPED;
    assert_int_equal(socket,
                     s->phase == VP_CONNECTION_CONNECTING || s->phase == VP_CONNECTION_OPEN);
    assert_false(isnan(s->due_ms));
    if (waiting || s->phase == VP_CONNECTION_CONNECTING) assert_true(isfinite(s->due_ms));
    if (s->phase == VP_CONNECTION_CLOSED || s->phase == VP_CONNECTION_PAUSED)
        assert_true(isinf(s->due_ms));
    if (s->phase == VP_CONNECTION_PAUSED) assert_true(s->reason >= VP_REASON_OFFLINE);
    assert_int_equal(s->opens, s->epoch);
}

/* Something that keeps attempts coming. */
static uint32_t plausible(const vp_connection_status *status, uint64_t *seed) {
    static const uint32_t rescues[] = {VP_EVENT_CONNECT, VP_EVENT_LEAD, VP_EVENT_ONLINE,
                                       VP_EVENT_PAGESHOW};
    switch (status->phase) {
    case VP_CONNECTION_CONNECTING:
    case VP_CONNECTION_OPEN:
        return below(seed, 4) ? VP_EVENT_LOST : VP_EVENT_OPENED;
    case VP_CONNECTION_BACKOFF:
    case VP_CONNECTION_TRIPPED:
        return VP_EVENT_TIMER;
    }
    return rescues[below(seed, 4)];
}

static void the_budget_holds_in_every_window(void **state) {
    (void)state;
    enum { STEPS = 1000000 };
    uint64_t seed = 77;
    print_message("seed %llu\n", (unsigned long long)seed);
    journal log = {malloc(STEPS * sizeof(double)), 0};
    vp_connection_config config = random_config(&seed);
    rig r;
    start(&r, config);
    int socket = 0;
    uint32_t put_off = 0;
    for (int i = 0; i < STEPS; i++) {
        if (below(&seed, 500) == 0) {
            config = random_config(&seed);
            assert_int_equal(vp_connection_configure(connection_of(&r), &config), VP_OK);
        }
        const vp_connection_status was = *status_of(&r);
        r.random = uniform(&seed);
        uint32_t event = below(&seed, 3) ? plausible(&was, &seed) : below(&seed, EVENTS);
        if (event == VP_EVENT_RECONNECT && below(&seed, 100)) event = VP_EVENT_CONNECT;
        if (event == VP_EVENT_TIMER && isfinite(was.due_ms) && was.due_ms > r.now_ms)
            r.now_ms = was.due_ms;
        else
            r.now_ms += uniform(&seed) * 4;
        const uint32_t epoch = was.epoch - (below(&seed, 8) == 0);
        const int32_t actions =
            vp_connection_step(connection_of(&r), event, epoch, r.now_ms, r.random);
        assert_true(actions >= 0);

        const vp_connection_status *is = status_of(&r);
        if (event == VP_EVENT_LOST && epoch == was.epoch) socket = 0;
        if (actions & VP_ACTION_CLOSE) {
            assert_true(socket);
            socket = 0;
        }
        if (event == VP_EVENT_RECONNECT) log.count = 0;
        assert_int_equal(is->epoch, was.epoch + !!(actions & VP_ACTION_OPEN));
        if (actions & VP_ACTION_OPEN) {
            assert_false(socket);
            socket = 1;
            log.opens_ms[log.count++] = r.now_ms;
            if (config.budget_window_ms) {
                const double from_ms = r.now_ms - config.budget_window_ms;
                assert_true(opens_since(&log, from_ms + 1e-6) <= config.budget_opens);
            }
        }
        if (actions & VP_ACTION_PING) assert_int_equal(is->phase, VP_CONNECTION_OPEN);
        check_state(&r, socket);
        put_off += is->over_budget - was.over_budget;
    }
    print_message("%u opens, %u put off, %u trips, %u stale\n", status_of(&r)->opens, put_off,
                  status_of(&r)->trips, status_of(&r)->stale);
    assert_true(status_of(&r)->opens > STEPS / 10 && put_off > STEPS / 100);
    free(log.opens_ms);
}

/* ---- The user ---------------------------------------------------------------------------- */

static void reconnect_never_locks(void **state) {
    (void)state;
    uint64_t seed = 5;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int k = 0; k < 20000; k++) {
        rig r;
        start(&r, random_config(&seed));
        for (int i = 0; i < 60; i++) {
            r.random = uniform(&seed);
            after(&r, uniform(&seed) * 10, below(&seed, EVENTS));
        }
        const uint32_t rescue[] = {VP_EVENT_LEAD, VP_EVENT_ONLINE, VP_EVENT_PAGESHOW,
                                   VP_EVENT_VISIBLE};
        for (size_t i = 0; i < 4; i++)
            tell(&r, rescue[i]);
        const uint32_t opens = status_of(&r)->opens;
        assert_true(tell(&r, VP_EVENT_RECONNECT) & VP_ACTION_OPEN);
        assert_int_equal(status_of(&r)->opens, opens + 1);
        assert_int_equal(status_of(&r)->phase, VP_CONNECTION_CONNECTING);
    }
}

static void reconnect_forgets_failures_breaker_and_budget(void **state) {
    (void)state;
    vp_connection_config config = defaults();
    config.budget_opens = 4;
    rig r;
    start(&r, config);
    tell(&r, VP_EVENT_CONNECT);
    tell(&r, VP_EVENT_LOST);
    while (status_of(&r)->phase != VP_CONNECTION_TRIPPED)
        fail_once(&r);
    for (int i = 0; i < 50; i++) {
        const int32_t close = status_of(&r)->phase == VP_CONNECTION_TRIPPED ? 0 : VP_ACTION_CLOSE;
        assert_int_equal(tell(&r, VP_EVENT_RECONNECT), close | VP_ACTION_OPEN);
        assert_int_equal(status_of(&r)->failures, 0);
        assert_int_equal(status_of(&r)->half_open, 0);
    }
    tell(&r, VP_EVENT_LOST);
    assert_int_equal(status_of(&r)->failures, 1);
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_BACKOFF);
}

static void a_wish_is_remembered_while_paused(void **state) {
    (void)state;
    static const uint32_t wishes[] = {VP_EVENT_CONNECT, VP_EVENT_RECONNECT};
    for (size_t i = 0; i < 2; i++) {
        rig r;
        start(&r, defaults());
        tell(&r, VP_EVENT_FOLLOW);
        assert_int_equal(status_of(&r)->phase, VP_CONNECTION_CLOSED);
        assert_int_equal(tell(&r, wishes[i]), 0);
        assert_int_equal(status_of(&r)->phase, VP_CONNECTION_PAUSED);
        assert_int_equal(tell(&r, VP_EVENT_LEAD), VP_ACTION_OPEN);
        /* And a wish withdrawn while paused is none. */
        tell(&r, VP_EVENT_FOLLOW);
        tell(&r, VP_EVENT_DISCONNECT);
        tell(&r, VP_EVENT_LEAD);
        assert_int_equal(status_of(&r)->phase, VP_CONNECTION_CLOSED);
    }
}

/* ---- The page ---------------------------------------------------------------------------- */

enum { IS_OFFLINE = 1, IS_FROZEN = 2, IS_AWAY = 4, IS_FOLLOWING = 8 };

/* The header's words on what each event begins and ends. */
static uint32_t reasons_after(uint32_t reasons, uint32_t event) {
    switch (event) {
    case VP_EVENT_OFFLINE:
        return reasons | IS_OFFLINE;
    case VP_EVENT_ONLINE:
        return reasons & ~(uint32_t)IS_OFFLINE;
    case VP_EVENT_FREEZE:
        return reasons | IS_FROZEN;
    case VP_EVENT_VISIBLE:
        return reasons & ~(uint32_t)IS_FROZEN;
    case VP_EVENT_PAGEHIDE:
        return reasons | IS_AWAY;
    case VP_EVENT_PAGESHOW:
        return reasons & ~(uint32_t)(IS_FROZEN | IS_AWAY);
    case VP_EVENT_FOLLOW:
        return reasons | IS_FOLLOWING;
    case VP_EVENT_LEAD:
        return reasons & ~(uint32_t)IS_FOLLOWING;
    }
    return reasons;
}

static void it_resumes_when_the_last_reason_to_pause_is_gone(void **state) {
    (void)state;
    uint64_t seed = 11;
    print_message("seed %llu\n", (unsigned long long)seed);
    static const uint32_t events[] = {VP_EVENT_OFFLINE, VP_EVENT_ONLINE,   VP_EVENT_FREEZE,
                                      VP_EVENT_VISIBLE, VP_EVENT_PAGEHIDE, VP_EVENT_PAGESHOW,
                                      VP_EVENT_FOLLOW,  VP_EVENT_LEAD,     VP_EVENT_HIDDEN};
    for (uint32_t ignore = 0; ignore < 2; ignore++) {
        vp_connection_config config = defaults();
        config.ignore_offline = ignore;
        config.budget_window_ms = 0;
        rig r;
        start(&r, config);
        tell(&r, VP_EVENT_CONNECT);
        uint32_t reasons = 0;
        for (int i = 0; i < 100000; i++) {
            const uint32_t event = events[below(&seed, 9)];
            reasons = reasons_after(reasons, event);
            after(&r, 1, event);
            const uint32_t against = reasons & ~(uint32_t)(ignore ? IS_OFFLINE : 0);
            if ((status_of(&r)->phase == VP_CONNECTION_PAUSED) != (against != 0))
                fail_msg("step %d: reasons %x, phase %u", i, reasons, status_of(&r)->phase);
            if (!against) assert_true(status_of(&r)->due_ms <= r.now_ms + 10000);
        }
    }
}

static void good_news_only_shortens_a_wait(void **state) {
    (void)state;
    rig r;
    start(&r, defaults());
    open_it(&r);
    r.random = 0.01; /* 0.04 * 1000 ms of backoff, sooner than 0.9 * 200 ms */
    tell(&r, VP_EVENT_LOST);
    const double due_ms = status_of(&r)->due_ms;
    assert_true(due_ms == r.now_ms + 0.01 * 4000);
    r.random = 0.9;
    tell(&r, VP_EVENT_ONLINE);
    assert_true(status_of(&r)->due_ms == due_ms);
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_BACKOFF);
    /* A pause ends the wait: what comes after it is jittered anew. */
    tell(&r, VP_EVENT_OFFLINE);
    after(&r, 60000, VP_EVENT_ONLINE);
    assert_true(status_of(&r)->due_ms == r.now_ms + 180);
}

static void offline_asks_and_does_not_close(void **state) {
    (void)state;
    vp_connection_config config = defaults();
    rig r;
    start(&r, config);
    open_it(&r);
    assert_int_equal(tell(&r, VP_EVENT_OFFLINE), 0); /* without a heartbeat there is no asking */
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_OPEN);
    tell(&r, VP_EVENT_LOST);
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_PAUSED);
    assert_int_equal(status_of(&r)->reason, VP_REASON_OFFLINE);

    config.heartbeat_ms = 15000;
    start(&r, config);
    open_it(&r);
    assert_int_equal(tell(&r, VP_EVENT_OFFLINE), VP_ACTION_PING);
    assert_int_equal(tell(&r, VP_EVENT_OFFLINE), 0);
    assert_int_equal(after(&r, 10000, VP_EVENT_TIMER), VP_ACTION_CLOSE);
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_PAUSED);
    tell(&r, VP_EVENT_ONLINE);
    assert_int_equal(due(&r), VP_ACTION_OPEN);

    config.ignore_offline = 1;
    for (int place = CONNECTING; place <= TRIPPED; place++) {
        go_to(&r, place);
        assert_int_equal(vp_connection_configure(connection_of(&r), &config), VP_OK);
        const uint32_t phase = status_of(&r)->phase;
        assert_int_equal(tell(&r, VP_EVENT_OFFLINE), 0);
        assert_int_equal(status_of(&r)->phase, phase);
    }
}

/* ---- Heartbeat --------------------------------------------------------------------------- */

static vp_connection_config beating(uint32_t heartbeat_ms, uint32_t timeout_ms) {
    vp_connection_config config = defaults();
    config.heartbeat_ms = heartbeat_ms;
    config.heartbeat_timeout_ms = timeout_ms;
    return config;
}

static void a_dead_link_is_noticed_in_time(void **state) {
    (void)state;
    rig r;
    start(&r, beating(15000, 4000));
    open_it(&r);
    const double opened_ms = r.now_ms;
    assert_int_equal(due(&r), VP_ACTION_PING);
    assert_true(r.now_ms == opened_ms + 15000);
    assert_int_equal(after(&r, 3999, VP_EVENT_TIMER), 0);
    assert_int_equal(due(&r), VP_ACTION_CLOSE);
    assert_true(r.now_ms == opened_ms + 19000);
    assert_int_equal(status_of(&r)->reason, VP_REASON_HEARTBEAT);
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_BACKOFF);
}

static void anything_received_is_an_answer(void **state) {
    (void)state;
    static const uint32_t answers[] = {VP_EVENT_RECEIVED, VP_EVENT_PONG};
    for (size_t i = 0; i < 2; i++) {
        rig r;
        start(&r, beating(15000, 4000));
        open_it(&r);
        assert_int_equal(due(&r), VP_ACTION_PING);
        const double pinged_ms = r.now_ms;
        after(&r, 3999, answers[i]);
        assert_true(status_of(&r)->due_ms == pinged_ms + 15000);
        /* And a link that talks all the time is asked all the same, at every heartbeat. */
        for (int k = 0; k < 100; k++) {
            after(&r, 10000 - 3999, answers[i]);
            assert_int_equal(tell(&r, VP_EVENT_TIMER), 0);
            assert_int_equal(due(&r), VP_ACTION_PING);
            after(&r, 3999, answers[i]);
        }
    }
}

static void visible_asks_once(void **state) {
    (void)state;
    rig r;
    start(&r, beating(15000, 4000));
    open_it(&r);
    after(&r, 100, VP_EVENT_HIDDEN);
    assert_int_equal(status_of(&r)->hidden, 1);
    assert_int_equal(tell(&r, VP_EVENT_VISIBLE), VP_ACTION_PING);
    assert_int_equal(status_of(&r)->hidden, 0);
    assert_int_equal(tell(&r, VP_EVENT_VISIBLE), 0);
    assert_true(status_of(&r)->due_ms == r.now_ms + 4000);
    assert_int_equal(due(&r), VP_ACTION_CLOSE);
    start(&r, defaults());
    open_it(&r);
    assert_int_equal(tell(&r, VP_EVENT_VISIBLE), 0);
}

static void the_round_trip_is_smoothed_as_rfc_6298_says(void **state) {
    (void)state;
    static const double trips_ms[] = {100, 20, 300, 4};
    rig r;
    start(&r, beating(15000, 4000));
    open_it(&r);
    assert_true(status_of(&r)->rtt_ms == -1 && status_of(&r)->smoothed_rtt_ms == -1);
    tell(&r, VP_EVENT_PONG); /* answers nothing */
    assert_true(status_of(&r)->rtt_ms == -1);
    double smoothed = trips_ms[0];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(due(&r), VP_ACTION_PING);
        after(&r, trips_ms[i] / 2, VP_EVENT_RECEIVED); /* is no round trip */
        after(&r, trips_ms[i] / 2, VP_EVENT_PONG);
        if (i) smoothed = 0.875 * smoothed + 0.125 * trips_ms[i];
        assert_true(status_of(&r)->rtt_ms == trips_ms[i]);
        assert_true(fabs(status_of(&r)->smoothed_rtt_ms - smoothed) < 1e-9);
    }
    /* It outlives the socket. */
    tell(&r, VP_EVENT_LOST);
    assert_true(status_of(&r)->rtt_ms == 4);
}

static void an_old_answer_does_not_measure_a_new_ping(void **state) {
    (void)state;
    rig r;
    start(&r, beating(15000, 4000));
    open_it(&r);
    assert_int_equal(due(&r), VP_ACTION_PING);
    after(&r, 10, VP_EVENT_RECEIVED);
    assert_int_equal(due(&r), VP_ACTION_PING);
    after(&r, 1, VP_EVENT_PONG); /* of the first */
    assert_true(status_of(&r)->rtt_ms == -1);
    after(&r, 49, VP_EVENT_PONG);
    assert_true(status_of(&r)->rtt_ms == 50);
    /* A new socket owes no answers of the old one. */
    assert_int_equal(due(&r), VP_ACTION_PING);
    tell(&r, VP_EVENT_RECONNECT);
    after(&r, 20, VP_EVENT_OPENED);
    assert_int_equal(due(&r), VP_ACTION_PING);
    after(&r, 7, VP_EVENT_PONG);
    assert_true(status_of(&r)->rtt_ms == 7);
}

static void after_a_sleep_the_question_is_put_again_once(void **state) {
    (void)state;
    const double night_ms = 8 * 3600e3;
    rig r;
    start(&r, beating(15000, 4000));
    open_it(&r);
    /* Asleep before the question: it is put on waking. */
    assert_int_equal(after(&r, night_ms, VP_EVENT_TIMER), VP_ACTION_PING);
    after(&r, 50, VP_EVENT_PONG);
    /* Asleep after it: it is put again, and answered. */
    assert_int_equal(due(&r), VP_ACTION_PING);
    assert_int_equal(after(&r, night_ms, VP_EVENT_TIMER), VP_ACTION_PING);
    assert_true(status_of(&r)->due_ms == r.now_ms + 4000);
    after(&r, 50, VP_EVENT_PONG);
    /* Or not answered. */
    assert_int_equal(due(&r), VP_ACTION_PING);
    assert_int_equal(after(&r, night_ms, VP_EVENT_TIMER), VP_ACTION_PING);
    assert_int_equal(due(&r), VP_ACTION_CLOSE);
    /* Late by no more than the timeout is only late. */
    due(&r);
    after(&r, 20, VP_EVENT_OPENED);
    assert_int_equal(due(&r), VP_ACTION_PING);
    assert_int_equal(after(&r, 4000 + 4000, VP_EVENT_TIMER), VP_ACTION_CLOSE);
    /* A tab whose timers are always a minute late notices a dead link at the second one. */
    due(&r);
    after(&r, 20, VP_EVENT_OPENED);
    assert_int_equal(after(&r, 60000, VP_EVENT_TIMER), VP_ACTION_PING);
    assert_int_equal(after(&r, 60000, VP_EVENT_TIMER), VP_ACTION_PING);
    assert_int_equal(after(&r, 60000, VP_EVENT_TIMER), VP_ACTION_CLOSE);
}

/* ---- Clock, configuration, wrong input --------------------------------------------------- */

static void a_clock_that_goes_back_stands_still(void **state) {
    (void)state;
    rig r;
    start(&r, defaults());
    open_it(&r);
    const double then_ms = r.now_ms;
    r.now_ms = 0;
    tell(&r, VP_EVENT_LOST);
    assert_true(status_of(&r)->due_ms == then_ms + 2000);
    assert_int_equal(tell(&r, VP_EVENT_TIMER), 0);
    r.now_ms = then_ms + 1999;
    assert_int_equal(tell(&r, VP_EVENT_TIMER), 0);
    assert_int_equal(due(&r), VP_ACTION_OPEN);
}

static void a_configuration_takes_effect_with_the_next_step(void **state) {
    (void)state;
    vp_connection_config config = defaults();
    rig r;
    start(&r, config);
    open_it(&r);
    const double opened_ms = r.now_ms;
    assert_true(isinf(status_of(&r)->due_ms));
    config.heartbeat_ms = 3000;
    assert_int_equal(vp_connection_configure(connection_of(&r), &config), VP_OK);
    assert_int_equal(tell(&r, VP_EVENT_TIMER), 0);
    assert_true(status_of(&r)->due_ms == opened_ms + 3000);
    /* Offline, then told to ignore that: whatever comes next resumes. */
    tell(&r, VP_EVENT_OFFLINE);
    tell(&r, VP_EVENT_LOST);
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_PAUSED);
    config.ignore_offline = 1;
    assert_int_equal(vp_connection_configure(connection_of(&r), &config), VP_OK);
    assert_int_equal(tell(&r, VP_EVENT_TIMER), 0);
    assert_int_equal(status_of(&r)->phase, VP_CONNECTION_BACKOFF);
    assert_true(status_of(&r)->due_ms == r.now_ms + 100);
}

static void wrong_input_has_a_name_and_changes_nothing(void **state) {
    (void)state;
    rig r;
    start(&r, defaults());
    open_it(&r);
    const rig was = r;
    vp_connection *c = connection_of(&r);
    const struct {
        uint32_t event;
        double now_ms;
        double random;
        int32_t status;
    } steps[] = {
        {EVENTS, 0, 0, VP_E_EVENT}, {0xffffffff, 0, 0, VP_E_EVENT}, {0, NAN, 0, VP_E_TIME},
        {0, -1, 0, VP_E_TIME},      {0, INFINITY, 0, VP_E_TIME},    {0, 0x1p53 + 2, 0, VP_E_TIME},
        {0, 0, NAN, VP_E_RANDOM},   {0, 0, 1, VP_E_RANDOM},         {0, 0, -0x1p-60, VP_E_RANDOM},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        assert_int_equal(vp_connection_step(c, steps[i].event, 1, steps[i].now_ms, steps[i].random),
                         steps[i].status);
    assert_int_equal(vp_connection_step(NULL, 0, 0, 0, 0), VP_E_NULL);

    const struct {
        size_t offset;
        uint32_t value;
        int32_t status;
    } fields[] = {
        {offsetof(vp_connection_config, connect_timeout_ms), 0, VP_E_DURATION},
        {offsetof(vp_connection_config, connect_timeout_ms), 86400001, VP_E_DURATION},
        {offsetof(vp_connection_config, backoff_base_ms), 0, VP_E_DURATION},
        {offsetof(vp_connection_config, backoff_base_ms), 6001, VP_E_DURATION},
        {offsetof(vp_connection_config, backoff_cap_ms), 86400001, VP_E_DURATION},
        {offsetof(vp_connection_config, min_uptime_ms), 86400001, VP_E_DURATION},
        {offsetof(vp_connection_config, budget_opens), 0, VP_E_BUDGET},
        {offsetof(vp_connection_config, budget_opens), 65, VP_E_BUDGET},
        {offsetof(vp_connection_config, budget_window_ms), 86400001, VP_E_DURATION},
        {offsetof(vp_connection_config, breaker_cooldown_ms), 0xffffffff, VP_E_DURATION},
        {offsetof(vp_connection_config, heartbeat_ms), 86400001, VP_E_DURATION},
        {offsetof(vp_connection_config, heartbeat_timeout_ms), 0, VP_E_DURATION},
        {offsetof(vp_connection_config, heartbeat_timeout_ms), 86400001, VP_E_DURATION},
        {offsetof(vp_connection_config, resume_jitter_ms), 86400001, VP_E_DURATION},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        vp_connection_config config = defaults();
        memcpy((char *)&config + fields[i].offset, &fields[i].value, sizeof(uint32_t));
        assert_int_equal(vp_connection_configure(c, &config), fields[i].status);
        assert_int_equal(vp_connection_init(c, BLOCK_BYTES, &config), fields[i].status);
    }
    vp_connection_config config = defaults();
    assert_int_equal(vp_connection_configure(NULL, &config), VP_E_NULL);
    assert_int_equal(vp_connection_configure(c, NULL), VP_E_NULL);
    assert_int_equal(vp_connection_init(NULL, BLOCK_BYTES, &config), VP_E_NULL);
    assert_int_equal(vp_connection_init(c, BLOCK_BYTES, NULL), VP_E_NULL);
    assert_int_equal(vp_connection_init(c, (uint32_t)vp_connection_size() - 1, &config),
                     VP_E_MEMORY);
    assert_int_equal(vp_connection_init((vp_connection *)(r.block + 8), BLOCK_BYTES - 8, &config),
                     VP_E_MEMORY);
    assert_memory_equal(r.block, was.block, sizeof r.block);
}

/* ---- A server that dies under 200 clients ------------------------------------------------ */

enum { CLIENTS = 200, RESTARTS = 200, SECONDS_MAX = 600 };

/* When a client is connected again, in ms since the server's return; the loss is at 0 and an attempt
 * takes 20..80 ms to be refused. */
typedef double client_rule(double outage_ms, uint64_t *seed);

static double voicepath_rule(double outage_ms, uint64_t *seed) {
    rig r;
    start(&r, defaults());
    open_it(&r);
    r.random = uniform(seed);
    const double died_ms = r.now_ms + 3600e3;
    int32_t actions = after(&r, 3600e3, VP_EVENT_LOST);
    for (;;) {
        r.random = uniform(seed);
        if (!(actions & VP_ACTION_OPEN)) {
            actions = due(&r);
        } else if (r.now_ms >= died_ms + outage_ms) {
            return r.now_ms - died_ms - outage_ms;
        } else {
            actions = after(&r, 20 + 60 * uniform(seed), VP_EVENT_LOST);
        }
    }
}

/* reconnecting-websocket 4.4 and partysocket, which inherited it: the delay is drawn once when the
 * page loads, and grows by 1.3 with each failure up to 10 s. */
static double drawn_once_rule(double outage_ms, uint64_t *seed) {
    double delay_ms = 1000 + 4000 * uniform(seed);
    double now_ms = 0;
    for (;;) {
        now_ms += fmin(delay_ms, 10000);
        delay_ms *= 1.3;
        if (now_ms >= outage_ms) return now_ms - outage_ms;
        now_ms += 20 + 60 * uniform(seed);
    }
}

/* The rule most hand-written sockets have: three seconds, always. */
static double fixed_rule(double outage_ms, uint64_t *seed) {
    double now_ms = 0;
    for (;;) {
        now_ms += 3000;
        if (now_ms >= outage_ms) return now_ms - outage_ms;
        now_ms += 20 + 60 * uniform(seed);
    }
}

typedef struct load {
    double peak_to_mean; /* mean over the restarts */
    double worst;        /* 95th percentile of the restarts */
    double peak;         /* connects in the worst second */
    double median_ms;
    double last_ms;
} load;

/* Peak connects in a second against the mean a second until the last client is connected. */
static load restarts(client_rule *rule, double outage_ms, uint64_t seed) {
    static double ratios[RESTARTS];
    load sum = {0};
    for (int i = 0; i < RESTARTS; i++) {
        double back_ms[CLIENTS];
        uint32_t seconds[SECONDS_MAX] = {0};
        uint32_t peak = 0;
        for (int k = 0; k < CLIENTS; k++) {
            back_ms[k] = rule(outage_ms, &seed);
            const uint32_t in_second = ++seconds[(size_t)(back_ms[k] / 1000) % SECONDS_MAX];
            if (in_second > peak) peak = in_second;
        }
        qsort(back_ms, CLIENTS, sizeof back_ms[0], compare_doubles);
        const double last_ms = back_ms[CLIENTS - 1];
        ratios[i] = peak / (CLIENTS / ceil(last_ms / 1000));
        sum.peak_to_mean += ratios[i] / RESTARTS;
        sum.peak += (double)peak / RESTARTS;
        sum.median_ms += back_ms[CLIENTS / 2] / RESTARTS;
        sum.last_ms += last_ms / RESTARTS;
    }
    qsort(ratios, RESTARTS, sizeof ratios[0], compare_doubles);
    sum.worst = ratios[RESTARTS * 95 / 100];
    return sum;
}

static void a_server_that_returns_is_not_overrun(void **state) {
    (void)state;
    static const double outages_ms[] = {5000, 20000};
    static const struct {
        const char *name;
        client_rule *rule;
    } rules[] = {
        {"voicepath", voicepath_rule},
        {"reconnecting-websocket, partysocket", drawn_once_rule},
        {"3 s, always", fixed_rule},
    };
    const uint64_t seed = 42;
    print_message("seed %llu, %d clients, %d restarts\n", (unsigned long long)seed, CLIENTS,
                  RESTARTS);
    for (size_t o = 0; o < 2; o++)
        for (size_t i = 0; i < 3; i++) {
            const load l = restarts(rules[i].rule, outages_ms[o], seed);
            print_message("  away %2.0f s, %-36s %3.0f a second at most, peak/mean %.2f "
                          "(95%%: %.2f), half back after %.1f s, all after %.1f s\n",
                          outages_ms[o] / 1000, rules[i].name, l.peak, l.peak_to_mean, l.worst,
                          l.median_ms / 1000, l.last_ms / 1000);
            if (i > 0) continue;
            assert_true(l.worst <= 2);
            assert_true(l.median_ms <= outages_ms[o]);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_in_every_phase),
        cmocka_unit_test(the_reason_of_every_end),
        cmocka_unit_test(other_sockets_are_counted_and_ignored),
        cmocka_unit_test(a_late_close_does_not_harm_the_successor),
        cmocka_unit_test(waits_are_random_times_the_doubled_base_up_to_the_cap),
        cmocka_unit_test(no_wait_is_an_attempt_at_once),
        cmocka_unit_test(full_jitter_is_uniform_over_the_window),
        cmocka_unit_test(attempts_that_take_too_long_have_failed),
        cmocka_unit_test(failures_are_forgotten_after_the_minimum_uptime),
        cmocka_unit_test(ends_that_are_wanted_are_no_failures),
        cmocka_unit_test(the_breaker_trips_and_closes_again),
        cmocka_unit_test(no_breaker_never_trips),
        cmocka_unit_test(beyond_the_budget_attempts_wait_for_room),
        cmocka_unit_test(the_budget_holds_in_every_window),
        cmocka_unit_test(reconnect_never_locks),
        cmocka_unit_test(reconnect_forgets_failures_breaker_and_budget),
        cmocka_unit_test(a_wish_is_remembered_while_paused),
        cmocka_unit_test(it_resumes_when_the_last_reason_to_pause_is_gone),
        cmocka_unit_test(good_news_only_shortens_a_wait),
        cmocka_unit_test(offline_asks_and_does_not_close),
        cmocka_unit_test(a_dead_link_is_noticed_in_time),
        cmocka_unit_test(anything_received_is_an_answer),
        cmocka_unit_test(visible_asks_once),
        cmocka_unit_test(the_round_trip_is_smoothed_as_rfc_6298_says),
        cmocka_unit_test(an_old_answer_does_not_measure_a_new_ping),
        cmocka_unit_test(after_a_sleep_the_question_is_put_again_once),
        cmocka_unit_test(a_clock_that_goes_back_stands_still),
        cmocka_unit_test(a_configuration_takes_effect_with_the_next_step),
        cmocka_unit_test(wrong_input_has_a_name_and_changes_nothing),
        cmocka_unit_test(a_server_that_returns_is_not_overrun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
