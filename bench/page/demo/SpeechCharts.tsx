import { useMemo } from "react";
import type uPlot from "uplot";
import { timeAxis, valueAxis } from "../axes";
import { Chart } from "../Chart";
import { useTheme } from "../theme";
import { type Analysis, frameTimes } from "./analysis";
import { markPlugin, type Playhead } from "./marks";
import { RATE_HZ } from "./programme";
import { envelope } from "./waveform";

const COLUMNS = 1600;
/** Room above the plot for the signs of the events. */
const SIGNS_PX = 20;
const RIGHT_PX = 12;

export interface PeerCurves {
  readonly v5: readonly number[] | null;
  readonly v6: readonly number[] | null;
}

interface SpeechChartsProps {
  readonly samples: Float32Array;
  readonly analysis: Analysis;
  readonly peers: PeerCurves;
  readonly threshold: number;
  readonly playhead: Playhead;
  readonly onSeek: (seconds: number) => void;
}

/** The waveform above the probability, with the same time axis. */
export function SpeechCharts(props: SpeechChartsProps) {
  const { samples, analysis, peers, threshold, playhead, onSeek } = props;
  const theme = useTheme();
  const seconds = samples.length / RATE_HZ;

  const wave = useMemo(() => envelope(samples, RATE_HZ, COLUMNS), [samples]);
  const waveData = useMemo((): uPlot.AlignedData => [wave.timesS, wave.high, wave.low], [wave]);
  const peak = useMemo(() => Math.max(0.01, ...wave.high, ...wave.low.map((low) => -low)), [wave]);

  const probabilityData = useMemo((): uPlot.AlignedData => {
    const times = frameTimes(analysis.probabilities.length);
    const column = (curve: readonly number[] | null): (number | null)[] =>
      times.map((_, i) => curve?.[i] ?? null);
    return [times, [...analysis.probabilities], column(peers.v5), column(peers.v6)];
  }, [analysis, peers]);

  const shared = useMemo(
    () => ({
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { show: false },
        sync: { key: "speech" },
        bind: {
          click: (chart: uPlot) => () => {
            const { left } = chart.cursor;
            if (left !== undefined && left >= 0) onSeek(chart.posToVal(left, "x"));
            return null;
          },
        },
      },
    }),
    [onSeek],
  );

  const waveOptions = useMemo(
    (): Omit<uPlot.Options, "width"> => ({
      ...shared,
      height: 120,
      padding: [8, RIGHT_PX, 8, 0],
      scales: {
        x: { time: false, range: () => [0, seconds] },
        y: { range: () => [-peak * 1.05, peak * 1.05] },
      },
      axes: [timeAxis(theme, false), valueAxis(theme, [0], [""])],
      series: [
        {},
        { stroke: theme.wave, width: 1, points: { show: false } },
        { stroke: theme.wave, width: 1, points: { show: false } },
      ],
      bands: [{ series: [1, 2], fill: theme.wave }],
      plugins: [markPlugin(analysis, theme, { signs: false })],
    }),
    [shared, seconds, peak, theme, analysis],
  );

  const probabilityOptions = useMemo(
    (): Omit<uPlot.Options, "width"> => ({
      ...shared,
      height: 230,
      padding: [SIGNS_PX, RIGHT_PX, 0, 0],
      scales: { x: { time: false, range: () => [0, seconds] }, y: { range: () => [0, 1] } },
      axes: [timeAxis(theme), valueAxis(theme, [0, 0.5, 1], ["0", ".5", "1"])],
      series: [
        {},
        { stroke: theme.ours, width: 2, points: { show: false } },
        { stroke: theme["peer-v5"], width: 1.25, points: { show: false } },
        { stroke: theme["peer-v6"], width: 1.25, dash: [6, 5], points: { show: false } },
      ],
      plugins: [markPlugin(analysis, theme, { signs: true, threshold })],
    }),
    [shared, seconds, theme, analysis, threshold],
  );

  return (
    <div className="charts">
      <Chart
        options={waveOptions}
        data={waveData}
        label="Waveform of the clip"
        onChart={playhead.attach}
      />
      <Chart
        options={probabilityOptions}
        data={probabilityData}
        label="Probability of speech"
        onChart={playhead.attach}
      />
    </div>
  );
}
