/** What the fake microphone plays, in a loop: silence, a sentence, and silence enough to end it. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAudio, Resampler } from "../../dist/index.js";
import { utils } from "../../dist/vad-web/index.js";
import { joinSamples } from "../../js-glue/src/samples.js";
import { POCKETSPHINX, readWav } from "../../tools/speech.js";

const RATE_HZ = 48000;
const SENTENCE = `${POCKETSPHINX}/librivox/sense_and_sensibility_01_austen_64kb-0890.wav`;
const SILENCE_BEFORE_S = 0.5;
const SILENCE_AFTER_S = 2.2;

/** 5.3 s of speech at 16 kHz. */
export const sentence = (): Float32Array => readWav(SENTENCE).samples;

/** The path of a WAV file in a new temporary folder. */
export async function writeSpokenFile(): Promise<string> {
  const resampler = Resampler.create(await loadAudio(), {
    inputRateHz: 16000,
    outputRateHz: RATE_HZ,
  });
  const speech = [resampler.process(sentence()), resampler.flush()];
  const parts = [
    new Float32Array(SILENCE_BEFORE_S * RATE_HZ),
    ...speech,
    new Float32Array(SILENCE_AFTER_S * RATE_HZ),
  ];
  const path = join(mkdtempSync(join(tmpdir(), "voicepath-")), "spoken.wav");
  writeFileSync(path, new Uint8Array(utils.encodeWAV(joinSamples(parts), 1, RATE_HZ, 1, 16)));
  return path;
}
