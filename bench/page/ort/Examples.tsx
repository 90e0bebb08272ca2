import { useReducer, useRef, useState } from "react";
import { useSeen } from "../use-seen";
import { Draw } from "./Draw";
import { LiveObjects } from "./LiveObjects";
import { Mistakes } from "./Mistakes";
import { SameNetwork } from "./SameNetwork";
import { Style } from "./Style";
import { type Loading, type ModeChoice, usePrograms } from "./use-programs";

const MODES: Readonly<Record<Exclude<ModeChoice, "callback">, string>> = {
  auto: "auto: the first way that works",
  jspi: "jspi: Run waits by JSPI",
  sync: "sync: ORT answers at once",
  asyncify: "asyncify: Run waits by itself",
};
const NAMES = Object.keys(MODES) as (keyof typeof MODES)[];

/** What the programs run on. */
function InUse({ programs, error }: Loading) {
  if (error) return "Nothing is loaded.";
  if (!programs) return "Loading ONNX Runtime, 14 MB …";
  const { mode, ortVersion } = programs.squeezenet.program;
  return (
    <>
      Mode <b>{mode}</b> on onnxruntime-web <b>{ortVersion}</b>. What C has open:
    </>
  );
}

/** Programs that call ONNX Runtime's C API, and what they have open. */
export function Examples() {
  const [mode, setMode] = useState<ModeChoice>("auto");
  const place = useRef<HTMLDivElement>(null);
  const near = useSeen(place, "600px");
  const loading = usePrograms(mode, near);
  const [calls, onCalled] = useReducer((count: number) => count + 1, 0);

  const { programs, error } = loading;
  return (
    <div ref={place}>
      <header className="section-head">
        <h2>ONNX Runtime in C</h2>
        <div className="buttons">
          <select
            aria-label="how Run waits"
            value={mode}
            onChange={({ target }) => setMode(target.value as ModeChoice)}
          >
            {NAMES.map((name) => (
              <option key={name} value={name}>
                {MODES[name]}
              </option>
            ))}
          </select>
        </div>
      </header>
      <p className="about">
        C programs written for ONNX Runtime’s official C API, compiled to WebAssembly; here they run
        on onnxruntime-web. Models come as ONNX files, and <code>Run</code> returns when the result
        is there, though onnxruntime-web only promises one.
      </p>
      {error && <p className="error">{error}</p>}
      <p className="in-use" role="status">
        <InUse {...loading} />
      </p>
      <LiveObjects programs={programs} calls={calls} onCalled={onCalled} />
      <Draw programs={programs} onCalled={onCalled} />
      <Style programs={programs} onCalled={onCalled} />
      <SameNetwork mode={mode} />
      <Mistakes programs={programs} onCalled={onCalled} />
    </div>
  );
}
