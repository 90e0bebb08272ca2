/* The table of widths against a list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "widths.h"

enum { ENTRIES_MOST = 1 << 18 };

static width_entry entries[ENTRIES_MOST];
static widths table;

static void init(uint32_t count) {
    memset(entries, 0xa5, sizeof entries);
    widths_init(&table, entries, count);
}

/* ---- Random numbers: xorshift64* --------------------------------------------------------- */

static uint64_t random_state;

static void seed(uint64_t number) {
    random_state = number;
    print_message("seed %llu\n", (unsigned long long)number);
}

static uint32_t below(uint32_t limit) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(0x2545f4914f6cdd1d) >> 32) * limit >> 32);
}

/* ---- The model --------------------------------------------------------------------------- */

enum { UNITS_MOST = 8, LISTED_MOST = 1024 };

typedef struct listed {
    uint16_t cluster[UNITS_MOST];
    uint32_t units;
    float width_px;
} listed;

static listed list[LISTED_MOST];
static uint32_t list_count;

static listed *list_find(const listed *wanted) {
    for (uint32_t i = 0; i < list_count; i++)
        if (list[i].units == wanted->units &&
            memcmp(list[i].cluster, wanted->cluster, 2 * wanted->units) == 0)
            return &list[i];
    return NULL;
}

/* Of few units, so that clusters come again and begin or end alike. */
static listed random_cluster(uint32_t alphabet) {
    listed drawn = {.units = 1 + (below(3) ? 0 : below(UNITS_MOST)), .width_px = (float)below(99)};
    for (uint32_t i = 0; i < drawn.units; i++)
        drawn.cluster[i] = (uint16_t)(below(4) ? below(alphabet) : below(2) * 0x8000);
    return drawn;
}

static void the_table_is_a_list(void **state) {
    (void)state;
    uint32_t forgot = 0;
    seed(1);
    for (uint32_t count = 16; count <= LISTED_MOST; count *= 2) {
        init(count);
        list_count = 0;
        for (uint32_t step = 0; step < 20000; step++) {
            listed drawn = random_cluster(count);
            listed *known = list_find(&drawn);
            const float width_px = widths_get(&table, drawn.cluster, drawn.units);
            if (known)
                assert_true(width_px == known->width_px);
            else
                assert_true(width_px < 0);
            if (below(2)) continue;
            if (!known && list_count == count * 3 / 4) {
                list_count = 0;
                forgot++;
            }
            if (!known || list_count == 0) known = &list[list_count++];
            *known = drawn;
            widths_set(&table, drawn.cluster, drawn.units, drawn.width_px);
            assert_int_equal(table.used, list_count);
        }
    }
    print_message("forgotten %u times\n", forgot);
    assert_true(forgot > 20);
}

/* ---- By hand ----------------------------------------------------------------------------- */

static void all_units_have_their_own(void **state) {
    (void)state;
    init(ENTRIES_MOST);
    for (uint32_t unit = 0; unit < 0x10000; unit++) {
        assert_true(widths_get(&table, &(uint16_t){(uint16_t)unit}, 1) < 0);
        widths_set(&table, &(uint16_t){(uint16_t)unit}, 1, (float)unit);
    }
    for (uint32_t unit = 0; unit < 0x10000; unit++)
        assert_true(widths_get(&table, &(uint16_t){(uint16_t)unit}, 1) == (float)unit);
    assert_int_equal(table.used, 0x10000);
}

static void zeros_are_told_apart(void **state) {
    (void)state;
    static const uint16_t zeros[100];
    init(256);
    for (uint32_t units = 1; units <= 100; units++)
        widths_set(&table, zeros, units, (float)units);
    for (uint32_t units = 1; units <= 100; units++)
        assert_true(widths_get(&table, zeros, units) == (float)units);
}

/* Emoji sequences differ in one or two units. */
static void long_clusters_are_told_apart(void **state) {
    (void)state;
    uint16_t family[] = {0xD83D, 0xDC68, 0x200D, 0xD83D, 0xDC69, 0x200D, 0xD83D, 0xDC66};
    init(ENTRIES_MOST);
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 150000; i++) {
            family[1] = (uint16_t)(0xDC00 + i % 1024);
            family[7] = (uint16_t)(0xDC00 + i / 1024);
            if (round == 0) widths_set(&table, family, 8, (float)i);
            assert_true(widths_get(&table, family, 8) == (float)i);
        }
    assert_int_equal(table.used, 150000);
}

static void thousands_of_marks_are_one_cluster(void **state) {
    (void)state;
    static uint16_t marks[5000];
    for (uint32_t i = 0; i < 5000; i++)
        marks[i] = i ? 0x301 : 'e';
    init(16);
    widths_set(&table, marks, 5000, 7);
    widths_set(&table, marks, 4999, 8);
    assert_true(widths_get(&table, marks, 5000) == 7);
    assert_true(widths_get(&table, marks, 4999) == 8);
    widths_forget(&table);
    assert_true(widths_get(&table, marks, 5000) < 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_units_have_their_own),
        cmocka_unit_test(zeros_are_told_apart),
        cmocka_unit_test(long_clusters_are_told_apart),
        cmocka_unit_test(thousands_of_marks_are_one_cluster),
        cmocka_unit_test(the_table_is_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
