/* UTF-8 in pieces cut anywhere, as the WHATWG Encoding Standard decodes it: every maximal part of a
 * sequence that is none is one U+FFFD. */
#ifndef UTF8_H
#define UTF8_H

#include <stdint.h>

typedef struct utf8 {
    uint32_t code_point; /* what has come of it */
    uint32_t needed;     /* bytes still to come */
    uint8_t lower;       /* the range of the next one */
    uint8_t upper;
    uint8_t unused[2];
} utf8;

#define UTF8_NONE UINT32_MAX     /* more bytes are needed */
#define UTF8_BAD_THEN 0x80000000 /* U+FFFD, and then the byte is to be given again */

static inline void utf8_init(utf8 *u) {
    u->code_point = u->needed = 0;
    u->lower = 0x80;
    u->upper = 0xBF;
}

/* The next byte: a code point, UTF8_NONE or UTF8_BAD_THEN. */
static inline uint32_t utf8_take(utf8 *u, uint8_t byte) {
    if (u->needed == 0) {
        if (byte < 0x80) return byte;
        if (byte < 0xC2 || byte > 0xF4) return 0xFFFD;
        u->needed = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
        u->code_point = byte & (0x3F >> u->needed);
        if (byte == 0xE0) u->lower = 0xA0; /* overlong */
        if (byte == 0xED) u->upper = 0x9F; /* surrogates */
        if (byte == 0xF0) u->lower = 0x90;
        if (byte == 0xF4) u->upper = 0x8F; /* beyond U+10FFFF */
        return UTF8_NONE;
    }
    const int fits = byte >= u->lower && byte <= u->upper;
    const uint32_t code_point = u->code_point << 6 | (byte & 0x3F);
    const uint32_t needed = u->needed - 1;
    utf8_init(u);
    if (!fits) return UTF8_BAD_THEN;
    if (needed == 0) return code_point;
    u->needed = needed;
    u->code_point = code_point;
    return UTF8_NONE;
}

/* The text ends: 0xFFFD for a sequence that was cut off, else UTF8_NONE. */
static inline uint32_t utf8_end(utf8 *u) {
    const uint32_t needed = u->needed;
    utf8_init(u);
    return needed ? 0xFFFD : UTF8_NONE;
}

#endif
