/** A talking component and its subtitle, put on a stage by the tests. Time is what the tests say. */
import {
  Activity,
  Component,
  Fragment,
  Profiler,
  type ReactNode,
  StrictMode,
  useLayoutEffect,
} from "react";
import { createRoot, type Root } from "react-dom/client";
import { loadSession, Registry, SubtitleBuffer } from "voicepath";
import {
  RegistryProvider,
  Subtitle,
  type SubtitleProps,
  type SubtitleResult,
  type UseSubtitleOptions,
  useSubtitle,
} from "voicepath/react";

const session = await loadSession();

interface Scene {
  readonly options?: UseSubtitleOptions;
  readonly view?: Partial<SubtitleProps>;
  readonly mode?: "visible" | "hidden";
  /** How many show the same buffer. */
  readonly views?: number;
  /** Said by a layout effect, before there is a buffer. */
  readonly early?: string;
}

function Speaker({ options, view, views = 1, early }: Omit<Scene, "mode">): ReactNode {
  const subtitle = useSubtitle({ now: talk.now, ...options });
  talk.subtitle = subtitle;
  useLayoutEffect(() => {
    if (early !== undefined) talk.events.push(`early ${talk.subtitle?.add(early)}`);
  }, [early]);
  return Array.from({ length: views }, (_, i) => (
    <Profiler key={i} id="subtitle" onRender={() => void talk.renders++}>
      <Subtitle buffer={subtitle.buffer} now={talk.now} {...view} />
    </Profiler>
  ));
}

class Boundary extends Component<{ children: ReactNode }> {
  override state = { failed: "" };
  static getDerivedStateFromError(error: Error): { failed: string } {
    return { failed: error.message };
  }
  override render(): ReactNode {
    const { failed } = this.state;
    return failed === "" ? this.props.children : <p id="failed">{failed}</p>;
  }
}

/** A cluster on the page, and where it is drawn. */
interface Place {
  readonly line: number;
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

const talk = {
  session,
  SubtitleBuffer,
  registry: Registry.create(session),
  strict: true,
  root: null as Root | null,
  subtitle: null as SubtitleResult | null,
  renders: 0,
  events: [] as string[],
  /** What the clock says; null for the real one. */
  nowMs: 0 as number | null,
  now: (): number => talk.nowMs ?? performance.now(),

  /** The buffer that is there once React has run its effects. */
  async render({ mode = "visible", ...scene }: Scene): Promise<void> {
    talk.root ??= createRoot(document.getElementById("root") as HTMLElement, {
      onCaughtError: () => {},
    });
    const Mode = talk.strict ? StrictMode : Fragment;
    talk.root.render(
      <Mode>
        <RegistryProvider registry={talk.registry}>
          <Boundary>
            <Activity mode={mode}>
              <Speaker {...scene} />
            </Activity>
          </Boundary>
        </RegistryProvider>
      </Mode>,
    );
    await talk.settle();
  },
  /** Until React has rendered and two frames were drawn. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    for (let i = 0; i < 2; i++) await talk.frame();
  },
  /**
   * The next frame is drawn for this time. Timers know nothing of the tests' clock, so whoever sleeps is
   * woken by a text of no length.
   */
  async at(nowMs: number): Promise<void> {
    talk.nowMs = nowMs;
    talk.buffer.push("");
    await talk.frame();
  },
  /** Within the next frame, after what was asked for before. */
  frame: () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve())),
  unmount(): void {
    talk.root?.unmount();
    talk.root = null;
  },
  /** As it was when it was loaded; how many resources are still open. */
  reset(): number {
    talk.unmount();
    Object.assign(talk, { subtitle: null, strict: true, events: [], nowMs: 0 });
    return talk.registry.active();
  },
  get buffer(): SubtitleBuffer {
    if (!talk.subtitle?.buffer) throw new Error("there is no buffer");
    return talk.subtitle.buffer;
  },

  element(part: string): HTMLElement {
    return document.querySelector(`.voicepath-subtitle${part}`) as HTMLElement;
  },
  lines(part = "-text"): string[] {
    return Array.from(talk.element(part).children, ({ textContent }) => textContent ?? "");
  },
  /** The texts of the lines, however many spans they are. */
  texts(part = "-text"): { line: number; node: Text }[] {
    return Array.from(talk.element(part).children).flatMap((element, line) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const nodes: { line: number; node: Text }[] = [];
      while (walker.nextNode()) nodes.push({ line, node: walker.currentNode as Text });
      return nodes;
    });
  },
  /** Where every cluster that is not hidden is drawn. */
  shownPlaces(part = "-text"): Place[] {
    const hidden = talk.hiddenRanges();
    const places: Place[] = [];
    const segmenter = new Intl.Segmenter();
    for (const { line, node } of talk.texts(part)) {
      if (node.parentElement && getComputedStyle(node.parentElement).visibility === "hidden")
        continue;
      for (const { index, segment } of segmenter.segment(node.data)) {
        if (hidden.some((range) => !range.collapsed && range.comparePoint(node, index) === 0))
          continue;
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + segment.length);
        const { x, y } = range.getBoundingClientRect();
        places.push({ line, text: segment, x, y });
      }
    }
    return places;
  },
  hiddenRanges(): Range[] {
    if (!("highlights" in CSS)) return [];
    return [...(CSS.highlights.get("voicepath-unspoken") ?? [])] as Range[];
  },
  /**
   * While time goes on to `toMs`: how many clusters were shown, in how many frames, and which frames
   * moved any of them by more than `tolerancePx`.
   */
  async watch(
    toMs: number,
    stepMs: number,
    tolerancePx = 0,
  ): Promise<{ shown: number; frames: number; moved: string[] }> {
    let before: Place[] = [];
    const result = { shown: 0, frames: 0, moved: [] as string[] };
    while ((talk.nowMs ?? toMs) < toMs) {
      await talk.at(Math.min(toMs, (talk.nowMs ?? 0) + stepMs));
      const places = talk.shownPlaces();
      before.some(({ x, y, text }, i) => {
        const now = places[i];
        const movedPx = Math.max(Math.abs((now?.x ?? 1e9) - x), Math.abs((now?.y ?? 1e9) - y));
        const isMoved = movedPx > tolerancePx || now?.text !== text;
        if (isMoved)
          result.moved.push(`${talk.nowMs} ms: ${i} ${text} by ${movedPx} px, now ${now?.text}`);
        return isMoved;
      });
      result.frames += places.length > before.length ? 1 : 0;
      before = places;
      result.shown = places.length;
    }
    return result;
  },
  /** What overflows, and lines that take more than one. */
  misfits(part = "-text"): string[] {
    const block = talk.element(part);
    const box = talk.element("-box").getBoundingClientRect();
    const fontPx = Number.parseFloat(getComputedStyle(block).fontSize);
    const wrong = block.scrollWidth > block.clientWidth ? [`overflow of ${block.clientWidth}`] : [];
    for (const element of block.children) {
      const range = document.createRange();
      range.selectNodeContents(element);
      const { left, right } = range.getBoundingClientRect();
      if (left < box.left || right > box.right) wrong.push(`outside: ${element.textContent}`);
      if (element.getBoundingClientRect().height > 2 * fontPx)
        wrong.push(`wrapped: ${element.textContent}`);
    }
    return wrong;
  },
};

declare global {
  interface Window {
    talk: typeof talk;
  }
}

Object.assign(window, { talk });
