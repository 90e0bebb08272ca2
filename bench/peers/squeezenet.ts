/** What squeezenet.c does, in JavaScript over onnxruntime-web's own interface. */
import { EDGE } from "../../wasm/ort/examples/drawings";
import { exampleModel, pageOrt } from "./ort";

const PIXELS = EDGE * EDGE;
const OUTPUT = "softmaxout";

type Ort = ReturnType<typeof pageOrt>;
type Session = Awaited<ReturnType<Ort["InferenceSession"]["create"]>>;

export class Squeezenet {
  readonly #ort: Ort;
  readonly #session: Session;
  readonly #input: string;
  readonly #planes = new Float32Array(3 * PIXELS);

  private constructor(ort: Ort, session: Session) {
    this.#ort = ort;
    this.#session = session;
    const [input] = session.inputNames;
    if (input === undefined) throw new Error("squeezenet.onnx has no input");
    this.#input = input;
  }

  static async open(): Promise<Squeezenet> {
    const ort = pageOrt();
    const response = await fetch(exampleModel("squeezenet.onnx"));
    const bytes = new Uint8Array(await response.arrayBuffer());
    // As squeezenet.c asks for it.
    const options = { graphOptimizationLevel: "basic" };
    return new Squeezenet(ort, await ort.InferenceSession.create(bytes, options));
  }

  /** The likeliest label's number. */
  async classify(rgba: Uint8ClampedArray): Promise<number> {
    const planes = this.#planes;
    for (let i = 0; i < PIXELS; i++)
      for (let c = 0; c < 3; c++) planes[c * PIXELS + i] = (rgba[4 * i + c] ?? 0) / 255;
    const tensor = new this.#ort.Tensor("float32", planes, [1, 3, EDGE, EDGE]);
    const results = await this.#session.run({ [this.#input]: tensor }, [OUTPUT]);
    const scores = results[OUTPUT]?.data as Float32Array;
    let best = 0;
    for (let i = 1; i < scores.length; i++) if ((scores[i] ?? 0) > (scores[best] ?? 0)) best = i;
    return best;
  }

  async release(): Promise<void> {
    await this.#session.release?.();
  }
}
