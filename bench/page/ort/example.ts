/** One of the C programs, whose session is opened when it is first needed, and again after a release. */
import type { OrtProgram } from "voicepath/ort";
import type { ProgramChoice } from "../../peers/ort";

/** What the programs differ in. */
export interface Form {
  /** The wasm's name. */
  readonly program: string;
  /** What it opens by name. */
  readonly models: readonly string[];
  open(program: OrtProgram): Promise<void>;
  /** Releases whatever open() made. */
  close(program: OrtProgram): Promise<void>;
}

/** What an example of the name `prefix` says went wrong. */
export function failure(program: OrtProgram, prefix: string): Error {
  return new Error(program.text(program.callNow(`${prefix}_error`)));
}

export class Example {
  readonly program: OrtProgram;
  readonly #form: Form;
  #open = false;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(form: Form, program: OrtProgram) {
    this.#form = form;
    this.program = program;
  }

  /** The code, and ORT's 14 MB, are loaded now and not before. */
  static async load(form: Form, choice: ProgramChoice): Promise<Example> {
    const { loadExample } = await import("../../peers/ort");
    return new Example(form, await loadExample(form.program, form.models, choice));
  }

  /** After what was asked for before. */
  use<T>(work: (program: OrtProgram) => Promise<T>): Promise<T> {
    return this.#afterwards(async () => {
      if (!this.#open) await this.#form.open(this.program);
      this.#open = true;
      return work(this.program);
    });
  }

  /** Of everything that is open; the next use opens it again. */
  release(): Promise<void> {
    return this.#afterwards(async () => {
      // What could not be opened may be open in part.
      await this.#form.close(this.program);
      this.#open = false;
    });
  }

  dispose(): void {
    this.program.dispose();
  }

  #afterwards<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}
