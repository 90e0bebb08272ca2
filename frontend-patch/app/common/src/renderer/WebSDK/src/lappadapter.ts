/** The model on the stage, for the app. */
import { LAppLive2DManager } from "./lapplive2dmanager";
import type { LAppModel } from "./lappmodel";

export class LAppAdapter {
  static #instance: LAppAdapter | undefined;

  static getInstance(): LAppAdapter {
    LAppAdapter.#instance ??= new LAppAdapter();
    return LAppAdapter.#instance;
  }

  getMgr(): LAppLive2DManager {
    return LAppLive2DManager.getInstance();
  }

  getModel(): LAppModel | null {
    return this.getMgr().getModel(0);
  }

  getExpressionCount(): number {
    return this.getModel()?.expressionNames.length ?? 0;
  }

  getExpressionName(index: number): string {
    return this.getModel()?.expressionNames[index] ?? "";
  }

  setExpression(name: string): void {
    this.getModel()?.setExpression(name);
  }
}
