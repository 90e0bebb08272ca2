import { reason, toast } from "@/voicepath/toasts";

/** Settings are read before there is anything on the page; the toaster is on it by then. */
const MOUNTED_MS = 1000;

const said = new Set<string>();

/** What could not be read or kept of the settings, and why: each thing once a page. */
export function settingsNotice(text: string, cause: unknown): void {
  const full = `${text}: ${reason(cause)}`;
  if (said.has(full)) return;
  said.add(full);
  console.warn(full);
  setTimeout(() => toast(`settings: ${full}`, full, "warning"), MOUNTED_MS);
}
