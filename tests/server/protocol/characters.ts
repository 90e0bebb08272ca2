/** The two characters that `switch-config` switches between. */
import type { Voice } from "../../../tools/espeak.js";
import type { ModelInfo } from "./messages.js";
import type { Language } from "./script.js";

export interface Character {
  /** Its configuration. */
  readonly file: string;
  readonly name: string;
  readonly uid: string;
  /** Under /avatars/. */
  readonly avatar: string;
  readonly model: ModelInfo;
  readonly voices: Readonly<Record<Language, Voice>>;
}

const EXPRESSIONS = { neutral: 0, sadness: 1, surprise: 2, joy: 3, smile: 3 } as const;

function character(file: string, name: string, variant: string): Character {
  const id = name.toLowerCase();
  return {
    file,
    name,
    uid: `${id}_001`,
    avatar: `${id}.svg`,
    model: {
      name: id,
      description: "",
      url: `/live2d-models/${id}/${id}.model3.json`,
      kScale: 0.5,
      initialXshift: 0,
      initialYshift: 0,
      idleMotionGroupName: "Idle",
      emotionMap: EXPRESSIONS,
      tapMotions: { HitAreaHead: { "": 1 }, HitAreaBody: { "": 1 } },
    },
    voices: {
      en: { language: "en", name: `en-us+${variant}`, wordsAMinute: 165 },
      zh: { language: "zh", name: `cmn+${variant}`, wordsAMinute: 280 },
    },
  };
}

export const LUNA = character("conf.yaml", "Luna", "f3");
export const SOL = character("sol.yaml", "Sol", "m1");
export const CHARACTERS: readonly Character[] = [LUNA, SOL];

/** The expressions that a tag such as "[joy]" stands for. */
export function expressionsOf({ model }: Character, tag: string): number[] {
  const expression = model.emotionMap[tag.replace(/[[\]]/g, "")];
  return expression === undefined ? [] : [expression];
}

/** The file behind {@link ModelInfo.url}. */
export function modelFile({ name }: Character): object {
  const id = name.toLowerCase();
  return {
    Version: 3,
    FileReferences: { Moc: `${id}.moc3`, Textures: [], Motions: { Idle: [], Talk: [] } },
    Groups: [
      { Target: "Parameter", Name: "LipSync", Ids: ["ParamMouthOpenY"] },
      { Target: "Parameter", Name: "EyeBlink", Ids: ["ParamEyeLOpen", "ParamEyeROpen"] },
    ],
  };
}
