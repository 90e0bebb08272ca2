/** Who runs the suites that a command names: the page, Node, or tabs with the frontend. */
import { FRONTEND } from "./frontend/measure.js";
import { FAMILY, NODE_SUITES } from "./resampler/in-node.js";

export interface Choice {
  readonly page: readonly string[];
  readonly node: readonly string[];
  /** Whether the frontend is measured, in tabs of its own. */
  readonly frontend: boolean;
  /** Every suite was asked for, by naming none. */
  readonly all: boolean;
}

/** Which of the suites that a command names are the page's and which Node's. */
export function chooseSuites(names: readonly string[]): Choice {
  const all = names.length === 0;
  return {
    all,
    page: names.filter((name) => !NODE_SUITES.includes(name) && name !== FRONTEND),
    frontend: all || names.includes(FRONTEND),
    node: NODE_SUITES.filter((name) => all || names.includes(name) || names.includes(FAMILY)),
  };
}
