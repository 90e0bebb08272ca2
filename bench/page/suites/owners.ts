/** The owners under test, as far as this engine has them. */
import {
  ARRAY,
  DISPOSABLE_STACK,
  DISPOSABLE_STORE,
  type Owner,
  RESOURCES,
  SCOPE,
  SLOTS,
  SUBSCRIPTION,
  type Tally,
} from "../../peers/owners";
import { type Case, type Row, unmeasured } from "./suite";

const hasStack = "DisposableStack" in globalThis;

export const OWNERS: readonly Owner[] = [
  SCOPE,
  RESOURCES,
  SLOTS,
  DISPOSABLE_STORE,
  SUBSCRIPTION,
  ...(hasStack ? [DISPOSABLE_STACK] : []),
  ARRAY,
];

/** Rows for those that this engine lacks. */
export function missingOwners(measured: Case, unit: string): Row[] {
  if (hasStack) return [];
  return [unmeasured(measured, DISPOSABLE_STACK.name, unit, "this browser has none")];
}

/** Nobody may be fast by forgetting. */
export function checkTally({ ended }: Tally, expected: number, name: string): void {
  if (ended !== expected) throw new Error(`${name} ended ${ended} of ${expected}`);
}
