/** What the character says: pieces as the backend sends them, spoken by espeak-ng at build time. */
import type { SpokenWord } from "voicepath";

/** Open-LLM-VTuber's message for a piece of a turn. */
export interface AudioMessage {
  readonly type: "audio";
  /** A WAV file in base64; null when there is nothing to speak. */
  readonly audio: string | null;
  /** Loudness of each slice, 1 for the loudest. */
  readonly volumes: readonly number[];
  /** Of a slice, in ms. */
  readonly slice_length: number;
  readonly display_text: {
    readonly text: string;
    readonly name: string;
    readonly avatar: string | null;
  };
}

export interface Piece {
  readonly message: AudioMessage;
  /** The protocol has none. */
  readonly translation: string;
  /** When espeak-ng really speaks each word; only to measure with, nobody is told. */
  readonly words: readonly SpokenWord[];
}

export interface Turn {
  readonly language: string;
  readonly translationLanguage: string;
  readonly pieces: readonly Piece[];
}

export const TURN_LANGUAGES = ["en", "zh", "ja"] as const;
export type TurnLanguage = (typeof TURN_LANGUAGES)[number];

export async function loadTurn(language: TurnLanguage): Promise<Turn> {
  const response = await fetch(`/turns/${language}.json`);
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
  return (await response.json()) as Turn;
}
