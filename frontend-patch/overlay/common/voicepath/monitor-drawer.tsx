/** Which part is slow, and why: for those who ask, by Ctrl+Shift+M or `?monitor`; nothing for others. */
import { lazy, type ReactElement, Suspense, useEffect, useState } from "react";

const MonitorPanelInDrawer = lazy(() => import("@/voicepath/monitor-panel"));

function isAsked(): boolean {
  return new URLSearchParams(window.location.search).has("monitor");
}

function isShortcut({ ctrlKey, shiftKey, altKey, metaKey, code }: KeyboardEvent): boolean {
  return ctrlKey && shiftKey && !altKey && !metaKey && code === "KeyM";
}

/** Once opened it goes on watching while it is closed. */
export function MonitorDrawer(): ReactElement | null {
  const [open, setOpen] = useState(isAsked);
  const [loaded, setLoaded] = useState(open);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!isShortcut(event)) return;
      event.preventDefault();
      setLoaded(true);
      setOpen((before) => !before);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  if (!loaded) return null;
  return (
    <Suspense fallback={null}>
      <MonitorPanelInDrawer open={open} onClose={() => setOpen(false)} />
    </Suspense>
  );
}
