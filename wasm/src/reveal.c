/* Three steps, each in its own section below.
 *
 *   Text       gives every cluster a weight, in ms of speech at an ordinary rate, and finds the breaks:
 *              where a speaker may pause.
 *   Loudness   finds the pauses that were made: runs of slices that are quiet for this clip.
 *   Alignment  a dynamic programme lays pauses on breaks so that what is between takes about as long
 *              as its weights say. A break may go without a pause, and a pause without a break.
 *
 * Between two pauses so placed, time goes with weight. Words whose time is known cut text and clip
 * into spans, and each span is aligned for itself.
 *
 * Everything is done in "text time", the sum of the weights so far: breaks and the units of a cluster
 * are numbers in it, and the plan is a map from it to the clip's time: a line that jumps at pauses.
 *
 * Only + - * / and comparisons of floats, so that each build gives the same bits. */
#include "reveal.h"

#include <stdbool.h>

#include "syllables.gen.h"

/* ---- Weights ----------------------------------------------------------------------------- */

/* What clusters are made of, in ms of speech at 175 words a minute. Fitted means: by least squares to
 * the words of espeak-ng in one half of tests/vectors/spoken-sentences.tsv (tests/js/reveal-timing.ts
 * --fit). The others are estimates, by analogy with those. */
typedef enum sound {
    /* Latin letters. Fitted */
    SOUND_VOWEL,      /* the first of adjacent vowels */
    SOUND_VOWEL_MORE, /* the others */
    SOUND_VOWEL_MUTE, /* a final e, as in "time" */
    SOUND_CONSONANT,
    SOUND_CONSONANT_MORE, /* one that hardly sounds: doubled, or the h of "th" */
    SOUND_WORD,           /* besides, for a word */

    /* Numbers are read by value: 250 is two, hundred, five, ten. Fitted */
    SOUND_DIGIT,
    SOUND_DIGIT_HAN,  /* in a text with Han */
    SOUND_DIGIT_KANA, /* and with kana */
    SOUND_PLACE,      /* besides, when more digits follow */
    SOUND_PLACE_HAN,
    SOUND_PLACE_KANA,
    SOUND_ZERO,

    /* Han: a syllable, of so many sounds (syllables.gen.h); in a text with kana about two moras. Fitted */
    SOUND_HAN_1,
    SOUND_HAN_2,
    SOUND_HAN_3,
    SOUND_HAN_4,
    SOUND_HAN_READ,

    /* Kana. Fitted, but for stop and long, which are moras that espeak-ng cuts short */
    SOUND_KANA,
    SOUND_KANA_SMALL, /* shares the mora before it */
    SOUND_KANA_STOP,  /* small tsu */
    SOUND_KANA_LONG,  /* the long vowel mark */

    /* Besides, before punctuation: the last syllable is prolonged. Fitted */
    SOUND_FINAL,
    SOUND_FINAL_HAN,
    SOUND_FINAL_KANA,

    /* Estimates */
    SOUND_HANGUL,   /* a syllable */
    SOUND_ALPHABET, /* a letter, vowel or consonant: Greek, Cyrillic, ... */
    SOUND_ABJAD,    /* a consonant whose vowel is not written: Arabic, Hebrew */
    SOUND_ABUGIDA,  /* a consonant with its vowel: Devanagari, Thai, ... */
    SOUND_SYMBOL,   /* read as a word: %, &, ... */
    SOUNDS
} sound;

