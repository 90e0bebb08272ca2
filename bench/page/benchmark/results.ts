import type { Row } from "../suites/suite";

/** The form of bench/results/*.json. */
export interface Results {
  readonly engine: string;
  /** Of what was measured outside the browser. */
  readonly node?: string;
  readonly machine: string;
  readonly commit: string;
  readonly rows: readonly Row[];
}

declare const __COMMIT__: string;

/** As much as a page may know; the headless run knows the processor's name. */
export function describeResults(rows: readonly Row[]): Results {
  const { userAgent, hardwareConcurrency } = navigator;
  const engine = /(?:Chrome|Firefox)\/[\d.]+|Version\/[\d.]+ .*Safari/.exec(userAgent)?.[0];
  return {
    engine: engine?.replace("Chrome/", "Chromium ").replace("/", " ") ?? userAgent,
    machine: `${hardwareConcurrency} cores, ${/\(([^)]+)\)/.exec(userAgent)?.[1] ?? "unknown"}`,
    commit: __COMMIT__,
    rows,
  };
}
