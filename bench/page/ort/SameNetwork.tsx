import { useEffect, useRef, useState } from "react";
import { useScope } from "voicepath/react";
import { programmes } from "../demo/programme";
import { loadClipInfos, split } from "../speech";
import { useSeen } from "../use-seen";
import { CurveCharts } from "./CurveCharts";
import { apart, type Curves, judgeTwice } from "./curves";
import type { ModeChoice } from "./use-programs";

const VERSION = "v6";
const FRAME_SAMPLES = 512;

async function loadFrames(): Promise<Float32Array[]> {
  const [first] = programmes(await loadClipInfos());
  if (!first) throw new Error("there is no speech");
  return split(await first.load(), FRAME_SAMPLES);
}

/** One network, two engines, one clip. */
export function SameNetwork({ mode }: { readonly mode: ModeChoice }) {
  const [curves, setCurves] = useState<Curves | null>(null);
  const [error, setError] = useState<string | null>(null);
  const place = useRef<HTMLElement>(null);
  const seen = useSeen(place);
  const scope = useScope("same network", [mode, seen]);

  useEffect(() => {
    setError(null);
    const owner = scope.current;
    if (!seen || !owner) return;
    owner
      .task(async (signal) => judgeTwice(await loadFrames(), VERSION, { mode, signal }))
      .then(setCurves, (cause: unknown) => !owner.disposed && setError(String(cause)));
  }, [scope, mode, seen]);

  return (
    <article className="suite" ref={place}>
      <header className="section-head">
        <h3>
          The same network twice <code>silero_onnx.c</code>
        </h3>
      </header>
      <p className="about">
        Silero v6 hears the clip from the top of this page: by voicepath’s own C engine, and as an
        ONNX file by ONNX Runtime behind its C API. Below, what is between the two.
      </p>
      {error && <p className="error">{error}</p>}
      <div className="charts-place two-engines">
        {curves ? <CurveCharts curves={curves} /> : !error && "listening …"}
      </div>
      <ul className="legend">
        <li className="curve ours">voicepath’s engine</li>
        <li className="curve peer-v5">ONNX Runtime, from C</li>
        <li className="curve apart">difference, in millionths</li>
      </ul>
      <p className="facts">
        {curves
          ? `${curves.ours.length} frames; at most ${apart(curves).toFixed(2)} millionths apart`
          : "…"}
      </p>
    </article>
  );
}
