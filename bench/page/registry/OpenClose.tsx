import { useEffect, useRef, useState } from "react";
import type { Registry } from "voicepath";
import { RegistryInspector } from "voicepath/react";
import { openRegistry } from "../../peers/voicepath";
import { type Counts, NONE, THINGS, total } from "./census";
import { LeftOver } from "./LeftOver";
import { openCarelessly, openInScope, THINGS_OPENED, visit } from "./visits";

const VISITS = 10;
const NO_VISITS: readonly Counts[] = [];

let demoRegistry: Promise<Registry> | undefined;

/** A page that is opened and closed ten times, once without and once with a scope. */
export function OpenClose() {
  const [registry, setRegistry] = useState<Registry | null>(null);
  const [running, setRunning] = useState(false);
  const [careless, setCareless] = useState(NO_VISITS);
  const [scoped, setScoped] = useState(NO_VISITS);
  /** Closes the page that is open to be looked at. */
  const [close, setClose] = useState<(() => unknown) | null>(null);
  const [error, setError] = useState<string | null>(null);
  const life = useRef<AbortController>(null);

  useEffect(() => {
    demoRegistry ??= openRegistry();
    demoRegistry.then(setRegistry, (cause: unknown) => setError(String(cause)));
    const controller = new AbortController();
    life.current = controller;
    return () => controller.abort();
  }, []);

  useEffect(() => () => void close?.(), [close]);

  const run = async (): Promise<void> => {
    const signal = life.current?.signal;
    if (!registry || !signal) return;
    setCareless(NO_VISITS);
    setScoped(NO_VISITS);
    setError(null);
    setRunning(true);
    try {
      await visit(openCarelessly, VISITS, (left) => setCareless((all) => [...all, left]), signal);
      const open = openInScope(registry);
      await visit(open, VISITS, (left) => setScoped((all) => [...all, left]), signal);
    } catch (cause) {
      setError(String(cause));
    } finally {
      setRunning(false);
    }
  };

  const look = (): void => {
    if (close || !registry) setClose(null);
    else {
      const opened = openInScope(registry)();
      setClose(() => opened);
    }
  };

  const leftCareless = careless.at(-1) ?? NONE;
  const leftScoped = scoped.at(-1) ?? NONE;
  return (
    <section id="open-close">
      <header className="section-head">
        <h2>Open and close</h2>
        <div className="buttons">
          <button type="button" disabled={!registry || running} onClick={look}>
            {close ? "Close it" : "Open one and look"}
          </button>
          <button
            type="button"
            className="primary"
            disabled={!registry || running || close !== null}
            onClick={run}
          >
            {running ? "Opening and closing …" : `${VISITS} times`}
          </button>
        </div>
      </header>
      <p className="about">
        A small page opens {THINGS_OPENED} things. It is opened and closed {VISITS} times, first
        without owning them, then through <code>registry.scope()</code>, and what is left is counted
        each time by wrapping the browser’s own functions.
      </p>
      {error && <p className="error">{error}</p>}
      <LeftOver visits={VISITS} careless={careless} scoped={scoped} />
      <ul className="legend">
        <li className="curve peer-v5">left by the careless page</li>
        <li className="curve ours">left by the scope</li>
      </ul>
      <table>
        <thead>
          <tr>
            <th scope="col">left after {Math.max(careless.length, scoped.length)} visits</th>
            <th scope="col" className="number">
              careless
            </th>
            <th scope="col" className="number">
              scope
            </th>
          </tr>
        </thead>
        <tbody>
          {THINGS.map((thing) => (
            <tr key={thing}>
              <th scope="row">{thing}</th>
              <td className="number">{careless.length > 0 ? leftCareless[thing] : "–"}</td>
              <td className="number">{scoped.length > 0 ? leftScoped[thing] : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {scoped.length === VISITS && (
        <p className="facts">
          {`${total(leftCareless)} of ${VISITS * THINGS_OPENED} things stayed without a scope, ${total(leftScoped)} with one.`}
        </p>
      )}
      {registry && close && <RegistryInspector registry={registry} open />}
    </section>
  );
}
