/**
 * Draws a SubtitleBuffer into the elements of a `<Subtitle>`, past React: a frame that changes nothing
 * costs one call into wasm, one that reveals a cluster moves the end of a highlight, and only another
 * page changes the DOM. Between two changes that are far apart no frames are asked for at all.
 */
import type { FrameLoop } from "../registry/frame-loop.js";
import type { Scope } from "../registry/scope.js";
import type { Timer } from "../registry/timer.js";
import type { SubtitleBuffer } from "../subtitle/subtitle-buffer.js";
import type { SubtitleCue } from "../subtitle/subtitle-cue.js";
import type { SubtitlePhase } from "../subtitle/subtitle-view.js";
import { adoptStyle } from "./adopted-style.js";
import { ClusterRuler } from "./cluster-ruler.js";
import { HiddenText } from "./hidden-text.js";
import { RevealedLines } from "./revealed-lines.js";
import { SUBTITLE_CSS } from "./subtitle-style.js";

export interface ScreenElements {
  /** Carries the state as data attributes. */
  readonly root: HTMLElement;
  /** As wide as a line may be, and as high as the font is. */
  readonly ruler: HTMLElement;
  readonly text: HTMLElement;
  readonly translation: HTMLElement;
  /** The live region. */
  readonly live: HTMLElement;
}

export interface ScreenOptions {
  /** The clock of the buffer. */
  readonly now: () => number;
  /** Whether the live region is used. */
  readonly announce: boolean;
}

/**
 * The width of a line, as its clusters' widths add up to it, is 0.988 to 1.013 of what it is when it is
 * shaped as a whole: kerning, mostly. So that no line is wider than the box, this much of it is used.
 */
const USED_WIDTH = 0.985;

/** A change this near is waited for with frames; one further off with a timer, until shortly before. */
const NEAR_MS = 100;
const BEFORE_MS = 20;
const TIMER_MAX_MS = 60_000;

/** Not joined, nor passed over. */
function wasShown({ state, heardUnits, text }: SubtitleCue): boolean {
  return text !== "" && (state === "playing" || state === "ended" || heardUnits > 0);
}

export class SubtitleScreen {
  readonly #scope: Scope;
  readonly #buffer: SubtitleBuffer;
  readonly #elements: ScreenElements;
  readonly #options: { readonly current: ScreenOptions };
  readonly #lines: RevealedLines;
  readonly #translation: RevealedLines;
  readonly #ruler: ClusterRuler;
  readonly #reducedMotion: MediaQueryList;
  readonly #timer: Timer;
  #loop: FrameLoop | undefined;
  /** What is drawn. */
  #revision = -1;
  #phase: SubtitlePhase = "empty";
  /** The cue whose text began on the page before it was complete. */
  #grown = 0;
  #announced: number;
  #widthPx = 0;
  #emPx = 0;

