/* voicepath/subtitle.h: what is said, shown as it is said, and what of it was heard.
 *
 *   text ──▶ tags ──▶ cues ──▶ pages of lines ──▶ how much of the page is visible now
 *                       ▲
 *     clip: duration, loudness, word times: when each grapheme cluster is spoken
 *
 * A turn is what the character says in one go. It is made of cues, about a sentence each, which come
 * whole (vp_subtitle_add) or are cut out of a stream of pieces (vp_subtitle_push). A cue that has a
 * clip waits until the host says when its sound starts, and is revealed with it; a cue without one
 * follows its predecessor by itself, and stays as long as it takes to read.
 *
 *   GROWING ──▶ WAITING ──start──▶ PLAYING ──its time is over──▶ ENDED
 *                  └───interrupt, a later one starts───▶ DROPPED
 *
 * Everything the host reads lies in the view, the struct at the object's start, and in the arrays whose
 * byte offsets from there it tells. A tick says by one number whether anything changed; view.due_ms
 * says when the next tick can change anything.
 *
 * Text is UTF-16. Surrogates without their other half become U+FFFD, U+0000 too. Times are of one clock
 * of the host's; a clock that goes back counts as standing still.
 *
 * Unicode 17: UAX #29 for clusters, words and sentences, UAX #14 for lines. Reading speeds, shortest
 * and longest times: Netflix Timed Text Style Guides; the lag at the end: BBC Subtitle Guidelines.
 */
#ifndef VOICEPATH_SUBTITLE_H
#define VOICEPATH_SUBTITLE_H

#include "voicepath/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define VP_TEXT_UNITS_MIN 1024
#define VP_TEXT_UNITS_MAX 1048576
#define VP_CUES_MIN 16
#define VP_CUES_MAX 4096
#define VP_CUE_UNITS_MIN 256
#define VP_CUE_UNITS_MAX 4096
#define VP_VOLUMES_MAX 65536
#define VP_WORDS_MAX 4096
#define VP_WIDTHS_MIN 16
#define VP_WIDTHS_MAX 65536
#define VP_LINES_MAX 8
#define VP_MISSES_MAX 32
#define VP_TAGS_MAX 64
#define VP_TAG_UNITS_MAX 64

typedef struct vp_subtitle vp_subtitle;

/* ---- Settings ---------------------------------------------------------------------------- */

/* How much is kept: decides the size, fixed at init. */
typedef struct vp_subtitle_config {
    uint32_t
        text_units; /* VP_TEXT_UNITS_MIN..MAX, at least 4 * cue_units: text of all cues kept, and
                            as much for translations; the oldest cues make room */
    uint32_t cues;  /* VP_CUES_MIN..MAX: cues kept, waiting and past */
    uint32_t cue_units; /* VP_CUE_UNITS_MIN..MAX: the longest cue; also what one call takes */
    uint32_t volumes;   /* 0..VP_VOLUMES_MAX: slices of the longest clip */
    uint32_t words;     /* 0..VP_WORDS_MAX: word times of the longest clip */
    uint32_t widths;    /* VP_WIDTHS_MIN..MAX, a power of two: cluster widths remembered, of
                            each language */
} vp_subtitle_config;

/* 16384 units, 256 cues, 1024 units a cue, 3000 slices (a minute), 256 words, 4096 widths. */
void vp_subtitle_config_init(vp_subtitle_config *config);

/* What becomes of tagged text: bits. */
typedef enum vp_tag_mode {
    VP_TAG_HIDE = 0,
    VP_TAG_SHOW = 1,  /* with its marks; it is not spoken */
    VP_TAG_EVENT = 2, /* told when what stands before it has been spoken */
} vp_tag_mode;

