/** The colours of style.css, for canvases; new ones when the system turns dark or light. */
import { useMemo, useSyncExternalStore } from "react";

const NAMES = [
  "text",
  "muted",
  "line",
  "surface",
  "ours",
  "ours-soft",
  "peer-v5",
  "peer-v6",
  "wave",
  "start",
  "real-start",
  "end",
  "misfire",
] as const;

export type ColourName = (typeof NAMES)[number];
export type Theme = Readonly<Record<ColourName, string>>;

function subscribe(changed: () => void): () => void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

export function useTheme(): Theme {
  const dark = useSyncExternalStore(
    subscribe,
    () => matchMedia("(prefers-color-scheme: dark)").matches,
  );
  return useMemo(() => readTheme(dark), [dark]);
}

function readTheme(_dark: boolean): Theme {
  const style = getComputedStyle(document.documentElement);
  const entries = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()] as const);
  return Object.fromEntries(entries) as Record<ColourName, string>;
}
