import { useEffect, useState } from "react";
import { alive, all, type Programs } from "./use-programs";

interface LiveObjectsProps {
  readonly programs: Programs | null;
  /** Calls into C so far: after each the objects are counted anew. */
  readonly calls: number;
  readonly onCalled: () => void;
}

type Counts = ReadonlyMap<string, number>;

const NONE: Counts = new Map();

/** How many objects of the C API are alive in all programs, by kind. */
export function LiveObjects({ programs, calls, onCalled }: LiveObjectsProps) {
  const [counts, setCounts] = useState(NONE);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    if (!programs) return;
    try {
      setCounts(alive(programs));
      setError(null);
    } catch (cause) {
      setError(String(cause));
    }
  }, [programs, calls]);

  const release = (): void => {
    if (!programs) return;
    Promise.all(all(programs).map((example) => example.release()))
      .catch((cause: unknown) => setError(String(cause)))
      .finally(onCalled);
  };

  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return (
    <div className="live-objects">
      <ul className="chips" aria-label="objects of the C API that are alive">
        {[...counts].map(([kind, count]) => (
          <li key={kind} className={count > 0 ? "some" : undefined}>
            {kind} <b>{count}</b>
          </li>
        ))}
      </ul>
      <button type="button" disabled={!programs || total === 0} onClick={release}>
        Release everything
      </button>
      {error && <p className="error">{error}</p>}
    </div>
  );
}
