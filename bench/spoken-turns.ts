/**
 * Three short turns, spoken by espeak-ng and packed as Open-LLM-VTuber's backend sends them: a message
 * for each sentence, with its sound, its loudness and its text, tags and all.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileEspeakWords, isSpoken, type SpokenClip, speak, wavOf } from "../tools/espeak.js";
import { type Piece, TURN_LANGUAGES, type Turn, type TurnLanguage } from "./page/subtitle/turn.js";

interface Line {
  /** Shown and not spoken. */
  readonly tag?: string;
  /** In the notation of tests/c/espeak_words.c; without letters it is not spoken. */
  readonly text: string;
  readonly translation?: string;
}

interface Script {
  /** espeak-ng's name. */
  readonly voice: string;
  readonly wordsAMinute: number;
  readonly translationLanguage: string;
  readonly lines: readonly Line[];
}

const SCRIPTS: Readonly<Record<TurnLanguage, Script>> = {
  en: {
    voice: "en-us+f3",
    wordsAMinute: 165,
    translationLanguage: "zh",
    lines: [
      { tag: "*waves* ", text: "There you are!", translation: "你来啦！" },
      {
        text: "I was reading about the moon, and it turns out that it moves away from us, by almost four centimetres every year.",
        translation: "我刚才在看关于月亮的书，原来它每年都会离我们远将近四厘米。",
      },
      {
        tag: "[joy] ",
        text: "So let's go out tonight and say hello, while it is still close enough to hear us.",
        translation: "所以趁它还听得见，我们今晚出去打个招呼吧。",
      },
    ],
  },
  zh: {
    voice: "cmn+f3",
    wordsAMinute: 230,
    translationLanguage: "en",
    lines: [
      { tag: "[joy]", text: "太好了！", translation: "Wonderful!" },
      { text: "！" },
      {
        text: "我昨天学会了一首新歌，想先唱给你听，然后你告诉我，哪里还不够好。",
        translation:
          "I learned a new song yesterday. I would like to sing it to you first, and then you tell me where it is not good enough yet.",
      },
      { text: "准备好了吗？", translation: "Are you ready?" },
    ],
  },
  ja: {
    voice: "ja+f3",
    wordsAMinute: 175,
    translationLanguage: "en",
    lines: [
      { text: "おかえりなさい。", translation: "Welcome home." },
      {
        text: "今日《きょう》は|とても|寒《さむ》いから、温《あたた》かい|お茶《ちゃ》を|入《い》れて、二人《ふたり》で|ゆっくり|話《はな》しましょう。",
        translation: "It is so cold today: let me make some hot tea, and let us talk at our ease.",
      },
      {
        tag: "[joy]",
        text: "明日《あした》も|会《あ》えたら、とても|うれしいです。",
        translation: "I would be very happy if we met again tomorrow.",
      },
    ],
  },
};

function piece({ tag = "", text, translation = "" }: Line, clip: SpokenClip | undefined): Piece {
  const words = clip?.words ?? [];
  return {
    message: {
      type: "audio",
      audio: clip ? wavOf(clip) : null,
      volumes: clip?.volumes ?? [],
      slice_length: clip?.sliceMs ?? 20,
      display_text: { text: tag + (clip?.text ?? text), name: "Luna", avatar: null },
    },
    translation,
    words: words.map(({ unit, atMs }, i) => ({
      text: clip?.text.slice(unit, words[i + 1]?.unit).trim() ?? "",
      atMs,
    })),
  };
}

function turn(program: string, language: TurnLanguage): Turn {
  const { voice: name, wordsAMinute, lines, translationLanguage } = SCRIPTS[language];
  const texts = lines.map(({ text }) => text).filter(isSpoken);
  const clips = speak(program, { language, name, wordsAMinute }, texts);
  const pieces = lines.map((line) => piece(line, isSpoken(line.text) ? clips.shift() : undefined));
  return { language, translationLanguage, pieces };
}

/** Writes a file for each turn into a folder of the site; needs dist/. */
export function writeSpokenTurns(root: string, folder: string): void {
  const program = compileEspeakWords(root);
  mkdirSync(folder, { recursive: true });
  for (const language of TURN_LANGUAGES)
    writeFileSync(join(folder, `${language}.json`), JSON.stringify(turn(program, language)));
}
