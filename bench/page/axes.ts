/** The axes that all charts share. */
import type uPlot from "uplot";
import type { Theme } from "./theme";

const FONT = "12px system-ui, sans-serif";

export function timeAxis(theme: Theme, show = true): uPlot.Axis {
  return {
    show,
    stroke: theme.muted,
    font: FONT,
    size: 28,
    gap: 4,
    space: 60,
    grid: { show: false },
    ticks: { stroke: theme.line, width: 1, size: 4 },
    values: (_chart, splits) => splits.map((seconds) => `${Number(seconds.toFixed(2))} s`),
  };
}

/** All charts have the same gutter, so that their times stand above each other. */
export function valueAxis(theme: Theme, splits: number[], names: string[]): uPlot.Axis {
  return {
    stroke: theme.muted,
    font: FONT,
    size: 38,
    gap: 6,
    grid: { stroke: theme.line, width: 1 },
    ticks: { show: false },
    splits: () => splits,
    values: () => names,
  };
}
