/** A drawing as lines of a pen, in the pixels of the square that squeezenet.c looks at. */
import { anyPen, EDGE, random, SHAPES } from "../../../wasm/ort/examples/drawings";

export interface Stroke {
  readonly points: readonly DOMPointReadOnly[];
  readonly thickness: number;
}

export type Drawing = readonly Stroke[];

export const NOTHING: Drawing = [];
/** Of the visitor's pen. */
export const THICKNESS = 2.6;
const DOT = 0.01;
const INK = "#1d1f38";
const PAPER = "#fdfcf8";

/** The same picture at any size. */
export function paint(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  drawing: Drawing,
  edge: number,
): void {
  context.setTransform(edge / EDGE, 0, 0, edge / EDGE, 0, 0);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, EDGE, EDGE);
  context.strokeStyle = INK;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { points, thickness } of drawing) {
    context.lineWidth = thickness;
    context.beginPath();
    for (const { x, y } of points) {
      context.lineTo(x, y);
      // A point alone is a dot, but a line without length is nothing.
      if (points.length === 1) context.lineTo(x + DOT, y);
    }
    context.stroke();
  }
}

/** What the C program is given. */
export function pixelsOf(drawing: Drawing): Uint8ClampedArray {
  const context = new OffscreenCanvas(EDGE, EDGE).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("there is no canvas to draw on");
  paint(context, drawing, EDGE);
  return context.getImageData(0, 0, EDGE, EDGE).data;
}

/** As a hand draws one of the shapes: the same for the same seed. */
export function drawByHand(shape: string, seed: number): Drawing {
  const next = random(seed);
  const pen = anyPen(next);
  const place = new DOMMatrix()
    .translateSelf(pen.x, pen.y)
    .rotateSelf(360 * pen.rotation)
    .scaleSelf(pen.width, pen.height);
  const shaken = (): number => (2 * next() - 1) * pen.shake;
  return (SHAPES[shape] ?? []).map((points) => ({
    thickness: pen.thickness,
    points: points.map(([x, y]) => {
      const point = place.transformPoint({ x, y });
      return new DOMPointReadOnly(point.x + shaken(), point.y + shaken());
    }),
  }));
}
