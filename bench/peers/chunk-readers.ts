/** Who takes a stream of text, each the way its users call it on a chunk. */
import type { SubtitleBuffer } from "voicepath";
import { JsClusters, JsSegmenter } from "./js-segmenter";
import {
  CSS_LINE_BREAK,
  INTL_SEGMENTER,
  LINEBREAK,
  loadTables,
  openIntlSegmenter,
  openProbe,
  UNICODE_SEGMENTER,
} from "./segmenters";
import { openSubtitle } from "./voicepath";

export interface OpenReader {
  /** Takes a chunk. Returns something that depends on it, so that nothing can be left out. */
  read(chunk: string): number;
  close?(): void;
}

export interface ChunkReader {
  readonly name: string;
  /** Chunks that take some hundred µs. */
  readonly batch: number;
  open(): Promise<OpenReader>;
}

/** How long nobody speaks, so that each chunk is read and the next one is laid out at once. */
const BETWEEN_CHUNKS_MS = 10_000;

/** A canvas, as <Subtitle> measures. */
function measureBy(font: string): (cluster: string) => number {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) throw new Error("there is no canvas");
  context.font = font;
  return (cluster) => context.measureText(cluster).width;
}

const openBuffer = (): Promise<SubtitleBuffer> =>
  openSubtitle({ measure: measureBy("600 32px system-ui") });

/** Everything: tags, four kinds of boundaries, cues, widths, lines. */
export const PUSH_AND_TICK: ChunkReader = {
  name: "voicepath",
  batch: 128,
  async open() {
    const buffer = await openBuffer();
    let nowMs = 0;
    return {
      read(chunk) {
        nowMs += BETWEEN_CHUNKS_MS;
        buffer.push(chunk);
        return buffer.tick(nowMs);
      },
      close: () => buffer.dispose(),
    };
  },
};

/** Before all that waits would be more than is kept. */
const CHUNKS_OF_TURN = 64;

/** Everything but lines. */
export const PUSH_ALONE: ChunkReader = {
  name: "voicepath without the tick",
  batch: 128,
  async open() {
    const buffer = await openBuffer();
    let chunks = 0;
    return {
      read(chunk) {
        if (chunks++ % CHUNKS_OF_TURN === 0) buffer.begin();
        return buffer.push(chunk);
      },
      close: () => buffer.dispose(),
    };
  },
};

/** The C segmenter alone, with the way into the heap. */
export const SEGMENTER_ALONE: ChunkReader = {
  name: "voicepath segmenter alone",
  batch: 1024,
  async open() {
    const probe = await openProbe();
    return { read: (chunk) => probe.segment(chunk)[0] ?? 0 };
  },
};

export const JS_CLUSTERS: ChunkReader = {
  name: "JavaScript, clusters",
  batch: 1024,
  async open() {
    const clusters = new JsClusters(await loadTables());
    return {
      read(chunk) {
        clusters.segment(chunk);
        return clusters.flags[0] ?? 0;
      },
    };
  },
};

export const JS_FOUR_KINDS: ChunkReader = {
  name: "JavaScript, four kinds of boundaries",
  batch: 1024,
  async open() {
    const segmenter = new JsSegmenter(await loadTables());
    return {
      read(chunk) {
        segmenter.push(chunk);
        return segmenter.flags[0] ?? 0;
      },
    };
  },
};

export const INTL_CLUSTERS: ChunkReader = {
  name: `${INTL_SEGMENTER}, clusters`,
  batch: 32,
  async open() {
    const segmenter = openIntlSegmenter("grapheme");
    if (!segmenter) throw new Error(`this browser has no ${INTL_SEGMENTER}`);
    return {
      read(chunk) {
        let last = 0;
        for (const { index } of segmenter.segment(chunk)) last = index;
        return last;
      },
    };
  },
};

export const UNICODE_SEGMENTER_CLUSTERS: ChunkReader = {
  name: `${UNICODE_SEGMENTER}, clusters`,
  batch: 256,
  async open() {
    const { graphemeSegments } = await import("unicode-segmenter/grapheme");
    return {
      read(chunk) {
        let last = 0;
        for (const { index } of graphemeSegments(chunk)) last = index;
        return last;
      },
    };
  },
};

export const LINEBREAK_LINES: ChunkReader = {
  name: `${LINEBREAK}, lines`,
  batch: 256,
  async open() {
    const { default: LineBreaker } = await import("linebreak");
    return {
      read(chunk) {
        const breaker = new LineBreaker(chunk);
        let last = 0;
        for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) last = next.position;
        return last;
      },
    };
  },
};

export const CSS_LINE_BREAK_LINES: ChunkReader = {
  name: `${CSS_LINE_BREAK}, lines`,
  batch: 32,
  async open() {
    const { LineBreaker } = await import("css-line-break");
    return {
      read(chunk) {
        const breaker = LineBreaker(chunk, { lineBreak: "strict" });
        let last = 0;
        for (let next = breaker.next(); !next.done; next = breaker.next()) last = next.value.end;
        return last;
      },
    };
  },
};
