/** Levels as colours: matplotlib's "inferno" (CC0), as even to the eye as it is to the decibel. */

export const FLOOR_DB = -180;

const STOPS = [
  "#000004",
  "#1b0c41",
  "#4a0c6b",
  "#781c6d",
  "#a52c60",
  "#cf4446",
  "#ed6925",
  "#fb9b06",
  "#f7d13d",
  "#fcffa4",
] as const;

/** From the floor to 0 dB. */
export const GRADIENT = `linear-gradient(to right, ${STOPS.join(", ")})`;

const STEPS = 256;

function channels(hex: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** Red, green, blue of each step, one after another. */
function table(): Uint8ClampedArray {
  const stops = STOPS.map(channels);
  const colours = new Uint8ClampedArray(3 * STEPS);
  for (let step = 0; step < STEPS; step++) {
    const at = (step / (STEPS - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    for (let c = 0; c < 3; c++) {
      const [from = 0, to = 0] = [stops[low]?.[c], stops[low + 1]?.[c]];
      colours[3 * step + c] = from + (to - from) * (at - low);
    }
  }
  return colours;
}

const COLOURS = table();

/** Writes a pixel of an ImageData. */
export function paint(pixels: Uint8ClampedArray, pixel: number, db: number): void {
  const share = Math.min(Math.max(1 - db / FLOOR_DB, 0), 1);
  const step = Math.round(share * (STEPS - 1));
  for (let c = 0; c < 3; c++) pixels[4 * pixel + c] = COLOURS[3 * step + c] ?? 0;
  pixels[4 * pixel + 3] = 255;
}
