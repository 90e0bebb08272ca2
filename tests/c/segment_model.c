#include "segment_model.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "segment.h"

/* ---- Properties -------------------------------------------------------------------------- */

/* A value of a property is a place in its list; the first is the default. */
/* clang-format off */
#define GRAPHEME_BREAKS(X) \
    X(Other) X(CR) X(LF) X(Control) X(Extend) X(ZWJ) X(Regional_Indicator) X(Prepend) \
    X(SpacingMark) X(L) X(V) X(T) X(LV) X(LVT)
#define CONJUNCT_BREAKS(X) X(None) X(Consonant) X(Linker) X(Extend)
#define WORD_BREAKS(X) \
    X(Other) X(CR) X(LF) X(Newline) X(Extend) X(ZWJ) X(Regional_Indicator) X(Format) X(Katakana) \
    X(Hebrew_Letter) X(ALetter) X(Single_Quote) X(Double_Quote) X(MidNumLet) X(MidLetter) \
    X(MidNum) X(Numeric) X(ExtendNumLet) X(WSegSpace)
#define SENTENCE_BREAKS(X) \
    X(Other) X(CR) X(LF) X(Extend) X(Sep) X(Format) X(Sp) X(Lower) X(Upper) X(OLetter) \
    X(Numeric) X(ATerm) X(SContinue) X(STerm) X(Close)
#define LINE_BREAKS(X) \
    X(XX) X(AI) X(AK) X(AL) X(AP) X(AS) X(B2) X(BA) X(BB) X(BK) X(CB) X(CJ) X(CL) X(CM) X(CP) \
    X(CR) X(EB) X(EM) X(EX) X(GL) X(H2) X(H3) X(HH) X(HL) X(HY) X(ID) X(IN) X(IS) X(JL) X(JT) \
    X(JV) X(LF) X(NL) X(NS) X(NU) X(OP) X(PO) X(PR) X(QU) X(RI) X(SA) X(SG) X(SP) X(SY) X(VF) \
    X(VI) X(WJ) X(ZW) X(ZWJ)
#define CATEGORIES(X) \
    X(Cn) X(Lu) X(Ll) X(Lt) X(Lm) X(Lo) X(Mn) X(Mc) X(Me) X(Nd) X(Nl) X(No) X(Pc) X(Pd) X(Ps) \
    X(Pe) X(Pi) X(Pf) X(Po) X(Sm) X(Sc) X(Sk) X(So) X(Zs) X(Zl) X(Zp) X(Cc) X(Cf) X(Cs) X(Co)
#define WIDTHS(X) X(N) X(A) X(H) X(W) X(F) X(Na)
#define HANGUL(X) X(NA) X(L) X(V) X(T) X(LV) X(LVT)
#define NO_YES(X) X(No) X(Yes)

#define PROPERTIES(X) \
    X(GCB, GRAPHEME_BREAKS) X(InCB, CONJUNCT_BREAKS) X(WB, WORD_BREAKS) X(SB, SENTENCE_BREAKS) \
    X(LB, LINE_BREAKS) X(GC, CATEGORIES) X(EA, WIDTHS) X(HST, HANGUL) X(PICT, NO_YES) \
    X(WSPACE, NO_YES)
/* clang-format on */

#define NAME(value) #value,
#define AS_ENUM(property, values) property,
#define AS_NAMES(property, values) [property] = {values(NAME) NULL},
#define DEFINE_VALUES(prefix, values) enum { values(prefix) };

enum { PROPERTIES(AS_ENUM) PROPERTY_COUNT };
static const char *const names[PROPERTY_COUNT][64] = {PROPERTIES(AS_NAMES)};

