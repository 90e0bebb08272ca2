/** Where the build puts programs and models of the C API over onnxruntime-web, from the repository's root. */
export type ProgramName = "fns_candy" | "squeezenet" | "tensor_probe" | "status_probe";

export const programPath = (name: ProgramName): string => `build/wasm/wasm/ort/${name}.wasm`;
export const asyncifyPath = (name: ProgramName): string =>
  `build/wasm/wasm/ort/${name}.asyncify.wasm`;
export const modelPath = (name: string): string => `build/ort-models/${name}`;
