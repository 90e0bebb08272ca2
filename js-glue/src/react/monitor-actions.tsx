import { type ReactElement, useState } from "react";
import type { Monitor } from "../monitor/monitor.js";
import { reportText } from "../monitor/report-text.js";
import type { Language, Words } from "../monitor/words.js";
import type { ScopeRef } from "./mounted-scope.js";

const COPIED_MS = 2000;
const SAVED_MS = 10_000;

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // There is none where the page is not secure, and it may be refused.
    return false;
  }
}

function save(name: string, url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

/** To take the report along, as text and as JSON. */
export function MonitorActions({
  monitor,
  scope,
  language,
  words,
}: {
  readonly monitor: Monitor;
  readonly scope: ScopeRef;
  readonly language: Language;
  readonly words: Words;
}): ReactElement {
  const [copied, setCopied] = useState(false);
  /** What the person has to copy. */
  const [text, setText] = useState<string | null>(null);

  const copyReport = async (): Promise<void> => {
    if (monitor.disposed) return;
    const report = reportText(monitor.report(), language);
    const done = await copy(report);
    const { current } = scope;
    if (!current) return;
    setText(done ? null : report);
    setCopied(done);
    if (done) current.timeout(() => setCopied(false), COPIED_MS);
  };
  const saveJSON = (): void => {
    const { current } = scope;
    if (!current || monitor.disposed) return;
    const report = monitor.report();
    const blob = new Blob([JSON.stringify(report, null, 2)], { type: "application/json" });
    const url = current.objectURL(blob, { name: "report" });
    save(`monitor-${report.timeISO.replaceAll(":", "-")}.json`, url.value);
    current.timeout(() => url.dispose(), SAVED_MS);
  };
  return (
    <>
      <div className="voicepath-monitor-actions">
        <button type="button" onClick={copyReport}>
          {words.label(copied ? "copied" : "copyReport")}
        </button>
        <span role="status" className="voicepath-monitor-unseen">
          {copied && words.label("copied")}
        </span>
        <button type="button" onClick={saveJSON}>
          {words.label("downloadJSON")}
        </button>
      </div>
      {text !== null && (
        <label className="voicepath-monitor-text">
          {words.label("copyByHand")}
          <textarea readOnly rows={8} value={text} onFocus={(event) => event.target.select()} />
        </label>
      )}
    </>
  );
}
