/** tests/ort/loader_probe.c from JavaScript, in Node and on pages. */
import type { OrtProgram } from "../../dist/ort/index.js";

/** What the host refused: an OrtErrorCode and its message. */
export class HostFailure extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A tensor: ONNXTensorElementDataType and the elements' bytes. */
export interface ProbeTensor {
  readonly type: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface ProbeInfo {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly (number | string)[];
}

export const floats = (shape: readonly number[], values: ArrayLike<number>): ProbeTensor => ({
  type: 1,
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

export const asFloats = ({ bytes }: ProbeTensor): number[] => [
  ...new Float32Array(bytes.slice().buffer),
];

export class Probe {
  readonly program: OrtProgram;

  constructor(program: OrtProgram) {
    this.program = program;
  }

  #checked(result: number): number {
    if (result > 0) return result;
    throw new HostFailure(-result, this.text("probe_error"));
  }

  text(name: string, ...args: number[]): string {
    return this.program.text(this.program.callNow(name, ...args));
  }

  async create(model: Uint8Array, options: readonly string[] = []): Promise<number> {
    const { program } = this;
    const at = program.allocate(model.length);
    program.u8.set(model, at);
    const texts = options.map((text) => `${text}\0`).join("");
    const optionsAt = program.writeText(texts);
    const { length } = new TextEncoder().encode(texts);
    const session = await program.call("probe_create", at, model.length, optionsAt, length);
    program.free(at);
    program.free(optionsAt);
    return this.#checked(session);
  }

  async open(path: string): Promise<number> {
    const at = this.program.writeText(path);
    const session = await this.program.call("probe_create_path", at);
    this.program.free(at);
    return this.#checked(session);
  }

  infos(session: number, side: 0 | 1): ProbeInfo[] {
    const { program } = this;
    return Array.from({ length: program.callNow("probe_count", session, side) }, (_, i) => ({
      name: this.text("probe_name", session, side, i),
      type: program.callNow("probe_type", session, side, i),
      shape: Array.from({ length: program.callNow("probe_rank", session, side, i) }, (_, d) => {
        const size = program.callNow("probe_dimension", session, side, i, d);
        return this.text("probe_symbol", session, side, i, d) || size;
      }),
    }));
  }

  /** Puts a run together; the inputs' memory stays taken. */
  put(session: number, inputs: readonly ProbeTensor[], outputs: readonly number[]): void {
    const { program } = this;
    program.callNow("probe_begin", session);
    inputs.forEach(({ type, shape, bytes }, i) => {
      const at = program.allocate(bytes.length);
      program.u8.set(bytes, at);
      const shapeAt = program.callNow("probe_shape");
      shape.forEach((size, d) => {
        program.i64[shapeAt / 8 + d] = BigInt(size);
      });
      program.callNow("probe_input", i, type, shape.length, at, bytes.length);
    });
    for (const index of outputs) program.callNow("probe_output", index);
  }

  /** Fetches and releases a result. */
  take(result: number, count: number): ProbeTensor[] {
    const { program } = this;
    this.#checked(result);
    const tensors = Array.from({ length: count }, (_, i) => {
      const rank = program.callNow("probe_result_shape", result, i);
      const shapeAt = program.callNow("probe_shape") / 8;
      const shape = Array.from(program.i64.subarray(shapeAt, shapeAt + rank), Number);
      const length = program.callNow("probe_result_bytes", result, i);
      const at = program.allocate(length);
      program.callNow("probe_result_data", result, i, at);
      const bytes = program.u8.slice(at, at + length);
      program.free(at);
      return { type: program.callNow("probe_result_type", result, i), shape, bytes };
    });
    program.callNow("probe_result_release", result);
    return tensors;
  }

  async run(
    session: number,
    inputs: readonly ProbeTensor[],
    outputs: readonly number[],
  ): Promise<ProbeTensor[]> {
    this.put(session, inputs, outputs);
    return this.take(await this.program.call("probe_run"), outputs.length);
  }

  events(): number[] {
    const { program } = this;
    const at = program.callNow("probe_events") / 4;
    return [...program.u32.subarray(at, at + program.callNow("probe_event_count"))];
  }
}