static const float WEIGHT_MS[SOUNDS] = {
    [SOUND_VOWEL] = 47,      [SOUND_VOWEL_MORE] = 18,    [SOUND_VOWEL_MUTE] = 19,
    [SOUND_CONSONANT] = 62,  [SOUND_CONSONANT_MORE] = 5, [SOUND_WORD] = 41,
    [SOUND_DIGIT] = 262,     [SOUND_DIGIT_HAN] = 135,    [SOUND_DIGIT_KANA] = 260,
    [SOUND_PLACE] = 151,     [SOUND_PLACE_HAN] = 342,    [SOUND_PLACE_KANA] = 240,
    [SOUND_ZERO] = 5,        [SOUND_HAN_1] = 278,        [SOUND_HAN_2] = 361,
    [SOUND_HAN_3] = 384,     [SOUND_HAN_4] = 486,        [SOUND_HAN_READ] = 207,
    [SOUND_KANA] = 126,      [SOUND_KANA_SMALL] = 5,     [SOUND_KANA_STOP] = 100,
    [SOUND_KANA_LONG] = 100, [SOUND_FINAL] = 114,        [SOUND_FINAL_HAN] = 10,
    [SOUND_FINAL_KANA] = 52, [SOUND_HANGUL] = 190,       [SOUND_ALPHABET] = 75,
    [SOUND_ABJAD] = 110,     [SOUND_ABUGIDA] = 130,      [SOUND_SYMBOL] = 400,
};

/* ---- Breaks ------------------------------------------------------------------------------ */

typedef enum break_kind {
    BREAK_NONE,
    BREAK_WORD,
    BREAK_QUOTE, /* quotation marks, brackets */
    BREAK_COMMA,
    BREAK_SENTENCE,
    BREAKS
} break_kind;

static const struct {
    float pause_ms; /* how long a pause is, where loudness is unknown */
    float made;     /* the cost of a pause there */
    float missed;   /* of none */
} BREAK[BREAKS] = {
    [BREAK_WORD] = {0, 6, 0},
    [BREAK_QUOTE] = {0, 1, 0},
    [BREAK_COMMA] = {150, 0, 3},
    [BREAK_SENTENCE] = {320, 0, 6},
};

/* ---- Text: characters -------------------------------------------------------------------- */

typedef struct range {
    uint32_t first, last;
    sound of;
} range;

static const range SCRIPTS[] = {
    {'A', 'Z', SOUND_CONSONANT},     {'a', 'z', SOUND_CONSONANT},
    {0xC0, 0x24F, SOUND_CONSONANT},  {0x590, 0x8FF, SOUND_ABJAD},
    {0x900, 0x109F, SOUND_ABUGIDA},  {0x1100, 0x11FF, SOUND_HANGUL},
    {0x1780, 0x17FF, SOUND_ABUGIDA}, {0x1E00, 0x1EFF, SOUND_CONSONANT},
    {0x2E80, 0x3007, SOUND_HAN_3},   {0x3041, 0x30FF, SOUND_KANA},
    {0x31F0, 0x31FF, SOUND_KANA},    {0x3400, 0x9FFF, SOUND_HAN_3},
    {0xA8E0, 0xAADF, SOUND_ABUGIDA}, {0xAC00, 0xD7A3, SOUND_HANGUL},
    {0xF900, 0xFAFF, SOUND_HAN_3},   {0xFB1D, 0xFDFF, SOUND_ABJAD},
    {0xFE70, 0xFEFC, SOUND_ABJAD},   {0xFF66, 0xFF9D, SOUND_KANA},
    {0x20000, 0x3FFFF, SOUND_HAN_3},
};

static bool one_of(uint32_t code_point, const uint16_t *list) {
    while (*list && *list != code_point)
        list++;
    return *list != 0;
}

static bool is_digit(uint32_t code_point) {
    return (code_point >= '0' && code_point <= '9') ||
           (code_point >= 0xFF10 && code_point <= 0xFF19);
}

static sound script_of(uint32_t code_point) {
    for (uint32_t i = 0; i < sizeof SCRIPTS / sizeof *SCRIPTS; i++)
        if (code_point >= SCRIPTS[i].first && code_point <= SCRIPTS[i].last) return SCRIPTS[i].of;
    return SOUND_ALPHABET;
}

static sound kana_of(uint32_t code_point) {
    static const uint16_t small[] = u"ぁぃぅぇぉゃゅょゎァィゥェォャュョヮｧｨｩｪｫｬｭｮ";
    static const uint16_t stop[] = u"っッｯ";
    static const uint16_t prolonged[] = u"ーｰ";
    if (one_of(code_point, small)) return SOUND_KANA_SMALL;
    if (one_of(code_point, stop)) return SOUND_KANA_STOP;
    return one_of(code_point, prolonged) ? SOUND_KANA_LONG : SOUND_KANA;
}

