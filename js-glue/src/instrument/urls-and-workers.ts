/** Object URLs, which keep their blob, and workers, which run until they are terminated. */
import { prototypeOf, type Watch } from "./watch.js";

export function watchObjectURLs({ target, patches, ledger }: Watch): void {
  patches.method(target.URL, "createObjectURL", (call) => {
    const origin = ledger.origin("objectURL", call);
    const url = call.native();
    if (origin && typeof url === "string") {
      const { type } = call.args[0] as { readonly type?: unknown };
      ledger.openAs(url, origin, { label: typeof type === "string" ? type : "" });
    }
    return url;
  });
  patches.method(target.URL, "revokeObjectURL", (call) => {
    const result = call.native();
    ledger.end(call.args[0]);
    return result;
  });
}

/** One that closes itself from inside cannot be seen from here. */
export function watchWorkers(watch: Watch): void {
  const { target, patches, ledger } = watch;
  patches.construction(target, "Worker", (call) => {
    const origin = ledger.origin("worker", call);
    const worker = call.native() as object;
    if (origin) ledger.openAs(worker, origin, { label: String(call.args[0]) });
    return worker;
  });
  patches.method(prototypeOf(watch, "Worker"), "terminate", (call) => {
    const result = call.native();
    ledger.end(call.self);
    return result;
  });
}
