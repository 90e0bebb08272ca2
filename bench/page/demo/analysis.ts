/** What voicepath hears in a clip: probabilities and events. */
import { type EndpointOptions, FRAME_MS, Vad, VadModel } from "voicepath";
import { openAudio } from "../../peers/voicepath";

export type MarkKind = "start" | "real-start" | "end" | "misfire";

export interface Mark {
  readonly kind: MarkKind;
  readonly timeMs: number;
}

/** Audio that was handed over: with the pad before the speech and the redemption time after it. */
export interface Segment {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Analysis {
  /** One a frame. */
  readonly probabilities: readonly number[];
  readonly marks: readonly Mark[];
  readonly segments: readonly Segment[];
  readonly tookMs: number;
}

let model: Promise<VadModel> | undefined;

export async function analyze(samples: Float32Array, options: EndpointOptions): Promise<Analysis> {
  model ??= VadModel.load();
  const vad = Vad.create(await openAudio(), { ...options, model: await model });
  try {
    const probabilities: number[] = [];
    const marks: Mark[] = [];
    const segments: Segment[] = [];
    const mark = (kind: MarkKind, timeMs: number): void => void marks.push({ kind, timeMs });
    vad.on("frame", ({ probability }) => probabilities.push(probability));
    vad.on("speechstart", ({ timeMs }) => mark("start", timeMs));
    vad.on("speechrealstart", ({ timeMs }) => mark("real-start", timeMs));
    vad.on("misfire", ({ timeMs }) => mark("misfire", timeMs));
    vad.on("speechend", ({ startMs, endMs }) => {
      mark("end", endMs);
      segments.push({ startMs, endMs });
    });
    const start = performance.now();
    vad.push(samples);
    vad.end();
    return { probabilities, marks, segments, tookMs: performance.now() - start };
  } finally {
    vad.dispose();
  }
}

/** The time of each frame's end, in seconds. */
export function frameTimes(frames: number): number[] {
  return Array.from({ length: frames }, (_, i) => ((i + 1) * FRAME_MS) / 1000);
}
