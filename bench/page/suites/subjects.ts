/** The VADs under test, each as "take one frame's worth of audio". */
import type { VadWebVersion } from "../../peers/vad-web";
import { openMic, openVad } from "../../peers/voicepath";
import { VAD_WEB, VAD_WEB_V6, VOICEPATH } from "./suite";

export interface OpenSubject<Input> {
  /** May return a promise; it is awaited before the next frame. */
  readonly push: (input: Input) => unknown;
  readonly close: () => void | Promise<void>;
}

export interface Subject<Input> {
  readonly name: string;
  open(): Promise<OpenSubject<Input>>;
}

const VAD_WEBS: readonly (readonly [string, VadWebVersion])[] = [
  [VAD_WEB, "v5"],
  [VAD_WEB_V6, "v6"],
];

/** 512 samples at 16 kHz; vad-web only runs its model, voicepath endpoints as well. */
export const VADS: readonly Subject<Float32Array>[] = [
  {
    name: VOICEPATH,
    async open() {
      const vad = await openVad("v6");
      return { push: (frame) => vad.push(frame), close: () => vad.dispose() };
    },
  },
  ...VAD_WEBS.map(([name, version]) => ({
    name,
    async open() {
      const { openModel } = await import("../../peers/vad-web");
      const model = await openModel(version);
      return {
        push: (frame: Float32Array) => model.process(frame),
        close: () => model.release(),
      };
    },
  })),
];

/** The blocks that an AudioWorklet gets in the time of one frame. */
export type BlocksOfFrame = readonly Float32Array[];

/** Microphone blocks: resampling, model, endpointing, pre-roll. */
export function microphones(rateHz: number): Subject<BlocksOfFrame>[] {
  return [
    {
      name: VOICEPATH,
      async open() {
        const mic = await openMic("v6", rateHz);
        const push = (block: Float32Array): void => mic.push(block);
        return {
          push: (blocks) => {
            blocks.forEach(push);
          },
          close: () => mic.dispose(),
        };
      },
    },
    ...VAD_WEBS.map(([name, version]) => ({
      name,
      async open() {
        const { VadWebMic } = await import("../../peers/vad-web");
        const mic = await VadWebMic.open(version, rateHz);
        return {
          push: (blocks: BlocksOfFrame) => {
            let frame: Promise<void> | undefined;
            for (const block of blocks) frame = mic.push(block) ?? frame;
            return frame;
          },
          close: () => mic.release(),
        };
      },
    })),
  ];
}
