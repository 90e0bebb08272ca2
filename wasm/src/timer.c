/* G. Varghese, T. Lauck, "Hashed and hierarchical timing wheels", SOSP 1987, scheme 7, with a
 * bitmap for each level that skips its empty slots, as in W. Ahern's timeout.c.
 *
 * Write ticks as numbers of nine digits to the base 64. A timer lies on the level of the highest
 * digit in which its tick differs from now, in the slot of its own digit there. Since it agrees
 * with now above, and is later:
 *   - in any level the slots in use are those after now's own digit: no slot wraps around;
 *   - all of a level comes before all of the levels above it, so the earliest timers are in the
 *     first slot in use of the lowest level in use. The wheel turns by moving now to the start of
 *     that slot and dealing its timers out again; each falls at least one level, or is due;
 *   - moving now to any time before that changes nobody's place.
 *
 * Place is a function of tick and now alone: so timers of the same tick are always in the same
 * list, and since lists are only appended to and dealt out from the front, in the order of starting.
 * No sorting is needed, and a timer need not remember its list.
 */
#include "timer.h"

#include <string.h>

enum {
    DUE = TIMER_LEVELS * TIMER_LEVEL_SLOTS, /* the list of what is due */
    LOOK = 16, /* timers of a list that timer_wheel_next() looks at for the exact time */
};

/* ---- Lists ------------------------------------------------------------------------------- */

static uint32_t highest_bit(uint64_t bits) {
    return 63 - (uint32_t)__builtin_clzll(bits);
}

static uint32_t list_of(const timer_wheel *wheel, uint64_t tick) {
    if (tick <= wheel->now) return DUE;
    uint32_t level = highest_bit(tick ^ wheel->now) / TIMER_LEVEL_BITS;
    uint32_t slot = tick >> (level * TIMER_LEVEL_BITS) & (TIMER_LEVEL_SLOTS - 1);
    return level * TIMER_LEVEL_SLOTS + slot;
}

static uint64_t list_bit(uint32_t list) {
    return UINT64_C(1) << list % TIMER_LEVEL_SLOTS;
}

static uint64_t *list_word(timer_wheel *wheel, uint32_t list) {
    return &wheel->occupied[list / TIMER_LEVEL_SLOTS];
}

static uint32_t list_first(const timer_wheel *wheel, uint32_t list) {
    return wheel->timers[wheel->last[list]].next;
}

/* Lists are rings: after the last timer comes the first. */
static void append(timer_wheel *wheel, uint32_t index) {
    timer *timers = wheel->timers, *added = &timers[index];
    uint32_t list = list_of(wheel, added->tick);
    uint64_t *word = list_word(wheel, list);
    if (*word & list_bit(list)) {
        added->previous = wheel->last[list];
        added->next = timers[added->previous].next;
        timers[added->previous].next = timers[added->next].previous = index;
    } else {
        added->previous = added->next = index;
        *word |= list_bit(list);
    }
    wheel->last[list] = index;
}

static void detach(timer_wheel *wheel, uint32_t index) {
    timer *timers = wheel->timers;
    const timer *gone = &timers[index];
    uint32_t list = list_of(wheel, gone->tick);
    if (gone->next == index) {
        *list_word(wheel, list) &= ~list_bit(list);
        return;
    }
    timers[gone->previous].next = gone->next;
    timers[gone->next].previous = gone->previous;
    if (wheel->last[list] == index) wheel->last[list] = gone->previous;
}

static void deal_out(timer_wheel *wheel, uint32_t list) {
    uint32_t index = list_first(wheel, list), last = wheel->last[list];
    *list_word(wheel, list) &= ~list_bit(list);
    for (;;) {
        uint32_t next = wheel->timers[index].next;
        append(wheel, index);
        if (index == last) return;
        index = next;
    }
}

/* ---- Time -------------------------------------------------------------------------------- */

/* The number in first..last, first > 0, with the most trailing zero bits: it is last, cleared below
 * the highest bit that first - 1 does not share. After apply_slack() of Linux, kernel/time/timer.c;
 * which never gives the first. */
