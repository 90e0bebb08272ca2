/** A small chart of the last minute, by uPlot, which is loaded when the first one is shown. */
import { type ReactElement, useEffect, useRef, useState } from "react";
import type uPlot from "uplot";

export type Plot = typeof uPlot;

/** A point of each period, the newest last; null where there is none. */
export type Points = readonly (number | null)[];

const WIDTH_PX = 104;
const HEIGHT_PX = 34;
/** What a line takes beyond its points. */
const PADDING_PX: uPlot.Padding = [4, 4, 4, 4];
const LINE_PX = 1.5;
const DOT_PX = 5;
/** Charts of one pointer: it shows the same moment in all of them. */
const SYNC = "voicepath-monitor";

let loading: Promise<Plot> | undefined;

/** Null while it is under way, and where it could not be loaded. */
export function usePlot(): Plot | null {
  const [plot, setPlot] = useState<Plot | null>(null);
  useEffect(() => {
    let mounted = true;
    loading ??= import("uplot").then((module) => module.default);
    loading.then(
      (loaded) => {
        if (mounted) setPlot(() => loaded);
      },
      () => {
        loading = undefined;
      },
    );
    return () => {
      mounted = false;
    };
  }, []);
  return plot;
}

/** A level that hardly moves is drawn as its movement, everything else from 0 on. */
function range(least: number | null, most: number | null): uPlot.Range.MinMax {
  if (least === null || most === null) return [0, 1];
  if (least === most) return least === 0 ? [0, 1] : [least - 1, least + 1];
  return [least >= 0 && least < most / 2 ? 0 : least, most];
}

/** The newest point, and those that no line reaches. */
function dots(points: Points): number[] {
  const newest = points.findIndex((_, i) => points.slice(i + 1).every((later) => later === null));
  return points.flatMap((point, i) => {
    const alone = (points[i - 1] ?? null) === null && (points[i + 1] ?? null) === null;
    return point !== null && (alone || i === newest) ? [i] : [];
  });
}

function data(points: Points): uPlot.AlignedData {
  return [points.map((_, i) => i), [...points]];
}

function options(place: HTMLElement, onPoint: (index: number | null) => void): uPlot.Options {
  // The colours are the element's own, so that they are always those of the theme.
  const line = (): string => getComputedStyle(place).color;
  const area = (): string => getComputedStyle(place).outlineColor;
  return {
    width: WIDTH_PX,
    height: HEIGHT_PX,
    padding: PADDING_PX,
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: DOT_PX + 1, width: 0, fill: line },
      sync: { key: SYNC, scales: ["x", null] },
    },
    scales: {
      x: { time: false, range: (chart) => [0, Math.max(1, chart.data[0].length - 1)] },
      y: { range: (_chart, least, most) => range(least, most) },
    },
    axes: [{ show: false }, { show: false }],
    series: [
      {},
      {
        stroke: line,
        fill: area,
        width: LINE_PX,
        points: {
          show: true,
          size: DOT_PX,
          width: 0,
          fill: line,
          filter: (chart) => dots(chart.data[1] as Points),
        },
      },
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
  };
}

/** @param onPoint - given the place of the pointer among the points, null when it has left */
export function MonitorChart({
  plot,
  points,
  label,
  onPoint,
}: {
  readonly plot: Plot | null;
  readonly points: Points;
  readonly label: string;
  readonly onPoint: (index: number | null) => void;
}): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const latest = useRef(points);
  latest.current = points;

  useEffect(() => {
    if (!plot || !place.current) return;
    const made = new plot(options(place.current, onPoint), data(latest.current), place.current);
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, [plot, onPoint]);
  useEffect(() => chart.current?.setData(data(points)), [points]);

  return <div ref={place} className="voicepath-monitor-chart" role="img" aria-label={label} />;
}
