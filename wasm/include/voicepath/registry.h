/* voicepath/registry.h: what is open, who owns it, when it is due, and in which order it ends.
 *
 * The host (JavaScript, or a test) holds the things themselves: sockets, callbacks, microphones.
 * The registry holds a slot for each: its owner, its site, its timer. The host takes free slots
 * from a ring, appends commands to a buffer and flushes them together; it reads fired timers, the
 * order of disposal and all counters from memory. Nothing calls back.
 *
 * A handle is an index and a generation. Closing a slot raises its generation, so a handle that was
 * kept too long matches nothing any more; a slot whose generation would wrap is retired for good.
 *
 * Time is in ms on any clock that starts at 0 or later and is passed in. Commands carry delays,
 * which count from the flush: so the host reads its clock once for many timers, and none fires too
 * early.
 */
#ifndef VOICEPATH_REGISTRY_H
#define VOICEPATH_REGISTRY_H

#include "voicepath/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Memory ------------------------------------------------------------------------------ */

#define VP_SLOTS_MAX 1048576
#define VP_SITES_MAX 65536
#define VP_KINDS_MAX 64
#define VP_COMMAND_WORDS_MAX 1048576
#define VP_GENERATION_MAX 0xffffff
#define VP_DELAY_MAX_MS 2147483647 /* setTimeout's limit */
#define VP_FIRED_MAX 256

typedef struct vp_registry vp_registry;

typedef struct vp_registry_config {
    uint32_t slots;         /* 2..VP_SLOTS_MAX; the first is the root */
    uint32_t sites;         /* 1..VP_SITES_MAX */
    uint32_t command_words; /* 16..VP_COMMAND_WORDS_MAX */
} vp_registry_config;

/* Bytes for vp_registry_init(), or VP_E_NULL, VP_E_CAPACITY. */
int32_t vp_registry_size(const vp_registry_config *config);

/* An empty registry with its root: slot 0, generation 1, live, of site 0, which has kind 0.
 * The root counts as opened. Errors: VP_E_NULL, VP_E_MEMORY, VP_E_CAPACITY, VP_E_TIME. */
int32_t vp_registry_init(vp_registry *registry, uint32_t size, const vp_registry_config *config,
                         double now_ms);

/* Builds a registry with more room that goes on where `from` is; `from` is not changed. Commands
 * must have been flushed: the buffer's content is not taken along.
 * Errors: VP_E_NULL, VP_E_MEMORY, VP_E_CAPACITY, also when the new one has less room. */
int32_t vp_registry_move(vp_registry *to, uint32_t size, const vp_registry_config *config,
                         const vp_registry *from);

/* ---- What the host reads ----------------------------------------------------------------- */

/* A tag is generation << VP_TAG_SHIFT | state. */
#define VP_TAG_SHIFT 2

typedef enum vp_slot_state {
    VP_SLOT_FREE = 0,    /* the generation is the one that the next handle will have */
    VP_SLOT_LIVE = 1,    /* open */
    VP_SLOT_CLOSING = 2, /* told to end, not yet done */
    VP_SLOT_RETIRED = 3, /* its generations are used up */
} vp_slot_state;

/* Counts of one kind, of one site, or of everything. */
typedef struct vp_registry_counters {
    uint32_t opened;        /* ever */
    uint32_t active;        /* open now: live or closing */
    uint32_t finished;      /* closed: opened - active */
    uint32_t peak;          /* the most that were ever active */
    uint32_t closing;       /* of the active ones, those told to end */
    uint32_t late;          /* were not done by their deadline */
    uint32_t double_closed; /* closed again */
    uint32_t refused;       /* opened under an owner that had ended; used after their end */
} vp_registry_counters;

typedef struct vp_registry_state {
    double next_due_ms; /* when vp_registry_advance() has something to do at the earliest;
                              infinity when no timer runs */
    uint32_t timers;    /* running */
    uint32_t retired;   /* slots whose generations are used up */
    uint32_t free_head; /* entries of the free ring that were ever taken, */
    uint32_t free_tail; /* and put there: free slots are [free_head, free_tail), modulo 2^32 */
    uint32_t site_count;
    uint32_t kind_count; /* highest kind + 1 */
    vp_registry_counters total;
} vp_registry_state;

/* Where everything lies; as long as the registry is not moved. */
typedef struct vp_registry_views {
    const vp_registry_state *state;
    const uint32_t *tags;       /* [slots] */
    const uint32_t *owners;     /* [slots]: index of the owner; the root owns itself */
    const uint32_t *slot_sites; /* [slots] */
    const uint32_t *free_ring;  /* [free_mask + 1]: index at position & free_mask */
    uint32_t free_mask;
    uint32_t *commands;                /* [command_words], written by the host */
    const uint32_t *fired;             /* [2 * VP_FIRED_MAX]: index, generation */
    const uint32_t *order;             /* [slots]: indices */
    const vp_registry_counters *kinds; /* [VP_KINDS_MAX] */
    const vp_registry_counters *sites; /* [sites] */
    const uint32_t *site_kinds;        /* [sites] */
} vp_registry_views;

