import { loadBytes } from "../wasm.js";

/**
 * vad-web's default asset folder, kept for code that reads it. voicepath does not use it: its files
 * lie beside its modules.
 */
export const baseAssetPath: string = "/";

/**
 * The bytes at an address.
 *
 * @throws VoicepathError ASSET_MISSING, ASSET_HTML
 */
export const defaultModelFetcher = async (path: string): Promise<ArrayBuffer> => {
  const bytes = await loadBytes(path, "the model");
  // A fetched file fills its buffer.
  return bytes.buffer as ArrayBuffer;
};
