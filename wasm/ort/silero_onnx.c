/* silero_onnx.c: Silero's speech models on ONNX Runtime: a frame of 16 kHz audio -> the probability that it
 * is speech.
 *
 *   silero_open(model, bytes, 0, 1)    once; then write a frame to silero_frame(), and
 *   silero_run()                       as often as there are frames
 *   silero_reset()                     between streams
 *   silero_close()                     at the end
 *
 * Two signatures are known, by the names and types of inputs and outputs:
 *
 *   generation 5 (Silero 5 and 6)   input state sr -> output stateN      frames of 512 samples
 *   generation 4 (vad-web's legacy) input h c sr   -> output hn cn       of 512, 1024 or 1536
 *
 * Generation 5 was trained with the last 64 samples of the frame before in front of each frame; they
 * are kept here. All values are made by silero_open(). The state has two homes: a run reads one and
 * writes the other, and when it has succeeded they change places, so a run that fails changes nothing.
 */
#include <onnxruntime_c_api.h>
#include <stdarg.h>
#include <string.h>

/* Called from outside: not to be thrown away by the linker. */
#define EXPORT __attribute__((used))

enum {
    RATE_HZ = 16000,
    CONTEXT_SAMPLES = 64,
    FRAME_SAMPLES_MAX = 1536,
    STATES_MAX = 2,
    STATE_FLOATS = 2 * 128, /* of all the states of a signature together */
    NAMED_MAX = 2 + STATES_MAX,
};

typedef struct signature {
    uint32_t generation;
    uint32_t states;
    int64_t state_width; /* states are [2, 1, state_width] */
    const char *inputs[NAMED_MAX];
    const char *outputs[NAMED_MAX];
} signature;

static const signature signatures[] = {
    {5, 1, 128, {"input", "sr", "state"}, {"output", "stateN"}},
    {4, 2, 64, {"input", "sr", "h", "c"}, {"output", "hn", "cn"}},
};
enum { INPUT_AUDIO, INPUT_RATE, INPUT_STATES };
enum { OUTPUT_PROBABILITY, OUTPUT_STATES };

static const OrtApi *ort;
static OrtEnv *env;
static OrtSessionOptions *options;
static OrtSession *session;
static OrtMemoryInfo *memory;

static const signature *found;
static uint32_t frame_samples;
static uint32_t context_samples; /* 0 without context */
static uint32_t home;            /* which of the two the state is in */

static float audio[CONTEXT_SAMPLES + FRAME_SAMPLES_MAX];
static int64_t rate_hz = RATE_HZ;
static float probability;
static float states[2][STATE_FLOATS];

static OrtValue *audio_value;
static OrtValue *rate_value;
static OrtValue *probability_value;
static OrtValue *state_values[2][STATES_MAX];

/* ---- Errors -------------------------------------------------------------------------------- */

static char error[512];

/* Joins texts, up to a NULL. */
static void say(const char *text, ...) {
    size_t length = 0;
    va_list texts;
    va_start(texts, text);
    for (; text; text = va_arg(texts, const char *)) {
        size_t more = strlen(text);
        if (more > sizeof error - 1 - length) more = sizeof error - 1 - length;
        memcpy(error + length, text, more);
        length += more;
    }
    va_end(texts);
    error[length] = 0;
}

/* Every call gives a status; NULL is success. The others are ours to release. */
static int failed(OrtStatus *status) {
    if (!status) return 0;
    say(ort->GetErrorMessage(status), NULL);
    ort->ReleaseStatus(status);
    return 1;
}

/* ---- What the model is --------------------------------------------------------------------- */

/* One side of the session: the calls for inputs and for outputs differ by name alone. */
typedef struct side {
    const char *noun;
    uint32_t states_at; /* in a signature's list of names */
    OrtStatus *(*count)(const OrtSession *, size_t *);
    OrtStatus *(*name)(const OrtSession *, size_t, OrtAllocator *, char **);
    OrtStatus *(*type)(const OrtSession *, size_t, OrtTypeInfo **);
} side;

static side inputs_of_session(void) {
    return (side){"input", INPUT_STATES, ort->SessionGetInputCount, ort->SessionGetInputName,
                  ort->SessionGetInputTypeInfo};
}

static side outputs_of_session(void) {
    return (side){"output", OUTPUT_STATES, ort->SessionGetOutputCount, ort->SessionGetOutputName,
                  ort->SessionGetOutputTypeInfo};
}

