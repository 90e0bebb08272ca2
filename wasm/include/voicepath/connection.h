/* voicepath/connection.h: when to open a socket, when to give it up, when to try again.
 *
 * A pure state machine. The host tells it what happened, what time it is and a random number; it
 * answers what to do now and when it wants to be asked again. It never sees the socket.
 *
 *   CLOSED ──CONNECT──▶ CONNECTING ──OPENED──▶ OPEN ──LOST, silence──▶ BACKOFF ──▶ CONNECTING …
 *                            └────LOST, timeout────▶ BACKOFF, or TRIPPED after many failures
 *   PAUSED: it would connect, but the page is offline, frozen or hidden away, or another tab leads
 *
 * Every socket has an epoch, the number of its opening. What a socket of another epoch reports is
 * counted and ignored: so a late close cannot harm its successor.
 *
 * After n failures in a row the next attempt waits random * min(cap, base * 2^n), drawn anew each
 * time (full jitter: Brooker, "Exponential Backoff And Jitter", AWS 2015). A connection counts as
 * good after min_uptime_ms; only then are failures forgotten, and to lose a good one is no
 * failure. At most budget_opens sockets are opened in any budget_window_ms (Erlang's restart
 * intensity). After breaker_failures failures in a row the breaker trips: nothing for
 * breaker_cooldown_ms, then one attempt (half-open); if that fails, again.
 *
 * A dead link is noticed within heartbeat_ms + heartbeat_timeout_ms. A TIMER that comes more than
 * heartbeat_timeout_ms after its due time has slept with the machine, and nothing could be received
 * meanwhile: then the PING is repeated, once, before the link is given up.
 */
#ifndef VOICEPATH_CONNECTION_H
#define VOICEPATH_CONNECTION_H

#include "voicepath/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define VP_CONNECTION_MS_MAX 86400000 /* a day: the most for every duration */
#define VP_BUDGET_OPENS_MAX 64

typedef struct vp_connection vp_connection;

typedef struct vp_connection_config {
    uint32_t connect_timeout_ms;   /* 1..: an attempt that takes longer has failed */
    uint32_t backoff_base_ms;      /* 1..backoff_cap_ms */
    uint32_t backoff_cap_ms;       /* ..VP_CONNECTION_MS_MAX */
    uint32_t min_uptime_ms;        /* 0.. */
    uint32_t budget_opens;         /* 1..VP_BUDGET_OPENS_MAX */
    uint32_t budget_window_ms;     /* 0..: 0 for no budget */
    uint32_t breaker_failures;     /* 0: never trips */
    uint32_t breaker_cooldown_ms;  /* 0.. */
    uint32_t heartbeat_ms;         /* 0: no heartbeat; else how often to ask */
    uint32_t heartbeat_timeout_ms; /* 1..: the silence after asking that means a dead link */
    uint32_t resume_jitter_ms;     /* 0..: random times this before ONLINE, VISIBLE or PAGESHOW
                                      reconnect */
    uint32_t ignore_offline;       /* 1: a server on this machine needs no network */
} vp_connection_config;

/* 10 s to connect; 2 s doubling to 6 s; 5 s uptime; 20 opens a minute; 3 failures, then every 6 s;
 * no heartbeat, 10 s timeout; 200 ms. With these the clients of a server that was away come back
 * at an even rate, and half of them within 3 s of its return. */
void vp_connection_config_init(vp_connection_config *config);

typedef enum vp_connection_phase {
    VP_CONNECTION_CLOSED = 0,
    VP_CONNECTION_CONNECTING = 1,
    VP_CONNECTION_OPEN = 2,
    VP_CONNECTION_BACKOFF = 3,
    VP_CONNECTION_TRIPPED = 4,
    VP_CONNECTION_PAUSED = 5,
} vp_connection_phase;

