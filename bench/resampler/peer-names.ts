/** Whom ratios are taken against. */

/** What whoever needs quality takes today. */
export const LIVE_PEER = "@alexanderolsen/libsamplerate-js best";
export const WHOLE_PEER = "libsoxr VHQ native one-shot";
/** Of those that take blocks, where they are there. */
export const LIVE_PEERS: readonly string[] = [
  LIVE_PEER,
  "@alexanderolsen/libsamplerate-js medium",
  "@echogarden/speex-resampler-wasm q10",
  "@echogarden/speex-resampler-wasm q5",
];
