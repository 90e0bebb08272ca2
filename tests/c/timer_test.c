/* The timing wheel, against the definition of what it does: a list of timers in the order of time
 * and of starting, and slack by trial. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "timer.h"

#define TIMERS 400
#define DAY_MS 86400000u

/* ---- Random numbers: xorshift64* --------------------------------------------------------- */

static uint64_t random_state;

static uint64_t random_u64(void) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(0x2545f4914f6cdd1d);
}

static uint32_t below(uint32_t limit) {
    return (uint32_t)((random_u64() >> 32) * limit >> 32);
}

/* Of every magnitude alike, up to limit. */
static uint32_t any_below(uint32_t limit) {
    uint32_t drawn = (uint32_t)(random_u64() >> 32) >> below(32);
    return drawn < limit ? drawn : below(limit);
}

/* ---- The model: a sorted list ------------------------------------------------------------ */

typedef struct entry {
    uint64_t tick, due;
    uint32_t period, slack, index;
} entry;

static struct {
    entry sorted[TIMERS]; /* by tick; equal ones in the order of starting */
    uint32_t count;
    uint64_t now;
} model;

/* Of the times in first..last, the latest of those with the most trailing zeros, by trying all the
 * powers of two. */
static uint64_t model_meeting(uint64_t first, uint64_t last) {
    for (uint64_t power = UINT64_C(1) << 60;; power /= 2)
        if (last / power * power >= first) return last / power * power;
}

static void model_insert(entry started) {
    uint64_t first = started.due, last = started.due + started.slack;
    if (first <= model.now) first = model.now + 1;
    if (last < first) last = first;
    started.tick = model_meeting(first, last);
    uint32_t at = model.count++;
    for (; at > 0 && model.sorted[at - 1].tick > started.tick; at--)
        model.sorted[at] = model.sorted[at - 1];
    model.sorted[at] = started;
}

static entry model_remove(uint32_t at) {
    entry removed = model.sorted[at];
    model.count--;
    memmove(&model.sorted[at], &model.sorted[at + 1], (model.count - at) * sizeof(entry));
    return removed;
}

static void model_stop(uint32_t index) {
    for (uint32_t at = 0; at < model.count; at++)
        if (model.sorted[at].index == index) {
            model_remove(at);
            return;
        }
}

static bool model_runs(uint32_t index) {
    for (uint32_t at = 0; at < model.count; at++)
        if (model.sorted[at].index == index) return true;
    return false;
}

static uint32_t model_take(void) {
    if (model.count == 0 || model.sorted[0].tick > model.now) return TIMER_NONE;
    entry taken = model_remove(0);
    if (taken.period) {
        taken.due = model.now + taken.period - (model.now - taken.due) % taken.period;
        model_insert(taken);
    }
    return taken.index;
}

/* ---- The wheel beside the model ---------------------------------------------------------- */

static timer timers[TIMERS];
static timer_wheel wheel;
static uint64_t fired;

static void both_init(uint64_t now) {
    timer_wheel_init(&wheel, timers, TIMERS, now);
    model.count = 0;
    model.now = now;
}

static void both_start(uint32_t index, uint64_t due, uint32_t period, uint32_t slack) {
    timer_start(&wheel, index, due, period, slack);
    model_stop(index);
    model_insert((entry){.due = due, .period = period, .slack = slack, .index = index});
    assert_true(timer_runs(&wheel, index));
}

static void both_stop(uint32_t index) {
    assert_true(timer_runs(&wheel, index) == model_runs(index));
    timer_stop(&wheel, index);
    model_stop(index);
    assert_false(timer_runs(&wheel, index));
}

static void both_advance(uint64_t now) {
    timer_wheel_advance(&wheel, now);
    if (now > model.now) model.now = now;
}

/* Takes up to `most` timers; returns how many there were. */
static uint32_t both_take(uint32_t most) {
    for (uint32_t taken = 0; taken < most; taken++) {
        uint64_t tick = model.count ? model.sorted[0].tick : 0;
        uint64_t due = model.count ? model.sorted[0].due : 0;
        uint32_t expected = model_take(), index = timer_wheel_take(&wheel);
        if (index != expected)
            fail_msg("at %llu: timer %u instead of %u", (unsigned long long)model.now, index,
                     expected);
        if (index == TIMER_NONE) return taken;
        assert_true(tick >= due && tick <= model.now);
        assert_true(timer_runs(&wheel, index) == model_runs(index));
        fired++;
    }
    return most;
}

