/** esbuild puts the file into the script, as bytes. */
declare module "voicepath/assets/session.wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
