#include "ort_host.h"

#include "slot_names.gen.h"
#include "voicepath/ort.h"

struct host host;

enum { NUMBERS = 1 << 16 };

/* Sessions and results have numbers of their own, never used again. */
static bool session_lives[NUMBERS];
static int32_t last_session;
typedef struct fetched {
    uint32_t count, outputs[HOST_SLOTS * 2];
} fetched;
static fetched results[NUMBERS], started;
static int32_t last_result;

static void require(bool holds) {
    if (!holds) abort();
}

static uint32_t answer(const char *s, uint32_t length, char *into, uint32_t capacity) {
    uint32_t count = length < capacity ? length : capacity;
    if (count) memcpy(into, s, count);
    return length;
}

static uint32_t answer_text(const char *s, char *into, uint32_t capacity) {
    return s ? answer(s, (uint32_t)strlen(s), into, capacity) : 0;
}

/* ---- The engine -------------------------------------------------------------------------- */

uint32_t ort_host_can_wait(void) {
    return host.can_wait;
}

uint32_t ort_host_version(char *into, uint32_t capacity) {
    return answer_text("1.30.0", into, capacity);
}

uint32_t ort_host_providers(char *into, uint32_t capacity) {
    uint32_t length = 0;
    for (const char *s = host.providers; s && *s; s += strlen(s) + 1)
        length += (uint32_t)strlen(s) + 1;
    return answer(host.providers, length, into, capacity);
}

uint32_t ort_host_slot_name(uint32_t slot, char *into, uint32_t capacity) {
    require(slot < sizeof SLOT_NAMES / sizeof *SLOT_NAMES);
    return answer_text(SLOT_NAMES[slot], into, capacity);
}

uint32_t ort_host_error_message(char *into, uint32_t capacity) {
    return answer_text(host.message, into, capacity);
}

static int32_t take_failure(void) {
    int32_t failure = host.failure;
    host.failure = 0;
    return failure;
}

/* ---- Sessions ---------------------------------------------------------------------------- */

int32_t ort_host_session_create(const void *model, uint32_t model_bytes, const char *path,
                                uint32_t path_bytes, const char *options, uint32_t options_bytes) {
    require(!model != !path);
    require(!options_bytes || !options[options_bytes - 1]);
    host.options_bytes = answer(options, options_bytes, host.options, sizeof host.options);
    host.model_bytes = model_bytes;
    uint32_t length = answer(path, path_bytes, host.path, sizeof host.path - 1);
    host.path[length < sizeof host.path ? length : sizeof host.path - 1] = 0;
    int32_t failure = take_failure();
    if (failure) return failure;
    last_session = last_session % (NUMBERS - 1) + 1;
    require(!session_lives[last_session]);
    session_lives[last_session] = true;
    host.sessions++;
    return last_session;
}

static void check_session(int32_t session) {
    require(session > 0 && session < NUMBERS && session_lives[session]);
}

void ort_host_session_release(int32_t session) {
    check_session(session);
    session_lives[session] = false;
    host.sessions--;
}

static const host_slot *slot_of(int32_t session, uint32_t side, uint32_t index) {
    check_session(session);
    require(side < 2 && index < host.count[side]);
    return &host.slots[side][index];
}

uint32_t ort_host_session_count(int32_t session, uint32_t side) {
    check_session(session);
    require(side < 2);
    return host.count[side];
}

uint32_t ort_host_session_name(int32_t session, uint32_t side, uint32_t index, char *into,
                               uint32_t capacity) {
    return answer_text(slot_of(session, side, index)->name, into, capacity);
}

uint32_t ort_host_session_type(int32_t session, uint32_t side, uint32_t index) {
    return slot_of(session, side, index)->type;
}

uint32_t ort_host_session_rank(int32_t session, uint32_t side, uint32_t index) {
    return slot_of(session, side, index)->rank;
}

double ort_host_session_dimension(int32_t session, uint32_t side, uint32_t index,
                                  uint32_t dimension) {
    const host_slot *slot = slot_of(session, side, index);
    require(dimension < slot->rank);
    return slot->shape[dimension];
}

uint32_t ort_host_session_symbol(int32_t session, uint32_t side, uint32_t index, uint32_t dimension,
                                 char *into, uint32_t capacity) {
    const host_slot *slot = slot_of(session, side, index);
    require(dimension < slot->rank);
    return answer_text(slot->symbols[dimension], into, capacity);
}

/* ---- Runs -------------------------------------------------------------------------------- */

void ort_host_run_begin(int32_t session) {
    check_session(session);
    host.input_count = host.output_count = 0;
}

void ort_host_run_input(uint32_t index, uint32_t type, const int64_t *shape, uint32_t rank,
                        const void *data, uint32_t bytes) {
    require(index < host.count[ORT_HOST_INPUT]);
    if (host.input_count == sizeof host.inputs / sizeof *host.inputs) return;
    host_tensor *in = &host.inputs[host.input_count++];
    *in = (host_tensor){.index = index, .type = type, .rank = rank, .bytes = bytes};
    for (uint32_t i = 0; i < rank && i < HOST_RANK; i++)
        in->shape[i] = shape[i];
    for (uint32_t i = 0; i < bytes; i++) /* all of it is read */
        in->data[i % HOST_BYTES] = ((const char *)data)[i];
}

void ort_host_run_output(uint32_t index) {
    require(index < host.count[ORT_HOST_OUTPUT]);
    require(host.output_count < sizeof host.outputs / sizeof *host.outputs);
    host.outputs[host.output_count++] = index;
}

/* What the run that was put together last will give. */
static fetched asked_for(void) {
    fetched f = {.count = host.output_count};
    memcpy(f.outputs, host.outputs, sizeof f.outputs);
    return f;
}

static int32_t run_result(fetched f) {
    int32_t failure = take_failure();
    if (failure) return failure;
    last_result = last_result % (NUMBERS - 1) + 1;
    require(!results[last_result].count);
    results[last_result] = f;
    host.results_held++;
    return last_result;
}

int32_t ort_host_run(void) {
    require(host.can_wait);
    int32_t result = run_result(asked_for());
    if (host.while_running) host.while_running();
    return result;
}

void ort_host_run_start(uint32_t token) {
    host.token = token;
    started = asked_for();
}

void host_finish_run(void) {
    vp_ort_run_finished(host.token, run_result(started));
}

/* ---- Results ----------------------------------------------------------------------------- */

static const host_tensor *result_of(int32_t result, uint32_t index) {
    require(result > 0 && result < NUMBERS && index < results[result].count);
    return &host.results[results[result].outputs[index]];
}

uint32_t ort_host_result_type(int32_t result, uint32_t index) {
    return result_of(result, index)->type;
}

uint32_t ort_host_result_rank(int32_t result, uint32_t index) {
    return result_of(result, index)->rank;
}

uint32_t ort_host_result_bytes(int32_t result, uint32_t index) {
    return result_of(result, index)->bytes;
}

void ort_host_result_shape(int32_t result, uint32_t index, int64_t *into) {
    const host_tensor *t = result_of(result, index);
    for (uint32_t i = 0; i < t->rank; i++)
        into[i] = t->shape[i];
}

void ort_host_result_data(int32_t result, uint32_t index, void *into) {
    const host_tensor *t = result_of(result, index);
    if (t->bytes) memcpy(into, t->data, t->bytes);
}

void ort_host_result_release(int32_t result) {
    require(result > 0 && result < NUMBERS && results[result].count);
    results[result].count = 0;
    host.results_held--;
}
