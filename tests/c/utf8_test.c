/* UTF-8, against Table 3-7 of the Unicode Standard (well-formed byte sequences), read as WHATWG and
 * section 3.9 say: the longest start of a well-formed sequence is one U+FFFD. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the above */
#include <cmocka.h>

#include <string.h>

#include "utf8.h"

#define TEXT_MAX 64
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

typedef struct code_points {
    uint32_t at[TEXT_MAX];
    uint32_t count;
} code_points;

/* ---- The model: rows of the table, tried at every place ----------------------------------- */

static const struct row {
    uint8_t length;
    uint8_t range[4][2];
} TABLE_3_7[] = {
    {1, {{0x00, 0x7F}}},
    {2, {{0xC2, 0xDF}, {0x80, 0xBF}}},
    {3, {{0xE0, 0xE0}, {0xA0, 0xBF}, {0x80, 0xBF}}},
    {3, {{0xE1, 0xEC}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {3, {{0xED, 0xED}, {0x80, 0x9F}, {0x80, 0xBF}}},
    {3, {{0xEE, 0xEF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF0, 0xF0}, {0x90, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF1, 0xF3}, {0x80, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF4, 0xF4}, {0x80, 0x8F}, {0x80, 0xBF}, {0x80, 0xBF}}},
};

static uint32_t value_of(const uint8_t *bytes, uint32_t length) {
    static const uint8_t payload[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t value = bytes[0] & payload[length];
    for (uint32_t i = 1; i < length; i++)
        value = value * 64 + (bytes[i] - 0x80);
    return value;
}

static code_points model_decode(const uint8_t *bytes, uint32_t count) {
    code_points out = {.count = 0};
    for (uint32_t at = 0; at < count;) {
        uint32_t most = 1, value = 0xFFFD;
        for (size_t r = 0; r < COUNT(TABLE_3_7); r++) {
            const struct row *row = &TABLE_3_7[r];
            uint32_t fits = 0;
            while (fits < row->length && at + fits < count &&
                   bytes[at + fits] >= row->range[fits][0] &&
                   bytes[at + fits] <= row->range[fits][1])
                fits++;
            if (fits > most) most = fits;
            if (fits == row->length) value = value_of(bytes + at, fits);
        }
        out.at[out.count++] = value;
        at += most;
    }
    return out;
}

/* ---- What is tested ------------------------------------------------------------------------ */

static code_points decode(const uint8_t *bytes, uint32_t count) {
    code_points out = {.count = 0};
    utf8 u;
    utf8_init(&u);
    for (uint32_t at = 0; at < count; at++) {
        uint32_t taken = utf8_take(&u, bytes[at]);
        if (taken == UTF8_BAD_THEN) {
            out.at[out.count++] = 0xFFFD;
            taken = utf8_take(&u, bytes[at]);
        }
        assert_true(taken != UTF8_BAD_THEN); /* never twice */
        if (taken != UTF8_NONE) out.at[out.count++] = taken;
    }
    const uint32_t last = utf8_end(&u);
    if (last != UTF8_NONE) out.at[out.count++] = last;
    assert_true(utf8_end(&u) == UTF8_NONE);
    return out;
}

static void assert_same(const code_points *a, const code_points *b) {
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->at, b->at, a->count * sizeof a->at[0]);
}

static void expect(const char *bytes, uint32_t count, const uint32_t *expected, uint32_t length) {
    code_points wanted = {.count = length};
    memcpy(wanted.at, expected, length * sizeof expected[0]);
    const code_points model = model_decode((const uint8_t *)bytes, count);
    const code_points ours = decode((const uint8_t *)bytes, count);
    assert_same(&model, &wanted);
    assert_same(&ours, &wanted);
}
#define EXPECT(bytes, ...)                                                                         \
    expect(bytes, sizeof(bytes) - 1, (const uint32_t[]){__VA_ARGS__},                              \
           COUNT(((const uint32_t[]){__VA_ARGS__})))

static void the_tables_of_the_standard(void **state) {
    (void)state;
    enum { X = 0xFFFD };
    /* Section 3.9, "U+FFFD Substitution of Maximal Subparts", and its tables 3-8 to 3-11. */
    EXPECT("\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64", 'a', X, X, X, 'b', X, 'c', X, X,
           'd');
    EXPECT("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", X, X, X, X, X, X, X, X, 'A');
    EXPECT("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", X, X, X, X, X, X, X, X, 'A');
    EXPECT("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", X, X, X, X, X, 'A', X, X, 'B');
    EXPECT("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", X, X, X, X, 'A');
}

static void what_is_cut_off_is_one_replacement(void **state) {
    (void)state;
    EXPECT("\xC3", 0xFFFD);
    EXPECT("a\xE4\xBD", 'a', 0xFFFD);
    EXPECT("\xF0\x9F\x98", 0xFFFD);
    EXPECT("\xF0\x9F\x98\x80", 0x1F600);
}

static void every_code_point(void **state) {
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        uint8_t bytes[4];
        uint32_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (uint32_t i = length, rest = c; i-- > 0; rest /= 64)
            bytes[i] = (uint8_t)(i ? 0x80 + rest % 64 : lead[length] + rest);
        const code_points out = decode(bytes, length);
        if (out.count != 1 || out.at[0] != c) fail_msg("U+%04X", c);
    }
}

/* All sequences of up to four bytes at the edges of the table's ranges. */
static void every_edge(void **state) {
    (void)state;
    static const uint8_t edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                    0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                    0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFE, 0xFF};
    const uint32_t n = COUNT(edges);
    for (uint32_t length = 1, all = n; length <= 4; length++, all *= n)
        for (uint32_t number = 0; number < all; number++) {
            uint8_t bytes[5] = {0};
            for (uint32_t i = 0, rest = number; i < length; i++, rest /= n)
                bytes[i] = edges[rest % n];
            bytes[length] = 'z'; /* what follows is not touched by what was bad */
            for (uint32_t count = length; count <= length + 1; count++) {
                const code_points ours = decode(bytes, count), model = model_decode(bytes, count);
                if (ours.count != model.count || memcmp(ours.at, model.at, 4 * ours.count) != 0)
                    fail_msg("%02x %02x %02x %02x, %u bytes", bytes[0], bytes[1], bytes[2],
                             bytes[3], count);
            }
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_of_the_standard),
        cmocka_unit_test(what_is_cut_off_is_one_replacement),
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(every_edge),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
