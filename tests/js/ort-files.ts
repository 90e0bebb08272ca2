/** Programs and models of the C API over onnxruntime-web, read where the build puts them. */
import { readFileSync } from "node:fs";
import { asyncifyPath, modelPath, type ProgramName, programPath } from "./ort-paths.js";

type Bytes = Uint8Array<ArrayBuffer>;
const read = (path: string): Bytes => new Uint8Array(readFileSync(path));

export const programOf = (name: ProgramName): Bytes => read(programPath(name));
export const asyncifyOf = (name: ProgramName): Bytes => read(asyncifyPath(name));
export const modelOf = (name: string): Bytes => read(modelPath(name));