static sound han_of(uint32_t code_point) {
    if (one_of(code_point, SYLLABLES_1)) return SOUND_HAN_1;
    if (one_of(code_point, SYLLABLES_2)) return SOUND_HAN_2;
    return one_of(code_point, SYLLABLES_4) ? SOUND_HAN_4 : SOUND_HAN_3;
}

static bool is_vowel(uint32_t code_point) {
    static const uint16_t vowels[] =
        u"aeiouyAEIOUYàáâãäåæèéêëìíîïòóôõöøùúûüýÿÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖØÙÚÛÜÝāăąēĕėęěīĭįıōŏőœūŭůűų";
    return one_of(code_point, vowels) || (code_point >= 0x1EA0 && code_point <= 0x1EF9);
}

static bool is_spoken_symbol(uint32_t code_point) {
    static const uint16_t symbols[] = u"#$%&+=@£¥°€＃＄％＆＋＝＠￥℃";
    return one_of(code_point, symbols);
}

static break_kind break_of(uint32_t code_point) {
    static const uint16_t sentence[] = u".!?…。！？．｡\n؟۔।‼⁇⁈⁉";
    static const uint16_t comma[] = u",;:-、，；：､،؛—–";
    if (one_of(code_point, sentence)) return BREAK_SENTENCE;
    if (one_of(code_point, comma)) return BREAK_COMMA;
    const bool quote = code_point == '"' || segment_traits(code_point) & (TRAIT_OPEN | TRAIT_CLOSE);
    return quote ? BREAK_QUOTE : BREAK_WORD;
}

/* ---- Text: from clusters to text time ---------------------------------------------------- */

typedef struct reader {
    const uint16_t *text;
    const uint8_t *flags;
    uint32_t units;
    const float *weights;
    bool pauses;    /* breaks take time, since nothing else tells of pauses */
    bool han, kana; /* the text has some */

    float text_ms;         /* the end of what is spoken so far */
    float shown_ms;        /* where the last spoken cluster began */
    bool spoken;           /* something was */
    uint32_t first_spoken; /* unit */
    uint32_t last_spoken;
    uint32_t before;    /* the code point of the cluster before; 0 at first */
    uint32_t letter;    /* the same if it is a spoken Latin letter, else 0 */
    break_kind pending; /* the strongest since the last spoken cluster */

    reveal_scratch *scratch;
    uint32_t breaks;
} reader;

static uint32_t code_point_at(const reader *r, uint32_t unit) {
    uint32_t length;
    return unit < r->units ? segment_code_point(r->text, r->units, unit, &length) : 0;
}

static uint32_t cluster_end(const reader *r, uint32_t unit) {
    do
        unit++;
    while (unit < r->units && !(r->flags[unit] & SEGMENT_GRAPHEME));
    return unit;
}

static void look_for_scripts(reader *r) {
    for (uint32_t unit = 0; unit < r->units; unit++) {
        const sound script = script_of(r->text[unit]);
        r->kana |= script == SOUND_KANA;
        r->han |= script == SOUND_HAN_3;
    }
}

static sound by_script(const reader *r, sound latin, sound han, sound kana) {
    return r->kana ? kana : r->han ? han : latin;
}

static bool is_latin(uint32_t code_point) {
    return code_point && script_of(code_point) == SOUND_CONSONANT;
}

static sound latin_sound(const reader *r, uint32_t letter, uint32_t after) {
    const bool first = !r->letter;
    if (is_vowel(letter)) {
        if ((letter | 32) == 'y' && first) return SOUND_CONSONANT;
        if (!first && is_vowel(r->letter)) return SOUND_VOWEL_MORE;
        const bool final = !is_latin(after) && !first;
        return (letter | 32) == 'e' && final ? SOUND_VOWEL_MUTE : SOUND_VOWEL;
    }
    const bool same = (letter | 32) == (r->letter | 32);
    const bool h = (letter | 32) == 'h' && !first && !is_vowel(r->letter);
    return same || h ? SOUND_CONSONANT_MORE : SOUND_CONSONANT;
}

