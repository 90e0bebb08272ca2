/** A place at the foot of the page where text is revealed: by the real component, and without it. */
import { createElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import type { SubtitleBuffer } from "voicepath";
import { RegistryProvider, Subtitle } from "voicepath/react";
import { openRegistry, openSubtitle } from "../../peers/voicepath";
import { LINE, LINE_MS, LINE_WORDS, STEP_MS } from "./subtitle-text";
import { VOICEPATH } from "./suite";

/** Sixteen characters a line, so that 98 take seven. */
const WIDTH_PX = 400;
const FONT = "600 24px/1.4 system-ui, sans-serif";
const LINES = 8;
const FRAMES_MAX = 120;

/** After the next frame was drawn. */
export const frame = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** How many frames were drawn until it holds, at least one. */
export async function framesUntil(what: string, condition: () => boolean): Promise<number> {
  for (let frames = 1; frames <= FRAMES_MAX; frames++) {
    await frame();
    if (condition()) return frames;
  }
  throw new Error(`${what}: not in ${FRAMES_MAX} frames`);
}

/** An element at the foot of the page, to be removed. */
export function openStage(): HTMLElement {
  const stage = document.createElement("div");
  stage.setAttribute("aria-hidden", "true");
  Object.assign(stage.style, {
    position: "fixed",
    insetInline: "0",
    bottom: "0",
    zIndex: "9",
    pointerEvents: "none",
  });
  document.body.append(stage);
  return stage;
}

/** A block that looks as <Subtitle> does. */
export function openBlock(stage: HTMLElement): HTMLElement {
  const block = document.createElement("div");
  Object.assign(block.style, {
    width: `${WIDTH_PX}px`,
    margin: "auto",
    font: FONT,
    color: "#fff",
    background: "#000",
    textAlign: "center",
    whiteSpace: "pre-wrap",
  });
  stage.append(block);
  return block;
}

/** The component on the page, with a clock of one's own. */
export class OpenSubtitle {
  readonly buffer: SubtitleBuffer;
  /** Where the text is. */
  readonly text: HTMLElement;
  readonly #close: () => void;

  private constructor(buffer: SubtitleBuffer, text: HTMLElement, close: () => void) {
    this.buffer = buffer;
    this.text = text;
    this.#close = close;
  }

  static async open(now: () => number): Promise<OpenSubtitle> {
    const registry = await openRegistry();
    const buffer = await openSubtitle({ lines: LINES });
    const stage = openStage();
    const root: Root = createRoot(stage);
    const close = (): void => {
      root.unmount();
      stage.remove();
      buffer.dispose();
      registry[Symbol.dispose]();
    };
    const style = { font: FONT, width: WIDTH_PX, "--voicepath-subtitle-padding": "0" };
    root.render(
      createElement(
        RegistryProvider,
        { registry },
        createElement(Subtitle, { buffer, now, style }),
      ),
    );
    try {
      const { emPx } = buffer.style;
      await framesUntil("measuring the font", () => buffer.style.emPx !== emPx);
      const text = stage.querySelector<HTMLElement>(".voicepath-subtitle-text");
      if (!text) throw new Error("<Subtitle> has no text");
      return new OpenSubtitle(buffer, text, close);
    } catch (error) {
      close();
      throw error;
    }
  }

  /** A cue in which each character is a word, which starts at `atMs`. */
  sayLine(atMs: number): void {
    const { buffer } = this;
    buffer.start(buffer.add(LINE, { clip: { words: LINE_WORDS, durationMs: LINE_MS } }), { atMs });
  }

  close(): void {
    this.#close();
  }
}

// ---- Revealing LINE ----

export interface OpenReveal {
  readonly text: HTMLElement;
  /** Begins again, with the first character. */
  begin(): Promise<void>;
  /** Shows the first `count` characters, and waits until they are drawn. */
  show(count: number): Promise<void>;
  close(): void;
}

export interface Reveal {
  readonly name: string;
  open(): Promise<OpenReveal>;
}

const BY_SUBTITLE: Reveal = {
  name: VOICEPATH,
  async open() {
    let nowMs = 0;
    let startMs = 0;
    const subtitle = await OpenSubtitle.open(() => nowMs);
    const { buffer, text } = subtitle;
    const show = async (count: number): Promise<void> => {
      nowMs = startMs + (count - 0.5) * STEP_MS;
      await framesUntil(`showing ${count}`, () => buffer.visible === count);
    };
    return {
      text,
      async begin() {
        startMs = nowMs + LINE_MS;
        subtitle.sayLine(startMs);
        await show(1);
      },
      show,
      close: () => subtitle.close(),
    };
  },
};

function appending(name: string, style: Partial<CSSStyleDeclaration>): Reveal {
  return {
    name,
    async open() {
      const stage = openStage();
      const text = openBlock(stage);
      Object.assign(text.style, style);
      const show = (count: number): Promise<void> => {
        text.textContent = LINE.slice(0, count);
        return frame();
      };
      return { text, begin: () => show(1), show, close: () => stage.remove() };
    },
  };
}

export const APPENDED = "text that is appended";
export const REVEALS: readonly Reveal[] = [
  BY_SUBTITLE,
  appending(APPENDED, {}),
  appending(`${APPENDED}, text-wrap: balance`, { textWrap: "balance" }),
];

/** From the first character to the last. */
export const REVEAL_STEPS = LINE_WORDS.length - 1;
/** In a smoke test. */
export const QUICK_STEPS = 20;