#define G(value) G_##value,
#define I(value) I_##value,
#define W(value) W_##value,
#define S(value) S_##value,
#define B(value) B_##value,
#define C(value) C_##value,
#define E(value) E_##value,
#define H(value) H_##value,
DEFINE_VALUES(G, GRAPHEME_BREAKS)
DEFINE_VALUES(I, CONJUNCT_BREAKS)
DEFINE_VALUES(W, WORD_BREAKS)
DEFINE_VALUES(S, SENTENCE_BREAKS)
DEFINE_VALUES(B, LINE_BREAKS)
DEFINE_VALUES(C, CATEGORIES)
DEFINE_VALUES(E, WIDTHS)
DEFINE_VALUES(H, HANGUL)

static uint8_t properties[PROPERTY_COUNT][MODEL_CODE_POINTS];

static void fail(const char *what, const char *where) {
    fprintf(stderr, "%s: %s\n", what, where);
    exit(1);
}

static uint8_t value_named(uint32_t property, const char *name) {
    for (uint8_t value = 0; names[property][value]; value++)
        if (strcmp(names[property][value], name) == 0) return value;
    fail("no such value", name);
    return 0;
}

static void fill(uint32_t property, uint32_t first, uint32_t last, uint8_t value) {
    memset(&properties[property][first], value, last - first + 1);
}

/* Long names of values that are nobody's but of code points that are not listed. */
static const char *short_name(const char *name) {
    static const char *const known[][2] = {
        {"Unknown", "XX"}, {"Prefix_Numeric", "PR"}, {"Ideographic", "ID"}, {"Neutral", "N"},
        {"Wide", "W"},     {"Not_Applicable", "NA"}, {"Unassigned", "Cn"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i][0], name) == 0) return known[i][1];
    return name;
}

/* Lines "0041..005A ; value" or "0041 ; field ; value", and "# @missing: " before the same. With a
 * field and no value in the line the property is binary. */
static void read_property(uint32_t property, const char *ucd, const char *name, const char *field) {
    char path[1024], line[4096];
    snprintf(path, sizeof path, "%s/%s", ucd, name);
    FILE *file = fopen(path, "rb");
    if (!file) fail("cannot be opened", path);
    while (fgets(line, sizeof line, file)) {
        static const char missing[] = "# @missing: ";
        char *text = line;
        if (strncmp(text, missing, sizeof missing - 1) == 0) text += sizeof missing - 1;
        text[strcspn(text, "#\n")] = 0;
        char *range = strtok(text, "; \t"), *value = strtok(NULL, "; \t");
        if (!range || !value) continue;
        if (field) {
            if (strcmp(value, field) != 0) continue;
            value = strtok(NULL, "; \t");
        }
        char *dots = strstr(range, "..");
        const uint32_t first = (uint32_t)strtoul(range, NULL, 16);
        const uint32_t last = dots ? (uint32_t)strtoul(dots + 2, NULL, 16) : first;
        fill(property, first, last,
             value ? value_named(property, short_name(value)) : value_named(property, "Yes"));
    }
    fclose(file);
}

void model_open(const char *ucd) {
    read_property(GCB, ucd, "auxiliary/GraphemeBreakProperty.txt", NULL);
    read_property(InCB, ucd, "DerivedCoreProperties.txt", "InCB");
    read_property(WB, ucd, "auxiliary/WordBreakProperty.txt", NULL);
    read_property(SB, ucd, "auxiliary/SentenceBreakProperty.txt", NULL);
    read_property(LB, ucd, "extracted/DerivedLineBreak.txt", NULL);
    read_property(GC, ucd, "extracted/DerivedGeneralCategory.txt", NULL);
    read_property(EA, ucd, "extracted/DerivedEastAsianWidth.txt", NULL);
    read_property(HST, ucd, "HangulSyllableType.txt", NULL);
    read_property(PICT, ucd, "emoji/emoji-data.txt", "Extended_Pictographic");
    read_property(WSPACE, ucd, "PropList.txt", "White_Space");
}

/* Six bits each; 0x25CC is the only code point that a rule names. */
uint64_t model_properties(uint32_t c) {
    uint64_t all = c == 0x25CC;
    for (uint32_t property = 0; property < PROPERTY_COUNT; property++)
        all = all << 6 | properties[property][c];
    return all;
}

