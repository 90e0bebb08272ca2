import { adoptStyle } from "../../../dist/react/adopted-style.js";
import { HiddenText } from "../../../dist/react/hidden-text.js";
import { RevealedLines } from "../../../dist/react/revealed-lines.js";
import { SUBTITLE_CSS } from "../../../dist/react/subtitle-style.js";
import { openSubtitle } from "../../peers/voicepath";
import { interleave } from "./rounds";
import { openBlock, openStage, REVEAL_STEPS } from "./subtitle-stage";
import { LINE, LINE_MS, LINE_WORDS, STEP_MS } from "./subtitle-text";
import { type Suite, VOICEPATH } from "./suite";
import { type Sweep, timeSweeps } from "./sweeps";

const SLICE = "textContent = slice";

/** Makes the browser lay out what has changed. */
const layOut = (block: HTMLElement): number => block.getBoundingClientRect().height;

/** What <Subtitle> does in a frame, by its own modules: only its frames are not waited for. */
const ours: Sweep = {
  name: VOICEPATH,
  async open() {
    const buffer = await openSubtitle({ widthPx: 394, emPx: 24, lines: 8 });
    const stage = openStage();
    const block = openBlock(stage);
    const giveBack = adoptStyle(SUBTITLE_CSS, document, globalThis);
    const hidden = HiddenText.create(document, globalThis);
    const lines = new RevealedLines(block, hidden);
    let startMs = 0;
    const step = (nowMs: number): void => {
      buffer.tick(nowMs);
      lines.show(buffer.page, buffer.visible);
      layOut(block);
    };
    return {
      reset() {
        startMs += 2 * LINE_MS;
        const cue = buffer.add(LINE, { clip: { words: LINE_WORDS, durationMs: LINE_MS } });
        buffer.start(cue, { atMs: startMs });
        step(startMs);
      },
      run() {
        for (let i = 1; i <= REVEAL_STEPS; i++) step(startMs + i * STEP_MS);
        if (buffer.visible !== LINE.length) throw new Error(`${buffer.visible} units are visible`);
        return REVEAL_STEPS;
      },
      close() {
        hidden?.dispose();
        giveBack?.();
        stage.remove();
        buffer.dispose();
      },
    };
  },
};

/** `step` shows the first `count` characters. */
function growing(
  name: string,
  open: (block: HTMLElement) => { reset(): void; step(count: number): void },
): Sweep {
  return {
    name,
    async open() {
      const stage = openStage();
      const block = openBlock(stage);
      const { reset, step } = open(block);
      return {
        reset() {
          reset();
          step(1);
          layOut(block);
        },
        run() {
          for (let count = 2; count <= REVEAL_STEPS + 1; count++) {
            step(count);
            layOut(block);
          }
          return REVEAL_STEPS;
        },
        close: () => stage.remove(),
      };
    },
  };
}

const SWEEPS: readonly Sweep[] = [
  ours,
  growing(SLICE, (block) => ({
    reset() {},
    step(count) {
      block.textContent = LINE.slice(0, count);
    },
  })),
  growing("a span for each cluster", (block) => ({
    reset: () => block.replaceChildren(),
    step(count) {
      const span = document.createElement("span");
      span.textContent = LINE[count - 1] ?? "";
      block.append(span);
    },
  })),
];

export const subtitleRevealStep: Suite = {
  suite: "subtitle",
  case: "reveal-step",
  peer: SLICE,
  title: "Showing one more cluster",
  about:
    "98 characters, centred, one by one; after each the browser is made to lay out what has changed. " +
    "voicepath: the tick, and the end of the highlight that hides the rest.",
  run(context) {
    const contenders = timeSweeps(SWEEPS, "µs", { sweeps: 1, samples: context.quick ? 3 : 10 });
    const rounds = context.quick ? { rounds: 2 } : { rounds: 15, warmups: 3 };
    return interleave(this, "µs", contenders, rounds, context);
  },
};