/* How it looks; may change at any time. */
typedef struct vp_subtitle_style {
    float width_px;       /* > 0: of the box; lines are no wider */
    float em_px;          /* > 0: a wide character takes this, others half of it, until measured */
    float reading_speed;  /* 0.1..10: times the guidelines' characters a second */
    float min_ms;         /* a cue is shown at least this long, unless the next one starts */
    float max_ms;         /* min_ms..: a page without a clip is shown no longer than this */
    float linger_ms;      /* how long the last cue stays after its end */
    float fade_ms;        /* and then fades */
    uint32_t lines;       /* 1..VP_LINES_MAX */
    uint32_t balance;     /* 1: lines of about the same width */
    uint32_t instant;     /* 1: pages are shown at once, not as they are spoken */
    uint32_t tag_bracket; /* vp_tag_mode of [joy] */
    uint32_t tag_think;   /* of <think>…</think> */
    uint32_t tag_paren;   /* of (smiles) and （微笑） */
    uint32_t tag_star;    /* of *waves* and **waves** */
} vp_subtitle_style;

/* 640 px, 32 px; 1; 5/6 s, 7 s, 1.5 s, 0.25 s; 2 balanced lines; brackets are events, think is hidden,
 * the others are shown. */
void vp_subtitle_style_init(vp_subtitle_style *style);

/* ---- What the host reads ------------------------------------------------------------------ */

typedef enum vp_cue_state {
    VP_CUE_GROWING = 0, /* the end of a stream */
    VP_CUE_WAITING = 1,
    VP_CUE_PLAYING = 2,
    VP_CUE_ENDED = 3,
    VP_CUE_DROPPED = 4, /* interrupted, or passed over by a later one */
    VP_CUE_JOINED = 5,  /* nothing but marks: its text went to the cue before */
} vp_cue_state;

typedef struct vp_cue {
    double start_ms; /* when it started, or will; -1: not known */
    double end_ms;   /* when it ended, or will; -1: not known */
    uint32_t turn;   /* of which it is a part */
    uint32_t state;  /* vp_cue_state */
    uint32_t clip;   /* 1: it waits for its sound */
    uint32_t gap;    /* 1: a space belongs between the cue before and this one */
    uint32_t text;   /* its text is text[text .. text + units) */
    uint32_t units;
    uint32_t heard;             /* units that were spoken, to the cluster; brought up to date by
                                   vp_subtitle_heard() and when it ends */
    uint32_t translation;       /* in the translations */
    uint32_t translation_units; /* 0: none */
    float duration_ms;          /* of its clip; without one, the time to read it */
} vp_cue;

typedef struct vp_line {
    uint32_t start; /* in the text, as vp_cue.text is */
    uint32_t end;   /* without the spaces at its end */
} vp_line;

/* What is on show of one language. */
typedef struct vp_page {
    uint32_t serial; /* another number for every page or change of its lines; 0: nothing is shown */
    uint32_t start;  /* in the text, as vp_cue.text is */
    uint32_t units;
    uint32_t visible; /* of the units: always to the end of a cluster; the rest keeps its place */
    uint32_t line_count;
    uint32_t growing; /* 1: more may be added at its end */
    vp_line lines[VP_LINES_MAX];
} vp_page;

/* A cluster whose width is wanted. */
typedef struct vp_miss {
    uint32_t units;
    float width_px;    /* for the host to fill */
    uint32_t language; /* 0: the text's, 1: the translation's */
    uint32_t text;     /* where it is in that language's text */
} vp_miss;

typedef enum vp_tag_kind {
    VP_TAG_BRACKET = 0,
    VP_TAG_THINK = 1,
    VP_TAG_PAREN = 2,
    VP_TAG_STAR = 3,
} vp_tag_kind;

typedef struct vp_tag {
    uint32_t kind;  /* vp_tag_kind */
    uint32_t cue;   /* serial of the cue it stands in */
    uint32_t at;    /* units of that cue before it */
    uint32_t units; /* of its text, without the marks; longer ones are cut */
    uint16_t text[VP_TAG_UNITS_MAX];
} vp_tag;