uint32_t model_traits(uint32_t c) {
    const uint32_t category = properties[GC][c], hangul = properties[HST][c];
    uint32_t traits = 0;
    if (properties[EA][c] == E_W || properties[EA][c] == E_F) traits |= TRAIT_WIDE;
    if (category == C_Mn || category == C_Me || (category == C_Cf && c != 0xAD) || hangul == H_V ||
        hangul == H_T)
        traits |= TRAIT_ZERO;
    if (category >= C_Lu && category <= C_No) traits |= TRAIT_WORD;
    if (properties[WSPACE][c]) traits |= TRAIT_SPACE;
    if (category == C_Ps || category == C_Pi) traits |= TRAIT_OPEN;
    if (category == C_Pe || category == C_Pf) traits |= TRAIT_CLOSE;
    return traits;
}

/* ---- Texts as sets of names -------------------------------------------------------------- */

/* What a code point may be called, a bit for each name: of the first 55 bits one, the value of the
 * kind's property, and others of the rest. The ends of the text have names, too. */
typedef uint64_t set;
#define BIT(value) (UINT64_C(1) << (value))
enum {
    SOT = 55,
    EOT,
    PICTOGRAPHIC,
    CONSONANT,
    LINKER,
    CONJUNCT_EXTEND,
    EAST_ASIAN,
    INITIAL,
    FINAL
};
enum { DOTTED_CIRCLE = CONSONANT, UNASSIGNED = LINKER }; /* of lines only */

/* The text of a kind, without marks that belong to what is before them. item[-1] is the start of the
 * text, item[count] its end. `at` is an item's place in the whole text. */
typedef struct items {
    set room[MODEL_TEXT_MAX + 4];
    uint32_t at[MODEL_TEXT_MAX];
    int count;
} items;

static set *begin(items *text) {
    text->count = 0;
    text->room[0] = text->room[1] = BIT(SOT);
    return text->room + 2;
}

static void finish(items *text) {
    text->room[text->count + 2] = text->room[text->count + 3] = BIT(EOT);
}

/* Regional indicators before item i, back to the last that is none. */
static int indicators_before(const set *c, int i, set indicator) {
    int count = 0;
    while (c[i - 1 - count] & indicator)
        count++;
    return count;
}

/* ---- Grapheme clusters ------------------------------------------------------------------- */

static set grapheme_names(uint32_t c) {
    return BIT(properties[GCB][c]) | (set)properties[PICT][c] << PICTOGRAPHIC |
           (properties[InCB][c] == I_Consonant ? BIT(CONSONANT) : 0) |
           (properties[InCB][c] == I_Linker ? BIT(LINKER) : 0) |
           (properties[InCB][c] == I_Extend ? BIT(CONJUNCT_EXTEND) : 0);
}

static bool in_conjunct(const set *c, int i) {
    bool linked = false;
    int j = i - 1;
    for (; c[j] & (BIT(LINKER) | BIT(CONJUNCT_EXTEND)); j--)
        linked |= (c[j] & BIT(LINKER)) != 0;
    return c[i] & BIT(CONSONANT) && linked && c[j] & BIT(CONSONANT);
}

static bool in_emoji_sequence(const set *c, int i) {
    if (!(c[i - 1] & BIT(G_ZWJ)) || !(c[i] & BIT(PICTOGRAPHIC))) return false;
    int j = i - 2;
    while (c[j] & BIT(G_Extend))
        j--;
    return c[j] & BIT(PICTOGRAPHIC);
}

