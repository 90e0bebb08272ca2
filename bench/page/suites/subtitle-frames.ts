import { createElement, useState } from "react";
import { createRoot } from "react-dom/client";
import { sleep } from "./faults";
import { interleave } from "./rounds";
import { framesUntil, OpenSubtitle, openStage } from "./subtitle-stage";
import { type Row, type RunContext, type Suite, VOICEPATH } from "./suite";

const REACT_STATE = "React state";

/** A box on the page in which text comes and goes. */
interface OpenBox {
  /** Begins to show a text. */
  show(text: string): void;
  hide(): void;
  /** What is on show. */
  shown(): string;
  close(): void;
}

interface Box {
  readonly name: string;
  open(): Promise<OpenBox>;
}

const ours: Box = {
  name: VOICEPATH,
  async open() {
    const subtitle = await OpenSubtitle.open(() => performance.now());
    const { buffer, text } = subtitle;
    return {
      show(chunk) {
        buffer.begin();
        buffer.push(chunk);
      },
      hide: () => void buffer.interrupt(performance.now()),
      shown: () => (text.checkVisibility({ visibilityProperty: true }) ? text.innerText : ""),
      close: () => subtitle.close(),
    };
  },
};

const state: Box = {
  name: REACT_STATE,
  async open() {
    const stage = openStage();
    const root = createRoot(stage);
    let set: (text: string) => void = () => {};
    function Text() {
      const [text, setText] = useState("");
      set = setText;
      return createElement("p", null, text);
    }
    root.render(createElement(Text));
    await framesUntil("rendering", () => stage.firstChild !== null);
    return {
      show: (text) => set(text),
      hide: () => set(""),
      shown: () => stage.innerText.trim(),
      close() {
        root.unmount();
        stage.remove();
      },
    };
  },
};

/** @param act - after something is on show; returns what is on show when it has had its effect */
function countFrames(
  suite: Suite,
  act: (box: OpenBox, text: string) => string,
  context: RunContext,
): Promise<Row[]> {
  const contenders = [ours, state].map(({ name, open }) => ({
    name,
    async open() {
      const box = await open();
      return {
        async round(index: number) {
          const before = `Line ${index}`;
          box.show(before);
          await framesUntil("showing", () => box.shown() === before);
          // Anywhere in a frame.
          await sleep(20 * Math.random());
          const after = act(box, `Another line ${index}`);
          return [await framesUntil(after === "" ? "hiding" : after, () => box.shown() === after)];
        },
        close: () => box.close(),
      };
    },
  }));
  const options = { rounds: context.quick ? 5 : 50, warmups: 1 };
  return interleave(suite, "frames", contenders, options, context);
}

export const subtitleInterrupt: Suite = {
  suite: "subtitle",
  case: "interrupt",
  peer: REACT_STATE,
  title: "Frames until interrupted text is gone",
  about: "From interrupt(), at any moment within a frame: 1 is the next frame that is drawn.",
  run(context) {
    const hide = (box: OpenBox): string => {
      box.hide();
      return "";
    };
    return countFrames(this, hide, context);
  },
};

export const subtitleDisplay: Suite = {
  suite: "subtitle",
  case: "display",
  peer: REACT_STATE,
  title: "Frames until a chunk is on show",
  about: "From push(), at any moment within a frame: 1 is the next frame that is drawn.",
  run(context) {
    const show = (box: OpenBox, text: string): string => {
      box.show(text);
      return text;
    };
    return countFrames(this, show, context);
  },
};
