/** What the fake microphone plays. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { utils } from "../../dist/vad-web/index.js";
import { writeMicrophoneWav } from "../microphone-wav.js";
import { ROOT } from "../pages.js";
import type { Microphones } from "./rows.js";

const RATE_HZ = 16000;
const LOUD = 0.1;
const SILENCE_SECONDS = 10;

export function writeMicrophones(): Microphones {
  const speech = join(ROOT, "build/microphone.wav");
  writeMicrophoneWav(speech);
  const cut = join(ROOT, "build/microphone-cut.wav");
  writeMicrophoneWav(cut, { cutBelow: LOUD });
  const silence = join(ROOT, "build/silence.wav");
  mkdirSync(dirname(silence), { recursive: true });
  const samples = new Float32Array(SILENCE_SECONDS * RATE_HZ);
  writeFileSync(silence, new Uint8Array(utils.encodeWAV(samples, 1, RATE_HZ, 1, 16)));
  return { speech, cut, silence };
}
