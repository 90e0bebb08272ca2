/** The allocator against a plain list of what is in use. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { vp_mic_config, vp_vad_config } from "../../js-glue/src/abi.gen.js";
import { Handle, Heap, writeStruct } from "../../js-glue/src/handle.js";

test("blocks are aligned, never overlap, and come back", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record({ allocate: fc.integer({ min: 0, max: 100_000 }) }),
          fc.record({ free: fc.nat(30) }),
        ),
        { maxLength: 60 },
      ),
      (steps) => {
        const heap = new Heap(new WebAssembly.Memory({ initial: 2 }), 1001);
        const live: { at: number; bytes: number }[] = [];
        for (const step of steps) {
          if ("allocate" in step) {
            const at = heap.allocate(step.allocate);
            expect(at % 16).toBe(0);
            expect(at).toBeGreaterThanOrEqual(1001);
            expect(at + step.allocate).toBeLessThanOrEqual(heap.u8.length);
            for (const other of live)
              expect(at + step.allocate <= other.at || other.at + other.bytes <= at).toBe(true);
            live.push({ at, bytes: Math.max(step.allocate, 1) });
          } else {
            const [block] = live.splice(step.free % Math.max(live.length, 1), 1);
            if (block) heap.free(block.at);
          }
        }
        expect(heap.usedBytes).toBe(
          live.reduce((n, { bytes }) => n + Math.ceil(bytes / 16) * 16, 0),
        );
        for (const { at } of live) heap.free(at);
        expect(heap.usedBytes).toBe(0);
        // All free blocks were merged: the largest allocation that fits without growing fits.
        const bytes = heap.u8.length;
        heap.allocate(bytes - 1008);
        expect(heap.u8.length).toBe(bytes);
      },
    ),
  );
});

test("freeing twice or freeing nonsense is ignored", () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1 }), 0);
  const at = heap.allocate(100);
  heap.free(at);
  heap.free(at);
  heap.free(12345);
  expect(heap.usedBytes).toBe(0);
  expect(heap.allocate(60_000)).toBe(0);
});

test("growth keeps content and says when memory is out", () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1, maximum: 3 }), 0);
  const at = heap.allocate(1000);
  heap.u8[at] = 42;
  heap.allocate(100_000);
  expect(heap.u8[at]).toBe(42);
  expect(() => heap.allocate(1_000_000)).toThrowError(
    expect.objectContaining({ code: "VP_E_MEMORY" }),
  );
});

test("a disposed handle throws, disposing twice does not", () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1 }), 16);
  const handle = new Handle(heap, "Thing", heap.allocate(10), [heap.allocate(20)]);
  handle.dispose();
  handle.dispose();
  expect(heap.usedBytes).toBe(0);
  expect(() => handle.pointer).toThrowError(expect.objectContaining({ code: "DISPOSED" }));
});

test("structs are written where the compiler put their fields", () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1 }), 16);
  const at = heap.allocate(vp_vad_config.size);
  const names = Object.keys(vp_vad_config.fields) as (keyof typeof vp_vad_config.fields)[];
  const values = Object.fromEntries(names.map((name, i) => [name, i + 1])) as Record<
    (typeof names)[number],
    number
  >;
  writeStruct(heap, at, vp_vad_config, values);
  for (const name of names) {
    const { offset, type } = vp_vad_config.fields[name];
    const view = type === "f32" ? heap.f32 : heap.u32;
    expect(view[(at + offset) >> 2], name).toBe(values[name]);
  }
  expect(vp_mic_config.size).toBe(4 + vp_vad_config.size);
});
