/** Ten shapes as a person draws them, in squares of 32 by 32 pixels: what squeezenet.onnx knows. */

/** The edge of a drawing, in pixels. */
export const EDGE = 32;

type Point = readonly [x: number, y: number];
/** Strokes of a pen, in a square from -1 to 1; y goes down. */
type Strokes = readonly (readonly Point[])[];

function around(corners: number, radius: (corner: number) => number, start = -0.25): Point[] {
  return Array.from({ length: corners + 1 }, (_, i) => {
    const angle = 2 * Math.PI * (i / corners + start);
    return [radius(i) * Math.cos(angle), radius(i) * Math.sin(angle)];
  });
}

function heart(): Point[] {
  return Array.from({ length: 33 }, (_, i) => {
    const t = (2 * Math.PI * i) / 32;
    const y = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t);
    return [Math.sin(t) ** 3, -y / 16 - 0.1];
  });
}

function spiral(): Point[] {
  return Array.from({ length: 41 }, (_, i) => {
    const angle = (2 * Math.PI * 2.2 * i) / 40;
    return [(i / 40) * Math.cos(angle), (i / 40) * Math.sin(angle)];
  });
}

/** In the order of the model's scores; squeezenet.c has the same names. */
export const SHAPES: Readonly<Record<string, Strokes>> = {
  circle: [around(32, () => 1)],
  square: [around(4, () => 1.25, -0.125)],
  triangle: [around(3, () => 1.1)],
  star: [around(10, (i) => (i % 2 === 0 ? 1.1 : 0.45))],
  heart: [heart()],
  plus: [
    [
      [-1, 0],
      [1, 0],
    ],
    [
      [0, -1],
      [0, 1],
    ],
  ],
  cross: [
    [
      [-0.9, -0.9],
      [0.9, 0.9],
    ],
    [
      [0.9, -0.9],
      [-0.9, 0.9],
    ],
  ],
  zigzag: [
    [
      [-1.1, -0.5],
      [-0.55, 0.5],
      [0, -0.5],
      [0.55, 0.5],
      [1.1, -0.5],
    ],
  ],
  spiral: [spiral()],
  arrow: [
    [
      [-1, 0],
      [1, 0],
    ],
    [
      [0.35, -0.6],
      [1, 0],
      [0.35, 0.6],
    ],
  ],
};

export interface Pen {
  /** Middle of the shape, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Half of the shape's width and height, in pixels. */
  readonly width: number;
  readonly height: number;
  /** In turns, clockwise. */
  readonly rotation: number;
  /** Of the line, in pixels. */
  readonly thickness: number;
  /** How far a point is from where it should be, in pixels. */
  readonly shake: number;
  /** From 0 to 1. */
  readonly colour: readonly [red: number, green: number, blue: number];
  readonly paper: readonly [red: number, green: number, blue: number];
}

export const CLEAN: Pen = {
  x: 16,
  y: 16,
  width: 10,
  height: 10,
  rotation: 0,
  thickness: 2.5,
  shake: 0,
  colour: [0.1, 0.1, 0.2],
  paper: [1, 1, 1],
};

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A hand's pen: everything a little off. */
export function anyPen(next: () => number): Pen {
  const between = (low: number, high: number): number => low + (high - low) * next();
  const size = between(8, 12);
  return {
    x: between(14, 18),
    y: between(14, 18),
    width: size * between(0.88, 1.12),
    height: size * between(0.88, 1.12),
    rotation: between(-0.025, 0.025),
    thickness: between(1.8, 3.4),
    shake: between(0, 0.7),
    colour: [between(0, 0.5), between(0, 0.5), between(0, 0.5)],
    paper: [between(0.92, 1), between(0.92, 1), between(0.92, 1)],
  };
}

function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** Red, green, blue planes of EDGE by EDGE, from 0 to 1. */
export function draw(strokes: Strokes, pen: Pen, next: () => number = () => 0.5): Float32Array {
  const [cos, sin] = [Math.cos(2 * Math.PI * pen.rotation), Math.sin(2 * Math.PI * pen.rotation)];
  const shaken = (): number => (2 * next() - 1) * pen.shake;
  const lines = strokes.map((points) =>
    points.map(([px, py]): Point => {
      const [x, y] = [px * pen.width, py * pen.height];
      return [pen.x + x * cos - y * sin + shaken(), pen.y + x * sin + y * cos + shaken()];
    }),
  );
  const pixels = new Float32Array(3 * EDGE * EDGE);
  for (let y = 0; y < EDGE; y++)
    for (let x = 0; x < EDGE; x++) {
      let nearest = Number.POSITIVE_INFINITY;
      for (const points of lines)
        for (let i = 1; i < points.length; i++) {
          const [from, to] = [points[i - 1], points[i]];
          if (from && to) nearest = Math.min(nearest, distance([x + 0.5, y + 0.5], from, to));
        }
      const ink = Math.min(1, Math.max(0, pen.thickness / 2 - nearest + 0.5));
      for (const plane of [0, 1, 2] as const)
        pixels[plane * EDGE * EDGE + y * EDGE + x] =
          pen.paper[plane] + (pen.colour[plane] - pen.paper[plane]) * ink;
    }
  return pixels;
}
