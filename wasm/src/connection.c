/* Three questions are kept apart, and each is answered in one place.
 *
 *   When is the next attempt?   attempt_at(): every attempt goes through it, so none is made while
 *                               there is a reason to pause, and none beyond the budget.
 *   Is the link alive?          on_timer() asks (PING) at every heartbeat. Anything received is an
 *                               answer; only PONG measures the round trip.
 *   Was the connection good?    settle(): failures are forgotten when it has lived min_uptime_ms, by
 *                               whichever event tells first that it has.
 *
 * A wish to be connected is nothing but a phase other than CLOSED, and a socket exists exactly in
 * CONNECTING and OPEN. The state is small so that it cannot contradict itself.
 *
 * Full jitter: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. Restart
 * intensity: Erlang/OTP, supervisor. Breaker: Michael Nygard, "Release It!", 2007. Smoothed round
 * trip: RFC 6298, section 2.
 */
#include "voicepath/connection.h"

#include <math.h>

#include "memory.h"
#include "time_ms.h"

enum {
    /* Why not to try: all must be gone. */
    PAUSE_OFFLINE = 1,
    PAUSE_FROZEN = 2,
    PAUSE_AWAY = 4, /* between PAGEHIDE and PAGESHOW */
    PAUSE_FOLLOWING = 8,

    /* base * 2^this is above any cap. */
    DOUBLINGS_MAX = 27,
};

struct vp_connection {
    vp_connection_status status;
    vp_connection_config config;
    double now_ms;
    double attempt_ms; /* when to try: BACKOFF, TRIPPED */
    double started_ms; /* when the newest socket was opened by us */
    double asked_ms;   /* of the PING since which nothing came; -1 for none */
    double pinged_ms;  /* of the newest PING, at first when it was open */
    uint32_t unanswered;
    uint32_t asked_again; /* 1: its predecessor's deadline was slept through */
    uint32_t pauses;
    uint32_t put_off;    /* 1: the budget holds this attempt back, and that was counted */
    uint32_t remembered; /* opens written to the ring since the budget was forgotten */
    double opens_ms[VP_BUDGET_OPENS_MAX];
};

/* ---- Configuration ----------------------------------------------------------------------- */

/* Found with the simulation in tests/c/connection_test.c. Jitter spreads the clients of a server that
 * died over the cap; a cooldown as long as the cap then keeps each at its place in it, so a server
 * that returns meets an even load: full jitter for ever would crowd the front of each window. The
 * budget is above what these waits can use, for a budget that binds lines clients up again. */
void vp_connection_config_init(vp_connection_config *config) {
    *config = (vp_connection_config){
        .connect_timeout_ms = 10000,
        .backoff_base_ms = 2000,
        .backoff_cap_ms = 6000,
        .min_uptime_ms = 5000,
        .budget_opens = 20,
        .budget_window_ms = 60000,
        .breaker_failures = 3,
        .breaker_cooldown_ms = 6000,
        .heartbeat_timeout_ms = 10000,
        .resume_jitter_ms = 200,
    };
}

static int32_t config_check(const vp_connection_config *config) {
    if (!config) return VP_E_NULL;
    if (config->connect_timeout_ms < 1 || config->connect_timeout_ms > VP_CONNECTION_MS_MAX ||
        config->backoff_base_ms < 1 || config->backoff_base_ms > config->backoff_cap_ms ||
        config->backoff_cap_ms > VP_CONNECTION_MS_MAX ||
        config->min_uptime_ms > VP_CONNECTION_MS_MAX ||
        config->budget_window_ms > VP_CONNECTION_MS_MAX ||
        config->breaker_cooldown_ms > VP_CONNECTION_MS_MAX ||
        config->heartbeat_ms > VP_CONNECTION_MS_MAX || config->heartbeat_timeout_ms < 1 ||
        config->heartbeat_timeout_ms > VP_CONNECTION_MS_MAX ||
        config->resume_jitter_ms > VP_CONNECTION_MS_MAX)
        return VP_E_DURATION;
    if (config->budget_opens < 1 || config->budget_opens > VP_BUDGET_OPENS_MAX) return VP_E_BUDGET;
    return VP_OK;
}

/* ---- Lifetime ---------------------------------------------------------------------------- */

int32_t vp_connection_size(void) {
    return (int32_t)vp_align_up(sizeof(vp_connection));
}

int32_t vp_connection_init(vp_connection *connection, uint32_t size,
                           const vp_connection_config *config) {
    if (!connection) return VP_E_NULL;
    int32_t status = config_check(config);
    if (status < 0) return status;
    if (!vp_block_fits(connection, size, vp_connection_size())) return VP_E_MEMORY;
    *connection = (vp_connection){
        .status = {.due_ms = INFINITY, .rtt_ms = -1, .smoothed_rtt_ms = -1, .opened_ms = -1},
        .config = *config,
        .attempt_ms = INFINITY,
        .asked_ms = -1,
    };
    return VP_OK;
}

