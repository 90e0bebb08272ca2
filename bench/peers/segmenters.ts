/** Who finds boundaries in text, each called the way its users call it. */
import { BREAKS, type BreakKind, SegmentProbe } from "../../tests/js/segment-probe";
import { JsSegmenter, type SegmentTables } from "./js-segmenter";

/** The boundaries within a text, in UTF-16 units: not at its start or end. */
export type FindBoundaries = (text: string) => readonly number[];

export interface BoundaryFinder {
  readonly name: string;
  /** Null where the browser has none. */
  open(kind: BreakKind): Promise<FindBoundaries | null>;
}

/** Of ECMA-402, but for lines. */
export const INTL_SEGMENTER = "Intl.Segmenter";
/** Of V8, in no standard. */
export const V8_BREAK_ITERATOR = "Intl.v8BreakIterator";
export const UNICODE_SEGMENTER = "unicode-segmenter";
export const LINEBREAK = "linebreak";
export const CSS_LINE_BREAK = "css-line-break";
/** js-segmenter.ts. */
export const JAVASCRIPT = "JavaScript, same tables";

/** For all languages. */
const LOCALE = "en";

interface V8BreakIterator {
  adoptText(text: string): void;
  first(): number;
  /** -1 after the last. */
  next(): number;
}

interface V8Intl {
  readonly v8BreakIterator?: new (
    locale: string,
    options: { readonly type: "character" | "word" | "sentence" | "line" },
  ) => V8BreakIterator;
}

const read = async (path: string): Promise<Response> => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};

export async function loadTables(): Promise<SegmentTables> {
  return (await read("/subtitle/segment-tables.json")).json();
}

/** The C segmenter without what is around it. */
export async function openProbe(): Promise<SegmentProbe> {
  return new SegmentProbe(await (await read("/subtitle/segment_probe.wasm")).arrayBuffer());
}

function boundariesIn(flags: Uint8Array, units: number, bit: number): number[] {
  const found: number[] = [];
  for (let at = 1; at < units; at++) if (((flags[at] ?? 0) & bit) !== 0) found.push(at);
  return found;
}

export function openV8LineBreaker(): V8BreakIterator | null {
  const { v8BreakIterator } = Intl as V8Intl;
  return v8BreakIterator ? new v8BreakIterator(LOCALE, { type: "line" }) : null;
}

/** Null where there is none, or for lines. */
export function openIntlSegmenter(kind: BreakKind): Intl.Segmenter | null {
  if (kind === "line" || !("Segmenter" in Intl)) return null;
  return new Intl.Segmenter(LOCALE, { granularity: kind });
}

/** In the order in which they are shown. Each is asked only for what it offers. */
export const FINDERS = {
  ours: {
    name: "voicepath",
    async open(kind) {
      const probe = await openProbe();
      return (text) => boundariesIn(probe.segment(text), text.length, BREAKS[kind]);
    },
  },
  javascript: {
    name: JAVASCRIPT,
    async open(kind) {
      const segmenter = new JsSegmenter(await loadTables());
      return (text) => {
        segmenter.reset();
        segmenter.push(text);
        segmenter.end();
        return boundariesIn(segmenter.flags, text.length, BREAKS[kind]);
      };
    },
  },
  intl: {
    name: INTL_SEGMENTER,
    async open(kind) {
      const segmenter = openIntlSegmenter(kind);
      return (
        segmenter && ((text) => Array.from(segmenter.segment(text), ({ index }) => index).slice(1))
      );
    },
  },
  v8: {
    name: V8_BREAK_ITERATOR,
    async open() {
      const iterator = openV8LineBreaker();
      return (
        iterator &&
        ((text) => {
          const found: number[] = [];
          iterator.adoptText(text);
          for (let at = iterator.first(); at !== -1; at = iterator.next())
            if (at > 0 && at < text.length) found.push(at);
          return found;
        })
      );
    },
  },
  unicodeSegmenter: {
    name: UNICODE_SEGMENTER,
    async open() {
      const { graphemeSegments } = await import("unicode-segmenter/grapheme");
      return (text) => Array.from(graphemeSegments(text), ({ index }) => index).slice(1);
    },
  },
  linebreak: {
    name: LINEBREAK,
    async open() {
      const { default: LineBreaker } = await import("linebreak");
      return (text) => {
        const found: number[] = [];
        const breaker = new LineBreaker(text);
        for (let next = breaker.nextBreak(); next; next = breaker.nextBreak())
          if (next.position < text.length) found.push(next.position);
        return found;
      };
    },
  },
  cssLineBreak: {
    name: CSS_LINE_BREAK,
    async open() {
      const { LineBreaker } = await import("css-line-break");
      return (text) => {
        const found: number[] = [];
        const breaker = LineBreaker(text, { lineBreak: "strict" });
        let at = 0;
        for (let next = breaker.next(); !next.done; next = breaker.next()) {
          at += next.value.slice().length;
          if (at < text.length) found.push(at);
        }
        return found;
      };
    },
  },
} satisfies Record<string, BoundaryFinder>;
