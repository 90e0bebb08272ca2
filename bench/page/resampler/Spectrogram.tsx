import { useEffect, useRef } from "react";
import type { Column } from "../../resampler/spectrogram";
import { paint } from "./colours";

const ROWS = 512;

/** The strongest of the levels that fall into a row counts: a line must not fade. */
function draw(canvas: HTMLCanvasElement, columns: readonly Column[]): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = new ImageData(columns.length, ROWS);
  columns.forEach((column, x) => {
    const perRow = (column.length - 1) / ROWS;
    for (let row = 0; row < ROWS; row++) {
      const from = Math.floor(row * perRow);
      const to = Math.floor((row + 1) * perRow);
      let level = column[from] ?? 0;
      for (let k = from + 1; k <= to; k++) level = Math.max(level, column[k] ?? level);
      paint(image.data, (ROWS - 1 - row) * columns.length + x, level);
    }
  });
  canvas.width = columns.length;
  canvas.height = ROWS;
  context.putImageData(image, 0, 0);
}

/** About five. */
function ticks(end: number, steps: readonly number[]): number[] {
  const step = steps.find((candidate) => end / candidate <= 5) ?? end;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
}

interface SpectrogramProps {
  /** Null while there are none. */
  readonly columns: readonly Column[] | null;
  readonly rateHz: number;
  readonly seconds: number;
  /** In place of the picture. */
  readonly note: string;
  readonly label: string;
}

/** Time to the right, frequency upwards, levels as colours. */
export function Spectrogram({ columns, rateHz, seconds, note, label }: SpectrogramProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const topKhz = rateHz / 2000;

  useEffect(() => {
    if (canvas.current && columns) draw(canvas.current, columns);
  }, [columns]);

  return (
    <div className="spectrogram">
      <ol className="frequencies" aria-hidden="true">
        {ticks(topKhz, [2, 4, 5, 6, 10]).map((khz) => (
          <li key={khz} style={{ insetBlockEnd: `${(100 * khz) / topKhz}%` }}>
            {khz}
          </li>
        ))}
      </ol>
      <div className="picture">
        {columns ? <canvas ref={canvas} role="img" aria-label={label} /> : <p>{note}</p>}
      </div>
      <ol className="times" aria-hidden="true">
        {ticks(seconds, [1, 2, 5]).map((s) => (
          <li key={s} style={{ insetInlineStart: `${(100 * s) / seconds}%` }}>
            {s} s
          </li>
        ))}
      </ol>
    </div>
  );
}