static bool grapheme_break(const set *c, int i) {
    const set controls = BIT(G_CR) | BIT(G_LF) | BIT(G_Control), left = c[i - 1], right = c[i];
    if (left & BIT(SOT)) return true;
    if (left & BIT(G_CR) && right & BIT(G_LF)) return false;
    if (left & controls || right & controls) return true;
    if (left & BIT(G_L) && right & (BIT(G_L) | BIT(G_V) | BIT(G_LV) | BIT(G_LVT))) return false;
    if (left & (BIT(G_LV) | BIT(G_V)) && right & (BIT(G_V) | BIT(G_T))) return false;
    if (left & (BIT(G_LVT) | BIT(G_T)) && right & BIT(G_T)) return false;
    if (right & (BIT(G_Extend) | BIT(G_ZWJ) | BIT(G_SpacingMark))) return false;
    if (left & BIT(G_Prepend)) return false;
    if (in_conjunct(c, i) || in_emoji_sequence(c, i)) return false;
    return !(right & BIT(G_Regional_Indicator) &&
             indicators_before(c, i, BIT(G_Regional_Indicator)) % 2);
}

static void graphemes(const uint32_t *text, uint32_t count, uint8_t *flags) {
    static items all;
    set *c = begin(&all);
    for (uint32_t i = 0; i < count; i++)
        c[all.count++] = grapheme_names(text[i]);
    finish(&all);
    for (uint32_t i = 0; i < count; i++)
        flags[i] |= grapheme_break(c, (int)i) ? SEGMENT_GRAPHEME : 0;
}

/* ---- Words ------------------------------------------------------------------------------- */

static const set newlines = BIT(W_Newline) | BIT(W_CR) | BIT(W_LF);
static const set letters = BIT(W_ALetter) | BIT(W_Hebrew_Letter);
static const set mid_num_let = BIT(W_MidNumLet) | BIT(W_Single_Quote);

/* WB5 to WB16, without marks. */
static bool word_break(const set *c, int i) {
    const set before = c[i - 2], left = c[i - 1], right = c[i], after = c[i + 1];
    const set hebrew = BIT(W_Hebrew_Letter), number = BIT(W_Numeric), kana = BIT(W_Katakana);
    const set quote = BIT(W_Double_Quote), joiner = BIT(W_ExtendNumLet);
    const set in_word = BIT(W_MidLetter) | mid_num_let, in_number = BIT(W_MidNum) | mid_num_let;
    if (left & letters && right & letters) return false;
    if (left & letters && right & in_word && after & letters) return false;
    if (before & letters && left & in_word && right & letters) return false;
    if (left & hebrew && right & BIT(W_Single_Quote)) return false;
    if (left & hebrew && right & quote && after & hebrew) return false;
    if (before & hebrew && left & quote && right & hebrew) return false;
    if (left & (letters | number) && right & (letters | number)) return false;
    if (before & number && left & in_number && right & number) return false;
    if (left & number && right & in_number && after & number) return false;
    if (left & kana && right & kana) return false;
    if (left & (letters | number | kana | joiner) && right & joiner) return false;
    if (left & joiner && right & (letters | number | kana)) return false;
    const set indicator = BIT(W_Regional_Indicator);
    return !(right & indicator && indicators_before(c, i, indicator) % 2);
}

static void words(const uint32_t *text, uint32_t count, uint8_t *flags) {
    static items all, unmarked;
    const set marks = BIT(W_Extend) | BIT(W_Format) | BIT(W_ZWJ);
    set *exact = begin(&all), *c = begin(&unmarked);
    for (uint32_t i = 0; i < count; i++) {
        const set own = BIT(properties[WB][text[i]]) | (set)properties[PICT][text[i]]
                                                           << PICTOGRAPHIC;
        exact[all.count++] = own;
        if (own & marks && !(c[unmarked.count - 1] & (newlines | BIT(SOT)))) continue;
        unmarked.at[unmarked.count] = i;
        c[unmarked.count++] = own;
    }
    finish(&unmarked);
    for (int k = 0; k < unmarked.count; k++) {
        const int i = (int)unmarked.at[k];
        const set left = exact[i - 1], right = exact[i];
        const bool together = (left & BIT(W_CR) && right & BIT(W_LF)) ||
                              (left & BIT(W_WSegSpace) && right & BIT(W_WSegSpace)) ||
                              (left & BIT(W_ZWJ) && right & BIT(PICTOGRAPHIC));
        const bool apart = (left | right) & newlines || left & BIT(SOT);
        if (!together && (apart || word_break(c, k))) flags[i] |= SEGMENT_WORD;
    }
}

