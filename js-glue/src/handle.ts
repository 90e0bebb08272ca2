/**
 * The wasm heap. Only this file and wasm.ts look inside linear memory.
 *
 * C objects are built in blocks that JavaScript allocates: C itself has no allocator. Blocks are
 * taken from a free list, first fit, and given back on dispose, so memory returns at once instead of
 * whenever a collector runs.
 */
import { type Pointer, VP_ALIGNMENT } from "./abi.gen.js";
import { VoicepathError } from "./errors.js";

const PAGE_BYTES = 65536;

interface Block {
  at: number;
  bytes: number;
}

/** One instance's linear memory, its free blocks, and views that are always current. */
export class Heap {
  readonly #memory: WebAssembly.Memory;
  readonly #used = new Map<number, number>();
  /** Free blocks by address; neighbours are always merged. */
  readonly #free: Block[] = [];
  u8!: Uint8Array;
  u16!: Uint16Array;
  u32!: Uint32Array;
  f32!: Float32Array;
  f64!: Float64Array;

  constructor(memory: WebAssembly.Memory, base: number) {
    this.#memory = memory;
    this.#free.push(this.#block(alignUp(base), memory.buffer.byteLength));
    this.#updateViews();
  }

  /** Bytes in use, for tests and statistics. */
  get usedBytes(): number {
    let sum = 0;
    for (const bytes of this.#used.values()) sum += bytes;
    return sum;
  }

  /** A block of at least `bytes` bytes, aligned for every C object. Its content is undefined. */
  allocate<Of extends string>(bytes: number): Pointer<Of> {
    const need = alignUp(Math.max(bytes, 1));
    const index = this.#free.findIndex((block) => block.bytes >= need);
    const block = this.#free[index];
    if (!block) {
      this.#grow(need);
      return this.allocate(bytes);
    }
    const at = block.at;
    block.at += need;
    block.bytes -= need;
    if (block.bytes === 0) this.#free.splice(index, 1);
    this.#used.set(at, need);
    return at;
  }

  /** Gives a block back. An address that is not in use is ignored. */
  free(at: number): void {
    const bytes = this.#used.get(at);
    if (bytes === undefined) return;
    this.#used.delete(at);
    this.#release({ at, bytes });
  }

  #block(from: number, to: number): Block {
    return { at: from, bytes: to - from };
  }

  #release(block: Block): void {
    let index = this.#free.findIndex((other) => other.at > block.at);
    if (index < 0) index = this.#free.length;
    this.#free.splice(index, 0, block);
    for (const i of [index, index - 1]) {
      const left = this.#free[i];
      const right = this.#free[i + 1];
      if (!left || !right || left.at + left.bytes !== right.at) continue;
      left.bytes += right.bytes;
      this.#free.splice(i + 1, 1);
    }
  }

  #grow(bytes: number): void {
    const from = this.#memory.buffer.byteLength;
    try {
      this.#memory.grow(Math.ceil(bytes / PAGE_BYTES));
    } catch (cause) {
      throw new VoicepathError("VP_E_MEMORY", `no memory for ${bytes} more bytes`, { cause });
    }
    this.#updateViews();
    this.#release(this.#block(from, this.#memory.buffer.byteLength));
  }

  #updateViews(): void {
    const { buffer } = this.#memory;
    this.u8 = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }
}

/** To the next multiple of VP_ALIGNMENT. */
export function alignUp(bytes: number): number {
  return Math.ceil(bytes / VP_ALIGNMENT) * VP_ALIGNMENT;
}

/** How the compiler laid a struct out, as abi.gen.ts says it. */
export interface Layout {
  readonly size: number;
  readonly fields: Readonly<Record<string, { readonly offset: number; readonly type: string }>>;
}

/** A value for every field that is a number. */
export type ScalarFields<L extends Layout> = {
  [F in keyof L["fields"] as L["fields"][F]["type"] extends "struct" ? never : F]: number | boolean;
};

/** Writes all scalar fields of a struct. */
export function writeStruct<L extends Layout>(
  heap: Heap,
  at: number,
  layout: L,
  values: ScalarFields<L>,
): void {
  for (const [field, { offset, type }] of Object.entries(layout.fields)) {
    if (type === "struct") continue;
    const value = Number(values[field as keyof typeof values]);
    if (type === "f32") heap.f32[(at + offset) >> 2] = value;
    else if (type === "f64") heap.f64[(at + offset) >> 3] = value;
    else if (type === "u16") heap.u16[(at + offset) >> 1] = value;
    else heap.u32[(at + offset) >> 2] = value;
  }
}

/** Reads one field of a struct. */
export function readField<L extends Layout>(
  { u16, u32, f32, f64 }: Heap,
  at: number,
  { fields }: L,
  field: keyof L["fields"] & string,
): number {
  const { offset = 0, type } = fields[field] ?? {};
  if (type === "f64") return f64[(at + offset) >> 3] ?? 0;
  if (type === "u16") return u16[(at + offset) >> 1] ?? 0;
  return (type === "f32" ? f32 : u32)[(at + offset) >> 2] ?? 0;
}

/**
 * One C object in the heap, with the blocks that live as long as it does. Disposing twice is
 * harmless; using it afterwards throws.
 */
export class Handle<Of extends string> {
  readonly #heap: Heap;
  readonly #name: string;
  readonly #blocks: number[];
  #pointer: Pointer<Of> | 0;

  constructor(heap: Heap, name: string, pointer: Pointer<Of>, extraBlocks: number[] = []) {
    this.#heap = heap;
    this.#name = name;
    this.#pointer = pointer;
    this.#blocks = [pointer, ...extraBlocks];
  }

  get pointer(): Pointer<Of> {
    if (this.#pointer === 0)
      throw new VoicepathError("DISPOSED", `this ${this.#name} was disposed`);
    return this.#pointer;
  }

  get disposed(): boolean {
    return this.#pointer === 0;
  }

  dispose(): void {
    if (this.#pointer === 0) return;
    this.#pointer = 0;
    for (const block of this.#blocks) this.#heap.free(block);
  }
}