static float add_latin(reader *r, uint32_t letter, uint32_t after) {
    const bool starts = !r->letter && r->before != '\'' && r->before != 0x2019;
    return r->weights[latin_sound(r, letter, after)] + (starts ? r->weights[SOUND_WORD] : 0);
}

/* Numbers are read by value: 250 is two, hundred, five, ten. A decimal point is read as a digit. */
static float weigh_digit(const reader *r, uint32_t digit, uint32_t after) {
    if (digit == '0' || digit == 0xFF10) return r->weights[SOUND_ZERO];
    const float read = r->weights[by_script(r, SOUND_DIGIT, SOUND_DIGIT_HAN, SOUND_DIGIT_KANA)];
    if (digit == '.' || !is_digit(after)) return read;
    return read + r->weights[by_script(r, SOUND_PLACE, SOUND_PLACE_HAN, SOUND_PLACE_KANA)];
}

enum { UNSPOKEN = -1 };

/* How long the cluster takes whose first code point this is, or UNSPOKEN. */
static float weigh(reader *r, uint32_t code_point, uint32_t after) {
    const bool point = code_point == '.' && is_digit(r->before) && is_digit(after);
    if (point || is_digit(code_point)) return weigh_digit(r, code_point, after);
    if (is_spoken_symbol(code_point)) return r->weights[SOUND_SYMBOL];
    if (!(segment_traits(code_point) & TRAIT_WORD)) return UNSPOKEN;
    const sound script = script_of(code_point);
    if (script == SOUND_CONSONANT) return add_latin(r, code_point, after);
    if (script == SOUND_KANA) return r->weights[kana_of(code_point)];
    if (script == SOUND_HAN_3) return r->weights[r->kana ? SOUND_HAN_READ : han_of(code_point)];
    return r->weights[script];
}

static float final_ms(const reader *r) {
    return r->weights[by_script(r, SOUND_FINAL, SOUND_FINAL_HAN, SOUND_FINAL_KANA)];
}

static void add_break(reader *r) {
    if (r->pending >= BREAK_COMMA) r->text_ms += final_ms(r);
    if (r->pauses) r->text_ms += BREAK[r->pending].pause_ms;
    if (r->breaks == REVEAL_BREAKS) return;
    reveal_break *added = &r->scratch->breaks[r->breaks++];
    *added = (reveal_break){r->text_ms, r->pending, 0};
    if (r->breaks > 1) added->missed = added[-1].missed + BREAK[added[-1].kind].missed;
}

static void read_spoken(reader *r, uint32_t unit, uint32_t code_point, float weight) {
    const bool in_kana = script_of(code_point) == SOUND_KANA && script_of(r->before) == SOUND_KANA;
    if (r->pending == BREAK_NONE && r->flags[unit] & SEGMENT_WORD && !in_kana)
        r->pending = BREAK_WORD;
    if (r->spoken && r->pending != BREAK_NONE) add_break(r);
    if (!r->spoken) r->first_spoken = unit;
    r->spoken = true;
    r->last_spoken = unit;
    r->pending = BREAK_NONE;
    r->shown_ms = r->text_ms;
    r->text_ms += weight;
}

/* Marks of ASCII between letters are part of a word: can't, 10:30, example.com. */
static void read_unspoken(reader *r, uint32_t code_point, uint32_t after) {
    const sound script = script_of(after);
    const bool letters =
        segment_traits(after) & TRAIT_WORD && script != SOUND_HAN_3 && script != SOUND_KANA;
    const bool in_word = code_point > ' ' && code_point < 0x80 && code_point != '"' && letters;
    const break_kind kind = in_word ? BREAK_WORD : break_of(code_point);
    if (r->pending < kind) r->pending = kind;
}

/* Writes text time to at_ms: where the cluster begins, or the spoken one that it comes with. Returns
 * where the text ends. */
