/**
 * Flat shapes for the figure. A closed outline runs smoothly through a few points and is filled from a
 * point within that sees all of it; a stroke is a curve that is thick in its middle and thin at its ends.
 * Edges fade over a pixel, which costs less than to sample each pixel several times.
 */
import { type Color, Geometry, type OGLRenderingContext } from "ogl";

export type Point = readonly [x: number, y: number];

/** Colours at the top, at the bottom, and how much of them is left at the rim. */
export interface Paint {
  readonly top: Color;
  readonly bottom: Color;
  readonly alpha?: number;
  readonly rimAlpha?: number;
}

/** How far edges fade. */
const FEATHER = 0.005;
const STEPS = 10;
const CIRCLE_POINTS = 56;
const STROKE_STEPS = 20;

export function ellipse(x: number, y: number, rx: number, ry = rx): Point[] {
  return Array.from({ length: CIRCLE_POINTS }, (_, i) => {
    const angle = (2 * Math.PI * i) / CIRCLE_POINTS;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)] as const;
  });
}

/** Through points of its right half from top to bottom, and their mirror images. */
export const symmetric = (half: readonly Point[]): Point[] =>
  smooth([
    ...half,
    ...half
      .map(([x, y]) => [-x, y] as const)
      .filter(([x]) => x !== 0)
      .reverse(),
  ]);

export const mirrored = (points: readonly Point[]): Point[] => points.map(([x, y]) => [-x, y]);

/** A closed Catmull-Rom spline. */
export function smooth(points: readonly Point[]): Point[] {
  const at = (i: number): Point => points[(i + points.length) % points.length] ?? [0, 0];
  return points.flatMap((_, i) =>
    Array.from({ length: STEPS }, (_unused, step): Point => {
      const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
      return [spline(a[0], b[0], c[0], d[0], step), spline(a[1], b[1], c[1], d[1], step)];
    }),
  );
}

function spline(a: number, b: number, c: number, d: number, step: number): number {
  const t = step / STEPS;
  return b + (t / 2) * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/** @param centre - sees the whole outline; its middle when left out */
export function filled(
  gl: OGLRenderingContext,
  outline: readonly Point[],
  { rimAlpha, ...paint }: Paint,
  centre: Point = middle(outline),
): Geometry {
  const { alpha = 1 } = paint;
  const n = outline.length;
  const at = (i: number): Point => outline[(i + n) % n] ?? centre;
  const outwards = area(outline) > 0 ? -FEATHER : FEATHER;
  const outer = outline.map(([x, y], i): Point => {
    const [nx, ny] = normal(at(i - 1), at(i + 1));
    return [x + outwards * nx, y + outwards * ny];
  });
  const indices = outline.flatMap((_, i) => {
    const [a, b] = [1 + i, 1 + ((i + 1) % n)];
    return [0, a, b, a, b, a + n, b, a + n, b + n];
  });
  const alphas = [alpha, ...outline.map(() => rimAlpha ?? alpha), ...outer.map(() => 0)];
  return geometry(gl, [centre, ...outline, ...outer], indices, paint, alphas);
}

/** A quadratic curve. */
export function stroke(
  gl: OGLRenderingContext,
  [from, by, to]: readonly [Point, Point, Point],
  width: number,
  paint: Paint,
): Geometry {
  const { alpha = 1 } = paint;
  const points: Point[] = [];
  const indices: number[] = [];
  for (let i = 0; i <= STROKE_STEPS; i++) {
    const t = i / STROKE_STEPS;
    const on = (k: 0 | 1): number =>
      (1 - t) ** 2 * from[k] + 2 * t * (1 - t) * by[k] + t ** 2 * to[k];
    const along = (k: 0 | 1): number => (1 - t) * (by[k] - from[k]) + t * (to[k] - by[k]);
    const [nx, ny] = normal([0, 0], [along(0), along(1)]);
    const half = (width / 2) * (0.25 + 0.75 * Math.sin(Math.PI * t)) ** 1.2;
    for (const aside of [half + FEATHER, half, -half, -half - FEATHER])
      points.push([on(0) + aside * nx, on(1) + aside * ny]);
    if (i === STROKE_STEPS) continue;
    for (const a of [4 * i, 4 * i + 1, 4 * i + 2])
      indices.push(a, a + 1, a + 4, a + 1, a + 4, a + 5);
  }
  const alphas = points.map((_, i) => (i % 4 === 0 || i % 4 === 3 ? 0 : alpha));
  return geometry(gl, points, indices, paint, alphas);
}

function middle(points: readonly Point[]): Point {
  const mean = (k: 0 | 1): number => points.reduce((sum, p) => sum + p[k], 0) / points.length;
  return [mean(0), mean(1)];
}

/** Positive when the outline goes round to the left. */
const area = (outline: readonly Point[]): number =>
  outline.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = outline[(i + 1) % outline.length] ?? [x, y];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);

/** To the left of the way. */
function normal(from: Point, to: Point): Point {
  const [x, y] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(x, y) || 1;
  return [-y / length, x / length];
}

function geometry(
  gl: OGLRenderingContext,
  points: readonly Point[],
  indices: readonly number[],
  { top, bottom }: Paint,
  alphas: readonly number[],
): Geometry {
  const heights = points.map(([, y]) => y);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const colours = points.flatMap(([, y], i) => {
    const share = (y - low) / (high - low || 1);
    const mix = (k: "r" | "g" | "b"): number => bottom[k] + (top[k] - bottom[k]) * share;
    return [mix("r"), mix("g"), mix("b"), alphas[i] ?? 1];
  });
  return new Geometry(gl, {
    position: { size: 2, data: new Float32Array(points.flat()) },
    colour: { size: 4, data: new Float32Array(colours) },
    index: { data: new Uint16Array(indices) },
  });
}
