/** The overlay's view, in the shape with localStorage contexts, with what a test needs to see. */
import type { ReactElement } from "react";
import { createRoot } from "react-dom/client";
import Subtitle from "@/components/canvas/subtitle";
import { Toaster } from "@/components/ui/toaster";
import { BgUrlProvider, useBgUrl } from "@/context/bgurl-context";
import { SubtitleProvider, useSubtitle } from "@/context/subtitle-context";
import { useLocalStorage } from "@/hooks/utils/use-local-storage";
import { openApp } from "@/voicepath/app";
import { switchModel } from "@/voicepath/model-guard";
import { MonitorDrawer } from "@/voicepath/monitor-drawer";
import type { Spoken } from "@/voicepath/subtitles";
import { Character } from "./frontend-character.js";
import type { View } from "./frontend-page.js";

const renders: Record<string, number> = {};
const setters = new Set<unknown>();
let subtitle: ReturnType<typeof useSubtitle> | undefined;
let background: ReturnType<typeof useBgUrl> | undefined;
let spoken: Spoken | undefined;

function Counter({ id, of }: { readonly id: string; readonly of: string }): ReactElement {
  const [count, setCount] = useLocalStorage(of, 0);
  renders[id] = (renders[id] ?? 0) + 1;
  if (id === "a") setters.add(setCount);
  const thrice = (): void => {
    for (let i = 0; i < 3; i++) setCount((before) => before + 1);
  };
  return (
    <button type="button" id={id} onClick={thrice}>
      {count}
    </button>
  );
}

/** As the frontend keeps a model: without its address. */
function Model(): ReactElement {
  const [model, setModel] = useLocalStorage<{ url: string } | undefined>("modelInfo", undefined, {
    filter: (value) => value && { ...value, url: "" },
  });
  return (
    <button type="button" id="model" onClick={() => setModel(model ? undefined : { url: "luna" })}>
      {model?.url ?? "none"}
    </button>
  );
}

function SubtitleProbe(): null {
  subtitle = useSubtitle();
  return null;
}

function BackgroundProbe(): ReactElement {
  background = useBgUrl();
  renders["background"] = (renders["background"] ?? 0) + 1;
  return <output id="background">{background.backgroundUrl}</output>;
}

const SCENES: Readonly<Record<string, ReactElement>> = {
  nothing: <Toaster />,
  settings: (
    <>
      <Toaster />
      <Counter id="a" of="count" />
      <Counter id="b" of="count" />
      <Counter id="c" of="other" />
      <Model />
    </>
  ),
  subtitle: (
    <SubtitleProvider>
      <SubtitleProbe />
      <div id="place">
        <Subtitle />
      </div>
    </SubtitleProvider>
  ),
  background: (
    <BgUrlProvider>
      <BackgroundProbe />
    </BgUrlProvider>
  ),
  monitor: (
    <>
      <input id="field" />
      <MonitorDrawer />
    </>
  ),
};

const container = document.getElementById("root");
if (!container) throw new Error("there is no #root");
const root = createRoot(container);

const storageListeners = new Set<unknown>();

/** Counts who listens to what other tabs store. */
function watchListeners(name: "addEventListener" | "removeEventListener", keep: boolean): void {
  const native = Reflect.get(window, name) as (...args: unknown[]) => void;
  Reflect.set(window, name, (...args: unknown[]) => {
    const [type, listener] = args;
    if (type === "storage" && keep) storageListeners.add(listener);
    if (type === "storage" && !keep) storageListeners.delete(listener);
    native.apply(window, args);
  });
}
watchListeners("addEventListener", true);
watchListeners("removeEventListener", false);

const character = new Character();

/** What is shown of the voice's text: all but what the highlight of what is unspoken covers. */
function visibleText(): string {
  const block = document.querySelector(".voicepath-subtitle-text");
  if (!block?.checkVisibility({ visibilityProperty: true })) return "";
  const text = block.textContent ?? "";
  let hidden = 0;
  for (const range of CSS.highlights.get("voicepath-unspoken") ?? []) {
    const live = document.createRange();
    live.setStart(range.startContainer, range.startOffset);
    live.setEnd(range.endContainer, range.endOffset);
    if (block.contains(range.startContainer)) hidden += live.toString().length;
  }
  return text.slice(0, text.length - hidden);
}

const view: View = {
  renders,
  show: (scene) => root.render(SCENES[scene]),
  setters: () => setters.size,
  storageListeners: () => storageListeners.size,
  active: async () => (await openApp()).registry.stats().active,
  hasSubtitles: () => subtitle?.subtitles !== undefined,
  say: (text) => subtitle?.setSubtitleText(text),
  subtitleText: () => subtitle?.subtitleText,
  showSubtitle: (show) => subtitle?.setShowSubtitle(show),
  speak(text, clip) {
    spoken = subtitle?.subtitles?.speak(text, clip);
  },
  started: () => spoken?.started(performance.now()),
  finished: () => spoken?.finished(performance.now()),
  interrupt: () => subtitle?.subtitles?.interrupt(),
  begin: () => subtitle?.subtitles?.begin(),
  visibleText,
  setBackground: (url) => background?.setBackgroundUrl(url),
  resetBackground: () => background?.resetBackground(),
  isDefaultBackground: () => background?.isDefaultBackground,
  startCharacter: (guarded) => (guarded ? switchModel(() => character.start()) : character.start()),
  character: () => character.counts(),
};
Object.assign(window, { view });