static uint64_t both_next(void) {
    uint64_t next = timer_wheel_next(&wheel);
    assert_int_equal(wheel.running, model.count);
    if (model.count == 0)
        assert_true(next == TIMER_NEVER);
    else if (next > model.sorted[0].tick)
        fail_msg("next is %llu, but a timer fires at %llu", (unsigned long long)next,
                 (unsigned long long)model.sorted[0].tick);
    return next;
}

/* Advances to the time that the wheel gives until something fires, as a host does. */
static void both_sleep(void) {
    for (uint32_t wakes = 1; model.count; wakes++) {
        uint64_t next = both_next();
        both_advance(next);
        if (both_take(TIMERS)) return;
        assert_in_range(wakes, 1, TIMER_LEVELS);
    }
}

static uint64_t random_step(void) {
    switch (below(16)) {
    case 0:
        return 0;
    case 1:
        return 1 + below(30) * (uint64_t)DAY_MS;
    case 2:
        return any_below(1u << 24);
    case 3:
        return any_below(UINT32_MAX);
    case 4:
    case 5:
    case 6:
        return below(1000);
    default:
        return 1;
    }
}

static void random_start(uint32_t most_slack) {
    uint64_t due = model.now + any_below(INT32_MAX);
    if (below(8) == 0) due = model.now - (model.now < 100 ? 0 : below(100));
    uint32_t period = below(4) ? 0 : 1 + any_below(UINT32_MAX - 1);
    uint32_t slack = most_slack ? any_below(most_slack) : 0;
    both_start(below(TIMERS), due, period, slack);
}

static void play(uint64_t seed, uint64_t now, uint32_t operations, uint32_t most_slack) {
    random_state = seed;
    fired = 0;
    both_init(now);
    for (uint32_t i = 0; i < operations; i++) {
        uint32_t choice = below(100);
        if (choice < 45) {
            random_start(most_slack);
        } else if (choice < 60) {
            both_stop(below(TIMERS));
        } else if (choice < 65) {
            both_advance(model.now - (model.now ? below(2) : 0)); /* a clock that goes back */
        } else if (choice < 75) {
            both_advance(model.now + random_step());
            both_take(below(4)); /* and leave the rest for later */
        } else if (choice < 80) {
            both_sleep();
        } else {
            both_advance(model.now + random_step());
            both_take(UINT32_MAX);
        }
        both_next();
    }
    print_message("seed %llu, from %llu: %u operations, %llu fired\n", (unsigned long long)seed,
                  (unsigned long long)now, operations, (unsigned long long)fired);
    assert_true(fired > operations / 4);
}

static void the_wheel_is_a_sorted_list(void **state) {
    (void)state;
    play(1, 0, 1000000, 0);
}

static void the_wheel_is_a_sorted_list_with_slack(void **state) {
    (void)state;
    play(2, 12345, 500000, 5000);
    play(3, 12345, 100000, UINT32_MAX);
}

static void the_wheel_is_a_sorted_list_at_any_time(void **state) {
    (void)state;
    play(4, UINT32_MAX - 500, 100000, 0);
    play(5, UINT64_C(7) << 32, 100000, 100);
    play(6, (UINT64_C(1) << 36) - 3, 100000, 0);
    play(7, (UINT64_C(1) << 53) - (UINT64_C(1) << 45), 100000, 100);
}

/* ---- By hand ----------------------------------------------------------------------------- */

