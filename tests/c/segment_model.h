/* Boundaries by the rules of UAX #29 and UAX #14 read one by one, at each position alone: slow, and
 * with nothing in common with segment.c or its generator. */
#ifndef SEGMENT_MODEL_H
#define SEGMENT_MODEL_H

#include <stdint.h>

enum { MODEL_TEXT_MAX = 4096, MODEL_CODE_POINTS = 0x110000 };

/* Reads the properties from the folder of the UCD; exits if it cannot. */
void model_open(const char *ucd);

/* The SEGMENT_BITS before each of at most MODEL_TEXT_MAX code points, of a whole text. */
void model_segment(const uint32_t *text, uint32_t count, uint8_t *flags);

/* The TRAIT_ bits. */
uint32_t model_traits(uint32_t code_point);

/* Equal for code points with the same properties. */
uint64_t model_properties(uint32_t code_point);

#endif
