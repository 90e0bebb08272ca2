/** The C segmenter in WebAssembly, as tests/wasm/segment_probe.c shows it. */

/** Bits of `segment.h`. */
export const BREAKS = { grapheme: 1, word: 2, sentence: 4, line: 8 } as const;
export type BreakKind = keyof typeof BREAKS;

interface ProbeExports {
  readonly memory: WebAssembly.Memory;
  text(): number;
  flags(): number;
  segment(units: number, split: number): void;
}

export class SegmentProbe {
  readonly #exports: ProbeExports;
  readonly #text: Uint16Array;
  readonly #flags: Uint8Array;

  /** @param bytes - of build/wasm/tests/wasm/segment_probe.wasm */
  constructor(bytes: BufferSource) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {});
    this.#exports = exports as unknown as ProbeExports;
    const { memory } = this.#exports;
    this.#text = new Uint16Array(memory.buffer, this.#exports.text());
    this.#flags = new Uint8Array(memory.buffer, this.#exports.flags());
  }

  /** The flags of a text that comes in two pieces; read them before the next call. */
  segment(text: string, split = text.length): Uint8Array {
    for (let i = 0; i < text.length; i++) this.#text[i] = text.charCodeAt(i);
    this.#exports.segment(text.length, split);
    return this.#flags.subarray(0, text.length);
  }
}
