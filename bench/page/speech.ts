/** Real speech, as site.ts copied it from Debian's pocketsphinx-testdata. */
import { joinSamples } from "../../js-glue/src/samples";

export interface ClipInfo {
  readonly file: string;
  readonly transcript: string;
}

/** What the suites run on: every clip, one after another. */
export interface Speech {
  readonly seconds: number;
  /** 512 samples at 16 kHz each. */
  readonly frames: readonly Float32Array[];
  /** For each 32 ms the twelve blocks of 128 samples that a 48 kHz worklet gets. */
  readonly blocks48k: readonly (readonly Float32Array[])[];
}

const FOLDER = "/speech/";

export async function loadClipInfos(): Promise<readonly ClipInfo[]> {
  const response = await fetch(`${FOLDER}clips.json`);
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
  return (await response.json()) as readonly ClipInfo[];
}

/** Decoded and resampled by the browser. */
export async function loadClip({ file }: ClipInfo, rateHz: number): Promise<Float32Array> {
  const response = await fetch(FOLDER + file);
  const context = new OfflineAudioContext(1, 1, rateHz);
  const audio = await context.decodeAudioData(await response.arrayBuffer());
  return audio.getChannelData(0);
}

/** Pieces of equal length; a remainder is dropped. */
export function split(samples: Float32Array, length: number): Float32Array[] {
  return Array.from({ length: Math.floor(samples.length / length) }, (_, i) =>
    samples.slice(i * length, (i + 1) * length),
  );
}

export async function loadSpeech(): Promise<Speech> {
  const infos = await loadClipInfos();
  const at = async (rateHz: number): Promise<Float32Array> =>
    joinSamples(await Promise.all(infos.map((info) => loadClip(info, rateHz))));
  const [at16k, at48k] = await Promise.all([at(16000), at(48000)]);
  return {
    seconds: at16k.length / 16000,
    frames: split(at16k, 512),
    blocks48k: split(at48k, 1536).map((frame) => split(frame, 128)),
  };
}
