/** Models under test, in onnxruntime-web called from JavaScript and from C in each way that Run can wait. */
import type { OrtMode } from "voicepath/ort";
import { Example } from "../ort/example";
import { PIXELS, SQUEEZENET } from "../ort/squeezenet";
import type { Subject } from "./subjects";
import { type Case, ORT_WEB, type Row, unmeasured, VOICEPATH } from "./suite";

const MODES: readonly OrtMode[] = ["jspi", "sync", "asyncify"];

const worksHere = (mode: OrtMode): boolean => mode !== "jspi" || "Suspending" in WebAssembly;

const nameOf = (mode: OrtMode): string => `${VOICEPATH} ${mode}`;

const MODES_HERE = MODES.filter(worksHere);

/** Rows for the modes that this engine cannot do. */
export function otherModes(suite: Case, unit: string): Row[] {
  return MODES.filter((mode) => !worksHere(mode)).map((mode) =>
    unmeasured(suite, nameOf(mode), unit, "this engine has no WebAssembly.Suspending"),
  );
}

/** Silero v5, a frame at a time, as vad-web calls it and through the C API. */
export const SILEROS: readonly Subject<Float32Array>[] = [
  {
    name: ORT_WEB,
    async open() {
      const { openModel } = await import("../../peers/vad-web");
      const model = await openModel("v5");
      return { push: (frame) => model.process(frame), close: () => model.release() };
    },
  },
  ...MODES_HERE.map((mode) => ({
    name: nameOf(mode),
    async open() {
      const { openSileroOnnx } = await import("../../peers/ort");
      const model = await openSileroOnnx("v5", { mode });
      return { push: (frame: Float32Array) => model.process(frame), close: () => model.dispose() };
    },
  })),
];

/** A picture's pixels, of four bytes, to the number of its likeliest label. */
export const SQUEEZENETS: readonly Subject<Uint8ClampedArray>[] = [
  {
    name: ORT_WEB,
    async open() {
      const { Squeezenet } = await import("../../peers/squeezenet");
      const model = await Squeezenet.open();
      return { push: (rgba) => model.classify(rgba), close: () => model.release() };
    },
  },
  ...MODES_HERE.map((mode) => ({
    name: nameOf(mode),
    async open() {
      const example = await Example.load(SQUEEZENET, { mode });
      return example.use(async (program) => {
        const pixels = program.allocate(4 * PIXELS);
        return {
          push(rgba: Uint8ClampedArray) {
            program.u8.set(rgba, pixels);
            return program.call("squeezenet_classify", pixels);
          },
          close: () => example.dispose(),
        };
      });
    },
  })),
];
