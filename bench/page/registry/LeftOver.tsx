import { useMemo } from "react";
import type uPlot from "uplot";
import { timeAxis, valueAxis } from "../axes";
import { Chart } from "../Chart";
import { useTheme } from "../theme";
import { type Counts, NONE, total } from "./census";
import { THINGS_OPENED } from "./visits";

interface LeftOverProps {
  readonly visits: number;
  /** After each visit so far. */
  readonly careless: readonly Counts[];
  readonly scoped: readonly Counts[];
}

/** How many things are left after each visit. */
export function LeftOver({ visits, careless, scoped }: LeftOverProps) {
  const theme = useTheme();
  const most = visits * THINGS_OPENED;

  const data = useMemo((): uPlot.AlignedData => {
    const times = Array.from({ length: visits + 1 }, (_, i) => i);
    const column = (left: readonly Counts[]): (number | null)[] => {
      const counts = [NONE, ...left];
      return times.map((i) => (counts[i] ? total(counts[i]) : null));
    };
    return [times, column(careless), column(scoped)];
  }, [visits, careless, scoped]);

  const options = useMemo(
    (): Omit<uPlot.Options, "width"> => ({
      height: 200,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [0, visits] },
        y: { range: () => [-most / 30, most * 1.03] },
      },
      axes: [
        {
          ...timeAxis(theme),
          splits: (chart) => [...chart.data[0]],
          values: (_chart, splits) => splits.map(String),
        },
        valueAxis(theme, [0, most / 2, most], ["0", `${most / 2}`, `${most}`]),
      ],
      series: [
        {},
        { stroke: theme["peer-v5"], width: 2, points: { show: true, fill: theme["peer-v5"] } },
        { stroke: theme.ours, width: 2, points: { show: true, fill: theme.ours } },
      ],
    }),
    [theme, visits, most],
  );

  return <Chart options={options} data={data} label="What is left after each visit" />;
}
