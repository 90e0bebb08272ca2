/**
 * Silero VAD 5 and 6 in double precision, as plainly as it can be written: what the fast versions,
 * ours and onnxruntime's, both approximate. Used to calibrate the f16 packing and by tests.
 */
import type { Layer, Silero } from "./silero-onnx.js";

const FRAME = 512;
const CONTEXT = 64;
const WINDOW = 256;
const HOP = 128;
const STEPS = 4;
const BINS = 129;
const HIDDEN = 128;

export type LayerName = Exclude<keyof Silero, "out">;

const tables = Array.from({ length: WINDOW }, (_, i) => (2 * Math.PI * i) / WINDOW);
const cosine = Float64Array.from(tables, Math.cos);
const sine = Float64Array.from(tables, Math.sin);

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const relu = (x: Float64Array): Float64Array => x.map((value) => Math.max(value, 0));

function multiply({ rows, columns, weights, bias }: Layer, x: Float64Array): Float64Array {
  const y = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    let sum = at(bias, r);
    for (let c = 0, w = r * columns; c < columns; c++, w++) sum += at(weights, w) * at(x, c);
    y[r] = sum;
  }
  return y;
}

/** |DFT| of a Hann window of samples, by the definition. */
function magnitudes(samples: Float64Array): Float64Array {
  const windowed = samples.map((x, n) => x * (0.5 - 0.5 * at(cosine, n)));
  return Float64Array.from({ length: BINS }, (_, k) => {
    let re = 0;
    let im = 0;
    for (let n = 0; n < WINDOW; n++) {
      re += at(windowed, n) * at(cosine, (k * n) % WINDOW);
      im -= at(windowed, n) * at(sine, (k * n) % WINDOW);
    }
    return Math.hypot(re, im);
  });
}

/** What three taps see around a step: input by input, taps ascending, zeros outside. */
function neighbourhood(steps: readonly Float64Array[], centre: number): Float64Array {
  const inputs = steps[0]?.length ?? 0;
  const x = new Float64Array(inputs * 3);
  for (let tap = 0; tap < 3; tap++) {
    const step = steps[centre + tap - 1];
    if (step) for (let i = 0; i < inputs; i++) x[i * 3 + tap] = at(step, i);
  }
  return x;
}

export class SileroDouble {
  readonly #model: Silero;
  readonly #observe: ((layer: LayerName, input: Float64Array) => void) | undefined;
  #context = new Float64Array(CONTEXT);
  #hidden = new Float64Array(HIDDEN);
  #cell = new Float64Array(HIDDEN);

  /** @param observe - is given every layer's input vectors, before they are multiplied */
  constructor(model: Silero, observe?: (layer: LayerName, input: Float64Array) => void) {
    this.#model = model;
    this.#observe = observe;
  }

  /** The speech probability of the next 512 samples. */
  process(frame: Float32Array): number {
    const input = new Float64Array(CONTEXT + FRAME + CONTEXT);
    input.set(this.#context);
    input.set(frame, CONTEXT);
    const end = CONTEXT + FRAME;
    for (let i = 0; i < CONTEXT; i++) input[end + i] = at(input, end - 2 - i);
    this.#context = input.slice(end - CONTEXT, end);

    const spectra = Array.from({ length: STEPS }, (_, t) =>
      magnitudes(input.subarray(t * HOP, t * HOP + WINDOW)),
    );
    const step0 = spectra.map((_, t) => relu(this.#apply("enc0", neighbourhood(spectra, t))));
    const step1 = [0, 2].map((t) => relu(this.#apply("enc1", neighbourhood(step0, t))));
    const seen = neighbourhood(step1, 0).filter((_, i) => i % 3 !== 0);
    const encoded = relu(this.#apply("enc3", relu(this.#apply("enc2", seen))));

    const recurrent = new Float64Array(2 * HIDDEN);
    recurrent.set(encoded);
    recurrent.set(this.#hidden, HIDDEN);
    const gates = this.#apply("lstm", recurrent);
    const gate = (index: number, unit: number): number => at(gates, index * HIDDEN + unit);
    this.#cell = this.#cell.map(
      (cell, u) => sigmoid(gate(1, u)) * cell + sigmoid(gate(0, u)) * Math.tanh(gate(2, u)),
    );
    this.#hidden = this.#cell.map((cell, u) => sigmoid(gate(3, u)) * Math.tanh(cell));
    return sigmoid(at(multiply(this.#model.out, relu(this.#hidden)), 0));
  }

  #apply(name: LayerName, x: Float64Array): Float64Array {
    this.#observe?.(name, x);
    return multiply(this.#model[name], x);
  }
}