static float read_text(reader *r, float *at_ms) {
    look_for_scripts(r);
    for (uint32_t unit = 0; unit < r->units;) {
        const uint32_t end = cluster_end(r, unit);
        const uint32_t code_point = code_point_at(r, unit), after = code_point_at(r, end);
        const bool silent = r->flags[unit] & UNIT_SILENT;
        const float weight = silent ? UNSPOKEN : weigh(r, code_point, after);
        if (weight >= 0)
            read_spoken(r, unit, code_point, weight);
        else
            read_unspoken(r, silent ? ' ' : code_point, after);
        r->before = code_point;
        r->letter = weight >= 0 && is_latin(code_point) ? code_point : 0;
        for (; unit < end; unit++)
            at_ms[unit] = r->shown_ms;
    }
    if (r->spoken) r->text_ms += final_ms(r);
    if (r->pauses) r->text_ms += BREAK[r->pending].pause_ms;
    return r->text_ms;
}

/* ---- Loudness ---------------------------------------------------------------------------- */

/* NaN and what is negative count as silence. */
static float volume_at(const reveal_clip *clip, uint32_t slice) {
    const float volume = clip->volumes[slice];
    return volume > 0 ? volume < 1 ? volume : 1 : 0;
}

/* Silence in a recording is never quite silent, so what is quiet depends on the clip: its softest slices
 * are its noise, and voice is clearly above. */
static const float SOFTEST_SHARE = 0.08f, QUIET_LEVEL = 0.05f;

/* Shorter silences belong to sounds such as p, t and k. */
static const float PAUSE_LEAST_MS = 99;

/* The loudness that a share of the slices does not reach. */
static float quantile(const uint16_t *bins, uint32_t count, float share) {
    uint32_t bin = 0;
    for (float left = share * (float)count; bin < 255 && left >= bins[bin]; bin++)
        left -= bins[bin];
    return (float)bin / 256;
}

/* What is below is quiet; 0 if loudness tells nothing. */
static float quiet_below(const reveal_clip *clip, uint16_t *bins) {
    for (uint32_t bin = 0; bin < 256; bin++)
        bins[bin] = 0;
    uint32_t count = 0;
    float loudest = 0;
    for (; count < clip->volume_count && count < UINT16_MAX; count++) {
        const float volume = volume_at(clip, count);
        if (volume > loudest) loudest = volume;
        bins[volume < 1 ? (uint32_t)(volume * 256) : 255]++;
    }
    if (!(loudest > 0)) return 0;
    const float softest = quantile(bins, count, SOFTEST_SHARE);
    return softest + QUIET_LEVEL * (loudest - softest);
}

static float pause_ms(const reveal_pause *pause) {
    return pause->end_ms - pause->begin_ms;
}

/* Keeps the longest ones, in the order of time. */
static void add_pause(reveal_scratch *scratch, uint32_t *pauses, reveal_pause pause) {
    if (pause_ms(&pause) < PAUSE_LEAST_MS) return;
    if (*pauses == REVEAL_PAUSES) {
        uint32_t shortest = 0;
        for (uint32_t i = 1; i < REVEAL_PAUSES; i++)
            if (pause_ms(&scratch->pauses[i]) < pause_ms(&scratch->pauses[shortest])) shortest = i;
        if (pause_ms(&scratch->pauses[shortest]) >= pause_ms(&pause)) return;
        --*pauses;
        for (uint32_t i = shortest; i < *pauses; i++)
            scratch->pauses[i] = scratch->pauses[i + 1];
    }
    scratch->pauses[(*pauses)++] = pause;
}

/* ---- Alignment --------------------------------------------------------------------------- */

/* A part of the text and of the clip that belong together. */
typedef struct span {
    uint32_t unit; /* the first */
    float text_begin, text_end;
    float begin_ms, end_ms;
    uint32_t break_begin, break_end; /* the breaks that lie within */
    uint32_t pauses;
    bool pinned; /* the voice begins at begin_ms */
} span;

static uint32_t first_slice(const span *s, const reveal_clip *clip) {
    const float slice = s->begin_ms / clip->slice_ms;
    return slice < (float)clip->volume_count ? (uint32_t)slice : clip->volume_count;
}

/* Finds the span's pauses, and takes the silence at its ends away. What volumes do not cover may be
 * anything, and counts as voice. */
