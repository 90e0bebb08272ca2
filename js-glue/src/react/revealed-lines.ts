/** The lines of one language on the page. The whole page is laid out at once; its end is hidden. */
import type { SubtitlePage } from "../subtitle/subtitle-view.js";
import type { HiddenText } from "./hidden-text.js";

/** Letters that join their neighbours: Arabic, Syriac, N'Ko, Mongolian and their kind. */
const JOINING = /[\u0600-\u08ff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufeff]/;

/** Not between two letters that are drawn as one: in two spans each would have another shape. */
function dividable(text: string, at: number): number {
  let end = at;
  while (end > 0 && JOINING.test(text.charAt(end - 1)) && JOINING.test(text.charAt(end))) end++;
  return end;
}

/** A block of its own, so that only the line breaks of the page are taken. */
class Line {
  readonly element: HTMLElement;
  /** The whole text, or what is shown of it. */
  readonly shown: Text;
  /** The rest of the text, where it cannot be highlighted. */
  readonly #hidden: Text | undefined;
  #text = "";
  #visible = 0;

  constructor(document: Document, highlighted: boolean) {
    this.element = document.createElement("div");
    this.shown = document.createTextNode("");
    if (highlighted) {
      this.element.append(this.shown);
      return;
    }
    this.#hidden = document.createTextNode("");
    const spans = [this.shown, this.#hidden].map((text) => {
      const span = document.createElement("span");
      span.append(text);
      return span;
    });
    // By the object model: a policy without 'unsafe-inline' forbids the attribute only.
    spans[1]?.style.setProperty("visibility", "hidden");
    this.element.style.setProperty("font-kerning", "none");
    this.element.style.setProperty("font-variant-ligatures", "none");
    this.element.append(...spans);
  }

  get text(): string {
    return this.#text;
  }

  show(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#visible = text.length;
    this.shown.data = text;
    if (this.#hidden) this.#hidden.data = "";
  }

  /** For lines of two spans. */
  divide(visible: number): void {
    if (!this.#hidden || visible === this.#visible) return;
    this.#visible = visible;
    const end = dividable(this.#text, visible);
    this.shown.data = this.#text.slice(0, end);
    this.#hidden.data = this.#text.slice(end);
  }
}

export class RevealedLines {
  readonly #block: HTMLElement;
  readonly #hidden: HiddenText | null;
  readonly #lines: Line[] = [];
  #page: SubtitlePage | null = null;
  #visible = 0;

  /** @param hidden - for this block alone; null where there are no highlights */
  constructor(block: HTMLElement, hidden: HiddenText | null) {
    this.#block = block;
    this.#hidden = hidden;
  }

  /** @param visible - UTF-16 units of the page */
  show(page: SubtitlePage | null, visible: number): void {
    if (page === this.#page && visible === this.#visible) return;
    if (page !== this.#page) this.#lay(page);
    this.#page = page;
    this.#visible = visible;
    this.#reveal();
  }

  /** Lines that stay are left alone. */
  #lay(page: SubtitlePage | null): void {
    const texts = page?.lines ?? [];
    for (const line of this.#lines.splice(texts.length)) line.element.remove();
    texts.forEach(({ text }, i) => {
      let line = this.#lines[i];
      if (!line) {
        line = new Line(this.#block.ownerDocument, this.#hidden !== null);
        this.#lines.push(line);
        this.#block.append(line.element);
      }
      line.show(text);
    });
  }

  #reveal(): void {
    const { lines = [] } = this.#page ?? {};
    let hiding = false;
    for (let i = 0; i < lines.length; i++) {
      const line = this.#lines[i];
      const from = lines[i]?.from ?? 0;
      const last = this.#lines.at(-1);
      if (!line || !last) continue;
      const visible = Math.min(Math.max(this.#visible - from, 0), line.text.length);
      line.divide(visible);
      if (hiding || visible === line.text.length) continue;
      hiding = true;
      this.#hidden?.hide(line.shown, visible, last.shown);
    }
    if (!hiding) this.#hidden?.showAll();
  }
}
