import { useEffect, useRef, useState } from "react";
import { Pad } from "./Pad";
import { classify, LABELS } from "./squeezenet";
import { type Drawing, drawByHand, NOTHING, pixelsOf } from "./strokes";
import type { Programs } from "./use-programs";

const ANY = "any shape";

interface DrawProps {
  readonly programs: Programs | null;
  /** After each call into C. */
  readonly onCalled: () => void;
}

const percent = (score: number): string => `${(100 * score).toFixed(0)} %`;

function likeliest(scores: readonly number[]): { name: string; score: number } {
  const score = Math.max(...scores);
  return { name: LABELS[scores.indexOf(score)] ?? "", score };
}

const withArticle = (name: string): string => `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;

/** squeezenet.c names what is drawn, while it is drawn. */
export function Draw({ programs, onCalled }: DrawProps) {
  const [drawing, setDrawing] = useState<Drawing>(NOTHING);
  const [scores, setScores] = useState<readonly number[] | null>(null);
  const [shape, setShape] = useState(ANY);
  const [error, setError] = useState<string | null>(null);
  const seed = useRef(0);

  useEffect(() => {
    setError(null);
    if (drawing.length === 0) setScores(null);
    if (!programs || drawing.length === 0) return;
    let current = true;
    programs.squeezenet
      // A line that has gone on meanwhile will be judged anyway.
      .use(async (program) => (current ? classify(program, pixelsOf(drawing)) : null))
      .then(
        (found) => {
          if (current) setScores(found);
          onCalled();
        },
        (cause: unknown) => current && setError(String(cause)),
      );
    return () => {
      current = false;
    };
  }, [programs, drawing, onCalled]);

  const drawOne = (): void => {
    seed.current++;
    const name = shape === ANY ? LABELS[(7 * seed.current) % LABELS.length] : shape;
    setDrawing(drawByHand(name ?? "", seed.current));
  };

  const best = scores && likeliest(scores);
  return (
    <article className="suite">
      <header className="section-head">
        <h3>
          What did you draw? <code>squeezenet.c</code>
        </h3>
        <div className="buttons">
          <select
            aria-label="shape"
            value={shape}
            onChange={({ target }) => setShape(target.value)}
          >
            {[ANY, ...LABELS].map((name) => (
              <option key={name} value={name}>
                {name === ANY ? ANY : withArticle(name)}
              </option>
            ))}
          </select>
          <button type="button" onClick={drawOne}>
            Draw one for me
          </button>
          <button type="button" disabled={drawing.length === 0} onClick={() => setDrawing(NOTHING)}>
            Clear
          </button>
        </div>
      </header>
      <p className="about">
        A small SqueezeNet that knows ten shapes. C asks the session what the model takes, makes a
        tensor of 32 × 32 pixels, runs it and reads ten scores.
      </p>
      {error && <p className="error">{error}</p>}
      <div className="drawing">
        <div className="paper">
          <Pad drawing={drawing} onDraw={setDrawing} />
          {drawing.length === 0 && <p>draw here</p>}
        </div>
        <div>
          <p className="verdict" aria-live="polite">
            {best ? (
              <>
                It is <b>{withArticle(best.name)}</b>.
              </>
            ) : (
              <span className="quiet">Nothing yet.</span>
            )}
          </p>
          <ol className="scores">
            {LABELS.map((name, i) => {
              const score = scores?.[i] ?? 0;
              return (
                <li key={name} className={best?.name === name ? "best" : undefined}>
                  <span>{name}</span>
                  <span className="track">
                    <span className="fill" style={{ inlineSize: `${100 * score}%` }} />
                  </span>
                  <span className="share">{scores ? percent(score) : "–"}</span>
                </li>
              );
            })}
          </ol>
        </div>
      </div>
    </article>
  );
}
