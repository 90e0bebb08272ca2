/** What the fake microphone plays: all clips with pauses that end each segment. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { pocketsphinxFiles, readWav } from "../tools/speech.js";

const RATE_HZ = 16000;
const PAUSE_SAMPLES = 1.6 * RATE_HZ;
const HEADER_BYTES = 44;

export function writeMicrophoneWav(path: string): void {
  const clips = pocketsphinxFiles().map((file) => readWav(file).samples);
  const length = clips.reduce((sum, clip) => sum + clip.length + PAUSE_SAMPLES, 0);
  const file = Buffer.alloc(HEADER_BYTES + 2 * length);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // mono
  file.writeUInt32LE(RATE_HZ, 24);
  file.writeUInt32LE(2 * RATE_HZ, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(2 * length, 40);
  let at = HEADER_BYTES;
  for (const clip of clips) {
    for (const sample of clip) at = file.writeInt16LE(Math.round(sample * 32768), at);
    at += 2 * PAUSE_SAMPLES;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file);
}
