/**
 * Causes, injected for real, are named; a page that is well has none. Two of the nine, drawn by the
 * seed, unless CAUSES=all; many trials: npm run causes.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { INJECTIONS } from "../../bench/causes/injections/index.js";
import { Laboratory } from "../../bench/causes/laboratory.js";
import { runTrial } from "../../bench/causes/trial.js";

const seed = Math.floor(Math.random() * 1e6);
const DRAWN = INJECTIONS.filter(
  (_, i) => process.env["CAUSES"] === "all" || (i + seed) % INJECTIONS.length < 2,
);
let laboratory: Laboratory;

beforeAll(async () => {
  laboratory = await Laboratory.open();
});
afterAll(() => laboratory.close());

test(`a page that is well has no cause (seed ${seed})`, { retry: 2 }, async () => {
  const outcome = await runTrial(laboratory, undefined, seed);
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ answer: "none", strays: [] });
});

// Of many trials some go wrong, as others take the machine: how many is counted by npm run causes.
test.for(DRAWN)("$cause is named", { retry: 2 }, async (injection) => {
  const outcome = await runTrial(laboratory, injection, seed);
  expect(outcome.answer, JSON.stringify(outcome)).toBe(injection.cause);
});
