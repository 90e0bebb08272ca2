import { useEffect, useRef, useState } from "react";
import { MicVAD } from "voicepath/vad-web";
import { Player } from "../player";
import { type HeardEvent, LiveSpeech } from "./live-speech";
import { Strip } from "./Strip";

const EVENTS_SHOWN = 8;
const RATE_HZ = 16000;
const NAMES: Record<HeardEvent["kind"], string> = {
  start: "speech start",
  "real-start": "real start",
  end: "speech end",
  misfire: "misfire",
};

type State = "off" | "starting" | "listening";

/** The visitor's own voice. Stopping releases the microphone. */
export function Microphone() {
  const [state, setState] = useState<State>("off");
  const [error, setError] = useState<string | null>(null);
  const [speech, setSpeech] = useState(() => new LiveSpeech());
  const [events, setEvents] = useState<readonly HeardEvent[]>([]);
  const [player] = useState(() => new Player());
  /** Ends the MicVAD of now, also while it is starting. */
  const listening = useRef<AbortController>(null);

  const stop = (): void => {
    listening.current?.abort();
    setState("off");
  };

  const start = async (): Promise<void> => {
    const live = new LiveSpeech();
    const tell = (kind: HeardEvent["kind"], audio?: Float32Array): void =>
      setEvents((before) => {
        const id = (before[0]?.id ?? 0) + 1;
        const event: HeardEvent = {
          id,
          kind,
          atS: live.nowS,
          ...(audio ? { audio: new Float32Array(audio) } : {}),
        };
        return [event, ...before].slice(0, EVENTS_SHOWN);
      });
    setSpeech(live);
    setEvents([]);
    setError(null);
    setState("starting");
    const controller = new AbortController();
    const { signal } = controller;
    listening.current = controller;
    const fail = (cause: unknown): void => {
      if (signal.aborted) return;
      setError(String(cause));
      setState("off");
    };
    try {
      await MicVAD.new({
        model: "v6",
        signal,
        onFrameProcessed: ({ isSpeech }, frame) => live.hear(isSpeech, frame),
        onSpeechStart: () => tell("start"),
        onSpeechRealStart: () => tell("real-start"),
        onSpeechEnd: (audio) => tell("end", audio),
        onVADMisfire: () => tell("misfire"),
        onError: fail,
      });
      if (!signal.aborted) setState("listening");
    } catch (cause) {
      fail(cause);
    }
  };

  useEffect(
    () => () => {
      player.stop();
      listening.current?.abort();
    },
    [player],
  );

  return (
    <section id="microphone">
      <header className="section-head">
        <h2>Your microphone</h2>
        <div className="buttons">
          {state === "off" ? (
            <button type="button" className="primary" onClick={start}>
              Listen
            </button>
          ) : (
            <button type="button" onClick={stop}>
              {state === "starting" ? "Starting …" : "Stop"}
            </button>
          )}
        </div>
      </header>
      <p className="about">
        <code>MicVAD</code> of <code>voicepath/vad-web</code>, judging on the audio thread. The
        audio stays on this machine.
      </p>
      {error && <p className="error">{error}</p>}
      <Strip speech={speech} />
      <ul className="legend">
        <li className="curve ours">probability, Silero v6</li>
        <li className="curve wave">level, −60 to 0 dB</li>
      </ul>
      <ol className="events">
        {events.map(({ id, kind, atS, audio }) => (
          <li key={id} className={`sign ${kind}`}>
            <span>{NAMES[kind]}</span>
            <time>{`${atS.toFixed(1)} s`}</time>
            {audio && (
              <button type="button" onClick={() => player.play(audio, RATE_HZ)}>
                {`play ${(audio.length / RATE_HZ).toFixed(1)} s`}
              </button>
            )}
          </li>
        ))}
        {events.length === 0 && (
          <li className="quiet">{state === "listening" ? "say something" : "no events yet"}</li>
        )}
      </ol>
    </section>
  );
}