/* The index of a name, or -1. */
static int find(const side *s, const char *wanted) {
    OrtAllocator *allocator;
    size_t count;
    if (failed(ort->GetAllocatorWithDefaultOptions(&allocator)) ||
        failed(s->count(session, &count)))
        return -1;
    for (size_t i = 0; i < count; i++) {
        char *name;
        if (failed(s->name(session, i, allocator, &name))) return -1;
        int same = strcmp(name, wanted) == 0;
        if (failed(ort->AllocatorFree(allocator, name))) return -1;
        if (same) return (int)i;
    }
    say("the model has no ", s->noun, " \"", wanted, "\"", NULL);
    return -1;
}

typedef struct tensor_form {
    ONNXTensorElementDataType type;
    size_t rank;
    int64_t last; /* dimension; -1 where the model leaves it open */
} tensor_form;

static int form_of(const side *s, size_t index, tensor_form *form) {
    OrtTypeInfo *info;
    const OrtTensorTypeAndShapeInfo *tensor;
    int64_t shape[8] = {0};
    if (failed(s->type(session, index, &info))) return 0;
    int ok = !failed(ort->CastTypeInfoToTensorInfo(info, &tensor));
    *form = (tensor_form){.type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED, .last = -1};
    if (ok && tensor)
        ok = !failed(ort->GetTensorElementType(tensor, &form->type)) &&
             !failed(ort->GetDimensionsCount(tensor, &form->rank));
    if (ok && form->rank > 0 && form->rank <= sizeof shape / sizeof shape[0]) {
        ok = !failed(ort->GetDimensions(tensor, shape, form->rank));
        form->last = shape[form->rank - 1];
    }
    ort->ReleaseTypeInfo(info);
    return ok;
}

/* Whether one side has these names and no others, with the right types. */
static int side_fits(const side *s, const char *const *names, uint32_t count) {
    size_t there;
    for (uint32_t i = 0; i < count; i++) {
        int index = find(s, names[i]);
        tensor_form form;
        if (index < 0 || !form_of(s, (size_t)index, &form)) return 0;
        int is_rate = strcmp(names[i], "sr") == 0;
        if (form.type !=
            (is_rate ? ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 : ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT)) {
            say("the ", s->noun, " \"", names[i], "\" is not of type ", is_rate ? "int64" : "float",
                NULL);
            return 0;
        }
        if (i >= s->states_at && form.last >= 0 && form.last != found->state_width) {
            say("the ", s->noun, " \"", names[i], "\" is not as wide as Silero's state", NULL);
            return 0;
        }
    }
    if (failed(s->count(session, &there))) return 0;
    if (there == count) return 1;
    say("the model has more ", s->noun, "s than Silero's", NULL);
    return 0;
}

static int recognise(void) {
    side inputs = inputs_of_session(), outputs = outputs_of_session();
    found = find(&inputs, "state") >= 0 ? &signatures[0] : &signatures[1];
    if (found == &signatures[1] && find(&inputs, "h") < 0 && find(&inputs, "c") < 0) {
        say("the model has neither an input \"state\", as Silero 5 and 6, nor \"h\" and \"c\", as "
            "Silero 4",
            NULL);
        return 0;
    }
    return side_fits(&inputs, found->inputs, INPUT_STATES + found->states) &&
           side_fits(&outputs, found->outputs, OUTPUT_STATES + found->states);
}

static int choose_frame(uint32_t samples, uint32_t with_context) {
    int is_legacy = found->generation == 4;
    frame_samples = samples ? samples : is_legacy ? FRAME_SAMPLES_MAX : 512;
    context_samples = !is_legacy && with_context ? CONTEXT_SAMPLES : 0;
    if (frame_samples == 512 || (is_legacy && (frame_samples == 1024 || frame_samples == 1536)))
        return 1;
    say(is_legacy ? "Silero 4 judges frames of 512, 1024 or 1536 samples"
                  : "Silero 5 and 6 judge frames of 512 samples",
        NULL);
    return 0;
}

/* ---- Values -------------------------------------------------------------------------------- */

static int make_value(float *data, const int64_t *shape, size_t rank, OrtValue **value) {
    size_t count = 1;
    for (size_t i = 0; i < rank; i++)
        count *= (size_t)shape[i];
    return !failed(ort->CreateTensorWithDataAsOrtValue(memory, data, count * sizeof(float), shape,
                                                       rank, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT,
                                                       value));
}

