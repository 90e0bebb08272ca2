/* base64.h: RFC 4648, section 4. Private to wire.c. */
#ifndef VP_BASE64_H
#define VP_BASE64_H

#include <stdint.h>

/* Characters for so many bytes, with the padding. */
uint32_t base64_size(uint32_t bytes);

/* Writes base64_size(count) characters. */
void base64_encode(const uint8_t *bytes, uint32_t count, char *text);

/* Returns the number of bytes, or -1 where this is no base64. bytes may be the text itself. */
int32_t base64_decode(const char *text, uint32_t length, uint8_t *bytes);

#endif