  /**
   * It draws until the scope ends.
   *
   * @param options - of the latest render
   */
  constructor(
    scope: Scope,
    buffer: SubtitleBuffer,
    elements: ScreenElements,
    options: { readonly current: ScreenOptions },
  ) {
    const { ownerDocument } = elements.root;
    const view = ownerDocument.defaultView ?? window;
    const root = elements.root.getRootNode() as Document | ShadowRoot;
    const styleTaken = adoptStyle(SUBTITLE_CSS, root, view);
    if (styleTaken) scope.defer(styleTaken);
    const reveal = (block: HTMLElement): RevealedLines => {
      const hidden = styleTaken && HiddenText.create(ownerDocument, view);
      if (hidden) scope.use(hidden);
      return new RevealedLines(block, hidden);
    };
    this.#scope = scope;
    this.#buffer = buffer;
    this.#elements = elements;
    this.#options = options;
    this.#lines = reveal(elements.text);
    this.#translation = reveal(elements.translation);
    this.#ruler = new ClusterRuler(elements.text, elements.translation, view);
    this.#reducedMotion = view.matchMedia("(prefers-reduced-motion: reduce)");
    this.#timer = scope.timer(this.#wake);
    this.#announced = Math.max(0, buffer.cue - 1);
    scope.listen(this.#reducedMotion, "change", this.#redraw);
    scope.listen(ownerDocument.fonts, "loadingdone", () => this.fit(true));
    scope.defer(buffer.on("input", this.#wake));
    scope.defer(() => this.#leave());
    scope.observe(
      new view.ResizeObserver((entries) => this.#resized(entries.at(-1)?.contentRect)),
      elements.ruler,
    );
    this.#wake();
  }

  /**
   * Takes fonts and widths as they are now.
   *
   * @param fontsLoaded - what was measured may be another width now
   */
  fit(fontsLoaded = false): void {
    const widthPx = this.#widthPx * USED_WIDTH;
    if (this.#buffer.disposed || widthPx < 1 || this.#emPx < 1) return;
    const { style } = this.#buffer;
    const changed = this.#ruler.update() || fontsLoaded || !this.#measures;
    if (!changed && style.widthPx === widthPx && style.emPx === this.#emPx) return;
    this.#buffer.restyle({
      widthPx,
      emPx: this.#emPx,
      ...(changed ? { measure: this.#ruler.measure } : {}),
    });
  }

  get #measures(): boolean {
    return this.#buffer.measure === this.#ruler.measure;
  }

  /** Before the frame is painted: lines that no longer fit are never seen. */
  #resized(rect: DOMRectReadOnly | undefined): void {
    if (!rect) return;
    this.#widthPx = rect.width;
    this.#emPx = rect.height;
    this.fit();
    this.#draw();
  }

  // ---- Frames ----

  readonly #wake = (): void => {
    if (this.#loop || this.#scope.disposed) return;
    this.#timer.stop();
    this.#loop = this.#scope.raf(this.#frame);
  };

  readonly #frame = (): boolean => {
    const nowMs = this.#draw();
    if (nowMs === null) return this.#rest();
    const waitMs = this.#buffer.dueMs - nowMs;
    if (waitMs <= NEAR_MS) return true;
    if (waitMs < Number.POSITIVE_INFINITY)
      this.#timer.start(Math.min(waitMs - BEFORE_MS, TIMER_MAX_MS));
    return this.#rest();
  };

  #rest(): false {
    this.#loop = undefined;
    return false;
  }

  readonly #redraw = (): void => {
    this.#revision = -1;
    this.#wake();
  };

  // ---- Drawing ----

  /** The time it is drawn for; null when there is nothing to draw any more. */
  #draw(): number | null {
    if (this.#buffer.disposed) return null;
    const nowMs = this.#options.current.now();
    const revision = this.#buffer.tick(nowMs);
    // A listener of the buffer's may have disposed of it.
    if (this.#buffer.disposed) return null;
    if (revision !== this.#revision) {
      this.#revision = revision;
      this.#show();
    }
    return nowMs;
  }

  #show(): void {
    const { page, translationPage, visible, translationVisible } = this.#buffer;
    const atOnce = this.#reducedMotion.matches;
    this.#showState(page?.growing === true);
    this.#lines.show(page, atOnce ? Number.POSITIVE_INFINITY : visible);
    this.#translation.show(translationPage, atOnce ? Number.POSITIVE_INFINITY : translationVisible);
    if (this.#options.current.announce) this.#announce();
  }

  #showState(growing: boolean): void {
    const { phase, cue, style } = this.#buffer;
    const { root } = this.#elements;
    if (phase !== this.#phase) {
      this.#phase = phase;
      root.dataset["phase"] = phase;
      if (phase === "fading")
        root.style.setProperty("--voicepath-subtitle-fade", `${style.fadeMs}ms`);
    }
    // Text that grows begins where its line does; it stays there when it has grown.
    const grown = growing || (cue !== 0 && cue === this.#grown) ? cue : 0;
    if ((grown !== 0) !== (this.#grown !== 0)) root.toggleAttribute("data-growing", grown !== 0);
    this.#grown = grown;
  }

  /** Each cue once, as a whole: a screen reader is not to spell it. */
  #announce(): void {
    const { cue, page } = this.#buffer;
    if (cue === 0) {
      if (this.#phase === "empty") this.#elements.live.replaceChildren();
      return;
    }
    if (cue <= this.#announced || page?.growing) return;
    const paragraphs: HTMLElement[] = [];
    for (let serial = this.#announced + 1; serial <= cue; serial++) {
      const spoken = this.#buffer.get(serial);
      if (!spoken || !wasShown(spoken)) continue;
      const paragraph = this.#elements.live.ownerDocument.createElement("p");
      paragraph.textContent = spoken.text;
      paragraphs.push(paragraph);
    }
    this.#announced = cue;
    this.#elements.live.replaceChildren(...paragraphs);
  }

  // ---- The end ----

  /** For the one after it: its elements may stay, and so may the buffer. */
  #leave(): void {
    this.#lines.show(null, 0);
    this.#translation.show(null, 0);
    this.#elements.live.replaceChildren();
    this.#elements.root.dataset["phase"] = "empty" satisfies SubtitlePhase;
    this.#elements.root.removeAttribute("data-growing");
    if (!this.#buffer.disposed && this.#measures) this.#buffer.restyle({ measure: null });
  }
}
