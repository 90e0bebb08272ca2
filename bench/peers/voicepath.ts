/** voicepath, opened the way its users open it. */
import {
  type AudioModule,
  loadAudio,
  loadSession,
  Mic,
  type ModelVersion,
  Registry,
  type SessionModule,
  SubtitleBuffer,
  type SubtitleOptions,
  Vad,
  VadModel,
} from "voicepath";

let audio: Promise<AudioModule> | undefined;

/** One instance of audio.wasm for everything on the page. */
export function openAudio(): Promise<AudioModule> {
  audio ??= loadAudio();
  return audio;
}

/** A Vad with vad-web's default timings and an end listener, as in use. */
export async function openVad(version: ModelVersion): Promise<Vad> {
  const vad = Vad.create(await openAudio(), { model: await VadModel.load({ version }) });
  vad.on("speechend", () => {});
  return vad;
}

/** The microphone path in one object: resampler, model, endpointer, pre-roll. */
export async function openMic(version: ModelVersion, rateHz: number): Promise<Mic> {
  const model = await VadModel.load({ version });
  const mic = Mic.create(await openAudio(), { model, rateHz });
  mic.on("speechend", () => {});
  return mic;
}

let session: Promise<SessionModule> | undefined;

export function openSession(): Promise<SessionModule> {
  session ??= loadSession();
  return session;
}

/** A registry of its own, in the page's one instance of session.wasm. */
export async function openRegistry(): Promise<Registry> {
  return Registry.create(await openSession());
}

export async function openSubtitle(options: SubtitleOptions = {}): Promise<SubtitleBuffer> {
  return SubtitleBuffer.create(await openSession(), options);
}