/* ---- Sentences --------------------------------------------------------------------------- */

static const set paragraph_ends = BIT(S_Sep) | BIT(S_CR) | BIT(S_LF);
static const set terminators = BIT(S_STerm) | BIT(S_ATerm);

static bool lower_follows(const set *c, int i) {
    const set stop = BIT(S_OLetter) | BIT(S_Upper) | BIT(S_Lower) | BIT(EOT);
    while (!(c[i] & (stop | paragraph_ends | terminators)))
        i++;
    return c[i] & BIT(S_Lower);
}

/* SB6 to SB998, without marks. */
static bool sentence_break(const set *c, int i) {
    const set before = c[i - 2], left = c[i - 1], right = c[i];
    if (left & BIT(S_ATerm) && right & BIT(S_Numeric)) return false;
    if (before & (BIT(S_Upper) | BIT(S_Lower)) && left & BIT(S_ATerm) && right & BIT(S_Upper))
        return false;
    int j = i - 1;
    const bool after_paragraph = c[j] & paragraph_ends;
    if (after_paragraph) j--;
    const int end = j;
    while (c[j] & BIT(S_Sp))
        j--;
    const bool after_space = j < end;
    while (c[j] & BIT(S_Close))
        j--;
    if (!(c[j] & terminators)) return false;
    if (after_paragraph) return true;
    if (c[j] & BIT(S_ATerm) && lower_follows(c, i)) return false;
    if (right & (BIT(S_SContinue) | terminators)) return false;
    if (!after_space && right & BIT(S_Close)) return false;
    return !(right & (BIT(S_Sp) | paragraph_ends));
}

static void sentences(const uint32_t *text, uint32_t count, uint8_t *flags) {
    static items unmarked;
    set *c = begin(&unmarked);
    for (uint32_t i = 0; i < count; i++) {
        const set own = BIT(properties[SB][text[i]]), marks = BIT(S_Extend) | BIT(S_Format);
        if (own & marks && !(c[unmarked.count - 1] & (paragraph_ends | BIT(SOT)))) continue;
        unmarked.at[unmarked.count] = i;
        c[unmarked.count++] = own;
    }
    finish(&unmarked);
    for (int k = 0; k < unmarked.count; k++) {
        const bool line_end = c[k - 1] & BIT(S_CR) && c[k] & BIT(S_LF);
        const bool apart = c[k - 1] & (paragraph_ends | BIT(SOT));
        if (!line_end && (apart || sentence_break(c, k))) flags[unmarked.at[k]] |= SEGMENT_SENTENCE;
    }
}

/* ---- Lines ------------------------------------------------------------------------------- */

#define OF2(a, b) (BIT(B_##a) | BIT(B_##b))
#define OF3(a, b, c) (OF2(a, b) | BIT(B_##c))
#define OF4(a, b, c, d) (OF2(a, b) | OF2(c, d))
#define OF5(a, b, c, d, e) (OF4(a, b, c, d) | BIT(B_##e))
#define OF8(a, b, c, d, e, f, g, h) (OF4(a, b, c, d) | OF4(e, f, g, h))

static set line_names(uint32_t c) {
    const uint32_t category = properties[GC][c];
    uint32_t own = properties[LB][c];
    if (own == B_AI || own == B_SG || own == B_XX) own = B_AL;
    if (own == B_SA) own = category == C_Mn || category == C_Mc ? B_CM : B_AL;
    if (own == B_CJ) own = B_NS;
    const uint32_t width = properties[EA][c];
    return BIT(own) | (width == E_F || width == E_W || width == E_H ? BIT(EAST_ASIAN) : 0) |
           (category == C_Pi ? BIT(INITIAL) : 0) | (category == C_Pf ? BIT(FINAL) : 0) |
           (c == 0x25CC ? BIT(DOTTED_CIRCLE) : 0) |
           (properties[PICT][c] && category == C_Cn ? BIT(UNASSIGNED) : 0);
}

