/**
 * The package's files as data inside JavaScript, for bundlers that copy no assets, `file:` pages and
 * Electron. A third larger than the files; import it only where the files cannot be served. The
 * worklet is a `data:` address, which a Content-Security-Policy must allow in `script-src`.
 *
 * ```ts
 * import { inlineAssets } from "voicepath/inline";
 * const assets = inlineAssets();
 * const vad = await MicVAD.new({ assets });
 * const registry = Registry.create(await loadSession({ wasm: assets.session }));
 * ```
 */
export interface InlineAssets {
  /** audio.wasm. */
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** session.wasm. */
  readonly session: Uint8Array<ArrayBuffer>;
  /** mic-processor.js. */
  readonly worklet: string;
  /** Silero v6, f16. */
  readonly model: Uint8Array<ArrayBuffer>;
}

// js-glue/scripts/build.ts puts the files here.
const WASM_BASE64 = "__BASE64_WASM__";
const SESSION_BASE64 = "__BASE64_SESSION__";
const WORKLET_BASE64 = "__BASE64_WORKLET__";
const MODEL_V6_BASE64 = "__BASE64_MODEL_V6__";
const PLAYER_BASE64 = "__BASE64_PLAYER__";

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function script(base64: string): string {
  return `data:text/javascript;base64,${base64}`;
}

/** Decodes them; a few milliseconds. */
export function inlineAssets(): InlineAssets {
  return {
    wasm: decode(WASM_BASE64),
    session: decode(SESSION_BASE64),
    worklet: script(WORKLET_BASE64),
    model: decode(MODEL_V6_BASE64),
  };
}

/** player-processor.js, for `PlayerNode.create(context, { worklet: inlinePlayer() })`. */
export function inlinePlayer(): string {
  return script(PLAYER_BASE64);
}
