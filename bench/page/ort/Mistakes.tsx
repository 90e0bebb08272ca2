import { useState } from "react";
import { codeName, MISTAKES, type Mistake, makeMistake, type Status } from "./mistakes";
import type { Programs } from "./use-programs";

const NAMES = Object.keys(MISTAKES) as Mistake[];

interface MistakesProps {
  readonly programs: Programs | null;
  /** After each call into C. */
  readonly onCalled: () => void;
}

/** What C is told when it uses the API wrongly. */
export function Mistakes({ programs, onCalled }: MistakesProps) {
  const [mistake, setMistake] = useState<Mistake>("wrong_dimension");
  const [status, setStatus] = useState<Status | null>(null);
  const [error, setError] = useState<string | null>(null);

  const make = (): void => {
    setError(null);
    programs?.mistakes
      .use((program) => makeMistake(program, mistake))
      .then(setStatus, (cause: unknown) => setError(String(cause)))
      .finally(onCalled);
  };

  return (
    <article className="suite">
      <header className="section-head">
        <h3>
          A mistake <code>status_probe.c</code>
        </h3>
        <div className="buttons">
          <select
            aria-label="mistake"
            value={mistake}
            onChange={({ target }) => setMistake(target.value as Mistake)}
          >
            {NAMES.map((name) => (
              <option key={name} value={name}>
                {MISTAKES[name]}
              </option>
            ))}
          </select>
          <button type="button" disabled={!programs} onClick={make}>
            Make it
          </button>
        </div>
      </header>
      <p className="about">
        Whatever C does wrong comes back to it as an <code>OrtStatus</code>, with ONNX Runtime’s own
        code and message where it was ONNX Runtime that noticed.
      </p>
      {error && <p className="error">{error}</p>}
      <output className="status">
        {status ? (
          <>
            <b>
              {codeName(status.code)} ({status.code})
            </b>
            {status.message}
          </>
        ) : (
          <span className="quiet">No mistake yet.</span>
        )}
      </output>
    </article>
  );
}