int32_t vp_connection_configure(vp_connection *connection, const vp_connection_config *config) {
    if (!connection) return VP_E_NULL;
    int32_t status = config_check(config);
    if (status == VP_OK) connection->config = *config;
    return status;
}

/* ---- Attempts ---------------------------------------------------------------------------- */

static int has_socket(const vp_connection *c) {
    return c->status.phase == VP_CONNECTION_CONNECTING || c->status.phase == VP_CONNECTION_OPEN;
}

static int waits(const vp_connection *c) {
    return c->status.phase == VP_CONNECTION_BACKOFF || c->status.phase == VP_CONNECTION_TRIPPED ||
           c->status.phase == VP_CONNECTION_PAUSED;
}

static int tripped(const vp_connection *c) {
    return c->config.breaker_failures && c->status.failures >= c->config.breaker_failures;
}

/* 0 when nothing speaks against an attempt. Who leads is told before what the page does, for a
 * following tab would stay without a socket whatever the page did. */
static uint32_t pause_reason(const vp_connection *c) {
    if (c->pauses & PAUSE_FOLLOWING) return VP_REASON_FOLLOW;
    if (c->pauses & (PAUSE_FROZEN | PAUSE_AWAY)) return VP_REASON_FROZEN;
    if (c->pauses & PAUSE_OFFLINE && !c->config.ignore_offline) return VP_REASON_OFFLINE;
    return VP_REASON_NONE;
}

/* The first time at which one more open keeps the budget. */
static double room_ms(const vp_connection *c) {
    const uint32_t opens = c->config.budget_opens;
    if (!c->config.budget_window_ms || c->remembered < opens) return 0;
    return c->opens_ms[(c->remembered - opens) % VP_BUDGET_OPENS_MAX] + c->config.budget_window_ms;
}

static int32_t open_socket(vp_connection *c) {
    c->status.phase = VP_CONNECTION_CONNECTING;
    c->status.epoch++;
    c->status.opens++;
    c->status.opened_ms = -1;
    c->attempt_ms = INFINITY;
    c->put_off = 0;
    c->started_ms = c->now_ms;
    c->opens_ms[c->remembered++ % VP_BUDGET_OPENS_MAX] = c->now_ms;
    return VP_ACTION_OPEN;
}

/* The only way to a socket: at this time, or when the budget has room, or not before the pause ends.
 * Until then the phase is `waiting`. */
static int32_t attempt_at(vp_connection *c, double at_ms, vp_connection_phase waiting) {
    if (pause_reason(c)) {
        c->status.phase = VP_CONNECTION_PAUSED;
        c->attempt_ms = INFINITY;
        return 0;
    }
    const double room = room_ms(c);
    if (room > at_ms) {
        at_ms = room;
        c->status.over_budget += !c->put_off;
        c->put_off = 1;
    }
    if (at_ms <= c->now_ms) return open_socket(c);
    c->status.phase = waiting;
    c->attempt_ms = at_ms;
    return 0;
}

static double backoff_ms(const vp_connection *c, double random) {
    const uint32_t doublings =
        c->status.failures < DOUBLINGS_MAX ? c->status.failures : DOUBLINGS_MAX;
    const double window = (double)c->config.backoff_base_ms * (1u << doublings);
    const double cap = c->config.backoff_cap_ms;
    return random * (window < cap ? window : cap);
}

/* ---- The socket -------------------------------------------------------------------------- */

/* 1 when the connection has lived long enough to be a good one, and failures are forgotten. */
static int settle(vp_connection *c) {
    const int good = c->status.phase == VP_CONNECTION_OPEN &&
                     c->now_ms >= c->status.opened_ms + c->config.min_uptime_ms;
    if (good) c->status.failures = 0;
    return good;
}

/* The socket is gone although nobody wanted that. */
static int32_t fail(vp_connection *c, vp_connection_reason reason, double random) {
    c->status.reason = reason;
    if (!settle(c)) c->status.failures++;
    if (!tripped(c)) return attempt_at(c, c->now_ms + backoff_ms(c, random), VP_CONNECTION_BACKOFF);
    c->status.trips++;
    return attempt_at(c, c->now_ms + c->config.breaker_cooldown_ms, VP_CONNECTION_TRIPPED);
}

/* Gives the socket up, if there is one. The caller says what comes instead. */
static int32_t close_socket(vp_connection *c) {
    settle(c);
    return has_socket(c) ? VP_ACTION_CLOSE : 0;
}

