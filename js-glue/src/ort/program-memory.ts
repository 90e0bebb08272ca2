/** A program's linear memory, which grows: views are always of what it is now. */

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

class Views {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly i64: BigInt64Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;

  constructor(buffer: ArrayBuffer) {
    this.u8 = new Uint8Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }
}

export class ProgramMemory {
  readonly #memory: WebAssembly.Memory;
  #views: Views;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#views = new Views(memory.buffer);
  }

  /** Memory that grew left the old buffer, and with it every view. */
  get #current(): Views {
    const { buffer } = this.#memory;
    if (buffer !== this.#views.u8.buffer) this.#views = new Views(buffer);
    return this.#views;
  }

  get u8(): Uint8Array {
    return this.#current.u8;
  }
  get i32(): Int32Array {
    return this.#current.i32;
  }
  get u32(): Uint32Array {
    return this.#current.u32;
  }
  get i64(): BigInt64Array {
    return this.#current.i64;
  }
  get f32(): Float32Array {
    return this.#current.f32;
  }
  get f64(): Float64Array {
    return this.#current.f64;
  }

  /** The UTF-8 text of so many bytes. */
  text(at: number, bytes: number): string {
    return decoder.decode(this.u8.subarray(at, at + bytes));
  }

  /** The UTF-8 text up to a NUL or the memory's end. */
  terminatedText(at: number): string {
    const { u8 } = this;
    const end = u8.indexOf(0, at);
    return decoder.decode(u8.subarray(at, end < 0 ? u8.length : end));
  }

  /** Texts with a NUL behind each. */
  texts(at: number, bytes: number): string[] {
    const texts = this.text(at, bytes).split("\0");
    texts.pop();
    return texts;
  }

  /** Writes at most `capacity` bytes of a text and returns its whole length. */
  writeText(text: string, at: number, capacity: number): number {
    const bytes = encoder.encode(text);
    this.u8.set(bytes.subarray(0, capacity), at);
    return bytes.length;
  }

  /** int64 values, exact up to 2^53, into an array of the caller's. */
  readShape(at: number, rank: number, into: number[]): void {
    const { u32, i32 } = this;
    into.length = rank;
    for (let i = 0, word = at >>> 2; i < rank; i++, word += 2)
      into[i] = (i32[word + 1] ?? 0) * 2 ** 32 + (u32[word] ?? 0);
  }

  writeShape(shape: readonly number[], at: number): void {
    const { i32 } = this;
    let word = at >>> 2;
    for (const size of shape) {
      i32[word++] = size | 0;
      i32[word++] = Math.floor(size / 2 ** 32);
    }
  }
}
