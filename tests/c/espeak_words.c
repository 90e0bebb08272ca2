/* espeak_words [--samples] LANGUAGE VOICE WORDS_A_MINUTE ... <sentences.tsv >clips.jsonl
 *
 * When the words of sentences are truly spoken, by the word events of espeak-ng, and how loud the clip
 * is, as the backend tells it: each sentence by every voice given for its language, a line of JSON
 * for each.
 *
 * A line of sentences.tsv is LANGUAGE, a tab, and the text. 漢字《かんじ》 is shown as 漢字 and read as
 * かんじ, since espeak-ng cannot read kanji; a | is not shown and read as a space, since it knows no
 * words without. Lines that begin with # are left out, and not counted.
 *
 * With --samples there is the sound too, for who wants to hear it: 16 bits, mono.
 *
 * A word event comes where the word's first phoneme begins, after the pause before it. */
#include <espeak-ng/speak_lib.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_BYTES = 4096,
    WORDS_MAX = 1024,
    SLICE_MS = 20,
    CLIP_SECONDS_MAX = 60,
    RATE_HZ_MAX = 22050,
};

static void fail(const char *what) {
    fprintf(stderr, "espeak_words: %s\n", what);
    exit(1);
}

/* ---- Text: what is shown, what is read, and how they correspond --------------------------- */

typedef struct sentence {
    char shown[LINE_BYTES];
    char read[LINE_BYTES];
    uint32_t units;               /* of shown, UTF-16 */
    uint32_t read_length;         /* in code points */
    uint32_t unit_of[LINE_BYTES]; /* of a code point that is read, in shown */
} sentence;

