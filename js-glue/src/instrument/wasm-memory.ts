/**
 * Memories of WebAssembly. They only grow, and nothing closes them: they count while they can be
 * reached, as far as the collector has looked.
 */
import type { Origin, Standing } from "./ledger.js";
import { type Watch, whenItComes } from "./watch.js";

export function watchWasmMemory({ target, patches, ledger }: Watch): void {
  const { WebAssembly: wasm } = target;
  if (!wasm) return;
  const known = new WeakSet<object>();

  const open = (origin: Origin, memory: WebAssembly.Memory, label: string): void => {
    if (known.has(memory)) return;
    known.add(memory);
    const ref = new WeakRef(memory);
    const standing = (): Standing => (ref.deref() ? "counted" : "gone");
    const bytes = (): number => ref.deref()?.buffer.byteLength ?? 0;
    ledger.openAs(memory, origin, { label, standing, bytes }, memory);
  };
  const openExports = (origin: Origin, instance: unknown): void => {
    if (!(instance instanceof wasm.Instance)) return;
    for (const [name, value] of Object.entries(instance.exports))
      if (value instanceof wasm.Memory) open(origin, value, name);
  };

  patches.construction(wasm, "Memory", (call) => {
    const origin = ledger.origin("wasmMemory", call);
    const memory = call.native();
    if (origin) open(origin, memory as WebAssembly.Memory, "Memory");
    return memory;
  });
  patches.construction(wasm, "Instance", (call) => {
    const origin = ledger.origin("wasmMemory", call);
    const instance = call.native();
    if (origin) openExports(origin, instance);
    return instance;
  });
  for (const name of ["instantiate", "instantiateStreaming"])
    patches.method(wasm, name, (call) => {
      const origin = ledger.origin("wasmMemory", call);
      const result = call.native();
      if (!origin) return result;
      return whenItComes(result, (value) => {
        const source = value as { readonly instance?: unknown } | null;
        openExports(origin, source?.instance ?? value);
      });
    });
}
