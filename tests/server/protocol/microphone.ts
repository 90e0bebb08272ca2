/**
 * The user's half of a script as a sound file for Chromium's fake microphone: each line spoken, then
 * the silence in which the character hears, thinks and answers.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { loadAudio, Resampler } from "../../../dist/index.js";
import { utils } from "../../../dist/vad-web/index.js";
import { joinSamples } from "../../../js-glue/src/samples.js";
import type { Voice } from "../../../tools/espeak.js";
import { LUNA } from "./characters.js";
import type { Language, Script, ScriptTurn } from "./script.js";
import { spokenClips, type VoiceClip } from "./voice.js";

export const MICROPHONE_RATE_HZ = 48000;
const WAV_HEADER_BYTES = 44;

/** Unlike the character's, so that who listens can tell them apart. */
const USERS: Readonly<Record<Language, Voice>> = {
  en: { language: "en", name: "en-us+m3", wordsAMinute: 150 },
  zh: { language: "zh", name: "cmn+m3", wordsAMinute: 260 },
};

export interface Gaps {
  /** Before the first line. */
  readonly leadMs: number;
  /** That the page waits after a line before it is over. */
  readonly redemptionMs: number;
  /** Until the first sentence of the answer comes. */
  readonly serverMs: number;
  /** Between sentences, and until each is heard. */
  readonly sentenceMs: number;
  /** After an answer. */
  readonly slackMs: number;
  /** How far into an answer the next line comes, where the script wants it to. */
  readonly bargeInMs: number;
  /** After the last answer; the file is played in a loop. */
  readonly tailMs: number;
}

const GAPS: Gaps = {
  leadMs: 3000,
  redemptionMs: 1300,
  serverMs: 1500,
  sentenceMs: 700,
  slackMs: 2500,
  bargeInMs: 6000,
  tailMs: 60_000,
};

/** When a line is spoken, from the beginning of the file. */
export interface SpokenLine {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Microphone {
  readonly lines: readonly SpokenLine[];
  readonly durationMs: number;
}

function samplesOf(clip: VoiceClip): Float32Array {
  const bytes = Buffer.from(clip.wav, "base64").subarray(WAV_HEADER_BYTES);
  return Float32Array.from(
    { length: bytes.length / 2 },
    (_, i) => bytes.readInt16LE(2 * i) / 32768,
  );
}

/** Of the answer, as the character speaks it. */
function answerMs(
  { reply }: ScriptTurn,
  clips: ReadonlyMap<string, VoiceClip>,
  gaps: Gaps,
): number {
  const voiced = reply.reduce((ms, { text }) => ms + (clips.get(text)?.durationMs ?? 0), 0);
  return voiced + reply.length * gaps.sentenceMs;
}

function silenceMs(turn: ScriptTurn, clips: ReadonlyMap<string, VoiceClip>, gaps: Gaps): number {
  const { redemptionMs, serverMs, bargeInMs, slackMs } = gaps;
  const heard = turn.bargeIn ? bargeInMs : answerMs(turn, clips, gaps) + slackMs;
  return redemptionMs + serverMs + heard;
}

/** Writes 16 bits, mono, 48 kHz. */
export async function writeMicrophone(
  script: Script,
  path: string,
  given: Partial<Gaps> = {},
): Promise<Microphone> {
  const gaps = { ...GAPS, ...given };
  const { language, turns } = script;
  const sentences = turns.flatMap(({ reply }) => reply.map(({ text }) => text));
  const answers = spokenClips(LUNA.voices[language], [
    ...sentences,
    ...script.unasked.map(({ text }) => text),
  ]);
  const users = spokenClips(
    USERS[language],
    turns.map(({ user }) => user),
  );
  const audio = await loadAudio();

  const parts: Float32Array[] = [];
  const lines: SpokenLine[] = [];
  let atMs = 0;
  const add = (samples: Float32Array): void => {
    parts.push(samples);
    atMs += (1000 * samples.length) / MICROPHONE_RATE_HZ;
  };
  const wait = (ms: number): void => add(new Float32Array((ms * MICROPHONE_RATE_HZ) / 1000));

  wait(gaps.leadMs);
  for (const [i, turn] of turns.entries()) {
    const clip = users.get(turn.user);
    if (!clip) throw new Error(`${language}, line ${i + 1}: there is nothing to speak`);
    using resampler = Resampler.create(audio, {
      inputRateHz: clip.rateHz,
      outputRateHz: MICROPHONE_RATE_HZ,
      mode: "best",
    });
    const startMs = atMs;
    add(resampler.convert(samplesOf(clip)));
    lines.push({ text: turn.user, startMs, endMs: atMs });
    wait(silenceMs(turn, answers, gaps));
  }
  wait(gaps.tailMs);
  mkdirSync(dirname(path), { recursive: true });
  const wav = utils.encodeWAV(joinSamples(parts), 1, MICROPHONE_RATE_HZ, 1, 16);
  writeFileSync(path, new Uint8Array(wav));
  return { lines, durationMs: atMs };
}
