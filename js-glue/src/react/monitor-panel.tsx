import {
  type ReactElement,
  type RefObject,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { requireBoolean } from "../errors.js";
import type { Diagnosis } from "../monitor/diagnosis.js";
import type { Monitor } from "../monitor/monitor.js";
import { calendar } from "../monitor/report-text.js";
import { type Language, Words } from "../monitor/words.js";
import { adoptStyle } from "./adopted-style.js";
import { MonitorActions } from "./monitor-actions.js";
import { usePlot } from "./monitor-chart.js";
import { MonitorDiagnosis, severity } from "./monitor-diagnosis.js";
import { MonitorSeries, type SeriesContext } from "./monitor-series.js";
import { useMonitorSnapshot } from "./monitor-snapshot.js";
import { MONITOR_CSS } from "./monitor-style.js";
import { MonitorTurns } from "./monitor-turns.js";
import { useMonitor } from "./use-monitor.js";
import { useScope } from "./use-scope.js";

export interface MonitorPanelProps {
  /**
   * What is shown, as {@link useMonitor} returned it; null for nothing yet. Default: a monitor of the
   * panel's own, for as long as it is mounted, also while it is closed.
   */
  readonly monitor?: Monitor | null | undefined;
  /** Default: Chinese where the browser is set to it, English otherwise. */
  readonly language?: Language | undefined;
  /** Whether the panel is open at first. Default false: there is only the button. */
  readonly open?: boolean | undefined;
  /** It is where it stands in the page, without a button, instead of in the corner. Default false. */
  readonly inline?: boolean | undefined;
}

const neverChanges = (): (() => void) => () => {};

/** English at first, as on a server. */
function useBrowserLanguage(): Language {
  return useSyncExternalStore(
    neverChanges,
    () => (navigator.language.startsWith("zh") ? "zh" : "en"),
    () => "en",
  );
}

function useStyle(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { current } = element;
    const view = current?.ownerDocument.defaultView;
    if (!current || !view) return;
    const root = current.getRootNode() as Document | ShadowRoot;
    return adoptStyle(MONITOR_CSS, root, view) ?? undefined;
  }, [element]);
}

function useDiagnosis(monitor: Monitor | null): Diagnosis | null {
  const [diagnosis, setDiagnosis] = useState<Diagnosis | null>(null);
  useEffect(() => {
    if (!monitor || monitor.disposed) return;
    setDiagnosis(monitor.diagnose());
    return monitor.on("diagnosis", setDiagnosis);
  }, [monitor]);
  return diagnosis;
}

function Contents({
  id,
  monitor,
  language,
  words,
}: {
  readonly id: string;
  readonly monitor: Monitor | null;
  readonly language: Language;
  readonly words: Words;
}): ReactElement {
  const snapshot = useMonitorSnapshot(monitor);
  const plot = usePlot();
  const scope = useScope("MonitorPanel");
  const [pointed, setPointed] = useState<number | null>(null);
  if (!monitor || !snapshot)
    return (
      <section id={id} aria-label={words.label("monitor")}>
        <p className="voicepath-monitor-rest">{words.label("starting")}</p>
      </section>
    );

  const { report, series } = snapshot;
  const dateOf = calendar(report);
  const total = report.series.find(({ name }) => name === "turn/total");
  const watched = words.phrases.watchedFor(words.quantities.duration(report.durationMs));
  const context: SeriesContext = {
    words,
    plot,
    periodMs: report.periodMs,
    dateOf,
    pointed,
    onPoint: setPointed,
  };
  const turns = report.turns.length > 0 && (
    <MonitorTurns
      turns={report.turns}
      verdict={total ? words.verdictSentence(total, dateOf) : null}
      words={words}
      dateOf={dateOf}
    />
  );
  return (
    <section id={id} aria-label={words.label("monitor")}>
      <header>
        <MonitorDiagnosis diagnosis={report.diagnosis} watched={watched} words={words} />
        <MonitorActions monitor={monitor} scope={scope} language={language} words={words} />
      </header>
      <MonitorSeries series={series} context={context} turns={turns} />
    </section>
  );
}

function Panel({
  monitor,
  language: asked,
  open = false,
  inline = false,
}: MonitorPanelProps & { readonly monitor: Monitor | null }): ReactElement {
  const browserLanguage = useBrowserLanguage();
  const language = asked ?? browserLanguage;
  const words = useMemo(() => Words.in(language), [language]);
  const [isOpen, setOpen] = useState(open);
  const diagnosis = useDiagnosis(monitor);
  const root = useRef<HTMLDivElement>(null);
  useStyle(root);
  const id = useId();
  const shown = inline || isOpen;
  return (
    <div
      ref={root}
      className="voicepath-monitor"
      data-inline={inline ? "" : undefined}
      lang={words.phrases.locale}
    >
      {shown && <Contents id={id} monitor={monitor} language={language} words={words} />}
      {!inline && (
        <button
          type="button"
          className="voicepath-monitor-toggle"
          aria-expanded={shown}
          aria-controls={shown ? id : undefined}
          title={diagnosis ? words.headline(diagnosis) : undefined}
          data-severity={diagnosis ? severity(diagnosis) : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          {words.label("monitor")}
        </button>
      )}
    </div>
  );
}

function OwnPanel(props: Omit<MonitorPanelProps, "monitor">): ReactElement {
  const { monitor } = useMonitor();
  return <Panel {...props} monitor={monitor} />;
}

/**
 * A panel in the corner of the page, or in its place in it: which is slow and why, with the evidence;
 * every series with its last value, its p50 and p95, the last minute and whether it rises; and how long
 * the last turns of the conversation took.
 *
 * ```tsx
 * <RegistryProvider registry={registry}>
 *   <App />
 *   <MonitorPanel />
 * </RegistryProvider>
 * ```
 *
 * Its button shows a light: green when nothing is slow, amber when something is and nobody knows why,
 * red when the cause is known. While it is closed it costs what its monitor costs. The charts' library
 * is loaded when it is opened first. Its own scope is in the registry's counts while it is open.
 *
 * @throws VoicepathError OPTION without a `<RegistryProvider>`, or for wrong props
 */
export function MonitorPanel({ monitor, ...props }: MonitorPanelProps): ReactElement {
  if (props.open !== undefined) requireBoolean("open", props.open);
  if (props.inline !== undefined) requireBoolean("inline", props.inline);
  return monitor === undefined ? <OwnPanel {...props} /> : <Panel {...props} monitor={monitor} />;
}
