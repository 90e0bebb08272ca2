/** C programs over ONNX Runtime's C API, in each way that `Run` can wait, on the page's own ORT. */
import { ort } from "@ricky0123/vad-web/dist/real-time-vad";
import { type OrtMode, OrtProgram, type OrtWeb, SileroOnnx } from "voicepath/ort";
import { configureOrt, VAD_WEB_FILES, type VadWebVersion } from "./vad-web";

/** Where site.ts puts the examples' programs and models. */
const EXAMPLES = "/ort/";

const address = (path: string): URL => new URL(path, location.href);

/** onnxruntime-web as the page's other contenders use it: the same build, its files from the same place. */
export function pageOrt(): OrtWeb {
  configureOrt(ort);
  return ort as unknown as OrtWeb;
}

/** What every program on this page is loaded with. */
const ORT_OPTIONS = {
  ort: async () => pageOrt(),
  wasmPaths: VAD_WEB_FILES,
  numThreads: 1,
} as const;

export interface ProgramChoice {
  readonly mode: OrtMode | "auto";
  readonly signal?: AbortSignal;
}

export function openSileroOnnx(version: VadWebVersion, choice: ProgramChoice): Promise<SileroOnnx> {
  return SileroOnnx.load({
    ...ORT_OPTIONS,
    ...choice,
    model: address(`${VAD_WEB_FILES}silero_vad_${version}.onnx`),
  });
}

/** An example, squeezenet, with the model that its C asks for by a name. */
export function loadExample(
  program: string,
  models: readonly string[],
  choice: ProgramChoice,
): Promise<OrtProgram> {
  return OrtProgram.load(address(`${EXAMPLES}${program}.wasm`), {
    ...ORT_OPTIONS,
    ...choice,
    asyncify: address(`${EXAMPLES}${program}.asyncify.wasm`),
    models: Object.fromEntries(models.map((name) => [name, exampleModel(name)])),
  });
}

/** Of one of the examples' models. */
export const exampleModel = (name: string): URL => address(EXAMPLES + name);
