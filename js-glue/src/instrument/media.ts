/**
 * Audio contexts, and microphones, cameras and screens. A stream is open until each of its tracks was
 * stopped or has ended; clones are devices in use too, and count where they are made. Nothing listens
 * to a track, for a track with listeners is never collected: what ended by itself, because its device
 * is gone, is found when things are counted.
 */
import type { Origin, Standing } from "./ledger.js";
import { isA, prototypeOf, type Watch, whenItComes } from "./watch.js";

export function watchAudioContexts(watch: Watch): void {
  const { patches, ledger, target } = watch;
  for (const name of ["AudioContext", "webkitAudioContext"]) {
    patches.construction(target, name, (call) => {
      const origin = ledger.origin("audioContext", call);
      const context = call.native() as object;
      if (origin) ledger.openAs(context, origin);
      return context;
    });
  }
  patches.method(prototypeOf(watch, "AudioContext"), "close", (call) => {
    const closing = call.native();
    ledger.end(call.self);
    return closing;
  });
}

export function watchStreams(watch: Watch): void {
  const { patches, ledger, target } = watch;
  /** What stopping a track does to the stream it came with. */
  const stopped = new WeakMap<object, () => void>();

  const follow = (origin: Origin, source: MediaStream | MediaStreamTrack): void => {
    const tracks = "getTracks" in source ? source.getTracks() : [source];
    const refs = tracks.map((track) => new WeakRef(track));
    let running = tracks.filter(({ readyState }) => readyState === "live").length;
    if (running === 0) return;
    // A track that was collected, but never stopped, may still hold its device.
    const standing = (): Standing =>
      refs.every((ref) => ref.deref()?.readyState === "ended") ? "gone" : "counted";
    const label = tracks.map(({ kind }) => kind).join(" and ");
    const thing = ledger.openAs(source, origin, { label, standing });
    for (const track of tracks)
      stopped.set(track, () => {
        stopped.delete(track);
        running--;
        if (running === 0) thing.close();
      });
  };

  // Where it is found: some pages put their own on the instance.
  const devices: unknown = target.navigator?.mediaDevices;
  for (const name of ["getUserMedia", "getDisplayMedia"])
    patches.method(devices, name, (call) => {
      const origin = ledger.origin("mediaStream", call);
      const stream = call.native();
      if (!origin) return stream;
      return whenItComes(stream, (value) => {
        if (isA(watch, "MediaStream", value)) follow(origin, value as MediaStream);
      });
    });

  for (const name of ["MediaStream", "MediaStreamTrack"])
    patches.method(prototypeOf(watch, name), "clone", (call) => {
      const origin = ledger.origin("mediaStream", call);
      const clone = call.native();
      if (origin) follow(origin, clone as MediaStream | MediaStreamTrack);
      return clone;
    });

  patches.method(prototypeOf(watch, "MediaStreamTrack"), "stop", (call) => {
    const result = call.native();
    ledger.end(call.self);
    stopped.get(call.self as object)?.();
    return result;
  });
}
