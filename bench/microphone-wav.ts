/** What the fake microphone plays: all clips with pauses that end each segment. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { utils } from "../dist/vad-web/index.js";
import { joinSamples } from "../js-glue/src/samples.js";
import { pocketsphinxFiles, readWav } from "../tools/speech.js";

const RATE_HZ = 16000;
const PAUSE_SAMPLES = 1.6 * RATE_HZ;

export interface MicrophoneOptions {
  /** Cuts each clip off behind its last sample that is so loud, so that its end is beyond doubt. */
  readonly cutBelow?: number;
}

export function writeMicrophoneWav(path: string, { cutBelow = 0 }: MicrophoneOptions = {}): void {
  const parts = pocketsphinxFiles().flatMap((file) => {
    const { samples } = readWav(file);
    const end = samples.findLastIndex((sample) => Math.abs(sample) >= cutBelow) + 1;
    return [samples.subarray(0, end), new Float32Array(PAUSE_SAMPLES)];
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, new Uint8Array(utils.encodeWAV(joinSamples(parts), 1, RATE_HZ, 1, 16)));
}
