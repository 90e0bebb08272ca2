/* Any configuration, then any events at any times with any numbers, and new configurations between.
 * Whatever happens: phase, actions and due time agree, there is never a second socket, a refused step
 * changes nothing, and from any state a user on a living page reconnects. */
#include "voicepath/connection.h"

#include <stdlib.h>
#include <string.h>

#include "tape.h"

enum { BLOCK_BYTES = 2048 };

/* Short and long durations, and sometimes garbage. */
static uint32_t take_ms(tape *t) {
    const uint32_t kind = take(t, 1);
    return kind < 128 ? kind : kind < 240 ? take(t, 2) : take(t, 4);
}

static void take_config(tape *t, vp_connection_config *config) {
    config->connect_timeout_ms = take_ms(t);
    config->backoff_base_ms = take_ms(t);
    config->backoff_cap_ms = config->backoff_base_ms + take_ms(t);
    config->min_uptime_ms = take_ms(t);
    config->budget_opens = take(t, 1) % (VP_BUDGET_OPENS_MAX + 2);
    config->budget_window_ms = take_ms(t);
    config->breaker_failures = take(t, 1) % 8;
    config->breaker_cooldown_ms = take_ms(t);
    config->heartbeat_ms = take_ms(t);
    config->heartbeat_timeout_ms = take_ms(t);
    config->resume_jitter_ms = take_ms(t);
    config->ignore_offline = take(t, 1) & 1;
}

static void require(int holds) {
    if (!holds) abort();
}

/* A connection and what its host knows. */
typedef struct host {
    vp_connection *connection;
    const vp_connection_status *status;
    int socket;
    double now_ms; /* the latest told */
} host;

static void check(const host *h) {
    const vp_connection_status *s = h->status;
    const double now_ms = h->now_ms;
    switch ((vp_connection_phase)s->phase) {
    case VP_CONNECTION_CLOSED:
        require(!h->socket && s->due_ms > 1e300 && !s->half_open);
        return;
    case VP_CONNECTION_PAUSED:
        require(!h->socket && s->due_ms > 1e300 && !s->half_open);
        require(s->reason == VP_REASON_OFFLINE || s->reason == VP_REASON_FROZEN ||
                s->reason == VP_REASON_FOLLOW);
        return;
    case VP_CONNECTION_BACKOFF:
    case VP_CONNECTION_TRIPPED:
        require(!h->socket && s->due_ms < 1e300 && !s->half_open);
        return;
    case VP_CONNECTION_CONNECTING:
        require(h->socket && s->due_ms < 1e300 && s->opened_ms < 0);
        return;
    case VP_CONNECTION_OPEN:
        require(h->socket && s->opened_ms >= 0 && s->opened_ms <= now_ms && !(s->due_ms < 0));
        return;
    }
    abort();
}

static int32_t step(host *h, uint32_t event, uint32_t epoch, double now_ms, double random) {
    const vp_connection_status was = *h->status;
    const int32_t actions = vp_connection_step(h->connection, event, epoch, now_ms, random);
    const vp_connection_status *s = h->status;
    if (actions < 0) {
        require(memcmp(&was, s, sizeof was) == 0);
        return actions;
    }
    require((actions & ~(VP_ACTION_CLOSE | VP_ACTION_OPEN | VP_ACTION_PING)) == 0);
    if (now_ms > h->now_ms) h->now_ms = now_ms;
    const int of_socket = event >= VP_EVENT_OPENED && event <= VP_EVENT_PONG;
    const int stale = of_socket && !(h->socket && epoch == was.epoch);
    require(s->stale == was.stale + (uint32_t)stale);
    if (event == VP_EVENT_LOST && !stale) h->socket = 0;
    if (actions & VP_ACTION_CLOSE) {
        require(h->socket);
        h->socket = 0;
    }
    if (actions & VP_ACTION_OPEN) {
        require(!h->socket && s->phase == VP_CONNECTION_CONNECTING);
        h->socket = 1;
    }
    if (actions & VP_ACTION_PING) require(s->phase == VP_CONNECTION_OPEN && h->socket);
    const uint32_t opened = actions & VP_ACTION_OPEN ? 1 : 0;
    require(s->epoch == was.epoch + opened && s->opens == was.opens + opened);
    require(s->over_budget >= was.over_budget && s->trips >= was.trips);
    require((s->rtt_ms >= 0 && s->smoothed_rtt_ms >= 0) ||
            (s->rtt_ms == -1 && s->smoothed_rtt_ms == -1));
    check(h);
    return actions;
}

/* A time that is due is dealt with by a few steps: nobody spins. Beyond 2^52 ms the clock has no
 * steps of a millisecond any more. */
static void settle(host *h) {
    if (h->now_ms > 0x1p52) return;
    for (int i = 0; h->status->due_ms <= h->now_ms; i++) {
        require(i < 4);
        require(step(h, VP_EVENT_TIMER, 0, h->now_ms, 0.5) >= 0);
    }
}

static double take_double(tape *t) {
    uint64_t bits = (uint64_t)take(t, 4) << 32;
    bits |= take(t, 4);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double take_now(tape *t, const host *h) {
    const uint32_t kind = take(t, 1);
    if (kind < 100) return h->now_ms + kind;
    if (kind < 200 && h->status->due_ms < 1e300) return h->status->due_ms;
    if (kind < 240) return h->now_ms + take(t, 3);
    return kind < 250 ? h->now_ms - take(t, 2) : take_double(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length) {
    static _Alignas(VP_ALIGNMENT) unsigned char block[BLOCK_BYTES];
    tape t = {data, length};
    vp_connection_config config;
    vp_connection_config_init(&config);
    if (take(&t, 1) & 1) take_config(&t, &config);
    host h = {(vp_connection *)block, (const vp_connection_status *)block, 0, 0};
    if (vp_connection_init(h.connection, BLOCK_BYTES, &config) != VP_OK) return 0;
    while (t.left) {
        const uint32_t command = take(&t, 1);
        if (command < 8) {
            take_config(&t, &config);
            const vp_connection_status was = *h.status;
            vp_connection_configure(h.connection, &config);
            require(memcmp(&was, h.status, sizeof was) == 0);
        } else if (command < 16) {
            settle(&h);
        } else {
            const uint32_t event = command < 250 ? command % (VP_EVENT_LEAD + 1) : take(&t, 4);
            const uint32_t epoch = h.status->epoch - (take(&t, 1) > 200 ? take(&t, 1) : 0);
            const double now_ms = take_now(&t, &h);
            const uint32_t chance = take(&t, 1);
            step(&h, event, epoch, now_ms, chance < 250 ? chance / 256.0 : take_double(&t));
        }
    }
    static const uint32_t rescue[] = {VP_EVENT_LEAD, VP_EVENT_ONLINE, VP_EVENT_PAGESHOW,
                                      VP_EVENT_VISIBLE, VP_EVENT_RECONNECT};
    for (size_t i = 0; i < sizeof rescue / sizeof rescue[0]; i++)
        require(step(&h, rescue[i], 0, h.now_ms, 0.5) >= 0);
    require(h.status->phase == VP_CONNECTION_CONNECTING && h.socket);
    return 0;
}
