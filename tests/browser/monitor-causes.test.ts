/** Each cause, injected for real, is named; a page that is well has none. Many trials: npm run causes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Injection } from "../../bench/causes/injection.js";
import { INJECTIONS } from "../../bench/causes/injections/index.js";
import { Laboratory } from "../../bench/causes/laboratory.js";
import { runTrial } from "../../bench/causes/trial.js";

const alone = INJECTIONS.filter(({ alone }) => alone);
const together = INJECTIONS.filter(({ alone }) => !alone);
const pairs = together.flatMap((one, at) =>
  at % 2 === 0 ? [[one, ...together.slice(at + 1, at + 2)]] : [],
);

const seed = Math.floor(Math.random() * 1e6);
let laboratory: Laboratory;

beforeAll(async () => {
  laboratory = await Laboratory.open();
});
afterAll(() => laboratory.close());

async function expectToBeNamed(injection: Injection): Promise<void> {
  const outcome = await runTrial(laboratory, injection, seed);
  expect(outcome.answer, JSON.stringify(outcome)).toBe(injection.cause);
}

test(`a page that is well has no cause (seed ${seed})`, async () => {
  const outcome = await runTrial(laboratory, undefined, seed);
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ answer: "none", strays: [] });
});

test.for(pairs.map((pair) => [pair.map(({ cause }) => cause).join(" and "), pair] as const))(
  "%s are named",
  async ([, pair]) => {
    await Promise.all(pair.map(expectToBeNamed));
  },
);

test.for(alone)("$cause is named", expectToBeNamed);
