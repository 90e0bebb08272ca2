/** The drawer itself; see monitor-drawer.tsx. */
import { type KeyboardEvent, type ReactElement, useEffect, useRef } from "react";
import { MonitorPanel, RegistryProvider, useMonitor } from "voicepath/react";
import { useApp } from "@/voicepath/app";
import { watchTurns } from "@/voicepath/turn-marks";
import "@/voicepath/monitor-panel.css";

interface DrawerProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

function Drawer({ open, onClose }: DrawerProps): ReactElement {
  const { monitor, turns } = useMonitor();
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => watchTurns(turns), [turns]);
  useEffect(() => {
    if (!open) return;
    const before = document.activeElement;
    drawer.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [open]);
  const press = ({ key }: KeyboardEvent): void => {
    if (key === "Escape") onClose();
  };
  const isChinese = navigator.language.startsWith("zh");
  return (
    <section
      ref={drawer}
      className="voicepath-drawer"
      role="dialog"
      aria-label={isChinese ? "监视器" : "Monitor"}
      tabIndex={-1}
      hidden={!open}
      onKeyDown={press}
    >
      <button
        type="button"
        className="voicepath-drawer-close"
        aria-label={isChinese ? "关闭" : "Close"}
        onClick={onClose}
      >
        ×
      </button>
      {open && <MonitorPanel monitor={monitor} inline />}
    </section>
  );
}

export default function MonitorPanelInDrawer(props: DrawerProps): ReactElement | null {
  const app = useApp();
  if (!app) return null;
  return (
    <RegistryProvider registry={app.registry}>
      <Drawer {...props} />
    </RegistryProvider>
  );
}