/* The item before i that is no space; its place. */
static int before_spaces(const set *c, int i) {
    do
        i--;
    while (c[i] & BIT(B_SP));
    return i;
}

/* LB15a: an initial quotation mark before i, after something that lets it open. */
static bool after_opening_quote(const set *c, int i) {
    const int j = before_spaces(c, i);
    const set may_precede = OF8(BK, CR, LF, NL, OP, QU, GL, SP) | BIT(B_ZW) | BIT(SOT);
    return c[j] & BIT(B_QU) && c[j] & BIT(INITIAL) && c[j - 1] & may_precede;
}

static bool is_closing_quote(const set *c, int i) {
    const set may_follow = OF8(SP, GL, WJ, CL, QU, CP, EX, IS) | OF5(SY, BK, CR, LF, NL);
    return c[i] & BIT(B_QU) && c[i] & BIT(FINAL) && c[i + 1] & (may_follow | BIT(B_ZW) | BIT(EOT));
}

/* LB19 and LB19a. */
static bool quote_joins(const set *c, int i) {
    const set quote = BIT(B_QU), far = BIT(EAST_ASIAN);
    if (c[i] & quote)
        if (!(c[i] & BIT(INITIAL)) || !(c[i - 1] & far) || !(c[i + 1] & far)) return true;
    if (c[i - 1] & quote)
        if (!(c[i - 1] & BIT(FINAL)) || !(c[i] & far) || !(c[i - 2] & far)) return true;
    return false;
}

/* LB25. */
static bool number_joins(const set *c, int i) {
    const set left = c[i - 1], right = c[i], signs = OF2(PO, PR);
    int j = i - 1;
    if (right & signs && c[j] & OF2(CL, CP)) j--;
    while (c[j] & OF2(SY, IS))
        j--;
    if (c[j] & BIT(B_NU) && right & (signs | BIT(B_NU))) return true;
    if (left & signs && right & BIT(B_OP))
        return c[i + 1] & BIT(B_NU) || (c[i + 1] & BIT(B_IS) && c[i + 2] & BIT(B_NU));
    return left & OF4(PO, PR, HY, IS) && right & BIT(B_NU);
}

/* LB28a. */
static bool aksara_joins(const set *c, int i) {
    const set left = c[i - 1], right = c[i], circle = BIT(DOTTED_CIRCLE);
    const set aksara = OF2(AK, AS) | circle;
    if (left & BIT(B_AP) && right & aksara) return true;
    if (left & aksara && right & OF2(VF, VI)) return true;
    if (c[i - 2] & aksara && left & BIT(B_VI) && right & (BIT(B_AK) | circle)) return true;
    return left & aksara && right & aksara && c[i + 1] & BIT(B_VF);
}

