/** The page's one way between samples and the text of the websocket. */
import { Wire } from "voicepath";
import { openAudio } from "@/voicepath/app";

let wire: Wire | undefined;

/** @throws VoicepathError ASSET_MISSING, ASSET_HTML, WASM_INVALID, WASM_NO_SIMD, WASM_MISMATCH */
export async function openWire(): Promise<Wire> {
  const audio = await openAudio();
  wire ??= Wire.create(audio);
  return wire;
}

/** Undefined until it was opened. */
export function openedWire(): Wire | undefined {
  return wire;
}