typedef enum vp_connection_event {
    VP_EVENT_TIMER = 0,      /* due_ms has come; harmless at any other time */
    VP_EVENT_CONNECT = 1,    /* the user wants a connection; harmless when that is known */
    VP_EVENT_DISCONNECT = 2, /* the user wants none */
    VP_EVENT_RECONNECT = 3,  /* the user wants a new one now: forgets failures, breaker and budget,
                                 and never fails to try unless paused */
    VP_EVENT_OPENED = 4,     /* the socket of this epoch is open */
    VP_EVENT_LOST = 5,       /* the socket of this epoch is closed, or failed to open */
    VP_EVENT_RECEIVED = 6,   /* anything came from it */
    VP_EVENT_PONG = 7,       /* the answer to a PING came, which is also RECEIVED */
    VP_EVENT_ONLINE = 8,
    VP_EVENT_OFFLINE = 9,   /* closes an attempt, until ONLINE; an open socket is asked (PING) */
    VP_EVENT_VISIBLE = 10,  /* an open socket is asked at once; a wait is cut short */
    VP_EVENT_HIDDEN = 11,   /* noted, nothing else */
    VP_EVENT_FREEZE = 12,   /* closes, until PAGESHOW or VISIBLE */
    VP_EVENT_PAGEHIDE = 13, /* closes, until PAGESHOW: a page with a socket cannot enter bfcache */
    VP_EVENT_PAGESHOW = 14, /* also for the page lifecycle's "resume" */
    VP_EVENT_FOLLOW = 15,   /* another tab leads: closes */
    VP_EVENT_LEAD = 16,     /* this tab leads: connects at once */
} vp_connection_event;

/* Bits of what the host must do, in this order. */
typedef enum vp_connection_action {
    VP_ACTION_CLOSE = 1, /* close the socket there is, and listen to it no more */
    VP_ACTION_OPEN = 2,  /* open a socket and report it with the new epoch */
    VP_ACTION_PING = 4,  /* send a heartbeat, and report PONG when it is answered */
} vp_connection_action;

typedef enum vp_connection_reason {
    VP_REASON_NONE = 0,
    VP_REASON_USER = 1,      /* DISCONNECT or RECONNECT */
    VP_REASON_LOST = 2,      /* LOST while open */
    VP_REASON_FAILED = 3,    /* LOST while connecting */
    VP_REASON_TIMEOUT = 4,   /* connect_timeout_ms */
    VP_REASON_HEARTBEAT = 5, /* heartbeat_timeout_ms */
    VP_REASON_OFFLINE = 6,
    VP_REASON_FROZEN = 7, /* FREEZE, PAGEHIDE */
    VP_REASON_FOLLOW = 8,
} vp_connection_reason;

/* Lies at the start of a vp_connection: read it after every step. */
typedef struct vp_connection_status {
    double due_ms;          /* when to step with TIMER; infinity for never */
    double rtt_ms;          /* of the newest answered PING; -1 before the first */
    double smoothed_rtt_ms; /* RFC 6298: 7/8 of the old, 1/8 of the new; -1 before the first */
    double opened_ms;       /* when the socket of this epoch opened; -1 when it has not */
    uint32_t phase;         /* vp_connection_phase */
    uint32_t epoch;         /* of the newest socket; 0 before the first */
    uint32_t reason;        /* vp_connection_reason of the last loss, pause or refusal */
    uint32_t failures;      /* in a row */
    uint32_t opens;         /* sockets opened, ever */
    uint32_t stale;         /* events of other epochs, ever */
    uint32_t over_budget;   /* attempts put off by the budget, ever; each counts once */
    uint32_t trips;         /* of the breaker, ever */
    uint32_t half_open;     /* 1: the attempt under way decides about the breaker */
    uint32_t hidden;        /* 1: the page is hidden */
} vp_connection_status;

/* Bytes for vp_connection_init(). */
int32_t vp_connection_size(void);

/* Errors: VP_E_NULL, VP_E_MEMORY, VP_E_DURATION, VP_E_BUDGET. */
int32_t vp_connection_init(vp_connection *connection, uint32_t size,
                           const vp_connection_config *config);

/* Takes effect with the next step, for which TIMER will do; waits under way keep their end.
 * Errors: VP_E_NULL, VP_E_DURATION, VP_E_BUDGET. */
int32_t vp_connection_configure(vp_connection *connection, const vp_connection_config *config);

/* Tells what happened. `epoch` counts for OPENED, LOST, RECEIVED and PONG only; 0 <= random < 1, used
 * at most once. A clock that goes back counts as standing still. Returns vp_connection_action bits.
 * Errors: VP_E_NULL, VP_E_EVENT, VP_E_TIME, VP_E_RANDOM. */
int32_t vp_connection_step(vp_connection *connection, uint32_t event, uint32_t epoch, double now_ms,
                           double random);

#ifdef __cplusplus
}
#endif
#endif
