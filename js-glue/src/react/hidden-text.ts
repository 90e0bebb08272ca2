/**
 * Text that has its place already and is not to be seen yet: from one position to the end.
 *
 * A CSS highlight paints it transparent. That touches neither the DOM nor the layout: a step costs
 * about 1 µs, where a span for each grapheme cluster costs a thousand, and nothing that is shown can
 * move. Where there are no highlights, each line is two spans, and the second is hidden.
 */
import { UNSPOKEN } from "./subtitle-style.js";

export class HiddenText {
  readonly #range: Range;
  readonly #highlights: HighlightRegistry;
  readonly #highlight: Highlight;

  private constructor(document: Document, view: typeof globalThis) {
    this.#range = document.createRange();
    this.#highlights = view.CSS.highlights;
    this.#highlight = this.#highlights.get(UNSPOKEN) ?? new view.Highlight();
    this.#highlight.add(this.#range);
    this.#highlights.set(UNSPOKEN, this.#highlight);
  }

  /** Null where there are no highlights. */
  static create(document: Document, view: typeof globalThis): HiddenText | null {
    if (!view.CSS?.highlights || !view.Highlight) return null;
    return new HiddenText(document, view);
  }

  /** Hides from unit `offset` of a text to the end of another that follows. */
  hide(from: Text, offset: number, to: Text): void {
    this.#range.setStart(from, offset);
    this.#range.setEnd(to, to.length);
  }

  /** Hides nothing. */
  showAll(): void {
    this.#range.collapse(true);
  }

  dispose(): void {
    this.#highlight.delete(this.#range);
    if (this.#highlight.size === 0) this.#highlights.delete(UNSPOKEN);
  }
}
