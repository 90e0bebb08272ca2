/** Each switch of the model starts a loop, as in today's frontend: the old one goes on, unseen. */
import type { Parts } from "./index.js";

export interface ModelSwitchesOptions {
  readonly everyMs: number;
  readonly vertices: number;
}

export function modelSwitches({ everyMs, vertices }: ModelSwitchesOptions, { doll }: Parts): void {
  setInterval(() => doll.addModel(vertices), everyMs);
}
