/** One toast for one thing that went wrong, however often it goes wrong. */
import { getI18n } from "react-i18next";
import { toaster } from "@/components/ui/toaster";

/** The same toast is not shown again for so long. */
const QUIET_MS = 10_000;
const DURATION_MS = 6000;

/** By name; those that may be shown again are forgotten. */
const shownMs = new Map<string, number>();

/** The frontend's words for a key. */
export function words(key: string): string {
  return getI18n()?.t(key) ?? key;
}

/**
 * @param name - what it is about: toasts of one name are one toast
 * @param title - what happened, and what to do
 */
export function toast(
  name: string,
  title: string,
  type: "error" | "warning" | "info" | "success" = "error",
): void {
  const now = performance.now();
  for (const [old, lastMs] of shownMs) if (now - lastMs >= QUIET_MS) shownMs.delete(old);
  if (shownMs.has(name)) return;
  shownMs.set(name, now);
  toaster.create({ title, type, duration: DURATION_MS });
}

/** What an error says, whatever was thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
