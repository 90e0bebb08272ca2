/* float_text.h: an int16 as the shortest decimal fraction of 32768. Private to wire.c. */
#ifndef VP_FLOAT_TEXT_H
#define VP_FLOAT_TEXT_H

#include <stdint.h>

/* At most 8 characters, which wire.h describes. Returns where they end. */
char *float_text(int32_t v, char *text);

#endif
