/** The overlay's store and what hangs on it, with what a test needs to see. */
import type { ReactElement } from "react";
import { createRoot } from "react-dom/client";
import AdCarousel from "@/components/ad-carousel";
import { Toaster } from "@/components/ui/toaster";
import { useAppStore, useConfigStore, useMediaStore, useVADStore } from "@/store";
import { openApp } from "@/voicepath/app";
import { useSetting } from "@/voicepath/settings";
import type { StoreView } from "./frontend-page.js";

const renders: Record<string, number> = {};
const count = (id: string): void => {
  renders[id] = (renders[id] ?? 0) + 1;
};

function VAD(): ReactElement {
  const { micOn } = useVADStore();
  count("vad");
  return <output id="vad">{String(micOn)}</output>;
}

function Threshold(): ReactElement {
  const { threshold } = useVADStore(({ settings }) => ({
    threshold: settings.positiveSpeechThreshold,
  }));
  count("threshold");
  return <output id="threshold">{threshold}</output>;
}

function Config(): ReactElement {
  const state = useConfigStore(({ wsState }) => wsState);
  const media = useMediaStore();
  count("config");
  return (
    <output id="config">
      {state} {media.advertisements.index}
    </output>
  );
}

function Setting(): ReactElement {
  const [wsUrl, setWsUrl] = useSetting("wsUrl", "wss://page.example/client-ws");
  return (
    <button type="button" id="setting" onClick={() => setWsUrl((before) => `${before}!`)}>
      {wsUrl}
    </button>
  );
}

const SCENES: Readonly<Record<string, ReactElement>> = {
  nothing: <Toaster />,
  slices: (
    <>
      <Toaster />
      <VAD />
      <Threshold />
      <Config />
      <Setting />
    </>
  ),
  carousel: <AdCarousel />,
};

const container = document.getElementById("root");
if (!container) throw new Error("there is no #root");
const root = createRoot(container);

/** An action of the store, by name. */
function act(action: string, changes: unknown): void {
  const state: object = useAppStore.getState();
  (Reflect.get(state, action) as (changes: unknown) => void)(changes);
}

/** As somebody used to immer would do it. */
function mutate(path: readonly string[], value: unknown): string | null {
  try {
    useAppStore.setState((state) => {
      const owner = path.slice(0, -1).reduce<object>((at, name) => Reflect.get(at, name), state);
      Object.assign(owner, { [path[path.length - 1] ?? ""]: value });
      return state;
    });
    return null;
  } catch (error) {
    return String(error);
  }
}

const view: StoreView = {
  renders,
  show: (scene) => root.render(SCENES[scene]),
  act,
  mutate,
  state: () => JSON.parse(JSON.stringify(useAppStore.getState())),
  kept: () => JSON.parse(localStorage.getItem("app-store") ?? "null"),
  active: async () => (await openApp()).registry.stats().active,
  timers: async () => (await openApp()).registry.stats().timers,
};
Object.assign(window, { view });
