/**
 * Image bitmaps: megabytes each, and few bytes to the collector. They end when they are closed, or
 * given away: to another thread, or to a canvas.
 */
import type { Origin } from "./ledger.js";
import type { Call } from "./patch.js";
import { isA, prototypeOf, type Watch, whenItComes } from "./watch.js";

export function watchImageBitmaps(watch: Watch): void {
  const { target, patches, ledger } = watch;

  const open = (origin: Origin, value: unknown): void => {
    if (!isA(watch, "ImageBitmap", value)) return;
    const { width, height } = value as ImageBitmap;
    ledger.openAs(value, origin, { label: `${width}×${height}` });
  };
  patches.method(target, "createImageBitmap", (call) => {
    const origin = ledger.origin("imageBitmap", call);
    const bitmap = call.native();
    return origin ? whenItComes(bitmap, (value) => open(origin, value)) : bitmap;
  });
  patches.method(prototypeOf(watch, "OffscreenCanvas"), "transferToImageBitmap", (call) => {
    const origin = ledger.origin("imageBitmap", call);
    const bitmap = call.native();
    if (origin) open(origin, bitmap);
    return bitmap;
  });

  patches.method(prototypeOf(watch, "ImageBitmap"), "close", (call) => {
    const result = call.native();
    ledger.end(call.self);
    return result;
  });
  const endGiven = (call: Call): unknown => {
    const result = call.native();
    for (const value of given(call.args))
      if (isA(watch, "ImageBitmap", value) && (value as ImageBitmap).width === 0) ledger.end(value);
    return result;
  };
  const renderer = prototypeOf(watch, "ImageBitmapRenderingContext");
  patches.method(renderer, "transferFromImageBitmap", endGiven);
  for (const port of ["Worker", "MessagePort"])
    patches.method(prototypeOf(watch, port), "postMessage", endGiven);
  for (const name of ["postMessage", "structuredClone"]) patches.method(target, name, endGiven);
}

/** Arguments, and what is in those that are lists, or have a list named `transfer`. */
function* given(args: readonly unknown[]): Generator<unknown> {
  for (const arg of args) {
    yield arg;
    const list: unknown = Array.isArray(arg)
      ? arg
      : (arg as { transfer?: unknown } | null)?.transfer;
    if (Array.isArray(list)) yield* list as unknown[];
  }
}
