/* Three bytes are four characters of six bits, the first one's highest bits first. Two bytes are
 * three characters and a "=", one byte is two and "==". */
#include "base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

uint32_t base64_size(uint32_t bytes) {
    return (bytes + 2) / 3 * 4;
}

static void encode_group(uint32_t group, char *text) {
    text[0] = alphabet[group >> 18];
    text[1] = alphabet[group >> 12 & 63];
    text[2] = alphabet[group >> 6 & 63];
    text[3] = alphabet[group & 63];
}

void base64_encode(const uint8_t *bytes, uint32_t count, char *text) {
    for (; count >= 3; count -= 3, bytes += 3, text += 4)
        encode_group((uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2], text);
    if (!count) return;
    encode_group((uint32_t)bytes[0] << 16 | (count == 2 ? (uint32_t)bytes[1] << 8 : 0), text);
    text[3] = '=';
    if (count == 1) text[2] = '=';
}

/* The six bits of each character plus one, so that what is not listed is 0. */
static const uint8_t digits[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

/* The 24 bits of up to four characters, or UINT32_MAX where one of them is not in the alphabet. */
static uint32_t decode_group(const char *text, uint32_t characters) {
    uint32_t group = 0, wrong = 0;
    for (uint32_t i = 0; i < 4; i++) {
        const uint32_t digit = i < characters ? digits[(uint8_t)text[i]] : 1;
        wrong |= digit == 0;
        group = group << 6 | ((digit - 1) & 63);
    }
    return wrong ? UINT32_MAX : group;
}

int32_t base64_decode(const char *text, uint32_t length, uint8_t *bytes) {
    /* Padding completes a group, and nothing else. */
    if (length % 4 == 0 && length && text[length - 1] == '=')
        length -= text[length - 2] == '=' ? 2 : 1;
    if (length % 4 == 1) return -1;
    const uint8_t *const begin = bytes;
    for (; length >= 4; length -= 4, text += 4) {
        const uint32_t group = decode_group(text, 4);
        if (group == UINT32_MAX) return -1;
        *bytes++ = (uint8_t)(group >> 16);
        *bytes++ = (uint8_t)(group >> 8);
        *bytes++ = (uint8_t)group;
    }
    if (length) {
        const uint32_t group = decode_group(text, length);
        if (group == UINT32_MAX) return -1;
        *bytes++ = (uint8_t)(group >> 16);
        if (length == 3) *bytes++ = (uint8_t)(group >> 8);
    }
    return (int32_t)(bytes - begin);
}
