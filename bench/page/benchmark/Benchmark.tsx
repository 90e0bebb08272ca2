import { useState, useSyncExternalStore } from "react";
import { SUITES, suiteId } from "../suites/index";
import type { Bench } from "./bench";
import { describeResults } from "./results";
import { SuiteResult } from "./SuiteResult";

export function Benchmark({ bench }: { readonly bench: Bench }) {
  const { running, current, progress, rows, error } = useSyncExternalStore(
    bench.subscribe,
    bench.snapshot,
  );
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(JSON.stringify(describeResults(bench.rows), null, 2));
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  // A failure is shown from the state.
  const run = (): void => void bench.run().catch(() => {});
  return (
    <section id="benchmark">
      <header className="section-head">
        <h2>Benchmark</h2>
        <div className="buttons">
          {running ? (
            <button type="button" onClick={() => bench.stop()}>
              Stop
            </button>
          ) : (
            <button type="button" className="primary" onClick={run}>
              Run all
            </button>
          )}
          <button type="button" disabled={rows.size === 0} onClick={copy}>
            {copied ? "Copied" : "Copy results"}
          </button>
        </div>
      </header>
      <p className="about">
        Every contender does the same work in the same round, and the order turns. Shown are the
        median, the 5th to 95th percentile, and how many times less it is than the contender whose
        ratio is 1. Lower is better everywhere.
      </p>
      {error && <p className="error">{error}</p>}
      {SUITES.map((suite) => {
        const id = suiteId(suite);
        return (
          <SuiteResult
            key={id}
            suite={suite}
            rows={rows.get(id)}
            progress={current === id ? progress : null}
          />
        );
      })}
    </section>
  );
}
