/* timer.h: a hierarchical timing wheel; any number of one-shot and interval timers, one per index.
 * Private to registry.c.
 *
 * Time is in ticks of 1 ms, and the wheel's own is the last tick that timer_wheel_advance() was
 * given, or at first timer_wheel_init(): everything up to and with it is due, if not yet taken. So a
 * timer that is started for then or earlier fires one tick later. Hence nothing is lost when the
 * clock stands still, and whoever takes due timers until there are none comes to an end, even when
 * each one starts itself anew.
 *
 * Timers are due in the order of their ticks and, at the same tick, in the order in which they were
 * started; for the next shot of an interval that is when the last one was taken.
 */
#ifndef VP_TIMER_H
#define VP_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/* Ticks must stay below 2^54: 2^53 for the clock, and less than 2^32 for each of delay, period and
 * slack. */
#define TIMER_LEVELS 9
#define TIMER_LEVEL_BITS 6
#define TIMER_LEVEL_SLOTS (1 << TIMER_LEVEL_BITS)

#define TIMER_NONE UINT32_MAX
#define TIMER_NEVER UINT64_MAX

typedef struct timer {
    uint64_t tick; /* when it fires; 0 when it does not run */
    uint64_t due;  /* when it should: tick without the slack */
    uint32_t period;
    uint32_t slack;
    uint32_t next; /* in its list */
    uint32_t previous;
} timer;

typedef struct timer_wheel {
    timer *timers; /* the owner's */
    uint64_t now;
    uint32_t running; /* how many timers run */
    /* A list for each slot of each level, and one for what is due and not yet taken: a bit says
     * whether it has anything, then `last` leads to its end. */
    uint64_t occupied[TIMER_LEVELS + 1];
    uint32_t last[TIMER_LEVELS * TIMER_LEVEL_SLOTS + 1];
} timer_wheel;

/* A wheel for the timers [0, count); none runs. */
void timer_wheel_init(timer_wheel *wheel, timer *timers, uint32_t count, uint64_t now);

/* Goes on where `from` is with a larger array, into which it copies. */
void timer_wheel_move(timer_wheel *wheel, timer *timers, uint32_t count, const timer_wheel *from,
                      uint32_t from_count);

/* Starts or restarts a timer. It fires within [due, due + slack], at the time with the most
 * trailing zero bits, where timers with slack meet; then every `period` after `due`, if that is not
 * 0, with the same slack. */
void timer_start(timer_wheel *wheel, uint32_t index, uint64_t due, uint32_t period, uint32_t slack);

/* Also for one that does not run. */
void timer_stop(timer_wheel *wheel, uint32_t index);

/* Inline: most of what ends has no timer, and is asked each time. */
static inline bool timer_runs(const timer_wheel *wheel, uint32_t index) {
    return wheel->timers[index].tick != 0;
}

/* Turns the wheel, however far, and never back. The cost grows with the number of timers that move,
 * not with the time. */
void timer_wheel_advance(timer_wheel *wheel, uint64_t now);

/* Takes the next timer that is due, or TIMER_NONE. An interval starts anew: for the first multiple
 * of its period after now, without drift or burst. */
uint32_t timer_wheel_take(timer_wheel *wheel);

/* When the next timer fires, or somewhat earlier, when the wheel turns; TIMER_NEVER when none runs.
 * Whoever advances to the time given, again and again, is given the exact one after TIMER_LEVELS
 * times at most. */
uint64_t timer_wheel_next(const timer_wheel *wheel);

#endif