static void listen(span *s, const reveal_clip *clip, float quiet, reveal_scratch *scratch) {
    if (!(quiet > 0)) return;
    const float span_begin_ms = s->begin_ms;
    float voice_ms = s->begin_ms; /* the end of the voice so far */
    bool heard = s->pinned;
    uint32_t slice = first_slice(s, clip);
    float begin_ms = (float)slice * clip->slice_ms;
    for (; slice < clip->volume_count && begin_ms < s->end_ms; slice++) {
        const float end_ms = (float)(slice + 1) * clip->slice_ms;
        if (!(volume_at(clip, slice) < quiet)) {
            if (begin_ms < span_begin_ms) begin_ms = span_begin_ms;
            if (heard)
                add_pause(scratch, &s->pauses, (reveal_pause){voice_ms, begin_ms, 0});
            else
                s->begin_ms = begin_ms;
            heard = true;
            voice_ms = end_ms;
        }
        begin_ms = end_ms;
    }
    if (heard && begin_ms >= s->end_ms && voice_ms < s->end_ms && voice_ms > s->begin_ms)
        s->end_ms = voice_ms;
}

/* Costs are in the manner of log-likelihoods. These and those of BREAK were chosen on the half of the
 * sentences that is fitted, with noise added, in the middle of where they make little difference. */
static const float STRETCH_VARIANCE_MS2 = 3600, STRETCH_VARIANCE = 0.035f;
static const float UNLAID = 2, UNLAID_PER_MS = 0.03f;

/* What it costs that weights of expected_ms took actual_ms. */
static float stretch_cost(float expected_ms, float actual_ms) {
    const float difference = actual_ms - expected_ms;
    return difference * difference /
           (STRETCH_VARIANCE_MS2 + STRETCH_VARIANCE * expected_ms * expected_ms);
}

/* Of a pause that is laid on no break. */
static float unlaid_cost(const reveal_pause *pause) {
    return UNLAID + UNLAID_PER_MS * pause_ms(pause);
}

/* The begin or the end of a stretch of voice, and what all breaks and pauses before it would cost if
 * none were laid on another. */
typedef struct node {
    float text_ms, voice_ms;
    float missed;
} node;

/* Where the voice ends for the pause to be laid on the break, and where it then begins again. */
static node before_pause(const reveal_break *at, const reveal_pause *pause) {
    return (node){at->text_ms, pause->begin_ms, at->missed + pause->missed};
}

static node after_pause(const reveal_break *at, const reveal_pause *pause) {
    return (node){at->text_ms, pause->end_ms,
                  at->missed + BREAK[at->kind].missed + pause->missed + unlaid_cost(pause)};
}

static node span_begin(const span *s, const reveal_scratch *scratch) {
    return (node){s->text_begin, s->begin_ms, scratch->breaks[s->break_begin].missed};
}

static node span_end(const span *s, const reveal_scratch *scratch) {
    const node last =
        after_pause(&scratch->breaks[s->break_end - 1], &scratch->pauses[s->pauses - 1]);
    return (node){s->text_end, s->end_ms, last.missed};
}

/* A stretch of voice from one to the other, with nothing laid between. */
static float way_cost(const node *from, const node *to, float rate) {
    return stretch_cost((to->text_ms - from->text_ms) * rate, to->voice_ms - from->voice_ms) +
           to->missed - from->missed;
}

static uint32_t window_size(const span *s, const reveal_scratch *scratch, uint32_t pause) {
    const uint32_t left = s->break_end - scratch->window[pause];
    return left < REVEAL_WINDOW ? left : REVEAL_WINDOW;
}

enum { FROM_BEGIN = UINT16_MAX };

/* The cost of the cheapest way to a node by the first `pauses`, and the cell that it comes from. */
static float cheapest(const span *s, const reveal_scratch *scratch, const node *to, uint32_t pauses,
                      float rate, uint16_t *from) {
    const node begin = span_begin(s, scratch);
    float best = way_cost(&begin, to, rate);
    *from = FROM_BEGIN;
    for (uint32_t p = 0; p < pauses; p++) {
        const reveal_break *window = &scratch->breaks[scratch->window[p]];
        const uint32_t size = window_size(s, scratch, p);
        for (uint32_t w = 0; w < size && window[w].text_ms < to->text_ms; w++) {
            const node before = after_pause(&window[w], &scratch->pauses[p]);
            const float cost = scratch->cost[p][w] + way_cost(&before, to, rate);
            if (!(cost < best)) continue;
            best = cost;
            *from = (uint16_t)(p * REVEAL_WINDOW + w);
        }
    }
    return best;
}

