/** Series that are looked at together, and what sets one apart from the others. */
import type { SeriesStats } from "./series.js";
import type { Verdict } from "./verdict.js";

/** The first parts of the names, "group/what", by section. */
const GROUPS = {
  frames: ["frames", "long-frames", "gl"],
  loop: ["loop", "pauses", "page"],
  memory: ["heap", "wasm", "storage"],
  open: ["registry"],
  network: ["socket"],
  turns: ["turn"],
  server: ["server"],
  machine: ["machine", "tabs", "audio"],
} as const;

type KnownSection = keyof typeof GROUPS;

/** "own": the application's. */
export type SectionName = KnownSection | "own";

/** Where there is room for two columns: what is in the page, and what it talks with. */
export const COLUMNS: readonly (readonly SectionName[])[] = [
  ["frames", "loop", "memory", "open"],
  ["network", "turns", "server", "machine", "own"],
];

const SECTION_OF = new Map<string, SectionName>(
  Object.entries(GROUPS).flatMap(([section, groups]) =>
    groups.map((group) => [group, section as KnownSection] as const),
  ),
);

export function sectionOf(name: string): SectionName {
  const [group = ""] = name.split("/", 1);
  return SECTION_OF.get(group) ?? "own";
}

export const hasNoValue = ({ count }: SeriesStats): boolean => count === 0;

/** Sums of equal values differ, but for those of nothing. */
export function isConstant({ count, min, max, point }: SeriesStats): boolean {
  return count > 0 && min === max && (point !== "sum" || min === 0);
}

export const getsWorse = ({ verdict }: Verdict): boolean =>
  verdict === "rising" || verdict === "step";
