import { useEffect, useMemo, useState } from "react";
import { restyle } from "./candy";
import { Picture } from "./Picture";
import { scenery } from "./scenery";
import type { Programs } from "./use-programs";

const WIDTHS_PX = [120, 211, 360, 480, 640] as const;
const HEIGHTS_PX = [120, 181, 240, 320, 480] as const;

interface StyleProps {
  readonly programs: Programs | null;
  /** After each call into C. */
  readonly onCalled: () => void;
}

interface Styled {
  readonly image: ImageData;
  readonly tookMs: number;
}

interface LengthProps {
  readonly name: string;
  readonly choice: readonly number[];
  readonly value: number;
  readonly onChoose: (pixels: number) => void;
}

function Length({ name, choice, value, onChoose }: LengthProps) {
  return (
    <select
      aria-label={name}
      value={value}
      onChange={({ target }) => onChoose(Number(target.value))}
    >
      {choice.map((pixels) => (
        <option key={pixels} value={pixels}>
          {pixels}
        </option>
      ))}
    </select>
  );
}

/** fns_candy.c paints a picture of any size anew. */
export function Style({ programs, onCalled }: StyleProps) {
  const [width, setWidth] = useState(480);
  const [height, setHeight] = useState(320);
  const [seed, setSeed] = useState(0);
  const [styled, setStyled] = useState<Styled | null>(null);
  const [error, setError] = useState<string | null>(null);
  const picture = useMemo(() => scenery(width, height, seed), [width, height, seed]);

  useEffect(() => {
    setError(null);
    if (!programs) return;
    let current = true;
    programs.candy
      .use(async (program) => {
        const start = performance.now();
        const image = await restyle(program, picture);
        return { image, tookMs: performance.now() - start };
      })
      .then(
        (found) => {
          if (current) setStyled(found);
          onCalled();
        },
        (cause: unknown) => current && setError(String(cause)),
      );
    return () => {
      current = false;
    };
  }, [programs, picture, onCalled]);

  return (
    <article className="suite">
      <header className="section-head">
        <h3>
          A picture in another style <code>fns_candy.c</code>
        </h3>
        <div className="buttons">
          <span className="size">
            <Length name="width in pixels" choice={WIDTHS_PX} value={width} onChoose={setWidth} />
            ×
            <Length
              name="height in pixels"
              choice={HEIGHTS_PX}
              value={height}
              onChoose={setHeight}
            />
          </span>
          <button type="button" onClick={() => setSeed(seed + 1)}>
            Another picture
          </button>
        </div>
      </header>
      <p className="about">
        Convolutions and nonlinearities over a picture painted here. The model leaves width and
        height open; C makes a tensor of whatever comes.
      </p>
      {error && <p className="error">{error}</p>}
      <div className="framed-pair">
        <Picture image={picture} label="painted by this page" />
        <Picture image={styled?.image ?? null} label="what the C program made of it" />
      </div>
      <p className="facts">
        {styled
          ? `${styled.image.width} × ${styled.image.height} pixels in ${styled.tookMs.toFixed(1)} ms, copying and C included`
          : "…"}
      </p>
    </article>
  );
}
