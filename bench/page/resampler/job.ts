/** What the page asks of a worker, and what the worker answers. */
import type { Rates } from "../../resampler/conversion";
import type { Quality } from "../../resampler/quality";
import type { Column } from "../../resampler/spectrogram";

/** What a worker can find out about a contender. */
export interface Findings {
  /** The spectrogram of a sweep from 0 to half the input rate. */
  readonly sweep: readonly Column[];
  readonly quality: Quality;
}

export type Work = keyof Findings;

export interface Job<W extends Work = Work> {
  readonly work: W;
  /** Its name. */
  readonly contender: string;
  readonly rates: Rates;
}

export type Request =
  | { readonly type: "job"; readonly job: Job }
  | { readonly type: "rendered"; readonly samples: Float32Array };

export type Answer =
  /** Only pages have an OfflineAudioContext: this one is asked to render, and to answer "rendered". */
  | { readonly type: "render"; readonly clip: Float32Array }
  | { readonly type: "found"; readonly finding: Findings[Work] }
  | { readonly type: "failed"; readonly message: string };
