/* voicepath/wire.h: between samples and the text of the websocket.
 *
 *   out   samples -> a list of JSON numbers         vp_wire_list()
 *         samples -> int16, little endian -> base64 vp_wire_pcm16()
 *   in    base64 -> bytes                           vp_wire_base64()
 *         a WAV file's bytes -> mono samples        vp_wire_clip_open(), vp_wire_clip_mono()
 *         samples -> the loudness of each 20 ms     vp_wire_levels()
 *
 * Nothing is kept between calls. Full scale of a sample is 1; NaN and infinity count as 0. Texts are
 * ASCII, are not terminated, and may lie anywhere in memory: between a message's own beginning and
 * end, for example.
 */
#ifndef VOICEPATH_WIRE_H
#define VOICEPATH_WIRE_H

#include "voicepath/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Samples of one call: 17 minutes at 16 kHz. */
#define VP_WIRE_SAMPLES_MAX (1 << 24)

/* ---- Speech out -------------------------------------------------------------------------- */

/* A sample's text with its comma. */
#define VP_WIRE_NUMBER_BYTES_MAX 9

/* Bytes that vp_wire_list() may write: count * VP_WIRE_NUMBER_BYTES_MAX + 2; or VP_E_LENGTH beyond
 * VP_WIRE_SAMPLES_MAX. */
int32_t vp_wire_list_bound(uint32_t count);

/* Writes "[0.1234,-37e-5,0]". Returns the bytes written.
 *
 * A microphone's sample is an int16, and speech recognition takes it as one: v = round(x * 32768),
 * ties to even, clipped. So each number is the shortest decimal from which round(number * 32768),
 * clipped, is v again, by whatever rule ties are rounded and whether the reader's numbers have 64
 * bits or 32; of equally short ones that without an exponent, then that nearest to v / 32768. Five
 * decimals always suffice, as their step is a third of an int16's. JSON has exponents (RFC 8259,
 * section 6), and JSON.stringify makes them: 37e-5 is two bytes less than 0.00037, and most samples of
 * speech are small. A comma included, the longest number has VP_WIRE_NUMBER_BYTES_MAX bytes. Speech
 * has 7.3 on average (telephone prompts) or 7.7 (readers close to the microphone).
 *
 * Errors: VP_E_NULL, VP_E_LENGTH, VP_E_CAPACITY where size is less than vp_wire_list_bound(). */
int32_t vp_wire_list(const float *samples, uint32_t count, char *text, uint32_t size);

/* Bytes that vp_wire_pcm16() writes, or VP_E_LENGTH beyond VP_WIRE_SAMPLES_MAX. */
int32_t vp_wire_pcm16_size(uint32_t count);

/* Writes the same int16s, little endian, as base64 with padding: 8/3 bytes a sample. Returns the
 * bytes written. Errors: VP_E_NULL, VP_E_LENGTH, VP_E_CAPACITY. */
int32_t vp_wire_pcm16(const float *samples, uint32_t count, char *text, uint32_t size);

/* ---- Clips in ---------------------------------------------------------------------------- */

/* Characters of a clip, 12 MiB when decoded: 4 minutes at 24 kHz. */
#define VP_WIRE_TEXT_MAX (1 << 24)

/* Bytes that vp_wire_base64() may write, or VP_E_LENGTH beyond VP_WIRE_TEXT_MAX. */
int32_t vp_wire_base64_bound(uint32_t length);

/* Decodes base64 (RFC 4648, section 4). The padding may be missing; nothing else may, and there are no
 * blanks or line ends. `bytes` has room for vp_wire_base64_bound(), and may be the text itself, which is
 * then overwritten. Returns the bytes written.
 * Errors: VP_E_NULL; VP_E_LENGTH beyond VP_WIRE_TEXT_MAX; VP_E_BASE64, after which `bytes` has
 * anything. */
int32_t vp_wire_base64(const char *text, uint32_t length, uint8_t *bytes);

/* What a WAV file says of itself, and where its samples are. */
typedef struct vp_wire_clip {
    uint32_t rate_hz;  /* VP_RATE_MIN_HZ .. VP_RATE_MAX_HZ */
    uint32_t channels; /* 1 .. VP_CHANNELS_MAX */
    uint32_t frames;   /* one sample per channel */
    uint32_t encoding; /* private */
    const uint8_t *data;
} vp_wire_clip;

/* Reads the header of a WAV file: integers of 8, 16, 24 or 32 bits or floats of 32 or 64, plain or
 * extensible. Lengths that a server could not know when it wrote them (0, or beyond the end) are
 * not believed: what is there counts, without a last frame that is cut in two. The bytes are
 * borrowed by `clip`.
 * Errors, after which the clip is as it was: VP_E_NULL, VP_E_LENGTH beyond VP_WIRE_TEXT_MAX,
 * VP_E_WAV, VP_E_FORMAT, VP_E_CHANNELS, VP_E_RATE. */
int32_t vp_wire_clip_open(vp_wire_clip *clip, const uint8_t *bytes, uint32_t length);

/* The clip's frames, each the mean of its channels. Returns clip->frames.
 * Errors: VP_E_NULL; VP_E_FORMAT for a clip that was not opened; VP_E_CAPACITY where `size`, in samples,
 * is less than clip->frames. */
int32_t vp_wire_clip_mono(const vp_wire_clip *clip, float *samples, uint32_t size);

/* ---- Mouth ------------------------------------------------------------------------------- */

#define VP_WIRE_SLICE_MAX_MS 1000

/* How many slices there are: the last one may be shorter. Slice i begins with sample
 * floor(i * slice_ms * rate_hz / 1000).
 * Errors: VP_E_LENGTH beyond VP_WIRE_SAMPLES_MAX, VP_E_RATE, VP_E_SLICE. */
int32_t vp_wire_levels_count(uint32_t count, uint32_t rate_hz, uint32_t slice_ms);

/* The RMS of each slice, divided by the largest of them: what the backend calls `volumes`, with slices
 * of 20 ms. Silence gives zeros. Sums are made in double, in order. Returns the number of levels.
 * Errors: VP_E_NULL, VP_E_CAPACITY where `size`, in levels, is too small, and those of
 * vp_wire_levels_count(). */
int32_t vp_wire_levels(const float *samples, uint32_t count, uint32_t rate_hz, uint32_t slice_ms,
                       float *levels, uint32_t size);

#ifdef __cplusplus
}
#endif
#endif