static uint64_t roundest(uint64_t first, uint64_t last) {
    return last >> highest_bit((first - 1) ^ last) << highest_bit((first - 1) ^ last);
}

static void arm(timer_wheel *wheel, uint32_t index) {
    timer *armed = &wheel->timers[index];
    uint64_t first = armed->due > wheel->now ? armed->due : wheel->now + 1;
    uint64_t last = armed->due + armed->slack;
    armed->tick = roundest(first, last > first ? last : first);
    append(wheel, index);
    wheel->running++;
}

static void disarm(timer_wheel *wheel, uint32_t index) {
    detach(wheel, index);
    wheel->timers[index].tick = 0;
    wheel->running--;
}

/* The first slot in use of the lowest level in use, and when it begins. */
static uint64_t earliest(const timer_wheel *wheel, uint32_t *list) {
    uint32_t level = 0;
    while (level < TIMER_LEVELS && !wheel->occupied[level])
        level++;
    if (level == TIMER_LEVELS) return TIMER_NEVER;
    uint32_t slot = (uint32_t)__builtin_ctzll(wheel->occupied[level]);
    uint32_t shift = level * TIMER_LEVEL_BITS;
    *list = level * TIMER_LEVEL_SLOTS + slot;
    return ((wheel->now >> shift & ~(uint64_t)(TIMER_LEVEL_SLOTS - 1)) | slot) << shift;
}

/* ---- The wheel --------------------------------------------------------------------------- */

void timer_wheel_init(timer_wheel *wheel, timer *timers, uint32_t count, uint64_t now) {
    memset(wheel, 0, sizeof *wheel);
    memset(timers, 0, count * sizeof *timers);
    wheel->timers = timers;
    wheel->now = now;
}

void timer_wheel_move(timer_wheel *wheel, timer *timers, uint32_t count, const timer_wheel *from,
                      uint32_t from_count) {
    *wheel = *from;
    wheel->timers = timers;
    memcpy(timers, from->timers, from_count * sizeof *timers);
    memset(timers + from_count, 0, (count - from_count) * sizeof *timers);
}

void timer_start(timer_wheel *wheel, uint32_t index, uint64_t due, uint32_t period,
                 uint32_t slack) {
    timer_stop(wheel, index);
    timer *started = &wheel->timers[index];
    started->due = due;
    started->period = period;
    started->slack = slack;
    arm(wheel, index);
}

void timer_stop(timer_wheel *wheel, uint32_t index) {
    if (timer_runs(wheel, index)) disarm(wheel, index);
}

void timer_wheel_advance(timer_wheel *wheel, uint64_t now) {
    if (now <= wheel->now) return;
    uint32_t list = 0;
    for (uint64_t start; (start = earliest(wheel, &list)) <= now;) {
        wheel->now = start;
        deal_out(wheel, list);
    }
    wheel->now = now;
}

uint32_t timer_wheel_take(timer_wheel *wheel) {
    if (!wheel->occupied[TIMER_LEVELS]) return TIMER_NONE;
    uint32_t index = list_first(wheel, DUE);
    timer *taken = &wheel->timers[index];
    disarm(wheel, index);
    if (taken->period) {
        taken->due += ((wheel->now - taken->due) / taken->period + 1) * taken->period;
        arm(wheel, index);
    }
    return index;
}

uint64_t timer_wheel_next(const timer_wheel *wheel) {
    if (wheel->occupied[TIMER_LEVELS]) return wheel->timers[list_first(wheel, DUE)].tick;
    uint32_t list = 0;
    uint64_t start = earliest(wheel, &list), exact = TIMER_NEVER;
    if (list < TIMER_LEVEL_SLOTS) return start; /* on the lowest level a slot is one tick */
    uint32_t index = list_first(wheel, list);
    for (uint32_t looked = 0; looked < LOOK; looked++) {
        const timer *next = &wheel->timers[index];
        if (next->tick < exact) exact = next->tick;
        if (index == wheel->last[list]) return exact;
        index = next->next;
    }
    return start;
}
