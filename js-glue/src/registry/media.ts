/** Streams and audio contexts, opened and ended. */
import { VoicepathError } from "../errors.js";
import type { Open, Owned } from "./owned.js";
import { owned } from "./ownership.js";

/** Constraints for getUserMedia, a stream, or what opens one: `() => getDisplayMedia(…)`. */
export type StreamSource = MediaStreamConstraints | MediaStream | Open<MediaStream>;

export function openStream(source: StreamSource): Open<MediaStream> {
  if (typeof source === "function") return source;
  if (typeof MediaStream === "function" && source instanceof MediaStream) return () => source;
  return () => {
    // Absent on pages without a secure context, whatever the types say.
    const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
    if (!mediaDevices)
      throw new VoicepathError(
        "MICROPHONE",
        "this page cannot use microphone or camera: it must be served by https, or from localhost",
      );
    return mediaDevices.getUserMedia(source as MediaStreamConstraints);
  };
}

export function stopStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** A stream whose devices are all gone has ended. */
export function disposeWhenEnded(stream: MediaStream, resource: Owned<MediaStream>): void {
  const check = (): void => {
    if (!resource.disposed && stream.getTracks().every(({ readyState }) => readyState === "ended"))
      resource.dispose();
  };
  owned(() => {
    for (const track of stream.getTracks()) track.addEventListener("ended", check);
  });
}
