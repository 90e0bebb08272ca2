import { FLOOR_DB, GRADIENT } from "./colours";

const STEP_DB = 30;
const LEVELS = Array.from({ length: 1 - FLOOR_DB / STEP_DB }, (_, i) => FLOOR_DB + i * STEP_DB);

/** What the colours of the spectrograms mean. */
export function Levels() {
  return (
    <div className="levels">
      <div style={{ background: GRADIENT }} />
      <ol>
        {LEVELS.map((db) => (
          <li key={db}>{db === 0 ? "0 dB" : `−${-db}`}</li>
        ))}
      </ol>
    </div>
  );
}
