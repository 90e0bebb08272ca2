import { useRef, useState } from "react";
import { createSpeechBuffer, type Scope } from "voicepath";
import { useScope } from "voicepath/react";
import { openAudio } from "../../peers/voicepath";
import { sweepSignal } from "../../resampler/sweep";
import { loadClip, loadClipInfos } from "../speech";

/** What many text-to-speech voices speak at. */
const RATE_HZ = 22050;
const SWEEP_S = 5;
/** A sweep is unpleasant when it is loud. */
const SWEEP_GAIN = 0.2;

const SOUNDS = [
  { key: "speech", name: "speech" },
  { key: "sweep", name: "a rising tone" },
] as const;

const WAYS = [
  { key: "browser", name: "Hear the browser’s" },
  { key: "voicepath", name: "Hear voicepath’s" },
] as const;

type Sound = (typeof SOUNDS)[number]["key"];
type Way = (typeof WAYS)[number]["key"];

async function loadSound(sound: Sound): Promise<Float32Array> {
  if (sound === "sweep") return sweepSignal(RATE_HZ, SWEEP_S).map((sample) => sample * SWEEP_GAIN);
  const [info] = await loadClipInfos();
  if (!info) throw new Error("there is no speech");
  return loadClip(info, RATE_HZ);
}

/** Of another rate than the context's: the browser converts it while it plays. */
function leaveToBrowser(samples: Float32Array): AudioBuffer {
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: RATE_HZ });
  buffer.copyToChannel(new Float32Array(samples), 0);
  return buffer;
}

/** Until it is over. Returns the context's rate. */
async function play(scope: Scope, sound: Sound, way: Way): Promise<number> {
  const context = scope.audioContext().value;
  const samples = await loadSound(sound);
  const buffer =
    way === "browser"
      ? leaveToBrowser(samples)
      : await createSpeechBuffer(await openAudio(), context, { samples, rateHz: RATE_HZ });
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  await new Promise((resolve) => {
    scope.listen(source, "ended", resolve);
    source.start();
  });
  return context.sampleRate;
}

/** The same clip, resampled by the browser while it plays and by voicepath before. */
export function HearIt() {
  const scope = useScope("hear it");
  const [sound, setSound] = useState<Sound>("speech");
  const [playing, setPlaying] = useState<Way | null>(null);
  const [error, setError] = useState<string | null>(null);
  const turn = useRef<Scope>(null);

  const stop = (): void => {
    void turn.current?.dispose();
    setPlaying(null);
  };
  const begin = (way: Way): void => {
    stop();
    const opened = scope.current?.scope("clip");
    if (!opened) return;
    turn.current = opened;
    setPlaying(way);
    setError(null);
    opened
      .task(() => play(opened, sound, way))
      .catch((cause: unknown) => {
        if (!opened.disposed) setError(String(cause));
      })
      .finally(() => turn.current === opened && stop());
  };

  return (
    <article className="suite">
      <h3>A voice of 22.05 kHz, as it is heard</h3>
      <p className="about">
        Browsers convert what they play, Chromium by straight lines from sample to sample: what is
        low comes back high and faint, as a hiss above the voice. With{" "}
        <code>createSpeechBuffer()</code> the clip has the loudspeaker’s rate before it plays.
      </p>
      {error && <p className="error">{error}</p>}
      <div className="choices hear">
        {SOUNDS.map(({ key, name }) => (
          <label key={key} className="check">
            <input
              type="radio"
              name="sound"
              checked={sound === key}
              onChange={() => {
                stop();
                setSound(key);
              }}
            />
            {name}
          </label>
        ))}
        <div className="buttons">
          {WAYS.map(({ key, name }) => (
            <button key={key} type="button" onClick={() => (playing === key ? stop() : begin(key))}>
              {playing === key ? "Stop" : name}
            </button>
          ))}
        </div>
      </div>
    </article>
  );
}