/* A window of breaks for each pause, around the one where the weights alone would have it. */
static void lay_windows(const span *s, reveal_scratch *scratch, float rate) {
    float paused_ms = 0, missed = 0;
    uint32_t nearest = s->break_begin;
    for (uint32_t p = 0; p < s->pauses; p++) {
        reveal_pause *pause = &scratch->pauses[p];
        const float text_ms = s->text_begin + (pause->begin_ms - s->begin_ms - paused_ms) / rate;
        while (nearest + 1 < s->break_end && scratch->breaks[nearest].text_ms < text_ms)
            nearest++;
        uint32_t first = s->break_begin;
        if (s->break_end > first + REVEAL_WINDOW) {
            const uint32_t last = s->break_end - REVEAL_WINDOW;
            if (nearest > first + REVEAL_WINDOW / 2) first = nearest - REVEAL_WINDOW / 2;
            if (first > last) first = last;
        }
        scratch->window[p] = first;
        pause->missed = missed;
        missed += unlaid_cost(pause);
        paused_ms += pause_ms(pause);
    }
}

/* How fast is spoken: ms for one of text time. 0 if there is nothing but pauses. */
static float rate_of(const span *s, const reveal_scratch *scratch) {
    float voice_ms = s->end_ms - s->begin_ms;
    for (uint32_t p = 0; p < s->pauses; p++)
        voice_ms -= pause_ms(&scratch->pauses[p]);
    return voice_ms > 0 ? voice_ms / (s->text_end - s->text_begin) : 0;
}

/* Back along the cheapest way: leaves only the pauses on it, with window[] for their breaks. Returns how
 * many there are. */
static uint32_t keep_laid(const span *s, reveal_scratch *scratch, uint16_t from) {
    uint32_t first = s->pauses;
    while (from != FROM_BEGIN) {
        const uint32_t p = from / REVEAL_WINDOW, w = from % REVEAL_WINDOW;
        from = scratch->from[p][w];
        first--;
        scratch->pauses[first] = scratch->pauses[p];
        scratch->window[first] = scratch->window[p] + w;
    }
    const uint32_t laid = s->pauses - first;
    for (uint32_t p = 0; p < laid; p++) {
        scratch->pauses[p] = scratch->pauses[first + p];
        scratch->window[p] = scratch->window[first + p];
    }
    return laid;
}

static uint32_t align(const span *s, reveal_scratch *scratch) {
    if (s->break_begin == s->break_end || !s->pauses) return 0;
    const float rate = rate_of(s, scratch);
    if (!(rate > 0)) return 0;
    lay_windows(s, scratch, rate);
    for (uint32_t p = 0; p < s->pauses; p++) {
        const uint32_t size = window_size(s, scratch, p);
        for (uint32_t w = 0; w < size; w++) {
            const reveal_break *at = &scratch->breaks[scratch->window[p] + w];
            const node to = before_pause(at, &scratch->pauses[p]);
            scratch->cost[p][w] =
                BREAK[at->kind].made + cheapest(s, scratch, &to, p, rate, &scratch->from[p][w]);
        }
    }
    const node end = span_end(s, scratch);
    uint16_t from;
    cheapest(s, scratch, &end, s->pauses, rate, &from);
    return keep_laid(s, scratch, from);
}

/* ---- The map from text time to the clip's ------------------------------------------------ */

/* A part of it between two pauses. */
typedef struct line {
    float text_begin, text_end;
    float begin_ms, end_ms;
} line;

static float on_line(const line *l, float text_ms) {
    const float length = l->text_end - l->text_begin;
    if (!(length > 0)) return l->begin_ms;
    const float share = (text_ms - l->text_begin) / length;
    const float at_ms = l->begin_ms + (share < 1 ? share : 1) * (l->end_ms - l->begin_ms);
    return at_ms < l->end_ms ? at_ms : l->end_ms;
}

