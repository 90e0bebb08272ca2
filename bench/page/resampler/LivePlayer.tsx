import { useRef, useState } from "react";
import type { Scope } from "voicepath";
import { useScope } from "voicepath/react";
import { Slider } from "../Slider";
import { loadClip, loadClipInfos } from "../speech";
import { STREAM_RATE_HZ, StreamedSpeech } from "./streamed-speech";

const REFRESH_MS = 100;

interface Shown {
  readonly state: string;
  readonly playedS: number;
  readonly bufferedS: number;
}

const SILENCE: Shown = { state: "–", playedS: 0, bufferedS: 0 };

const inSeconds = (s: number): string => `${s.toFixed(2)} s`;

async function longestClip(): Promise<Float32Array> {
  const infos = await loadClipInfos();
  const [info] = [...infos].sort((a, b) => b.transcript.length - a.transcript.length);
  if (!info) throw new Error("there is no speech");
  return loadClip(info, STREAM_RATE_HZ);
}

/** Speech that is played while it arrives, and may be interrupted, held up and pulled. */
export function LivePlayer() {
  const scope = useScope("live player");
  const [shown, setShown] = useState(SILENCE);
  const [speech, setSpeech] = useState<StreamedSpeech | null>(null);
  const [underruns, setUnderruns] = useState(0);
  const [trimPercent, setTrimPercent] = useState(0);
  const [held, setHeld] = useState(false);
  const [outcome, setOutcome] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const turn = useRef<Scope>(null);

  const finish = (text: string | null): void => {
    void turn.current?.dispose();
    turn.current = null;
    setSpeech(null);
    setShown(SILENCE);
    setOutcome(text);
  };

  const speak = async (opened: Scope): Promise<void> => {
    const clip = await longestClip();
    const started = await StreamedSpeech.start(opened, clip, () =>
      finish(`All ${inSeconds(clip.length / STREAM_RATE_HZ)} were heard.`),
    );
    const { player } = started;
    started.held = held;
    player.trim(trimPercent / 100);
    player.on("underrun", () => setUnderruns((count) => count + 1));
    opened.interval(() => {
      const { state, playedSeconds: playedS, bufferedSeconds: bufferedS } = player;
      setShown({ state, playedS, bufferedS });
    }, REFRESH_MS);
    setSpeech(started);
  };

  const begin = (): void => {
    finish(null);
    const opened = scope.current?.scope("speech");
    if (!opened) return;
    turn.current = opened;
    setUnderruns(0);
    setError(null);
    speak(opened).catch((cause: unknown) => {
      if (opened.disposed) return;
      finish(null);
      setError(String(cause));
    });
  };

  const interrupt = async (): Promise<void> => {
    if (!speech) return;
    const frames = await speech.player.clear();
    finish(`Interrupted after ${inSeconds(frames / STREAM_RATE_HZ)}, to the sample: ${frames}.`);
  };

  return (
    <article className="suite">
      <header className="section-head">
        <h3>Speech that plays while it arrives</h3>
        <div className="buttons">
          <button type="button" disabled={!speech} onClick={() => void interrupt()}>
            Interrupt it
          </button>
          <button type="button" onClick={begin}>
            {speech ? "Again" : "Speak"}
          </button>
        </div>
      </header>
      <p className="about">
        A <code>PlayerNode</code> gets 24 kHz in pieces of 100 ms and resamples them on the audio
        thread{speech && ` to ${speech.contextRateHz.toLocaleString("en")} Hz`}. Hold the network
        and it runs dry, and goes on when more comes; pull its clock by up to 1 %, as one does when
        two clocks drift apart.
      </p>
      {error && <p className="error">{error}</p>}
      <progress value={speech ? Math.min(shown.playedS / speech.seconds, 1) : 0} />
      <dl className="readings">
        {[
          ["state", shown.state],
          ["played", inSeconds(shown.playedS)],
          ["buffered", inSeconds(shown.bufferedS)],
          ["underruns", `${underruns}`],
        ].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {outcome && <p className="facts">{outcome}</p>}
      <div className="settings">
        <Slider
          name="slower"
          min={-1}
          max={1}
          step={0.05}
          unit=" %"
          value={trimPercent}
          onChange={(percent) => {
            setTrimPercent(percent);
            speech?.player.trim(percent / 100);
          }}
        />
        <div className="checks">
          <label className="check">
            <input
              type="checkbox"
              checked={held}
              onChange={({ target }) => {
                setHeld(target.checked);
                if (speech) speech.held = target.checked;
              }}
            />
            hold the network
          </label>
        </div>
      </div>
    </article>
  );
}
