/** What the microphone section shows, kept apart from how it is drawn. */
import { FRAME_MS } from "voicepath";

export interface HeardEvent {
  readonly id: number;
  readonly kind: "start" | "real-start" | "end" | "misfire";
  readonly atS: number;
  /** The segment at 16 kHz, of an end. */
  readonly audio?: Float32Array<ArrayBuffer>;
}

const WINDOW_FRAMES = Math.round(12_000 / FRAME_MS);
/** Below this a microphone is silent. */
const FLOOR_DB = -60;

function level(frame: Float32Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  const db = 10 * Math.log10(sum / frame.length + 1e-12);
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
}

/** The last twelve seconds, and the last events. */
export class LiveSpeech {
  #frames = 0;
  readonly timesS: number[] = [];
  readonly probabilities: number[] = [];
  readonly levels: number[] = [];

  get nowS(): number {
    return (this.#frames * FRAME_MS) / 1000;
  }

  static get windowS(): number {
    return (WINDOW_FRAMES * FRAME_MS) / 1000;
  }

  hear(probability: number, frame: Float32Array): void {
    this.#frames += 1;
    this.timesS.push(this.nowS);
    this.probabilities.push(probability);
    this.levels.push(level(frame));
    if (this.timesS.length <= WINDOW_FRAMES) return;
    this.timesS.shift();
    this.probabilities.shift();
    this.levels.shift();
  }
}
