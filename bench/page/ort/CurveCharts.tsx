import { useMemo } from "react";
import type uPlot from "uplot";
import { timeAxis, valueAxis } from "../axes";
import { Chart } from "../Chart";
import { frameTimes } from "../demo/analysis";
import { useTheme } from "../theme";
import { apart, type Curves, differences } from "./curves";

const RIGHT_PX = 12;

/** The least of 1, 2, 5, 10, … that is not below it. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((digit) => digit * power >= value) ?? 10) * power;
}

/** Both curves above each other's difference. */
export function CurveCharts({ curves }: { readonly curves: Curves }) {
  const theme = useTheme();
  const times = useMemo(() => frameTimes(curves.ours.length), [curves]);
  const probabilities = useMemo(
    (): uPlot.AlignedData => [times, [...curves.ours], [...curves.onnx]],
    [times, curves],
  );
  const difference = useMemo(
    (): uPlot.AlignedData => [times, differences(curves)],
    [times, curves],
  );

  const shared = useMemo(() => {
    const seconds = times.at(-1) ?? 0;
    return {
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { show: false },
        sync: { key: "same network" },
      },
      scales: { x: { time: false, range: (): uPlot.Range.MinMax => [0, seconds] } },
    };
  }, [times]);

  const probabilityOptions = useMemo(
    (): Omit<uPlot.Options, "width"> => ({
      ...shared,
      height: 185,
      padding: [8, RIGHT_PX, 8, 0],
      scales: { ...shared.scales, y: { range: () => [0, 1] } },
      axes: [timeAxis(theme, false), valueAxis(theme, [0, 0.5, 1], ["0", ".5", "1"])],
      series: [
        {},
        { stroke: theme.ours, width: 5, points: { show: false } },
        { stroke: theme["peer-v5"], width: 1.5, points: { show: false } },
      ],
    }),
    [shared, theme],
  );

  const differenceOptions = useMemo((): Omit<uPlot.Options, "width"> => {
    const top = roundUp(Math.max(apart(curves), 1e-3));
    const axis = valueAxis(theme, [-top, 0, top], [`−${top}`, "0", `${top}`]);
    return {
      ...shared,
      height: 125,
      padding: [8, RIGHT_PX, 0, 0],
      scales: { ...shared.scales, y: { range: () => [-1.1 * top, 1.1 * top] } },
      axes: [timeAxis(theme), axis],
      series: [{}, { stroke: theme.misfire, width: 1, points: { show: false } }],
    };
  }, [shared, theme, curves]);

  return (
    <div className="charts">
      <Chart
        options={probabilityOptions}
        data={probabilities}
        label="Probability of speech by both engines"
      />
      <Chart
        options={differenceOptions}
        data={difference}
        label="Difference between the two, in millionths"
      />
    </div>
  );
}