static uint32_t sequence_bytes(const char *utf8) {
    const unsigned char lead = (unsigned char)*utf8;
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_kanji(const char *utf8) {
    return (strncmp(utf8, "一", 3) >= 0 && strncmp(utf8, "鿿", 3) <= 0) || !strncmp(utf8, "々", 3);
}

static void append(char *text, const char *utf8) {
    strncat(text, utf8, sequence_bytes(utf8));
}

static void add_read(sentence *s, const char *utf8, uint32_t unit) {
    append(s->read, utf8);
    s->unit_of[s->read_length++] = unit;
}

static void add_shown(sentence *s, const char *utf8) {
    append(s->shown, utf8);
    s->units += sequence_bytes(utf8) == 4 ? 2 : 1;
}

/* The kanji from `utf8` on, and the reading behind them, if there is one. */
static const char *reading_of(const char *utf8) {
    while (*utf8 && is_kanji(utf8))
        utf8 += sequence_bytes(utf8);
    return strncmp(utf8, "《", 3) ? NULL : utf8 + 3;
}

static void parse(sentence *s, const char *line) {
    memset(s, 0, sizeof *s);
    for (const char *at = line; *at;) {
        const char *reading = is_kanji(at) ? reading_of(at) : NULL;
        if (reading) {
            const uint32_t unit = s->units;
            for (; is_kanji(at); at += sequence_bytes(at))
                add_shown(s, at);
            for (at = reading; strncmp(at, "》", 3); at += sequence_bytes(at)) {
                if (!*at) fail("a reading without an end");
                add_read(s, at, unit);
            }
            at += strlen("》");
        } else if (*at == '|') {
            add_read(s, " ", s->units);
            at++;
        } else {
            add_read(s, at, s->units);
            add_shown(s, at);
            at += sequence_bytes(at);
        }
    }
}

/* ---- Speech ------------------------------------------------------------------------------- */

typedef struct word {
    uint32_t unit;
    double at_ms;
} word;

static struct {
    const sentence *text;
    int rate_hz;
    uint32_t samples;
    short audio[CLIP_SECONDS_MAX * RATE_HZ_MAX];
    uint32_t words;
    word word[WORDS_MAX];
} clip;

/* espeak-ng reads a number as several words, and is one letter late with some that it joins, as in
 * "it is": where no word begins, its time is not used. */
static bool inside_word(const char *utf8, uint32_t at) {
    for (; at > 1; at--)
        utf8 += sequence_bytes(utf8);
    if (!at) return false;
    const bool letters = is_letter(utf8[0]) && is_letter(utf8[1]);
    return letters || (is_digit(utf8[0]) && (is_digit(utf8[1]) || strchr(".,:", utf8[1])));
}

static void add_word(uint32_t at, double at_ms) {
    if (at >= clip.text->read_length) fail("a word beyond the text");
    if (clip.words == WORDS_MAX) fail("too many words");
    const uint32_t unit = clip.text->unit_of[at];
    const bool ascending = !clip.words || unit > clip.word[clip.words - 1].unit;
    if (ascending && !inside_word(clip.text->read, at))
        clip.word[clip.words++] = (word){unit, at_ms};
}

static int receive(short *audio, int samples, espeak_EVENT *events) {
    if (audio && samples > 0) {
        if (clip.samples + (uint32_t)samples > sizeof clip.audio / sizeof *clip.audio)
            fail("a sentence is too long");
        memcpy(clip.audio + clip.samples, audio, (size_t)samples * sizeof *audio);
        clip.samples += (uint32_t)samples;
    }
    for (; events->type != espeakEVENT_LIST_TERMINATED; events++)
        if (events->type == espeakEVENT_WORD && events->text_position > 0) /* it counts from 1 */
            add_word((uint32_t)events->text_position - 1, 1000.0 * events->sample / clip.rate_hz);
    return 0;
}

static void speak(const sentence *text, const char *voice, int words_a_minute) {
    clip.text = text;
    clip.samples = clip.words = 0;
    if (espeak_SetVoiceByName(voice) != EE_OK) fail("no such voice");
    if (espeak_SetParameter(espeakRATE, words_a_minute, 0) != EE_OK) fail("no such rate");
    if (espeak_Synth(text->read, strlen(text->read) + 1, 0, POS_CHARACTER, 0,
                     espeakCHARS_UTF8 | espeakENDPAUSE, NULL, NULL) != EE_OK)
        fail("a sentence cannot be spoken");
}

/* ---- Output ------------------------------------------------------------------------------- */

static void print_string(const char *text) {
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static double slice_rms(uint32_t begin, uint32_t end) {
    double sum = 0;
    for (uint32_t i = begin; i < end; i++)
        sum += (double)clip.audio[i] * clip.audio[i];
    return sqrt(sum / (end - begin));
}

/* As pydub does it for the backend: whole slices, and what is left of one. */
static void print_volumes(void) {
    const uint32_t slice = (uint32_t)(clip.rate_hz * SLICE_MS / 1000);
    double largest = 0;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t begin = 0; begin < clip.samples; begin += slice) {
            const uint32_t end = begin + slice < clip.samples ? begin + slice : clip.samples;
            const double rms = slice_rms(begin, end);
            if (pass == 0 && rms > largest) largest = rms;
            if (pass == 1) printf("%s%.5g", begin ? "," : "", largest > 0 ? rms / largest : 0);
        }
}

static void print_samples(void) {
    printf(",\"rateHz\":%d,\"samples\":[", clip.rate_hz);
    for (uint32_t i = 0; i < clip.samples; i++)
        printf("%s%d", i ? "," : "", clip.audio[i]);
    printf("]");
}

static void print_clip(uint32_t line, const char *language, const char *voice, int words_a_minute,
                       bool samples) {
    printf("{\"line\":%u,\"language\":\"%s\",\"voice\":\"%s\",\"wordsAMinute\":%d,\"text\":", line,
           language, voice, words_a_minute);
    print_string(clip.text->shown);
    printf(",\"durationMs\":%.3f,\"sliceMs\":%d,\"volumes\":[",
           1000.0 * clip.samples / clip.rate_hz, SLICE_MS);
    print_volumes();
    printf("],\"words\":[");
    for (uint32_t i = 0; i < clip.words; i++)
        printf("%s{\"unit\":%u,\"atMs\":%.3f}", i ? "," : "", clip.word[i].unit,
               clip.word[i].at_ms);
    printf("]");
    if (samples) print_samples();
    printf("}\n");
}

int main(int argc, char **argv) {
    static char line[LINE_BYTES];
    static sentence text;
    const bool samples = argc > 1 && !strcmp(argv[1], "--samples");
    const int first = samples ? 2 : 1;
    if (argc < first + 3 || (argc - first) % 3)
        fail("[--samples] LANGUAGE VOICE WORDS_A_MINUTE ...");
    clip.rate_hz = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, 0);
    if (clip.rate_hz < 0 || clip.rate_hz > RATE_HZ_MAX) fail("espeak-ng cannot be started");
    espeak_SetSynthCallback(receive);
    for (uint32_t number = 0; fgets(line, sizeof line, stdin);) {
        line[strcspn(line, "\n")] = 0;
        char *tab = strchr(line, '\t');
        if (*line == '#' || !tab) continue;
        *tab = 0;
        parse(&text, tab + 1);
        for (int i = first; i < argc; i += 3)
            if (!strcmp(argv[i], line)) {
                speak(&text, argv[i + 1], atoi(argv[i + 2]));
                print_clip(number, line, argv[i + 1], atoi(argv[i + 2]), samples);
            }
        number++;
    }
    espeak_Terminate();
}
