import { Fragment, type ReactElement, useEffect, useId, useMemo, useState } from "react";
import { requireNumber } from "../errors.js";
import type { Growth, Registry, SiteReport } from "../registry/registry.js";
import type { Counters } from "../registry/slot-table.js";
import { INSPECTOR, isOwn, splitName } from "./inspector-names.js";
import { type KindCounters, type Snapshot, SnapshotReader } from "./inspector-snapshot.js";
import { INSPECTOR_CSS } from "./inspector-style.js";
import { type Column, InspectorTable, type Row } from "./inspector-table.js";
import { InspectorTree } from "./inspector-tree.js";
import { RegistryProvider, useRegistry } from "./registry-provider.js";
import { useScope } from "./use-scope.js";

export interface RegistryInspectorProps {
  /** Default: that of the `<RegistryProvider>` around it. */
  readonly registry?: Registry;
  /** Whether the panel is open at first. Default false: there is only the button. */
  readonly open?: boolean;
  /** How often it looks whether something has changed, 16 to 60000. Default 500. */
  readonly refreshMs?: number;
}

const SITES_SHOWN = 10;

const LATE: Column<"late"> = { key: "late", title: "late", bad: true };
const KIND_COLUMNS: readonly Column<keyof Counters>[] = [
  { key: "active", title: "active" },
  { key: "peak", title: "peak" },
  { key: "opened", title: "opened" },
  LATE,
  { key: "refused", title: "refused", bad: true },
  { key: "doubleClosed", title: "double-closed", bad: true },
];
const SITE_COLUMNS: readonly Column<keyof Counters>[] = [
  { key: "active", title: "active" },
  { key: "peak", title: "peak" },
  { key: "opened", title: "opened" },
  LATE,
];
const GROWTH_COLUMNS: readonly Column<"opened" | "finished" | "growth">[] = [
  { key: "opened", title: "opened" },
  { key: "finished", title: "finished" },
  { key: "growth", title: "growth", bad: true },
];

const kindRow = (counts: KindCounters): Row<keyof Counters> => ({
  id: counts.kind,
  name: counts.kind,
  counts,
});

function siteRow<Site extends SiteReport | Growth>(site: Site) {
  const { kind, name, stack } = site;
  const { path, place } = splitName(site);
  const notes = [path.endsWith(`/${kind}`) ? "" : kind, place, isOwn(site) ? "this panel" : ""];
  return {
    id: `${kind} ${name} ${stack}`,
    name: path,
    note: notes.filter(Boolean).join(", "),
    hint: stack,
    counts: site,
  };
}

function Totals({ snapshot }: { readonly snapshot: Snapshot }): ReactElement {
  const { total, own, timers } = snapshot;
  const all = [
    [total.closing, "closing", false],
    [total.late, "late", true],
    [total.refused, "refused", true],
    [total.doubleClosed, "double-closed", true],
  ] as const;
  const marks = all.filter(([count]) => count > 0);
  return (
    <p>
      <strong>{total.active} open</strong>
      {own > 0 && <small> ({own} this panel’s)</small>}
      <small>
        {" · "}
        {total.opened} opened · peak {total.peak} · {timers} timers
      </small>
      {marks.length > 0 && <br />}
      {marks.map(([count, word, bad]) => (
        <Fragment key={word}>
          <mark className={bad ? "voicepath-inspector-bad" : undefined}>
            {count} {word}
          </mark>{" "}
        </Fragment>
      ))}
    </p>
  );
}

function GrowthSince({
  time,
  growth,
}: {
  readonly time: string;
  readonly growth: readonly Growth[];
}): ReactElement {
  if (growth.length === 0)
    return <p className="voicepath-inspector-none">Nothing opened or closed since {time}.</p>;
  return (
    <InspectorTable
      caption={`Since ${time}`}
      first="site"
      columns={GROWTH_COLUMNS}
      rows={growth.map(siteRow)}
    />
  );
}

function Panel({
  id,
  reader,
  markedAt,
  onMark,
  refreshMs,
}: {
  readonly id: string;
  readonly reader: SnapshotReader;
  /** The time of day. */
  readonly markedAt: string | null;
  readonly onMark: () => void;
  readonly refreshMs: number;
}): ReactElement {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null);
  const scope = useScope(INSPECTOR, [reader, refreshMs]);
  useEffect(() => {
    scope.current?.interval(
      () => {
        const changed = reader.readIfChanged();
        if (changed) setSnapshot(changed);
      },
      refreshMs,
      { slackMs: refreshMs / 2 },
    );
    setSnapshot(reader.read());
  }, [scope, reader, refreshMs]);
  const mark = (): void => {
    if (!scope.current) return;
    reader.mark();
    onMark();
    setSnapshot(reader.read());
  };
  return (
    <section id={id} aria-label="Registry">
      <header>
        {snapshot && <Totals snapshot={snapshot} />}
        <button type="button" onClick={mark} title="Show what is opened and closed from now on">
          Mark
        </button>
      </header>
      {snapshot && (
        <div>
          {markedAt && snapshot.growth && <GrowthSince time={markedAt} growth={snapshot.growth} />}
          <InspectorTable
            caption="Kinds"
            first="kind"
            columns={KIND_COLUMNS}
            rows={snapshot.kinds.map(kindRow)}
          />
          <h2>Owners</h2>
          <InspectorTree owner={snapshot.tree} />
          <InspectorTable
            caption="Sites with most active"
            first="site"
            columns={SITE_COLUMNS}
            rows={snapshot.sites
              .filter(({ active, late }, i) => (active > 0 && i < SITES_SHOWN) || late > 0)
              .map(siteRow)}
          />
        </div>
      )}
    </section>
  );
}

function Inspector({ open, refreshMs }: { open: boolean; refreshMs: number }): ReactElement {
  const registry = useRegistry();
  const [isOpen, setOpen] = useState(open);
  const [markedAt, setMarkedAt] = useState<string | null>(null);
  // It remembers the mark while the panel is closed.
  const reader = useMemo(() => new SnapshotReader(registry), [registry]);
  const id = useId();
  const shown = isOpen && !registry.disposed;
  return (
    <div className="voicepath-inspector">
      <style>{INSPECTOR_CSS}</style>
      {shown && (
        <Panel
          id={id}
          reader={reader}
          markedAt={markedAt}
          onMark={() => setMarkedAt(new Date().toLocaleTimeString())}
          refreshMs={refreshMs}
        />
      )}
      <button
        type="button"
        className="voicepath-inspector-toggle"
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        Registry
      </button>
    </div>
  );
}

/**
 * A panel for development, in the corner of the page: what is open, by kind, by owner and by site,
 * what was late, and what has grown since its button was pressed.
 *
 * ```tsx
 * <RegistryProvider registry={registry}>
 *   <App />
 *   {import.meta.env.DEV && <RegistryInspector />}
 * </RegistryProvider>
 * ```
 *
 * Its own scope and interval are in the counts, and marked; they are there only while it is open.
 * Create the registry with `development: true` to see where in the code the sites are, when pointing at
 * them.
 *
 * @throws VoicepathError OPTION without a registry, or for a wrong `refreshMs`
 */
export function RegistryInspector({
  registry,
  open = false,
  refreshMs = 500,
}: RegistryInspectorProps): ReactElement {
  requireNumber("refreshMs", refreshMs, 16, 60_000);
  const inspector = <Inspector open={open} refreshMs={refreshMs} />;
  if (!registry) return inspector;
  return <RegistryProvider registry={registry}>{inspector}</RegistryProvider>;
}
