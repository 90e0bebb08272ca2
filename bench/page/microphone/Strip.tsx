import { useEffect, useMemo, useRef } from "react";
import type uPlot from "uplot";
import { timeAxis, valueAxis } from "../axes";
import { Chart } from "../Chart";
import { useTheme } from "../theme";
import { LiveSpeech } from "./live-speech";

const EMPTY: uPlot.AlignedData = [[], [], []];

/** Level and probability of the last seconds, drawn once a picture. */
export function Strip({ speech }: { readonly speech: LiveSpeech }) {
  const theme = useTheme();
  const chart = useRef<uPlot>(null);

  const options = useMemo(
    (): Omit<uPlot.Options, "width"> => ({
      height: 160,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: {
          time: false,
          range: () => [
            Math.max(0, speech.nowS - LiveSpeech.windowS),
            Math.max(speech.nowS, LiveSpeech.windowS),
          ],
        },
        y: { range: () => [0, 1] },
      },
      axes: [timeAxis(theme), valueAxis(theme, [0, 0.5, 1], ["0", ".5", "1"])],
      series: [
        {},
        { stroke: theme.wave, fill: theme.wave, width: 1, points: { show: false } },
        { stroke: theme.ours, width: 2, points: { show: false } },
      ],
    }),
    [theme, speech],
  );

  const onChart = useMemo(
    () => (made: uPlot) => {
      chart.current = made;
      made.setData([speech.timesS, speech.levels, speech.probabilities]);
      return () => {
        chart.current = null;
      };
    },
    [speech],
  );

  useEffect(() => {
    let request = 0;
    let drawn = -1;
    const draw = (): void => {
      request = requestAnimationFrame(draw);
      if (speech.nowS === drawn) return;
      drawn = speech.nowS;
      chart.current?.setData([speech.timesS, speech.levels, speech.probabilities]);
    };
    draw();
    return () => cancelAnimationFrame(request);
  }, [speech]);

  return (
    <Chart
      options={options}
      data={EMPTY}
      label="Level and probability of speech, live"
      onChart={onChart}
    />
  );
}
