import { useRef, useState } from "react";
import type { Scope, SubtitleBuffer, TagEvent } from "voicepath";
import { Subtitle, useScope, useSubtitle } from "voicepath/react";
import { Face, openMouth } from "./Face";
import { DEFAULT_OPTIONS, SceneSettings } from "./SceneSettings";
import { type Spoken, speak } from "./speaking";
import { TimingTable } from "./TimingTable";
import { type Timing, WordWatch } from "./timing";
import { stream } from "./tokens";
import { loadTurn, TURN_LANGUAGES } from "./turn";
import { Voice } from "./voice";

const SAVED_MS = 10_000;
const NO_TIMINGS: readonly Timing[] = [];
const TAGS = { star: "show+event" } as const;

interface Languages {
  readonly language: string;
  readonly translationLanguage: string;
}

/** How loud it is now, by what the backend measured. */
function levelOf({ piece, atMs }: Spoken): number {
  const { volumes, slice_length } = piece.message;
  return volumes[Math.floor((performance.now() - atMs) / slice_length)] ?? 0;
}

/** The character, its subtitle, and what can be done with both. */
export function Scene() {
  const [options, setOptions] = useState(DEFAULT_OPTIONS);
  const [next, setNext] = useState(0);
  /** Until it is interrupted. */
  const [speaking, setSpeaking] = useState(false);
  const [silent, setSilent] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [languages, setLanguages] = useState<Languages>();
  const [mood, setMood] = useState<string | null>(null);
  /** What the upstream frontend would show. */
  const [sentence, setSentence] = useState("");
  const [heard, setHeard] = useState<string | null>(null);
  const [timings, setTimings] = useState(NO_TIMINGS);
  const mouth = useRef<SVGEllipseElement>(null);
  const turn = useRef<Scope>(null);

  const scope = useScope("subtitles");
  const { buffer, ...controls } = useSubtitle({
    parent: scope,
    instant: options.instant,
    tags: TAGS,
    onTag: ({ text }: TagEvent) => setMood(text),
  });

  /** Ends what went on before. */
  const begin = (work: (scope: Scope) => Promise<void>): void => {
    const owner = scope.current;
    if (!owner) return;
    void turn.current?.dispose();
    const opened = owner.scope("turn");
    turn.current = opened;
    setSpeaking(true);
    setError(null);
    setHeard(null);
    setMood(null);
    setSentence("");
    const ended = (cause?: unknown): void => {
      if (turn.current !== opened || opened.disposed) return;
      void opened.dispose();
      if (cause !== undefined) setError(String(cause));
    };
    opened.task(() => work(opened)).then(() => ended(), ended);
  };

  const playTurn = async (scope: Scope, shown: SubtitleBuffer): Promise<void> => {
    const voice = new Voice(scope);
    const loaded = await loadTurn(TURN_LANGUAGES[next] ?? "en");
    setNext((next + 1) % TURN_LANGUAGES.length);
    setSilent(!(await voice.wake()));
    setLanguages(loaded);

    let spoken: Spoken | null = null;
    let watch: WordWatch | null = null;
    const measured = (): void => {
      const timing = watch?.timing;
      if (timing) setTimings((all) => [...all, timing]);
    };
    scope.defer(shown.on("change", () => watch?.look()));
    scope.defer(() => mouth.current && openMouth(mouth.current, 0));
    scope.raf(() => {
      if (spoken && mouth.current) openMouth(mouth.current, levelOf(spoken));
    });
    await speak(loaded, voice, controls, (piece) => {
      measured();
      spoken = piece;
      watch = new WordWatch(shown, piece);
      setMood(null);
      setSentence(piece.piece.message.display_text.text);
    });
    measured();
  };

  const interrupt = (): void => {
    void turn.current?.dispose();
    setSpeaking(false);
    setHeard(controls.interrupt().heard);
  };

  const save = (name: string, type: string, text: string): void => {
    const owner = scope.current;
    if (!owner) return;
    const url = owner.objectURL(new Blob([text], { type }), { name: "captions" });
    const link = document.createElement("a");
    link.href = url.value;
    link.download = name;
    link.click();
    owner.timeout(() => url.dispose(), SAVED_MS);
  };

  return (
    <>
      <header className="section-head">
        <h2>Subtitles</h2>
        <div className="buttons">
          <button
            type="button"
            disabled={!buffer}
            onClick={() => begin((opened) => stream(opened, controls))}
          >
            Stream tokens
          </button>
          <button type="button" disabled={!speaking} onClick={interrupt}>
            Interrupt
          </button>
          <button
            type="button"
            className="primary"
            disabled={!buffer}
            onClick={() => buffer && begin((opened) => playTurn(opened, buffer))}
          >
            {timings.length > 0 || speaking ? "Next turn" : "Play"}
          </button>
        </div>
      </header>
      <p className="about">
        Three turns, in English, Chinese and Japanese, spoken by espeak-ng and sent as
        Open-LLM-VTuber’s backend sends them: text, sound and <code>volumes</code>, no word times.
        Below it, what the upstream frontend shows at the same moment.
      </p>
      {error && <p className="error">{error}</p>}
      <div className="stage">
        <p className="stage-name">voicepath</p>
        <Face mood={mood} mouth={mouth} />
        {mood && <p className="mood">{mood}</p>}
        <Subtitle
          buffer={buffer}
          parent={scope}
          width={`${options.widthPercent}%`}
          lines={options.lines}
          lang={languages?.language}
          translationLang={languages?.translationLanguage}
          className={options.translation ? "" : "untranslated"}
        />
      </div>
      {options.atOnce && (
        <div className="stage upstream">
          <p className="stage-name">upstream: the whole sentence when its sound starts</p>
          {sentence && (
            <p className="sentence" lang={languages?.language}>
              {sentence}
            </p>
          )}
        </div>
      )}
      {heard !== null && (
        <p className="heard">
          Heard: <q>{heard}</q>
        </p>
      )}
      {silent && <p className="facts">This browser plays no sound now: you see its time only.</p>}
      <SceneSettings options={options} onChange={setOptions} />
      <TimingTable timings={timings} />
      <div className="buttons captions">
        <button
          type="button"
          disabled={!buffer}
          onClick={() => buffer && save("turns.vtt", "text/vtt", buffer.toWebVTT())}
        >
          Save .vtt
        </button>
        <button
          type="button"
          disabled={!buffer}
          onClick={() => buffer && save("turns.srt", "application/x-subrip", buffer.toSRT())}
        >
          Save .srt
        </button>
      </div>
    </>
  );
}
