/** uPlot plugins: segments as bands, events as lines with a sign, a playhead. */
import type uPlot from "uplot";
import type { Theme } from "../theme";
import type { Analysis, MarkKind } from "./analysis";

export const MARKS: readonly { readonly kind: MarkKind; readonly name: string }[] = [
  { kind: "start", name: "speech start" },
  { kind: "real-start", name: "real start" },
  { kind: "end", name: "speech end" },
  { kind: "misfire", name: "misfire" },
];

const SIGN_PX = 5;

/** A triangle, a disc, a square, a cross: told apart without colour. */
function drawSign(ctx: CanvasRenderingContext2D, kind: MarkKind, x: number, y: number, r: number) {
  ctx.beginPath();
  switch (kind) {
    case "start":
      ctx.moveTo(x - r * 0.8, y - r);
      ctx.lineTo(x + r, y);
      ctx.lineTo(x - r * 0.8, y + r);
      break;
    case "real-start":
      ctx.arc(x, y, r * 0.9, 0, 2 * Math.PI);
      break;
    case "end":
      ctx.rect(x - r * 0.8, y - r * 0.8, 1.6 * r, 1.6 * r);
      break;
    case "misfire":
      ctx.lineWidth = r * 0.6;
      ctx.moveTo(x - r * 0.8, y - r * 0.8);
      ctx.lineTo(x + r * 0.8, y + r * 0.8);
      ctx.moveTo(x + r * 0.8, y - r * 0.8);
      ctx.lineTo(x - r * 0.8, y + r * 0.8);
      ctx.stroke();
      return;
  }
  ctx.fill();
}

export interface MarkOptions {
  /** Signs stand above the plot, which needs padding there. */
  readonly signs: boolean;
  /** A dashed line at this height. */
  readonly threshold?: number;
}

export function markPlugin(
  analysis: Analysis,
  theme: Theme,
  { signs, threshold }: MarkOptions,
): uPlot.Plugin {
  return {
    hooks: {
      drawAxes: (chart) => {
        const { ctx, bbox } = chart;
        ctx.save();
        ctx.fillStyle = theme["ours-soft"];
        for (const { startMs, endMs } of analysis.segments) {
          const from = chart.valToPos(startMs / 1000, "x", true);
          const to = chart.valToPos(endMs / 1000, "x", true);
          ctx.fillRect(from, bbox.top, to - from, bbox.height);
        }
        if (threshold !== undefined) {
          const y = chart.valToPos(threshold, "y", true);
          ctx.strokeStyle = theme.muted;
          ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
          ctx.beginPath();
          ctx.moveTo(bbox.left, y);
          ctx.lineTo(bbox.left + bbox.width, y);
          ctx.stroke();
        }
        ctx.restore();
      },
      draw: (chart) => {
        const { ctx, bbox } = chart;
        const r = SIGN_PX * devicePixelRatio;
        ctx.save();
        ctx.setLineDash([]);
        for (const { kind, timeMs } of analysis.marks) {
          const x = chart.valToPos(timeMs / 1000, "x", true);
          ctx.strokeStyle = ctx.fillStyle = theme[kind];
          ctx.lineWidth = devicePixelRatio;
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
          if (signs) drawSign(ctx, kind, x, bbox.top - 1.8 * r, r);
        }
        ctx.restore();
      },
    },
  };
}

/** A line in the plot of a chart; `null` hides it. */
export class Playhead {
  readonly #charts = new Map<uPlot, HTMLElement>();

  /** Returns what detaches it again. */
  readonly attach = (chart: uPlot): (() => void) => {
    const line = document.createElement("div");
    line.className = "playhead";
    line.hidden = true;
    chart.over.append(line);
    this.#charts.set(chart, line);
    return () => {
      line.remove();
      this.#charts.delete(chart);
    };
  };

  move(positionS: number | null): void {
    for (const [chart, line] of this.#charts) {
      line.hidden = positionS === null;
      if (positionS !== null)
        line.style.transform = `translateX(${chart.valToPos(positionS, "x")}px)`;
    }
  }
}