/* LB11 to LB31, without marks. */
static bool line_break(const set *c, int i) {
    const set before = c[i - 2], left = c[i - 1], right = c[i], after = c[i + 1];
    const set alphabetic = OF2(AL, HL), korean = OF5(JL, JV, JT, H2, H3),
              ideograph = OF3(ID, EB, EM);
    const int j = before_spaces(c, i);
    if ((left | right) & BIT(B_WJ)) return false;
    if (left & BIT(B_GL)) return false;
    if (right & BIT(B_GL) && !(left & OF4(SP, BA, HY, HH))) return false;
    if (right & OF4(CL, CP, EX, SY)) return false;
    if (c[j] & BIT(B_OP)) return false;
    if (after_opening_quote(c, i) || is_closing_quote(c, i)) return false;
    if (left & BIT(B_SP) && right & BIT(B_IS) && after & BIT(B_NU)) return true;
    if (right & BIT(B_IS)) return false;
    if (c[j] & OF2(CL, CP) && right & BIT(B_NS)) return false;
    if (c[j] & BIT(B_B2) && right & BIT(B_B2)) return false;
    if (left & BIT(B_SP)) return true;
    if (quote_joins(c, i)) return false;
    if ((left | right) & BIT(B_CB)) return true;
    if (left & OF2(HY, HH) && right & alphabetic &&
        before & (OF8(BK, CR, LF, NL, SP, ZW, CB, GL) | BIT(SOT)))
        return false;
    if (right & OF4(BA, HH, HY, NS) || left & BIT(B_BB)) return false;
    if (before & BIT(B_HL) && left & OF2(HY, HH) && !(right & BIT(B_HL))) return false;
    if (left & BIT(B_SY) && right & BIT(B_HL)) return false;
    if (right & BIT(B_IN)) return false;
    if (left & alphabetic && right & BIT(B_NU)) return false;
    if (left & BIT(B_NU) && right & alphabetic) return false;
    if (left & BIT(B_PR) && right & ideograph) return false;
    if (left & ideograph && right & BIT(B_PO)) return false;
    if (left & OF2(PR, PO) && right & alphabetic) return false;
    if (left & alphabetic && right & OF2(PR, PO)) return false;
    if (number_joins(c, i)) return false;
    if (left & BIT(B_JL) && right & OF4(JL, JV, H2, H3)) return false;
    if (left & OF2(JV, H2) && right & OF2(JV, JT)) return false;
    if (left & OF2(JT, H3) && right & BIT(B_JT)) return false;
    if (left & korean && right & BIT(B_PO)) return false;
    if (left & BIT(B_PR) && right & korean) return false;
    if (left & alphabetic && right & alphabetic) return false;
    if (aksara_joins(c, i)) return false;
    if (left & BIT(B_IS) && right & alphabetic) return false;
    if (left & (alphabetic | BIT(B_NU)) && right & BIT(B_OP) && !(right & BIT(EAST_ASIAN)))
        return false;
    if (left & BIT(B_CP) && !(left & BIT(EAST_ASIAN)) && right & (alphabetic | BIT(B_NU)))
        return false;
    if (right & BIT(B_RI) && indicators_before(c, i, BIT(B_RI)) % 2) return false;
    return !((left & BIT(B_EB) || left & BIT(UNASSIGNED)) && right & BIT(B_EM));
}

/* LB2 to LB8a of the whole text; what they leave open is line_break()'s. */
static uint8_t line_flags(const set *exact, int i, const set *c, int k) {
    const set left = exact[i - 1], right = exact[i];
    if (left & BIT(SOT)) return 0;
    if (left & BIT(B_CR) && right & BIT(B_LF)) return 0;
    if (left & OF4(BK, CR, LF, NL)) return SEGMENT_LINE | SEGMENT_LINE_MUST;
    if (right & (OF4(BK, CR, LF, NL) | OF2(SP, ZW))) return 0;
    if (exact[before_spaces(exact, i)] & BIT(B_ZW)) return SEGMENT_LINE;
    if (left & BIT(B_ZWJ)) return 0;
    return line_break(c, k) ? SEGMENT_LINE : 0;
}

static void lines(const uint32_t *text, uint32_t count, uint8_t *flags) {
    static items all, unmarked;
    set *exact = begin(&all), *c = begin(&unmarked);
    const set alone = OF4(BK, CR, LF, NL) | OF2(SP, ZW) | BIT(SOT);
    for (uint32_t i = 0; i < count; i++) {
        set own = line_names(text[i]);
        exact[all.count++] = own;
        if (own & OF2(CM, ZWJ)) {
            if (!(c[unmarked.count - 1] & alone)) continue;
            own = BIT(B_AL);
        }
        unmarked.at[unmarked.count] = i;
        c[unmarked.count++] = own;
    }
    finish(&unmarked);
    for (int k = 0; k < unmarked.count; k++) {
        const int i = (int)unmarked.at[k];
        flags[i] |= line_flags(exact, i, c, k);
    }
}

void model_segment(const uint32_t *text, uint32_t count, uint8_t *flags) {
    memset(flags, 0, count);
    graphemes(text, count, flags);
    words(text, count, flags);
    sentences(text, count, flags);
    lines(text, count, flags);
}
