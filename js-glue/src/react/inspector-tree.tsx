import type { ReactElement } from "react";
import type { RegistryNode } from "../registry/registry.js";
import { isOwn, shortName, splitName } from "./inspector-names.js";

/** More entries of one scope than this are only counted. */
const ENTRIES_MAX = 50;
/** Scopes down to this depth are unfolded at first. */
const UNFOLDED_DEPTH = 3;

/** Neighbours with the same kind, name and state, which are shown as one. */
interface Entry {
  readonly node: RegistryNode;
  readonly key: string;
  count: number;
}

function entriesOf(nodes: readonly RegistryNode[]): Entry[] {
  const entries: Entry[] = [];
  const known = new Map<string, Entry>();
  const seen = new Map<string, number>();
  for (const node of nodes) {
    const { kind, name, phase, late } = node;
    const id = `${kind} ${name} ${phase} ${late}`;
    const same = kind === "scope" ? undefined : known.get(id);
    if (same) {
      same.count++;
      continue;
    }
    const nth = seen.get(id) ?? 0;
    seen.set(id, nth + 1);
    const entry = { node, key: `${id} ${nth}`, count: 1 };
    known.set(id, entry);
    entries.push(entry);
  }
  return entries;
}

const countBelow = ({ children }: RegistryNode): number =>
  children.reduce((sum, child) => sum + 1 + countBelow(child), 0);

function State({ node: { phase, late } }: { readonly node: RegistryNode }): ReactElement {
  return (
    <>
      {phase === "closing" && (
        <>
          {" "}
          <mark>closing</mark>
        </>
      )}
      {late && (
        <>
          {" "}
          <mark className="voicepath-inspector-bad">late</mark>
        </>
      )}
    </>
  );
}

function Leaf({
  entry,
  owner,
}: {
  readonly entry: Entry;
  readonly owner: RegistryNode;
}): ReactElement {
  const { node, count } = entry;
  const name = shortName(node, owner);
  return (
    <span title={splitName(node).place}>
      {name}
      {name !== node.kind && <small> {node.kind}</small>}
      {count > 1 && ` ×${count}`}
      <State node={node} />
    </span>
  );
}

function Branch({
  node,
  owner,
  depth,
}: {
  readonly node: RegistryNode;
  readonly owner: RegistryNode;
  readonly depth: number;
}): ReactElement {
  const own = isOwn(node);
  return (
    <details open={depth < UNFOLDED_DEPTH && !own}>
      <summary title={splitName(node).place}>
        {shortName(node, owner)} <small>{countBelow(node)}</small>
        <State node={node} />
        {own && <small> this panel</small>}
      </summary>
      <InspectorTree owner={node} depth={depth + 1} />
    </details>
  );
}

/** What an owner owns, as a nested list. */
export function InspectorTree({
  owner,
  depth = 0,
}: {
  readonly owner: RegistryNode;
  readonly depth?: number;
}): ReactElement {
  const entries = entriesOf(owner.children);
  return (
    <ul className={depth === 0 ? "voicepath-inspector-tree" : undefined}>
      {entries.slice(0, ENTRIES_MAX).map((entry) => (
        <li key={entry.key}>
          {entry.node.kind === "scope" ? (
            <Branch node={entry.node} owner={owner} depth={depth} />
          ) : (
            <Leaf entry={entry} owner={owner} />
          )}
        </li>
      ))}
      {entries.length > ENTRIES_MAX && <li>and {entries.length - ENTRIES_MAX} more</li>}
    </ul>
  );
}
