/** What is spoken, by espeak-ng, kept under build/voices: the second time it is only read. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  compileEspeakWords,
  isSpoken,
  type SpokenClip,
  speak,
  type Voice,
  wavOf,
} from "../../../tools/espeak.js";

const ROOT = join(import.meta.dirname, "../../..");
const FOLDER = join(ROOT, "build/voices");

export interface VoiceClip extends Omit<SpokenClip, "samples"> {
  /** In base64. */
  readonly wav: string;
}

function synthesize(voice: Voice, texts: readonly string[]): VoiceClip[] {
  const clips = speak(compileEspeakWords(ROOT), voice, texts);
  return clips.map(({ samples, ...clip }) => ({ ...clip, wav: wavOf({ ...clip, samples }) }));
}

/** What the clips depend on. */
function pathOf(voice: Voice, texts: readonly string[]): string {
  const program = readFileSync(join(ROOT, "tests/c/espeak_words.c"));
  const hash = createHash("sha256")
    .update(program)
    .update(JSON.stringify([voice, texts]));
  return join(FOLDER, `${voice.name}-${hash.digest("hex").slice(0, 16)}.json`);
}

/** The clip of each text that has anything to speak. */
export function spokenClips(voice: Voice, texts: readonly string[]): Map<string, VoiceClip> {
  const spoken = [...new Set(texts.filter(isSpoken))];
  const path = pathOf(voice, spoken);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, JSON.stringify(synthesize(voice, spoken)));
    renameSync(fresh, path);
  }
  const clips = JSON.parse(readFileSync(path, "utf8")) as VoiceClip[];
  return new Map(spoken.flatMap((text, i) => (clips[i] ? [[text, clips[i]]] : [])));
}
