/** tests/ort/status_probe.c: a C program that uses the API wrongly in every way. */
import type { OrtProgram } from "voicepath/ort";
import { OrtErrorCode } from "../../../js-glue/src/ort/onnx.gen";
import type { Form } from "./example";

const MODEL = "add.onnx";

/** The probe's names of those that tell most, and what each is. */
export const MISTAKES = {
  wrong_dimension: "a tensor of the wrong shape",
  wrong_rank: "a tensor of too few dimensions",
  wrong_type: "integers where floats are due",
  unequal_rows: "two tensors that do not fit together",
  unknown_input: "an input that the model does not have",
  missing_input: "one input of two",
  bad_model: "bytes that are no model",
  cut_model: "half a model",
  unknown_path: "a model that is not there",
  unknown_provider: "an execution provider of its own invention",
  used_value_after_release: "a value that was released",
  used_env_as_session: "an environment as a session",
  negative_dimension: "a tensor with −2 rows",
  too_many_elements: "a tensor of 2⁸⁰ numbers",
} as const;

export type Mistake = keyof typeof MISTAKES;

/** What an OrtStatus says. */
export interface Status {
  readonly code: number;
  readonly message: string;
}

/** "ORT_INVALID_ARGUMENT" */
export function codeName(code: number): string {
  const [name] = Object.entries(OrtErrorCode).find(([, value]) => value === code) ?? [];
  return name ?? `code ${code}`;
}

const lastMessage = (program: OrtProgram): string => program.text(program.callNow("probe_message"));

/** The probe keeps using the model's bytes where they are. */
export function mistakesForm(): Form {
  let model = 0;
  return {
    program: "status_probe",
    models: [],
    async open(program) {
      const { exampleModel } = await import("../../peers/ort");
      const bytes = new Uint8Array(await (await fetch(exampleModel(MODEL))).arrayBuffer());
      model = program.allocate(bytes.length);
      program.u8.set(bytes, model);
      const code = await program.call("probe_open", model, bytes.length);
      if (code !== OrtErrorCode.ORT_OK) throw new Error(lastMessage(program));
    },
    async close(program) {
      if (model === 0) return;
      await program.call("probe_close");
      program.free(model);
      model = 0;
    },
  };
}

function caseNumber(program: OrtProgram, mistake: Mistake): number {
  for (let number = 0; ; number++) {
    const name = program.callNow("probe_case", number);
    if (name === 0) throw new Error(`status_probe.c has no ${mistake}`);
    if (program.text(name) === mistake) return number;
  }
}

export async function makeMistake(program: OrtProgram, mistake: Mistake): Promise<Status> {
  const code = await program.call("probe_run_case", caseNumber(program, mistake));
  return { code, message: lastMessage(program) };
}
