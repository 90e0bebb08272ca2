/**
 * What a page may offer to be driven faster and more exactly than by clicks:
 *
 * ```ts
 * globalThis.voicepathStress = { mic: { start: () => vad.start(), stop: () => vad.pause() } };
 * ```
 *
 * Each function may return a promise, and is done when it resolves. For a scenario that is missing
 * here, the page is driven from outside.
 */
export interface StressHooks {
  readonly "open-close"?: { open(): unknown; close(): unknown };
  readonly mic?: { start(): unknown; stop(): unknown };
  /** The sockets are cut from outside; this waits until the page is connected again. */
  readonly reconnect?: { reconnected(): unknown };
  /** From the text that is sent to the end of the answer. */
  readonly turns?: { turn(): unknown };
  /** Another character, the first one again after the last. */
  readonly "model-switch"?: { next(): unknown };
}

declare global {
  var voicepathStress: StressHooks | undefined;
}
