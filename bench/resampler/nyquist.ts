import type { Rates } from "./conversion.js";

/** fN: the lower of the two Nyquist frequencies. All the measures' frequencies are shares of it. */
export const lowerNyquistHz = ({ inputHz, outputHz }: Rates): number =>
  Math.min(inputHz, outputHz) / 2;
