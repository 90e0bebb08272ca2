/** Characters that one call of String.fromCharCode may take. */
const CHUNK_BYTES = 0x8000;

/** Base64 text (RFC 4648, with padding) of bytes. */
export function arrayBufferToBase64(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
  return btoa(text);
}
