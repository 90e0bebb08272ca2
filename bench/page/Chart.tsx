import { useEffect, useRef } from "react";
import uPlot from "uplot";

interface ChartProps {
  /** Without a width: the chart is as wide as its place. A new object makes a new chart. */
  readonly options: Omit<uPlot.Options, "width">;
  readonly data: uPlot.AlignedData;
  readonly label: string;
  /** Given the chart when it is made; what it returns is called when the chart goes. */
  readonly onChart?: (chart: uPlot) => () => void;
}

/** uPlot in React: made once for its options, fed with data, as wide as its parent. */
export function Chart({ options, data, label, onChart }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot({ ...options, width: element.clientWidth }, latest.current, element);
    chart.current = made;
    const detach = onChart?.(made);
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: options.height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      detach?.();
      made.destroy();
      chart.current = null;
    };
  }, [options, onChart]);

  useEffect(() => chart.current?.setData(data), [data]);

  return <div ref={place} className="chart" role="img" aria-label={label} />;
}
