import { useEffect, useMemo, useState } from "react";
import { Player } from "../player";
import { type ClipInfo, loadClipInfos } from "../speech";
import { type Analysis, analyze } from "./analysis";
import { MARKS, Playhead } from "./marks";
import { peerCurve } from "./peer-curve";
import { programmes, RATE_HZ } from "./programme";
import { DEFAULT_SETTINGS, Settings } from "./Settings";
import { type PeerCurves, SpeechCharts } from "./SpeechCharts";

const NO_PEERS: PeerCurves = { v5: null, v6: null };

/** How far two curves are apart at most. */
function difference(ours: readonly number[], theirs: readonly number[] | null): number | null {
  if (!theirs) return null;
  return ours.reduce((most, p, i) => Math.max(most, Math.abs(p - (theirs[i] ?? p))), 0);
}

/** Real speech, what voicepath makes of it, and vad-web's curves over it when asked. */
export function Demo() {
  const [clips, setClips] = useState<readonly ClipInfo[]>([]);
  const [chosen, setChosen] = useState(0);
  const [samples, setSamples] = useState<Float32Array<ArrayBuffer> | null>(null);
  const [settings, setSettings] = useState(DEFAULT_SETTINGS);
  const [analysis, setAnalysis] = useState<Analysis | null>(null);
  const [overlay, setOverlay] = useState(false);
  const [peers, setPeers] = useState(NO_PEERS);
  const [playing, setPlaying] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [player] = useState(() => new Player());
  const [playhead] = useState(() => new Playhead());
  const list = useMemo(() => (clips.length > 0 ? programmes(clips) : []), [clips]);

  useEffect(() => {
    loadClipInfos().then(setClips, (cause: unknown) => setError(String(cause)));
    return () => player.stop();
  }, [player]);

  useEffect(() => {
    let current = true;
    list[chosen]?.load().then(
      (loaded) => {
        if (current) setSamples(new Float32Array(loaded));
      },
      (cause: unknown) => setError(String(cause)),
    );
    return () => {
      current = false;
    };
  }, [list, chosen]);

  useEffect(() => {
    if (!samples) return;
    let current = true;
    analyze(samples, settings).then(
      (result) => {
        if (current) setAnalysis(result);
      },
      (cause: unknown) => setError(String(cause)),
    );
    return () => {
      current = false;
    };
  }, [samples, settings]);

  useEffect(() => {
    setPeers(NO_PEERS);
    if (!samples || !overlay) return;
    let current = true;
    const load = async (): Promise<void> => {
      const v5 = await peerCurve(samples, "v5");
      const v6 = await peerCurve(samples, "v6");
      if (current) setPeers({ v5, v6 });
    };
    load().catch((cause: unknown) => setError(String(cause)));
    return () => {
      current = false;
    };
  }, [samples, overlay]);

  const { play, stop } = useMemo(
    () => ({
      play: (fromS = 0) => {
        if (!samples) return;
        setPlaying(true);
        player.play(samples, RATE_HZ, fromS, (positionS) => {
          playhead.move(positionS);
          if (positionS === null) setPlaying(false);
        });
      },
      stop: () => {
        player.stop();
        playhead.move(null);
        setPlaying(false);
      },
    }),
    [player, playhead, samples],
  );

  const choose = (index: number): void => {
    stop();
    setChosen(index);
  };

  const apart = analysis && difference(analysis.probabilities, peers.v6);
  return (
    <section id="demo">
      <header className="section-head">
        <h2>Real speech</h2>
        <div className="buttons">
          <button
            type="button"
            className="primary"
            disabled={!samples}
            onClick={() => (playing ? stop() : play())}
          >
            {playing ? "Stop" : "Play aloud"}
          </button>
        </div>
      </header>
      {error && <p className="error">{error}</p>}
      <div className="choices">
        <label className="clip">
          clip
          <select value={chosen} onChange={(event) => choose(Number(event.target.value))}>
            {list.map(({ title }, index) => (
              <option key={title} value={index}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={overlay}
            onChange={(event) => setOverlay(event.target.checked)}
          />
          vad-web over it
        </label>
      </div>
      {samples && analysis ? (
        <SpeechCharts
          samples={samples}
          analysis={analysis}
          peers={peers}
          threshold={settings.positiveSpeechThreshold}
          playhead={playhead}
          onSeek={play}
        />
      ) : (
        <div className="charts-place">loading speech …</div>
      )}
      <ul className="legend">
        <li className="curve ours">voicepath, Silero v6</li>
        {overlay && <li className="curve peer-v5">vad-web, v5{!peers.v5 && " …"}</li>}
        {overlay && <li className="curve peer-v6">vad-web, v6{!peers.v6 && " …"}</li>}
        {MARKS.map(({ kind, name }) => (
          <li key={kind} className={`sign ${kind}`}>
            {name}
          </li>
        ))}
        <li className="area">audio handed over</li>
      </ul>
      {analysis && samples && (
        <p className="facts">
          {`${analysis.probabilities.length} frames, ${(samples.length / RATE_HZ).toFixed(1)} s of audio, judged in ${analysis.tookMs.toFixed(0)} ms`}
          {apart !== null && `; at most ${apart.toExponential(1)} from vad-web’s v6`}
        </p>
      )}
      <Settings settings={settings} onChange={setSettings} />
    </section>
  );
}