typedef enum vp_subtitle_phase {
    VP_SUBTITLE_EMPTY = 0,
    VP_SUBTITLE_SHOWING = 1,
    VP_SUBTITLE_LINGERING = 2, /* its end has come, the next cue has not */
    VP_SUBTITLE_FADING = 3,
} vp_subtitle_phase;

/* Lies at the start of a vp_subtitle. The first cue kept has the serial first_cue, and lies first. */
typedef struct vp_subtitle_view {
    double due_ms;      /* when a tick can next change something; infinity for never */
    uint32_t revision;  /* another number when anything that is on show, or tags_told, changed */
    uint32_t phase;     /* vp_subtitle_phase */
    uint32_t turn;      /* the number of the turn; 0 before the first */
    uint32_t accepting; /* 0: interrupted; text is ignored until the next turn begins */
    uint32_t cue;       /* serial of the cue on show; 0: none */
    uint32_t first_cue; /* serial of the oldest cue kept; serials count from 1 */
    uint32_t cue_count; /* cues kept */
    uint32_t ignored;   /* calls for a turn that was interrupted, ever */
    uint32_t tags_told; /* tags whose time has come, ever: tag n is tags[n % VP_TAGS_MAX] */
    uint32_t tags_lost; /* tags for which there was no room, ever */
    uint32_t cue_units; /* of the configuration */
    /* Byte offsets from the start of the vp_subtitle. */
    uint32_t inbox;        /* uint16_t[2 * cue_units]: text for the next call */
    uint32_t volumes;      /* float[volumes] */
    uint32_t word_units;   /* uint32_t[words]: where words begin, in units of the cue's text */
    uint32_t word_ms;      /* float[words]: when, from the clip's start */
    uint32_t text;         /* uint16_t[text_units] */
    uint32_t translations; /* uint16_t[text_units] */
    uint32_t cues;         /* vp_cue[cue_count] */
    uint32_t misses;       /* vp_miss[VP_MISSES_MAX] */
    uint32_t tags;         /* vp_tag[VP_TAGS_MAX] */
    vp_page page;
    vp_page translation;
} vp_subtitle_view;

/* ---- Lifetime ---------------------------------------------------------------------------- */

/* Bytes for vp_subtitle_init(). Errors: VP_E_NULL, VP_E_CAPACITY. */
int32_t vp_subtitle_size(const vp_subtitle_config *config);

/* Errors: VP_E_NULL, VP_E_CAPACITY, VP_E_STYLE, VP_E_MEMORY. */
int32_t vp_subtitle_init(vp_subtitle *subtitle, uint32_t size, const vp_subtitle_config *config,
                         const vp_subtitle_style *style);

/* Another look. The page on show is laid out anew from its start; what is visible stays visible.
 * Tag modes count for what comes. Errors: VP_E_NULL, VP_E_STYLE. */
int32_t vp_subtitle_restyle(vp_subtitle *subtitle, const vp_subtitle_style *style);

/* ---- Text -------------------------------------------------------------------------------- */

/* A new turn begins; the cues of the one before that still wait are dropped, what is on show stays
 * until the first cue of this turn. Returns its number. Errors: VP_E_NULL. */
int32_t vp_subtitle_begin(vp_subtitle *subtitle);

/* The stream goes on with inbox[0..units), cut anywhere; cues are cut out of it where a sentence ends,
 * or it is as long as a cue can be. `clip`: 1 when its cues will have sound. Begins a turn when there
 * is none. Returns the cues that became complete. A turn that was interrupted takes no text: returns
 * 0 and counts in view.ignored.
 * Errors: VP_E_NULL, VP_E_LENGTH (units > 2 * cue_units), VP_E_CAPACITY (cues that still wait leave no
 * room). */
int32_t vp_subtitle_push(vp_subtitle *subtitle, uint32_t units, uint32_t clip);

/* The same with UTF-8, which may be cut anywhere too; what is not UTF-8 becomes U+FFFD, as the WHATWG
 * Encoding Standard says. Errors: as push. */