static int32_t ping(vp_connection *c) {
    c->asked_ms = c->pinged_ms = c->now_ms;
    c->unanswered++;
    return VP_ACTION_PING;
}

/* Asks now instead of at the next heartbeat, unless the question has been put already. */
static int32_t ask(vp_connection *c) {
    return c->config.heartbeat_ms && c->asked_ms < 0 ? ping(c) : 0;
}

static void heard(vp_connection *c) {
    c->asked_ms = -1;
    c->asked_again = 0;
}

/* Answers come in the order of the questions, so the newest PING is answered by the PONG that leaves
 * none unanswered. An older one's answer, which came after the next PING, measures nothing. */
static void ponged(vp_connection *c) {
    if (c->unanswered == 0 || --c->unanswered) return;
    vp_connection_status *status = &c->status;
    status->rtt_ms = c->now_ms - c->pinged_ms;
    status->smoothed_rtt_ms = status->smoothed_rtt_ms < 0
                                  ? status->rtt_ms
                                  : status->smoothed_rtt_ms * 7 / 8 + status->rtt_ms / 8;
}

static int32_t on_socket(vp_connection *c, uint32_t event, uint32_t epoch, double random) {
    if (!has_socket(c) || epoch != c->status.epoch) {
        c->status.stale++;
        return 0;
    }
    const int open = c->status.phase == VP_CONNECTION_OPEN;
    if (event == VP_EVENT_LOST) return fail(c, open ? VP_REASON_LOST : VP_REASON_FAILED, random);
    if (event == VP_EVENT_OPENED && !open) {
        c->status.phase = VP_CONNECTION_OPEN;
        c->status.opened_ms = c->now_ms;
        c->unanswered = 0;
        c->pinged_ms = c->now_ms;
        heard(c);
    } else if (event != VP_EVENT_OPENED && open) {
        heard(c);
        if (event == VP_EVENT_PONG) ponged(c);
    }
    return 0;
}

/* ---- Time -------------------------------------------------------------------------------- */

/* A timer that comes far too late was not merely delayed: the machine slept, and while it slept
 * nothing could be received. So the question is put again instead of declaring the link dead, but
 * once only: in a hidden tab, whose timers may always be a minute late, a dead link must not live for
 * ever. */
static int32_t heartbeat(vp_connection *c, double random) {
    if (!c->config.heartbeat_ms) return 0;
    if (c->asked_ms < 0) return c->now_ms >= c->pinged_ms + c->config.heartbeat_ms ? ping(c) : 0;
    const double late_ms = c->now_ms - (c->asked_ms + c->config.heartbeat_timeout_ms);
    if (late_ms < 0) return 0;
    if (late_ms > c->config.heartbeat_timeout_ms && !c->asked_again) {
        c->asked_again = 1;
        return ping(c);
    }
    return VP_ACTION_CLOSE | fail(c, VP_REASON_HEARTBEAT, random);
}

static int32_t on_timer(vp_connection *c, double random) {
    switch ((vp_connection_phase)c->status.phase) {
    case VP_CONNECTION_CONNECTING:
        if (c->now_ms < c->started_ms + c->config.connect_timeout_ms) return 0;
        return VP_ACTION_CLOSE | fail(c, VP_REASON_TIMEOUT, random);
    case VP_CONNECTION_OPEN:
        settle(c);
        return heartbeat(c, random);
    case VP_CONNECTION_BACKOFF:
    case VP_CONNECTION_TRIPPED:
        return attempt_at(c, c->attempt_ms, c->status.phase);
    case VP_CONNECTION_CLOSED:
    case VP_CONNECTION_PAUSED:
        break;
    }
    return 0;
}

static double earlier(double a, double b) {
    return a < b ? a : b;
}

static double due_ms(const vp_connection *c) {
    double due = INFINITY;
    switch ((vp_connection_phase)c->status.phase) {
    case VP_CONNECTION_CONNECTING:
        return c->started_ms + c->config.connect_timeout_ms;
    case VP_CONNECTION_OPEN:
        if (c->status.failures) due = c->status.opened_ms + c->config.min_uptime_ms;
        if (!c->config.heartbeat_ms) return due;
        if (c->asked_ms < 0) return earlier(due, c->pinged_ms + c->config.heartbeat_ms);
        return earlier(due, c->asked_ms + c->config.heartbeat_timeout_ms);
    case VP_CONNECTION_BACKOFF:
    case VP_CONNECTION_TRIPPED:
        return c->attempt_ms;
    case VP_CONNECTION_CLOSED:
    case VP_CONNECTION_PAUSED:
        break;
    }
    return due;
}

/* ---- The user and the page --------------------------------------------------------------- */

