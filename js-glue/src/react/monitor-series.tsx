import type { ReactElement, ReactNode } from "react";
import {
  COLUMNS,
  getsWorse,
  hasNoValue,
  isConstant,
  type SectionName,
  sectionOf,
} from "../monitor/sections.js";
import type { Words } from "../monitor/words.js";
import { MonitorChart, type Plot } from "./monitor-chart.js";
import type { ShownSeries } from "./monitor-snapshot.js";

/** What all series of a panel share. */
export interface SeriesContext {
  readonly words: Words;
  readonly plot: Plot | null;
  readonly periodMs: number;
  readonly dateOf: (ms: number) => Date;
  /** Where the pointer is, among the points of all charts. */
  readonly pointed: number | null;
  readonly onPoint: (index: number | null) => void;
}

/** The value under the pointer, and how long ago it was; otherwise the last one. */
function Value({
  series,
  context: { words, pointed, periodMs },
}: {
  readonly series: ShownSeries;
  readonly context: SeriesContext;
}): ReactElement {
  const { points, last, p50, p95 } = series;
  if (pointed !== null)
    return (
      <>
        <b>{words.value(series, points[pointed] ?? null)}</b>
        <small>
          {words.phrases.ago(words.quantities.duration((points.length - 1 - pointed) * periodMs))}
        </small>
      </>
    );
  return (
    <>
      <b>{words.value(series, last)}</b>
      <small>
        <span>
          <abbr>{words.label("p50")}</abbr> {words.value(series, p50)}
        </span>{" "}
        <span>
          <abbr>{words.label("p95")}</abbr> {words.value(series, p95)}
        </span>
      </small>
    </>
  );
}

function Row({
  series,
  context,
}: {
  readonly series: ShownSeries;
  readonly context: SeriesContext;
}): ReactElement {
  const { words, plot, dateOf, onPoint } = context;
  const { name, verdict, min, max } = series;
  const title = words.series(name);
  const told = words.verdict(series, dateOf);
  const least = words.value(series, min);
  const most = words.value(series, max);
  return (
    <li data-verdict={verdict} data-series={name}>
      <p className="voicepath-monitor-name">
        <span title={name}>{title}</span>
        <small title={told.support}>{told.verdict}</small>
      </p>
      <MonitorChart
        plot={plot}
        points={series.points}
        label={words.phrases.chart(title, least, most)}
        onPoint={onPoint}
      />
      <p className="voicepath-monitor-value">
        <Value series={series} context={context} />
      </p>
      {getsWorse(series) && told.support !== "" && (
        <small className="voicepath-monitor-support">{told.support}</small>
      )}
    </li>
  );
}

function Section({
  section,
  series,
  context,
  children,
}: {
  readonly section: SectionName;
  readonly series: readonly ShownSeries[];
  readonly context: SeriesContext;
  readonly children: ReactNode;
}): ReactElement | null {
  const { words } = context;
  if (series.length === 0) return null;
  const shown = series.filter((one) => !hasNoValue(one) && !isConstant(one));
  const constant = series.filter(isConstant);
  const none = series.filter(hasNoValue);
  const worse = series.filter(getsWorse).length;
  return (
    <details open data-section={section}>
      <summary>
        <h3>{words.phrases.sections[section]}</h3>
        {worse > 0 && <mark>{words.phrases.worse(worse)}</mark>}
      </summary>
      {shown.length > 0 && (
        <ul>
          {shown.map((one) => (
            <Row key={one.name} series={one} context={context} />
          ))}
        </ul>
      )}
      {constant.length > 0 && (
        <p className="voicepath-monitor-rest">
          {words.phrases.neverChanged(words.values(constant))}
        </p>
      )}
      {none.length > 0 && (
        <p className="voicepath-monitor-rest">{words.phrases.noValue(words.names(none))}</p>
      )}
      {children}
    </details>
  );
}

/** All series by what they are of, each with its values, a chart and its verdict. */
export function MonitorSeries({
  series,
  context,
  turns,
}: {
  readonly series: readonly ShownSeries[];
  readonly context: SeriesContext;
  /** Shown with the series of the turns. */
  readonly turns: ReactNode;
}): ReactElement {
  return (
    <div className="voicepath-monitor-series">
      {COLUMNS.map((sections) => (
        <div key={sections[0]}>
          {sections.map((section) => (
            <Section
              key={section}
              section={section}
              series={series.filter(({ name }) => sectionOf(name) === section)}
              context={context}
            >
              {section === "turns" && turns}
            </Section>
          ))}
        </div>
      ))}
    </div>
  );
}
