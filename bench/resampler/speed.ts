/** How long contenders take for the same clip, in interleaved rounds. */
import { type Contender, interleave } from "../page/suites/rounds.js";
import type { Case, Row } from "../page/suites/suite.js";
import {
  BLOCK_SAMPLES,
  type Rates,
  type ResamplerContender,
  type Stopwatch,
} from "./conversion.js";
import { whiteNoise } from "./noise.js";

/** A lap of all contenders takes at least this long, if need be by going round several times. */
const LAP_MS = 4;
export const SPEED_UNIT = "µs per s";

/** Blocks of 128 samples, on and on in one stream. */
async function timeStream(
  contender: ResamplerContender,
  rates: Rates,
  clip: Float32Array,
): Promise<Stopwatch> {
  const conversion = await contender.open(rates);
  const blocks = Array.from({ length: Math.floor(clip.length / BLOCK_SAMPLES) }, (_, i) =>
    clip.subarray(i * BLOCK_SAMPLES, (i + 1) * BLOCK_SAMPLES),
  );
  let given = 0;
  return {
    lap() {
      const start = performance.now();
      for (const block of blocks) given += conversion.push(block).length;
      return ((performance.now() - start) * clip.length) / (blocks.length * BLOCK_SAMPLES);
    },
    close() {
      conversion.dispose?.();
      if (given === 0) throw new Error(`${contender.name} gave nothing`);
    },
  };
}

/** From the open to the end: what a clip costs that comes alone. */
function timeWhole(contender: ResamplerContender, rates: Rates, clip: Float32Array): Stopwatch {
  return {
    async lap() {
      const start = performance.now();
      const conversion = await contender.open(rates);
      conversion.push(clip);
      await conversion.end();
      conversion.dispose?.();
      return performance.now() - start;
    },
    close() {},
  };
}

async function openStopwatch(
  contender: ResamplerContender,
  rates: Rates,
  clip: Float32Array,
): Promise<Stopwatch> {
  if (contender.openStopwatch) return contender.openStopwatch(rates, clip);
  return contender.whole ? timeWhole(contender, rates, clip) : timeStream(contender, rates, clip);
}

function timed(contender: ResamplerContender, rates: Rates, seconds: number): Contender {
  return {
    name: contender.name,
    async open() {
      const clip = whiteNoise(Math.round(seconds * rates.inputHz));
      const stopwatch = await openStopwatch(contender, rates, clip);
      const laps = Math.ceil(LAP_MS / Math.max(await stopwatch.lap(), await stopwatch.lap(), 0.01));
      return {
        async round() {
          let ms = 0;
          for (let i = 0; i < laps; i++) ms += await stopwatch.lap();
          return [(ms * 1000) / laps / seconds];
        },
        close: () => stopwatch.close(),
      };
    },
  };
}

export interface SpeedOptions {
  readonly rounds: number;
  /** The clip's length. */
  readonly seconds: number;
}

/** Rows of microseconds for a second of sound. */
export function measureSpeed(
  measured: Case,
  contenders: readonly ResamplerContender[],
  rates: Rates,
  { rounds, seconds }: SpeedOptions,
): Promise<Row[]> {
  return interleave(
    measured,
    SPEED_UNIT,
    contenders.map((contender) => timed(contender, rates, seconds)),
    { rounds, warmups: 2 },
    { signal: new AbortController().signal, progress: async () => {} },
  );
}