static int32_t disconnect(vp_connection *c) {
    if (c->status.phase == VP_CONNECTION_CLOSED) return 0;
    const int32_t close = close_socket(c);
    c->status.phase = VP_CONNECTION_CLOSED;
    c->status.reason = VP_REASON_USER;
    return close;
}

static int32_t reconnect(vp_connection *c) {
    const int32_t close = close_socket(c);
    c->status.reason = VP_REASON_USER;
    c->status.failures = 0;
    c->remembered = 0;
    return close | attempt_at(c, c->now_ms, VP_CONNECTION_BACKOFF);
}

static int32_t pause(vp_connection *c, uint32_t reason) {
    c->pauses |= reason;
    if (c->status.phase == VP_CONNECTION_CLOSED || !pause_reason(c)) return 0;
    return close_socket(c) | attempt_at(c, c->now_ms, VP_CONNECTION_BACKOFF);
}

/* Being offline is a rumour (a tunnel, a second network): an open socket is asked, not closed. An
 * attempt under way has nobody to ask, and would only hang. */
static int32_t offline(vp_connection *c) {
    if (c->status.phase != VP_CONNECTION_OPEN) return pause(c, PAUSE_OFFLINE);
    c->pauses |= PAUSE_OFFLINE;
    return pause_reason(c) ? ask(c) : 0;
}

/* News that an attempt may succeed now cuts any wait short, even the breaker's, but not the budget's:
 * such news may come again and again, from a network that flaps or a user who switches tabs. Jitter,
 * because a network that comes back comes back for everyone behind it. */
static int32_t resume(vp_connection *c, uint32_t ended, double random) {
    c->pauses &= ~ended;
    if (!waits(c)) return 0;
    const double soon = c->now_ms + random * c->config.resume_jitter_ms;
    return attempt_at(c, earlier(c->attempt_ms, soon), VP_CONNECTION_BACKOFF);
}

static int32_t visible(vp_connection *c, double random) {
    c->status.hidden = 0;
    return c->status.phase == VP_CONNECTION_OPEN ? ask(c) : resume(c, PAUSE_FROZEN, random);
}

/* ---- Steps ------------------------------------------------------------------------------- */

static int32_t dispatch(vp_connection *c, vp_connection_event event, uint32_t epoch,
                        double random) {
    switch (event) {
    case VP_EVENT_TIMER:
        return on_timer(c, random);
    case VP_EVENT_CONNECT:
        if (c->status.phase != VP_CONNECTION_CLOSED) return 0;
        return attempt_at(c, c->now_ms, VP_CONNECTION_BACKOFF);
    case VP_EVENT_DISCONNECT:
        return disconnect(c);
    case VP_EVENT_RECONNECT:
        return reconnect(c);
    case VP_EVENT_OPENED:
    case VP_EVENT_LOST:
    case VP_EVENT_RECEIVED:
    case VP_EVENT_PONG:
        return on_socket(c, event, epoch, random);
    case VP_EVENT_ONLINE:
        return resume(c, PAUSE_OFFLINE, random);
    case VP_EVENT_OFFLINE:
        return offline(c);
    case VP_EVENT_VISIBLE:
        return visible(c, random);
    case VP_EVENT_HIDDEN:
        c->status.hidden = 1;
        return 0;
    case VP_EVENT_FREEZE:
        return pause(c, PAUSE_FROZEN);
    case VP_EVENT_PAGEHIDE:
        return pause(c, PAUSE_AWAY);
    case VP_EVENT_PAGESHOW:
        return resume(c, PAUSE_FROZEN | PAUSE_AWAY, random);
    case VP_EVENT_FOLLOW:
        return pause(c, PAUSE_FOLLOWING);
    case VP_EVENT_LEAD:
        return resume(c, PAUSE_FOLLOWING, 0); /* nobody else leads: no jitter */
    }
    return 0;
}

int32_t vp_connection_step(vp_connection *connection, uint32_t event, uint32_t epoch, double now_ms,
                           double random) {
    if (!connection) return VP_E_NULL;
    if (event > VP_EVENT_LEAD) return VP_E_EVENT;
    if (!vp_time_fits(now_ms)) return VP_E_TIME;
    /* Written so that NaN fails. */
    if (!(random >= 0 && random < 1)) return VP_E_RANDOM;
    vp_connection *c = connection;
    if (now_ms > c->now_ms) c->now_ms = now_ms;
    int32_t actions = dispatch(c, event, epoch, random);
    if (c->status.phase == VP_CONNECTION_PAUSED) {
        if (!pause_reason(c))
            actions |= resume(c, 0, random); /* configured to ignore it */
        else
            c->status.reason = pause_reason(c);
    }
    c->status.half_open = has_socket(c) && tripped(c);
    c->status.due_ms = due_ms(c);
    return actions;
}
