/** Real speech from Debian packages, for tests, benchmarks and the demo. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** pocketsphinx-testdata: LibriVox sentences and playing cards, 16 kHz (BSD-2-Clause). */
export const POCKETSPHINX = "/usr/share/pocketsphinx/test/data";
/** asterisk-core-sounds-en-wav: telephone prompts, 8 kHz (CC-BY-SA-3.0). */
export const ASTERISK = "/usr/share/asterisk/sounds";

export interface Clip {
  readonly name: string;
  readonly rateHz: number;
  readonly samples: Float32Array;
}

/** Mono PCM16 WAV. */
export function readWav(path: string): Clip {
  const file = readFileSync(path);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const id = (at: number): string => file.toString("latin1", at, at + 4);
  if (id(0) !== "RIFF" || id(8) !== "WAVE") throw new Error(`${path} is no WAV file`);
  let rateHz = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const bytes = view.getUint32(at + 4, true);
    const body = at + 8;
    if (id(at) === "fmt ") {
      const [format, channels, bits] = [
        view.getUint16(body, true),
        view.getUint16(body + 2, true),
        view.getUint16(body + 14, true),
      ];
      if (format !== 1 || channels !== 1 || bits !== 16)
        throw new Error(`${path}: format ${format}, ${channels} channels, ${bits} bits`);
      rateHz = view.getUint32(body + 4, true);
    } else if (id(at) === "data") {
      const count = Math.floor(Math.min(bytes, file.length - body) / 2);
      const samples = new Float32Array(count);
      for (let i = 0; i < count; i++) samples[i] = view.getInt16(body + 2 * i, true) / 32768;
      return { name: path, rateHz, samples };
    }
    at = body + bytes + (bytes % 2);
  }
  throw new Error(`${path} has no data`);
}

function wavFiles(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`${folder} is missing: run tools/setup`);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".wav"))
    .sort()
    .map((name) => join(folder, name));
}

/** About half a minute at 16 kHz. */
export const pocketsphinxFiles = (): string[] => wavFiles(POCKETSPHINX);

/** About 25 minutes at 8 kHz. */
export const asteriskFiles = (): string[] => wavFiles(ASTERISK);