/* Some models want a number, some a list of one. */
static int make_rate(void) {
    static const int64_t ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    side inputs = inputs_of_session();
    tensor_form form;
    int index = find(&inputs, found->inputs[INPUT_RATE]);
    if (index < 0 || !form_of(&inputs, (size_t)index, &form)) return 0;
    if (form.rank > 8) form.rank = 0;
    return !failed(
        ort->CreateTensorWithDataAsOrtValue(memory, &rate_hz, sizeof rate_hz, ones, form.rank,
                                            ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, &rate_value));
}

static int make_values(void) {
    const int64_t heard[] = {1, context_samples + frame_samples};
    const int64_t single[] = {1, 1};
    const int64_t state[] = {2, 1, found->state_width};
    float *first = audio + CONTEXT_SAMPLES - context_samples;
    if (!make_value(first, heard, 2, &audio_value) || !make_rate() ||
        !make_value(&probability, single, 2, &probability_value))
        return 0;
    for (uint32_t h = 0; h < 2; h++)
        for (uint32_t i = 0; i < found->states; i++)
            if (!make_value(states[h] + i * 2 * found->state_width, state, 3, &state_values[h][i]))
                return 0;
    return 1;
}

static void release_value(OrtValue **value) {
    ort->ReleaseValue(*value);
    *value = NULL;
}

/* ---- What JavaScript calls ----------------------------------------------------------------- */

/* The text of the last error. */
EXPORT const char *silero_error(void) {
    return error;
}

EXPORT uint32_t silero_generation(void) {
    return found ? found->generation : 0;
}

EXPORT uint32_t silero_frame_samples(void) {
    return frame_samples;
}

/* Where silero_run() finds its frame. */
EXPORT float *silero_frame(void) {
    return audio + CONTEXT_SAMPLES;
}

/* The next frame is the first of a stream. */
EXPORT void silero_reset(void) {
    memset(audio, 0, sizeof audio);
    memset(states, 0, sizeof states);
    home = 0;
}

EXPORT void silero_close(void) {
    if (!ort) return;
    release_value(&audio_value);
    release_value(&rate_value);
    release_value(&probability_value);
    for (uint32_t i = 0; i < 2 * STATES_MAX; i++)
        release_value(&state_values[i / STATES_MAX][i % STATES_MAX]);
    ort->ReleaseMemoryInfo(memory);
    ort->ReleaseSession(session);
    ort->ReleaseSessionOptions(options);
    ort->ReleaseEnv(env);
    memory = NULL;
    session = NULL;
    options = NULL;
    env = NULL;
    found = NULL;
}

/* Makes a session of an .onnx file, which is not kept. frame_samples: 0 for the most the model takes.
 * with_context: 0 runs generation 5 as vad-web did up to 0.0.30. Returns NULL, or what is wrong. */
EXPORT const char *silero_open(const void *model, uint32_t bytes, uint32_t samples,
                               uint32_t with_context) {
    silero_close();
    ort = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    if (!failed(ort->CreateEnv(ORT_LOGGING_LEVEL_ERROR, "silero", &env)) &&
        !failed(ort->CreateSessionOptions(&options)) &&
        !failed(ort->CreateSessionFromArray(env, model, bytes, options, &session)) &&
        !failed(ort->CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory)) &&
        recognise() && choose_frame(samples, with_context) && make_values()) {
        silero_reset();
        return NULL;
    }
    silero_close();
    return error;
}

/* The probability of the frame, 0 to 1, or -1, when silero_error() says why. */
EXPORT float silero_run(void) {
    if (!found) {
        say("no model is open", NULL);
        return -1;
    }
    const OrtValue *inputs[NAMED_MAX] = {audio_value, rate_value};
    OrtValue *outputs[NAMED_MAX] = {probability_value};
    for (uint32_t i = 0; i < found->states; i++) {
        inputs[INPUT_STATES + i] = state_values[home][i];
        outputs[OUTPUT_STATES + i] = state_values[!home][i];
    }
    if (failed(ort->Run(session, NULL, found->inputs, inputs, INPUT_STATES + found->states,
                        found->outputs, OUTPUT_STATES + found->states, outputs)))
        return -1;
    home = !home;
    memcpy(audio, audio + frame_samples, CONTEXT_SAMPLES * sizeof(float));
    return probability;
}