/* Errors: VP_E_NULL. */
int32_t vp_registry_view(vp_registry *registry, vp_registry_views *views);

/* A new place in the code that opens things of one kind. Returns its number, from 1 on: 0 is the
 * root's. Errors: VP_E_NULL, VP_E_KIND, VP_E_CAPACITY. */
int32_t vp_registry_site(vp_registry *registry, uint32_t kind);

/* ---- Commands ---------------------------------------------------------------------------- */

/* The first word is command | generation << VP_GENERATION_SHIFT; then come: */
#define VP_GENERATION_SHIFT 8

typedef enum vp_command {
    /* index, owner's index, owner's generation, site. The index must be the next of the free ring,
     * the generation that of its tag. When the owner is not live the slot is not opened, but
     * counted as refused and given back with the next generation. */
    VP_COMMAND_OPEN = 1,
    /* index, site. Ends a slot that owns nothing; its timer stops. A handle that is not open any
     * more counts as double-closed at the site given; one that still owns something as refused. */
    VP_COMMAND_CLOSE = 2,
    /* index. From live to closing: told to end, not yet done; its timer stops. */
    VP_COMMAND_CLOSING = 3,
    /* index. Its deadline has passed: counts as late. */
    VP_COMMAND_LATE = 4,
    /* index, delay_ms, period_ms, slack_ms, each 0..VP_DELAY_MAX_MS. Starts or restarts the slot's
     * one timer: due = now_ms of the flush, rounded up to whole ms, + delay_ms. It fires at the
     * first vp_registry_advance() at or after a time in due..due + slack_ms, chosen so that timers
     * with slack fall together; then every period_ms, if that is not 0, skipping what was missed.
     * What is due at a ms that vp_registry_advance() has reached already fires 1 ms later. Also
     * for closing slots. */
    VP_COMMAND_START = 5,
    /* index. */
    VP_COMMAND_STOP = 6,
} vp_command;

#define VP_OPEN_WORDS 5
#define VP_CLOSE_WORDS 3
#define VP_CLOSING_WORDS 2
#define VP_LATE_WORDS 2
#define VP_START_WORDS 5
#define VP_STOP_WORDS 2

/* Carries out the first `words` words of the command buffer. CLOSING, LATE, START and STOP with a
 * handle that is not open count as refused in the total and change nothing. The whole batch is
 * checked first: when a command is unknown or cut off, an index, site or delay is out of range, or
 * an OPEN does not follow the free ring, nothing is done. Returns the number of commands. Errors:
 * VP_E_NULL, VP_E_LENGTH, VP_E_TIME, VP_E_COMMAND. */
int32_t vp_registry_flush(vp_registry *registry, uint32_t words, double now_ms);

/* ---- Timers ------------------------------------------------------------------------------ */

/* Fires what is due at `now_ms`, in the order of time and, at the same ms, of starting: fills
 * `fired` with up to VP_FIRED_MAX handles and returns how many; call again until it returns 0. A
 * clock that goes back fires nothing. Errors: VP_E_NULL, VP_E_TIME. */
int32_t vp_registry_advance(vp_registry *registry, double now_ms);

/* ---- Disposal ---------------------------------------------------------------------------- */

/* Marks the slot and everything it owns, directly or not, as closing, stops their timers, and fills
 * `order` with their indices: what was opened last comes first, and what is owned before its owner.
 * Slots that were closing already are among them and keep their timers. Returns how many.
 * Errors: VP_E_NULL, VP_E_HANDLE when it is not open. */
int32_t vp_registry_dispose(vp_registry *registry, uint32_t index, uint32_t generation);

/* ---- Marks ------------------------------------------------------------------------------- */

/* The counters of every site at one moment. */
typedef struct vp_registry_mark vp_registry_mark;

typedef struct vp_registry_delta {
    uint32_t site;
    uint32_t opened;   /* since the mark */
    uint32_t finished; /* since the mark; the growth is opened - finished, which may be negative */
} vp_registry_delta;

/* Bytes for vp_registry_mark_set() now; a later site makes it larger. Errors: VP_E_NULL. */
int32_t vp_registry_mark_size(const vp_registry *registry);

/* Errors: VP_E_NULL, VP_E_MEMORY. */
int32_t vp_registry_mark_set(const vp_registry *registry, vp_registry_mark *mark, uint32_t size);

/* What changed since: one entry for each site that opened or finished something. Returns how many
 * there are, of which the first `capacity` are written. Errors: VP_E_NULL. */
int32_t vp_registry_mark_diff(const vp_registry *registry, const vp_registry_mark *mark,
                              vp_registry_delta *deltas, uint32_t capacity);

#ifdef __cplusplus
}
#endif
#endif
