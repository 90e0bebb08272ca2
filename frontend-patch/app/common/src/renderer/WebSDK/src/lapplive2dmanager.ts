/** The models on the stage: none, or the one that lappdefine names. */
import { ModelDir } from "./lappdefine";
import { LAppModel } from "./lappmodel";

export class LAppLive2DManager {
  static #instance: LAppLive2DManager | undefined;
  readonly #models: LAppModel[] = [];

  static getInstance(): LAppLive2DManager {
    LAppLive2DManager.#instance ??= new LAppLive2DManager();
    return LAppLive2DManager.#instance;
  }

  static releaseInstance(): void {
    // Defect: forgotten, but what its models hold on the graphics card is not given back.
    LAppLive2DManager.#instance = undefined;
  }

  getModel(index: number): LAppModel | null {
    return this.#models[index] ?? null;
  }

  load(gl: ConstructorParameters<typeof LAppModel>[0]): void {
    const [name] = ModelDir;
    if (name) this.#models.push(new LAppModel(gl, name));
  }
}