/* The line after the pause laid last, of `made` in all; the first one is number 0. */
static line line_after(const span *s, const reveal_scratch *scratch, uint32_t number,
                       uint32_t made) {
    line l = {s->text_begin, s->text_end, s->begin_ms, s->end_ms};
    if (number > 0) {
        l.text_begin = scratch->breaks[scratch->window[number - 1]].text_ms;
        l.begin_ms = scratch->pauses[number - 1].end_ms;
    }
    if (number < made) {
        l.text_end = scratch->breaks[scratch->window[number]].text_ms;
        l.end_ms = scratch->pauses[number].begin_ms;
    }
    return l;
}

/* From text time to the clip's, in place. */
static void place(const span *s, const reveal_scratch *scratch, uint32_t made, float *at_ms,
                  uint32_t units) {
    uint32_t number = 0;
    line l = line_after(s, scratch, 0, made);
    for (uint32_t unit = 0; unit < units; unit++) {
        while (number < made && at_ms[unit] >= l.text_end)
            l = line_after(s, scratch, ++number, made);
        at_ms[unit] = on_line(&l, at_ms[unit]);
    }
}

/* ---- The plan ---------------------------------------------------------------------------- */

static void plan_span(span *s, const reveal_clip *clip, float quiet, float *at_ms,
                      uint32_t unit_end, reveal_scratch *scratch) {
    if (s->unit == unit_end) return;
    listen(s, clip, quiet, scratch);
    place(s, scratch, align(s, scratch), at_ms + s->unit, unit_end - s->unit);
}

/* The first cluster from the word's unit on that is spoken and not yet placed, or units. The first
 * one of all stands for what is before it, too. */
static uint32_t word_unit(const reader *r, const span *s, const reveal_word *word,
                          const float *at_ms) {
    if (word->unit <= r->first_spoken) return s->pinned ? r->units : 0;
    if (word->unit <= s->unit || word->unit > r->last_spoken) return r->units;
    uint32_t unit = word->unit;
    while (unit < r->units && !(at_ms[unit] > at_ms[unit - 1]))
        unit++;
    return unit;
}

/* The span that comes after a word that is known. */
static span after_word(const span *before, uint32_t unit, float text_ms, float at_ms) {
    return (span){.unit = unit,
                  .text_begin = text_ms,
                  .begin_ms = at_ms,
                  .break_begin = before->break_end,
                  .pinned = true};
}

static void find_breaks(span *s, const reader *r, float text_end) {
    const reveal_break *breaks = r->scratch->breaks;
    while (s->break_begin < r->breaks && breaks[s->break_begin].text_ms <= s->text_begin)
        s->break_begin++;
    s->text_end = text_end;
    s->break_end = s->break_begin;
    while (s->break_end < r->breaks && breaks[s->break_end].text_ms < text_end)
        s->break_end++;
}

void reveal_plan(const uint16_t *text, const uint8_t *flags, uint32_t units,
                 const reveal_clip *clip, float *at_ms, reveal_scratch *scratch) {
    const float quiet = quiet_below(clip, scratch->bins);
    reader r = {.text = text,
                .flags = flags,
                .units = units,
                .weights = WEIGHT_MS,
                .pauses = !(quiet > 0),
                .scratch = scratch};
    const float text_ms = read_text(&r, at_ms);
    if (!r.spoken) return;
    span s = {0};
    for (uint32_t i = 0; i < clip->word_count; i++) {
        const reveal_word *word = &clip->words[i];
        if (!(word->at_ms >= s.begin_ms && word->at_ms <= clip->duration_ms)) continue;
        const uint32_t unit = word_unit(&r, &s, word, at_ms);
        if (unit >= units) continue;
        const float word_ms = at_ms[unit];
        find_breaks(&s, &r, word_ms);
        s.end_ms = word->at_ms;
        plan_span(&s, clip, quiet, at_ms, unit, scratch);
        s = after_word(&s, unit, word_ms, word->at_ms);
    }
    find_breaks(&s, &r, text_ms);
    s.end_ms = clip->duration_ms;
    plan_span(&s, clip, quiet, at_ms, units, scratch);
}
