/** Pictures of places that do not exist: sky, sun, hills, a lake, trees. */
import { random } from "../../../wasm/ort/examples/drawings";

interface Palette {
  readonly sky: readonly [top: string, middle: string, bottom: string];
  readonly sun: string;
  /** The farthest hills, and the nearest. */
  readonly far: readonly [red: number, green: number, blue: number];
  readonly near: readonly [red: number, green: number, blue: number];
  readonly water: string;
}

const PALETTES: readonly Palette[] = [
  {
    sky: ["#2b2f77", "#c8557c", "#ffc978"],
    sun: "#fff1c4",
    far: [193, 104, 133],
    near: [28, 24, 58],
    water: "#e58f7a",
  },
  {
    sky: ["#2f7fd0", "#8cc8f0", "#f2f7ea"],
    sun: "#fffbe0",
    far: [139, 176, 203],
    near: [29, 84, 52],
    water: "#79b7dc",
  },
  {
    sky: ["#0b1030", "#26376e", "#6d7fb3"],
    sun: "#f4f2de",
    far: [77, 92, 146],
    near: [9, 14, 34],
    water: "#34477f",
  },
  {
    sky: ["#6fb3b8", "#f6d9a8", "#f7a46a"],
    sun: "#fff6d8",
    far: [219, 158, 120],
    near: [66, 45, 44],
    water: "#f0c193",
  },
];

const HILLS = 5;

type Random = () => number;

/** Height over 0 to 1, about -1 to 1: three waves, each shorter and lower. */
function ridge(next: Random, rough: number): (x: number) => number {
  const waves = [1, 2.3, 5.1].map((frequency, i) => ({
    frequency: frequency * (1 + rough) * (0.8 + 0.4 * next()),
    phase: 2 * Math.PI * next(),
    height: 0.6 ** i,
  }));
  return (x) =>
    waves.reduce(
      (sum, { frequency, phase, height }) =>
        sum + height * Math.sin(2 * Math.PI * frequency * x + phase),
      0,
    ) / 1.96;
}

function mixed({ far, near }: Palette, share: number): string {
  const channels = far.map((from, i) => from + ((near[i] ?? from) - from) * share);
  return `rgb(${channels.map(Math.round).join(" ")})`;
}

/** The unit is the picture's height; it is `wide` heights wide. */
function paintSky(
  context: OffscreenCanvasRenderingContext2D,
  palette: Palette,
  wide: number,
): void {
  const sky = context.createLinearGradient(0, 0, 0, 0.75);
  palette.sky.forEach((colour, i) => {
    sky.addColorStop(i / 2, colour);
  });
  context.fillStyle = sky;
  context.fillRect(0, 0, wide, 1);
}

function paintSun(
  context: OffscreenCanvasRenderingContext2D,
  palette: Palette,
  x: number,
  y: number,
): void {
  const glow = context.createRadialGradient(x, y, 0.05, x, y, 0.5);
  glow.addColorStop(0, `${palette.sun}cc`);
  glow.addColorStop(1, `${palette.sun}00`);
  context.fillStyle = glow;
  context.fillRect(x - 0.5, y - 0.5, 1, 1);
  context.fillStyle = palette.sun;
  context.beginPath();
  context.arc(x, y, 0.085, 0, 2 * Math.PI);
  context.fill();
}

function paintClouds(context: OffscreenCanvasRenderingContext2D, next: Random, wide: number): void {
  for (let cloud = 0; cloud < 4; cloud++) {
    const [x, y] = [wide * next(), 0.08 + 0.28 * next()];
    context.fillStyle = `rgb(255 255 255 / ${0.18 + 0.25 * next()})`;
    context.beginPath();
    for (let puff = 0; puff < 5; puff++) {
      const [dx, radius] = [(puff - 2) * 0.07, 0.025 + 0.035 * next()];
      context.moveTo(x + dx, y);
      context.ellipse(x + dx, y, 1.7 * radius, radius, 0, 0, 2 * Math.PI);
    }
    context.fill();
  }
}

function paintHill(
  context: OffscreenCanvasRenderingContext2D,
  colour: string,
  height: (x: number) => number,
  wide: number,
): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(0, 1);
  for (let i = 0; i <= 200; i++) context.lineTo((wide * i) / 200, height(i / 200));
  context.lineTo(wide, 1);
  context.fill();
}

function paintLake(
  context: OffscreenCanvasRenderingContext2D,
  palette: Palette,
  next: Random,
  wide: number,
  sunX: number,
): void {
  context.fillStyle = palette.water;
  context.fillRect(0, 0.74, wide, 0.26);
  context.fillStyle = `${palette.sun}99`;
  for (let i = 0; i < 26; i++) {
    const depth = i / 26;
    const half = (0.02 + 0.1 * depth) * (0.4 + next());
    const x = sunX + (next() - 0.5) * 0.12;
    context.fillRect(x - half, 0.745 + 0.25 * depth, 2 * half, 0.004 + 0.004 * depth);
  }
}

function paintTrees(
  context: OffscreenCanvasRenderingContext2D,
  colour: string,
  next: Random,
  wide: number,
  ground: (x: number) => number,
): void {
  context.fillStyle = colour;
  for (let i = 0; i < 22; i++) {
    const x = next();
    const [foot, tall] = [ground(x) + 0.02, 0.07 + 0.11 * next()];
    context.beginPath();
    for (let tier = 0; tier < 3; tier++) {
      const [top, half] = [foot - tall * (1 - 0.27 * tier), tall * (0.13 + 0.07 * tier)];
      context.moveTo(x * wide, top);
      context.lineTo(x * wide + half, top + 0.42 * tall);
      context.lineTo(x * wide - half, top + 0.42 * tall);
    }
    context.fill();
  }
}

/** The same for the same seed, at any size. */
export function scenery(width: number, height: number, seed: number): ImageData {
  const context = new OffscreenCanvas(width, height).getContext("2d");
  const palette = PALETTES[seed % PALETTES.length];
  if (!context || !palette) throw new Error("there is no canvas to paint on");
  const next = random(seed);
  const wide = width / height;
  context.scale(height, height);
  const sunX = wide * (0.2 + 0.6 * next());
  paintSky(context, palette, wide);
  paintSun(context, palette, sunX, 0.2 + 0.22 * next());
  paintClouds(context, next, wide);
  for (let hill = 0; hill < HILLS - 1; hill++) {
    const share = hill / (HILLS - 1);
    const wave = ridge(next, 1 - share);
    const height = (x: number): number => 0.47 + 0.24 * share + (0.13 - 0.09 * share) * wave(x);
    paintHill(context, mixed(palette, 0.85 * share), height, wide);
  }
  paintLake(context, palette, next, wide, sunX);
  const wave = ridge(next, 0);
  const shore = (x: number): number => 0.9 + 0.06 * wave(x);
  paintTrees(context, mixed(palette, 0.92), next, wide, shore);
  paintHill(context, mixed(palette, 1), shore, wide);
  return context.getImageData(0, 0, width, height);
}
