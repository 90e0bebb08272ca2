/** What is said in a conversation with the character, in turn. */

import { ENGLISH } from "./script-en.js";
import { CHINESE } from "./script-zh.js";

export interface Sentence {
  readonly text: string;
  /** Shown before the text and not spoken, in the backend's notation: "[joy]". */
  readonly tag?: string;
}

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly result: string;
}

export interface ScriptTurn {
  readonly user: string;
  readonly reply: readonly Sentence[];
  /** Made before the reply. */
  readonly tool?: ToolCall;
  /** The reply is long: the user's next line is spoken into it. */
  readonly bargeIn?: true;
}

export interface Script {
  readonly language: Language;
  readonly turns: readonly ScriptTurn[];
  /** What the character says when nobody spoke for long. */
  readonly unasked: readonly Sentence[];
}

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

export const SCRIPTS: Readonly<Record<Language, Script>> = { en: ENGLISH, zh: CHINESE };

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{Letter}\p{Number}]/gu, "");

/** The turn that answers a text: by its line when it is one of the script, else the n-th. */
export function turnFor({ turns }: Script, text: string, n: number): ScriptTurn {
  const turn = turns.find(({ user }) => plain(user) === plain(text)) ?? turns[n % turns.length];
  if (!turn) throw new Error("a script needs a turn");
  return turn;
}
