/* voicepath/base.h: what every module shares: statuses, alignment, version.
 *
 * Conventions of all voicepath headers
 *   - C is pure: no clock, no I/O, no global state, no callbacks. The caller owns all memory.
 *   - vp_x_size(config) says how many bytes an object needs; vp_x_init() builds it there. The block
 *     must be aligned to VP_ALIGNMENT and stay where it is. Nothing allocates, and there is
 *     nothing to free.
 *   - Functions that can fail return int32_t: a count or VP_OK when >= 0, a vp_status when < 0.
 *     After a failure the object is as it was before the call.
 *   - Units are in the names: _hz, _ms, _frames (of the VAD, 512 samples), _samples.
 */
#ifndef VOICEPATH_BASE_H
#define VOICEPATH_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Alignment, in bytes, of every memory block handed to a vp_*_init(). */
#define VP_ALIGNMENT 16

typedef enum vp_status {
#define VP_STATUS(name, value, message) VP_##name = value,
#include "voicepath/status.def"
#undef VP_STATUS
} vp_status;

/* "VP_E_RATE" for VP_E_RATE; "VP_E_UNKNOWN" for a number that is no status. */
const char *vp_status_name(int32_t status);

/* One sentence in English; never NULL. */
const char *vp_status_message(int32_t status);

#ifdef __cplusplus
}
#endif
#endif