int32_t vp_subtitle_push_utf8(vp_subtitle *subtitle, const uint8_t *bytes, uint32_t length,
                              uint32_t clip);

/* The stream ends: its last cue is complete. What looked like a tag and was not closed is text.
 * Returns as push does. Errors: VP_E_NULL. */
int32_t vp_subtitle_flush(vp_subtitle *subtitle);

/* A whole cue: inbox[0..units), then its translation, inbox[units..units + translation_units). Ends a
 * stream first. What is nothing but marks is joined to the cue before, and so are closing quotes at
 * its start; a space that was lost between two cues is noted (vp_cue.gap). Returns its serial, or 0 when
 * the turn was interrupted, as push does.
 * Errors: VP_E_NULL, VP_E_LENGTH (either > cue_units), VP_E_CAPACITY. */
int32_t vp_subtitle_add(vp_subtitle *subtitle, uint32_t units, uint32_t translation_units,
                        uint32_t clip);

/* The translation of a cue that has not ended comes later, or another one: inbox[0..units).
 * Errors: VP_E_NULL, VP_E_LENGTH, VP_E_CUE (no such cue, or it is past), VP_E_CAPACITY. */
int32_t vp_subtitle_translate(vp_subtitle *subtitle, uint32_t cue, uint32_t units);

/* ---- Sound ------------------------------------------------------------------------------- */

/* What is known of a cue's clip: its duration, or 0 when only volumes tell it; volumes[0..
 * volume_count) of slice_ms each; words. With nothing known the cue is a cue without a clip. May be
 * told again as long as the cue has not ended; a cue that grows is complete by it.
 * Errors: VP_E_NULL, VP_E_CUE, VP_E_DURATION (negative, NaN, above a day), VP_E_LENGTH. */
int32_t vp_subtitle_clip(vp_subtitle *subtitle, uint32_t cue, double duration_ms, double slice_ms,
                         uint32_t volume_count, uint32_t word_count);

/* Its sound starts at at_ms, which may lie ahead or back. Said again while it plays it moves: what is
 * visible stays so. The cues before it are over. A joined cue has nothing to start. Errors: VP_E_NULL,
 * VP_E_TIME, VP_E_CUE (no such cue, or a later one has started: clips come in order). */
int32_t vp_subtitle_start(vp_subtitle *subtitle, uint32_t cue, double at_ms);

/* Its sound is over, and all of it was heard. Errors: VP_E_NULL, VP_E_TIME, VP_E_CUE (it has
 * no clip, or did not start, or a later one has). */
int32_t vp_subtitle_finish(vp_subtitle *subtitle, uint32_t cue, double at_ms);

/* ---- Time -------------------------------------------------------------------------------- */

/* Brings the view up to date and returns view.revision: nothing to do when it is as it was. A time that
 * is no time (VP_E_TIME elsewhere) changes nothing. */
uint32_t vp_subtitle_tick(vp_subtitle *subtitle, double now_ms);

/* Brings vp_cue.heard up to date. Errors: VP_E_NULL, VP_E_TIME. */
int32_t vp_subtitle_heard(vp_subtitle *subtitle, double now_ms);

/* The person speaks, the character stops: what is heard stays noted, everything that plays or waits is
 * dropped, the view is empty, and text is ignored until the next turn begins. Errors: VP_E_NULL,
 * VP_E_TIME. */
int32_t vp_subtitle_interrupt(vp_subtitle *subtitle, double now_ms);

/* ---- Widths ------------------------------------------------------------------------------- */

/* Takes the widths that the host has written into the misses listed before, and lists the next ones:
 * returns how many. To be called after text came, until it returns 0. Widths that are negative, NaN or
 * infinite count as 0. Errors: VP_E_NULL. */
int32_t vp_subtitle_misses(vp_subtitle *subtitle);

/* Another font: every width is forgotten. Errors: VP_E_NULL. */
int32_t vp_subtitle_forget_widths(vp_subtitle *subtitle);

#ifdef __cplusplus
}
#endif
#endif
