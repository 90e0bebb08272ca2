import { useEffect, useInsertionEffect, useMemo, useRef, useState } from "react";
import { requireFunction } from "../errors.js";
import type { Diagnosis } from "../monitor/diagnosis.js";
import { Monitor, type MonitorOptions } from "../monitor/monitor.js";
import type { MonitorReport } from "../monitor/report.js";
import type { Turns } from "../monitor/turns.js";
import type { Verdict } from "../monitor/verdict.js";
import { useRegistry } from "./registry-provider.js";
import { type UseScopeOptions, useScope } from "./use-scope.js";
import { VerdictWatch } from "./verdict-watch.js";

/** The callback is always that of the latest render. */
export interface UseMonitorOptions extends Omit<MonitorOptions, "parent">, UseScopeOptions {
  /** Of the scope in which the monitor's is. Default "monitoring". */
  readonly name?: string;
  /** The symptoms or the causes are others than before. */
  readonly onDiagnosis?: ((diagnosis: Diagnosis) => void) | undefined;
}

/** What the application tells of a turn; see {@link Turns}. Without a monitor they do nothing. */
export type TurnControls = Pick<
  Turns,
  "speechEnd" | "transcription" | "firstAudio" | "end" | "cancel"
>;

export interface MonitorResult {
  /** For `<MonitorPanel>` and everything else; null on a server, or before effects have run. */
  readonly monitor: Monitor | null;
  /** Why it is slow, if it is, as it was when the symptoms or the causes changed last. */
  readonly diagnosis: Diagnosis;
  /**
   * Of all series, as they were when one of them changed to another word last. One is looked at in each
   * period: `monitor.verdicts()` looks at all of them now.
   */
  readonly verdicts: readonly Verdict[];
  /** Everything as plain JSON; null without a monitor. The function stays the same. */
  readonly report: () => MonitorReport | null;
  /** The functions stay the same. */
  readonly turns: TurnControls;
}

type Shown = Pick<MonitorResult, "monitor" | "diagnosis" | "verdicts">;

const NONE: Shown = {
  monitor: null,
  diagnosis: { symptoms: [], causes: [], unknown: false },
  verdicts: [],
};

function controls(current: () => Monitor | null): Pick<MonitorResult, "report" | "turns"> {
  return {
    report: () => current()?.report() ?? null,
    turns: {
      speechEnd: () => current()?.turns.speechEnd(),
      transcription: () => current()?.turns.transcription(),
      firstAudio: () => current()?.turns.firstAudio(),
      end: () => current()?.turns.end(),
      cancel: () => current()?.turns.cancel(),
    },
  };
}

/**
 * A {@link Monitor} for as long as the component lives, in a scope of {@link useScope}, with its rules.
 *
 * ```tsx
 * const { monitor, diagnosis, turns } = useMonitor();
 * useMicVAD({ onSpeechEnd: turns.speechEnd });
 * return (
 *   <>
 *     {diagnosis.symptoms.includes("jank") && <ReduceMotion />}
 *     <MonitorPanel monitor={monitor} />
 *   </>
 * );
 * ```
 *
 * Its options are read when it is made. The component renders when the diagnosis or a verdict is
 * another, at most once a period.
 *
 * @throws VoicepathError OPTION without a `<RegistryProvider>`; when the monitor is made, for wrong
 *   options
 */
export function useMonitor(options: UseMonitorOptions = {}): MonitorResult {
  const { name = "monitoring", parent, onDiagnosis } = options;
  if (onDiagnosis !== undefined) requireFunction("onDiagnosis", onDiagnosis);
  const registry = useRegistry();
  const latest = useRef(options);
  useInsertionEffect(() => {
    latest.current = options;
  });

  const scope = useScope(name, [], { parent });
  const held = useRef<Monitor | null>(null);
  const [shown, setShown] = useState(NONE);
  useEffect(() => {
    const owner = scope.current;
    if (!owner) return;
    const { name: _name, parent: _parent, onDiagnosis: _onDiagnosis, ...given } = latest.current;
    const monitor = Monitor.create(registry, { ...given, parent: owner });
    const watch = new VerdictWatch(monitor);
    watch.look();
    held.current = monitor;
    setShown({ ...NONE, monitor, verdicts: watch.all });
    monitor.on("period", () => {
      if (!monitor.disposed && watch.look())
        setShown((before) => ({ ...before, verdicts: watch.all }));
    });
    monitor.on("diagnosis", (diagnosis) => {
      setShown((before) => ({ ...before, diagnosis }));
      latest.current.onDiagnosis?.(diagnosis);
    });
    return () => {
      held.current = null;
      setShown(NONE);
    };
  }, [scope, registry]);

  const told = useMemo(
    () => controls(() => (held.current?.disposed === false ? held.current : null)),
    [],
  );
  return { ...shown, ...told };
}
