/** What a measure of the frontend is. */
import type { Browser } from "playwright-core";
import type { Twin } from "./twins.js";

/** The suite that all of them are in. */
export const FRONTEND = "frontend";

/** What the figure of the patched frontend is to be. */
export type Goal =
  /** So many times less than before. */
  { readonly times: number } | { readonly atMost: number } | { readonly exactly: number };

/** What the fake microphone plays: real speech, the same cut off while it is loud, or nothing. */
export type Sound = "speech" | "cut" | "silence";

/** A twin, and the browser that looks at it. */
export interface Stage {
  readonly browser: Browser;
  readonly twin: Twin;
}

export interface Measure {
  readonly name: string;
  /** What is counted or timed, and how. */
  readonly about: string;
  readonly unit: string;
  readonly goal?: Goal;
  readonly sound: Sound;
  /** Counts need one; what is timed needs more. */
  readonly rounds: number;
  /** One round: as many samples as it gives. */
  take(stage: Stage): Promise<readonly number[]>;
}
