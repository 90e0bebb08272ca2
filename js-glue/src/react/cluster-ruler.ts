/** How wide grapheme clusters are in the fonts of two elements, as a canvas measures them. */

/** What of an element's style decides about widths. */
interface FontStyle {
  readonly font: string;
  readonly letterSpacingPx: number;
  readonly wordSpacingPx: number;
}

function fontStyle(element: Element, view: Window): FontStyle {
  const style = view.getComputedStyle(element);
  const { fontStyle, fontWeight, fontSize, fontFamily } = style;
  return {
    // Some engines leave the shorthand empty.
    font: style.font || `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`,
    letterSpacingPx: Number.parseFloat(style.letterSpacing) || 0,
    wordSpacingPx: Number.parseFloat(style.wordSpacing) || 0,
  };
}

class FontRuler {
  readonly #context: CanvasRenderingContext2D | null;
  #style: FontStyle = { font: "", letterSpacingPx: 0, wordSpacingPx: 0 };

  constructor(document: Document) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1; // nothing is drawn
    this.#context = canvas.getContext("2d");
  }

  /** @returns whether it is another one than before */
  setStyle(style: FontStyle): boolean {
    const { font, letterSpacingPx, wordSpacingPx } = this.#style;
    this.#style = style;
    if (this.#context) this.#context.font = style.font;
    return (
      style.font !== font ||
      style.letterSpacingPx !== letterSpacingPx ||
      style.wordSpacingPx !== wordSpacingPx
    );
  }

  /** NaN where there is no canvas. */
  width(cluster: string): number {
    const { letterSpacingPx, wordSpacingPx } = this.#style;
    const widthPx = this.#context?.measureText(cluster).width ?? Number.NaN;
    return widthPx + letterSpacingPx + (cluster === " " ? wordSpacingPx : 0);
  }
}

export class ClusterRuler {
  readonly #elements: Readonly<Record<"text" | "translation", Element>>;
  readonly #rulers: Readonly<Record<"text" | "translation", FontRuler>>;
  readonly #view: Window;

  constructor(text: Element, translation: Element, view: Window) {
    const { ownerDocument } = text;
    this.#elements = { text, translation };
    this.#rulers = {
      text: new FontRuler(ownerDocument),
      translation: new FontRuler(ownerDocument),
    };
    this.#view = view;
  }

  /** Reads the fonts again; whether they are others than before. */
  update(): boolean {
    const changed = (["text", "translation"] as const).map((language) =>
      this.#rulers[language].setStyle(fontStyle(this.#elements[language], this.#view)),
    );
    return changed.includes(true);
  }

  readonly measure = (cluster: string, language: "text" | "translation"): number =>
    this.#rulers[language].width(cluster);
}