static void expect(const uint32_t *indices, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(timer_wheel_take(&wheel), indices[i]);
    assert_int_equal(timer_wheel_take(&wheel), TIMER_NONE);
}
#define EXPECT(...)                                                                                \
    expect((const uint32_t[]){__VA_ARGS__},                                                        \
           sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void equal_times_fire_in_the_order_of_starting(void **state) {
    (void)state;
    timer_wheel_init(&wheel, timers, TIMERS, 0);
    /* From afar, nearer, and near: on as many levels, had they not met. */
    timer_start(&wheel, 5, 300000, 0, 0);
    timer_start(&wheel, 9, 300000, 0, 0);
    timer_wheel_advance(&wheel, 290000);
    timer_start(&wheel, 2, 300000, 0, 0);
    timer_wheel_advance(&wheel, 299999);
    timer_start(&wheel, 7, 300000, 0, 0);
    timer_start(&wheel, 9, 300000, 0, 0); /* again: goes to the end */
    expect(NULL, 0);
    timer_wheel_advance(&wheel, 300000);
    EXPECT(5, 2, 7, 9);
}

static void a_late_wheel_fires_in_the_order_of_time(void **state) {
    (void)state;
    timer_wheel_init(&wheel, timers, TIMERS, 1000);
    timer_start(&wheel, 1, 2000, 0, 0);
    timer_start(&wheel, 2, 1500, 0, 0);
    timer_start(&wheel, 3, 90000000, 0, 0);
    timer_start(&wheel, 4, 1001, 0, 0);
    timer_start(&wheel, 5, 89999999, 0, 0);
    timer_wheel_advance(&wheel, UINT64_C(1) << 52);
    EXPECT(4, 2, 1, 5, 3);
}

static void what_is_started_for_now_fires_a_tick_later(void **state) {
    (void)state;
    timer_wheel_init(&wheel, timers, TIMERS, 50);
    timer_start(&wheel, 1, 60, 0, 0);
    timer_wheel_advance(&wheel, 60);
    /* A callback that starts itself anew for now, or for earlier, ends the loop all the same. */
    EXPECT(1);
    timer_start(&wheel, 1, 60, 0, 0);
    timer_start(&wheel, 2, 0, 0, 0);
    timer_wheel_advance(&wheel, 60);
    expect(NULL, 0);
    assert_int_equal(timer_wheel_next(&wheel), 61);
    timer_wheel_advance(&wheel, 61);
    EXPECT(1, 2);
}

static void what_is_due_can_still_be_stopped_or_restarted(void **state) {
    (void)state;
    timer_wheel_init(&wheel, timers, TIMERS, 0);
    for (uint32_t i = 0; i < 5; i++)
        timer_start(&wheel, i, 10, 0, 0);
    timer_wheel_advance(&wheel, 10);
    timer_stop(&wheel, 0);
    timer_stop(&wheel, 4);
    timer_start(&wheel, 2, 11, 0, 0);
    EXPECT(1, 3);
    timer_wheel_advance(&wheel, 11);
    EXPECT(2);
    assert_int_equal(wheel.running, 0);
    timer_stop(&wheel, 3);
    assert_int_equal(wheel.running, 0);
}

/* With every combination of a small due time, period and late advance, against counting up. */
static void intervals_keep_their_grid(void **state) {
    (void)state;
    for (uint32_t period = 1; period < 40; period++)
        for (uint32_t due = 1; due < 40; due += 3)
            for (uint32_t late = 0; late < 200; late += 7) {
                timer_wheel_init(&wheel, timers, TIMERS, 0);
                timer_start(&wheel, 0, due, period, 0);
                timer_wheel_advance(&wheel, due + late);
                EXPECT(0);
                uint32_t next = due;
                while (next <= due + late)
                    next += period;
                timer_wheel_advance(&wheel, next - 1);
                expect(NULL, 0);
                timer_wheel_advance(&wheel, next);
                EXPECT(0);
                assert_int_equal(timers[0].tick, next + period);
            }
}

static void an_interval_with_slack_does_not_drift(void **state) {
    (void)state;
    timer_wheel_init(&wheel, timers, TIMERS, 0);
    timer_start(&wheel, 0, 1000, 1000, 60);
    for (uint64_t shot = 1; shot <= 1000; shot++) {
        uint64_t tick = timers[0].tick;
        assert_in_range(tick, shot * 1000, shot * 1000 + 60);
        timer_wheel_advance(&wheel, tick);
        EXPECT(0);
    }
}

static uint32_t trailing_zeros(uint64_t time) {
    uint32_t zeros = 0;
    for (; time % 2 == 0; time /= 2)
        zeros++;
    return zeros;
}

static void slack_takes_the_roundest_time(void **state) {
    (void)state;
    for (uint32_t due = 1; due < 300; due++)
        for (uint32_t slack = 0; slack < 300; slack++) {
            uint32_t roundest = due;
            for (uint32_t time = due; time <= due + slack; time++)
                if (trailing_zeros(time) > trailing_zeros(roundest)) roundest = time;
            timer_wheel_init(&wheel, timers, 1, 0);
            timer_start(&wheel, 0, due, 0, slack);
            if (timers[0].tick != roundest)
                fail_msg("%u + %u: %llu instead of %u", due, slack,
                         (unsigned long long)timers[0].tick, roundest);
        }
}

/* Any stretch of 2^k ms holds a multiple of 2^k: so timers with a slack of 2^k - 1 fire at no more
 * than every 2^k ms, however many there are. */
static void timers_with_slack_coalesce(void **state) {
    (void)state;
    random_state = 8;
    timer_wheel_init(&wheel, timers, TIMERS, 0);
    for (uint32_t i = 0; i < TIMERS; i++)
        timer_start(&wheel, i, 1 + below(10000), 0, 255);
    uint32_t wakes = 0, taken = 0;
    while (wheel.running) {
        timer_wheel_advance(&wheel, timer_wheel_next(&wheel));
        uint32_t before = taken;
        while (timer_wheel_take(&wheel) != TIMER_NONE)
            taken++;
        if (taken > before) {
            assert_int_equal(wheel.now % 256, 0);
            wakes++;
        }
    }
    assert_int_equal(taken, TIMERS);
    assert_in_range(wakes, 1, (10000 + 255) / 256);
}

static void slack_before_now_is_not_given_again(void **state) {
    (void)state;
    timer_wheel_init(&wheel, timers, TIMERS, 1000);
    timer_start(&wheel, 0, 990, 0, 5);  /* over */
    timer_start(&wheel, 1, 990, 0, 40); /* 1001..1030 are left: 1024 */
    assert_int_equal(timers[0].tick, 1001);
    assert_int_equal(timers[1].tick, 1024);
}

static void a_wheel_moves_with_its_memory(void **state) {
    (void)state;
    static timer more[2 * TIMERS];
    static timer_wheel moved;
    timer_wheel_init(&wheel, timers, TIMERS, 0);
    timer_start(&wheel, 1, 10, 0, 0);
    timer_start(&wheel, 2, 100000, 0, 0);
    timer_start(&wheel, 3, 10, 0, 0);
    timer_wheel_advance(&wheel, 10);
    memset(more, 0xff, sizeof more);
    timer_wheel_move(&moved, more, 2 * TIMERS, &wheel, TIMERS);
    memset(timers, 0xff, sizeof timers);
    memset(&wheel, 0xff, sizeof wheel);
    timer_start(&moved, 2 * TIMERS - 1, 100000, 0, 0);
    assert_int_equal(timer_wheel_take(&moved), 1);
    assert_int_equal(timer_wheel_take(&moved), 3);
    assert_int_equal(timer_wheel_take(&moved), TIMER_NONE);
    timer_wheel_advance(&moved, 100000);
    assert_int_equal(timer_wheel_take(&moved), 2);
    assert_int_equal(timer_wheel_take(&moved), 2 * TIMERS - 1);
    assert_int_equal(moved.running, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_times_fire_in_the_order_of_starting),
        cmocka_unit_test(a_late_wheel_fires_in_the_order_of_time),
        cmocka_unit_test(what_is_started_for_now_fires_a_tick_later),
        cmocka_unit_test(what_is_due_can_still_be_stopped_or_restarted),
        cmocka_unit_test(intervals_keep_their_grid),
        cmocka_unit_test(an_interval_with_slack_does_not_drift),
        cmocka_unit_test(slack_takes_the_roundest_time),
        cmocka_unit_test(timers_with_slack_coalesce),
        cmocka_unit_test(slack_before_now_is_not_given_again),
        cmocka_unit_test(a_wheel_moves_with_its_memory),
        cmocka_unit_test(the_wheel_is_a_sorted_list),
        cmocka_unit_test(the_wheel_is_a_sorted_list_with_slack),
        cmocka_unit_test(the_wheel_is_a_sorted_list_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
