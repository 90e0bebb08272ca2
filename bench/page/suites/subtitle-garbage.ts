import { openIntlSegmenter } from "../../peers/segmenters";
import { openSubtitle } from "../../peers/voicepath";
import { type Load, measureGarbage } from "./garbage";
import { LINE, LINE_MS, LINE_WORDS, STEP_MS } from "./subtitle-text";
import { type Suite, VOICEPATH } from "./suite";

const SLICE = "text.slice()";
const FRAMES = LINE_WORDS.length;
const FRAME_MS = Float64Array.from(LINE_WORDS, ({ atMs }) => atMs);

const nothing = (): void => {};

/** Where the frames leave what they found, as if it were drawn. */
const drawn = { visible: 0, lines: 0, text: "" };

const ours: Load = {
  name: VOICEPATH,
  async open() {
    const buffer = await openSubtitle({ widthPx: 512, lines: 8 });
    let startMs = 0;
    let shown = 0;
    const frame = (nowMs: number): void => {
      const revision = buffer.tick(nowMs);
      if (revision === shown) return;
      shown = revision;
      drawn.visible = buffer.visible;
      drawn.lines = buffer.page?.lines.length ?? 0;
    };
    const frames = (action: (nowMs: number) => void): void => {
      for (let i = 1; i < FRAMES; i++) action(startMs + (FRAME_MS[i] ?? 0));
    };
    return {
      idle: () => frames(nothing),
      prepare() {
        startMs += 2 * LINE_MS;
        const cue = buffer.add(LINE, { clip: { words: LINE_WORDS, durationMs: LINE_MS } });
        buffer.start(cue, { atMs: startMs });
        // The page, which is made once.
        frame(startMs + STEP_MS / 2);
      },
      work: () => frames(frame),
      operations() {
        if (drawn.visible !== LINE.length) throw new Error(`${drawn.visible} units are visible`);
        return FRAMES - 1;
      },
      close: () => buffer.dispose(),
    };
  },
};

/** What is drawn by text that grows. */
function slicing(name: string, cut: (count: number) => string): Load {
  return {
    name,
    async open() {
      const frames = (action: (count: number) => void): void => {
        for (let i = 1; i < FRAMES; i++) action(i);
      };
      const draw = (count: number): void => {
        drawn.text = cut(count);
      };
      return {
        idle: () => frames(nothing),
        work: () => frames(draw),
        operations: () => FRAMES - 1,
      };
    },
  };
}

function sliceClusters(): (count: number) => string {
  const segments = openIntlSegmenter("grapheme")?.segment(LINE) ?? [];
  const clusters = Array.from(segments, ({ segment }) => segment);
  return (count) => clusters.slice(0, count).join("");
}

export const subtitleGarbageFrame: Suite = {
  suite: "subtitle",
  case: "garbage-frame",
  peer: SLICE,
  title: "JavaScript garbage of a frame",
  about:
    "98 clusters are revealed, one a frame: a tick and reading what changed, against a longer " +
    "piece of the string each time, and against joining the first of its clusters, found once.",
  run(context) {
    const loads = [
      ours,
      slicing(SLICE, (count) => LINE.slice(0, count)),
      slicing("clusters of Intl.Segmenter", sliceClusters()),
    ];
    const options = context.quick ? { rounds: 5, warmups: 8 } : { rounds: 61, warmups: 60 };
    return measureGarbage(this, loads, options, context);
  },
};
