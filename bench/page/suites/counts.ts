/** Two ways to know how many of a kind are open: counters that are kept, and counting. */
import type { Registry } from "voicepath";
import { openRegistry } from "../../peers/voicepath";

export const MAP_SCAN = "scan of a Map";
const KINDS = ["socket", "listener", "frame", "worker", "task", "objectURL", "texture", "buffer"];

const kindOf = (i: number): string => KINDS[i % KINDS.length] ?? "resource";

/** A registry with so many resources of eight kinds. */
export async function openCounted(size: number): Promise<Registry> {
  const registry = await openRegistry();
  const scope = registry.scope("page");
  for (let i = 0; i < size; i++) scope.defer(() => {}, { kind: kindOf(i) });
  return registry;
}

/** What many write: a Map of everything that is open. */
export function openMap(size: number): ReadonlyMap<number, { readonly kind: string }> {
  return new Map(Array.from({ length: size }, (_, i) => [i, { kind: kindOf(i) }]));
}

export function countKinds(
  open: ReadonlyMap<number, { readonly kind: string }>,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of open.values()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
