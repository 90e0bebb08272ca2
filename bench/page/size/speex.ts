/** One block, from the microphone's rate to speech recognition's. */
import load from "@echogarden/speex-resampler-wasm/simd";
import { reportReady } from "../cold/report";

const ROOM = 128;

void reportReady(async () => {
  const speex = await load();
  const input = speex._malloc(4 * (2 * ROOM + 3));
  const output = input + 4 * ROOM;
  const inputLength = output + 4 * ROOM;
  const outputLength = inputLength + 4;
  const state = speex._speex_resampler_init(1, 48000, 16000, 10, outputLength + 4);
  speex.HEAPU32[inputLength >> 2] = ROOM;
  speex.HEAPU32[outputLength >> 2] = ROOM;
  speex._speex_resampler_process_float(state, 0, input, inputLength, output, outputLength);
  speex._speex_resampler_destroy(state);
});
