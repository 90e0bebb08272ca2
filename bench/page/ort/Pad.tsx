import { type PointerEvent, useEffect, useRef } from "react";
import { EDGE } from "../../../wasm/ort/examples/drawings";
import { type Drawing, paint, THICKNESS } from "./strokes";

/** Of the canvas; how large it is shown is the style sheet's. */
const EDGE_PX = 576;

interface PadProps {
  readonly drawing: Drawing;
  readonly onDraw: (drawing: Drawing) => void;
}

function pointIn(canvas: HTMLElement, { clientX, clientY }: MouseEvent): DOMPointReadOnly {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return new DOMPointReadOnly(((clientX - left) / width) * EDGE, ((clientY - top) / height) * EDGE);
}

/** Paper, and a pen for whatever points. */
export function Pad({ drawing, onDraw }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) paint(context, drawing, EDGE_PX);
  }, [drawing]);

  const begin = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const points = [pointIn(event.currentTarget, event.nativeEvent)];
    onDraw([...drawing, { points, thickness: THICKNESS }]);
  };
  const go = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { currentTarget, nativeEvent, pointerId } = event;
    const last = drawing.at(-1);
    if (!last || !currentTarget.hasPointerCapture(pointerId)) return;
    // All that the pen did since the last frame; WebKit tells only where it is.
    const moves = nativeEvent.getCoalescedEvents?.() ?? [];
    const added = (moves.length > 0 ? moves : [nativeEvent]).map((move) =>
      pointIn(currentTarget, move),
    );
    onDraw([...drawing.slice(0, -1), { ...last, points: [...last.points, ...added] }]);
  };

  return (
    <canvas
      ref={canvas}
      className="pad"
      width={EDGE_PX}
      height={EDGE_PX}
      role="img"
      aria-label="Paper to draw on"
      onPointerDown={begin}
      onPointerMove={go}
    />
  );
}
