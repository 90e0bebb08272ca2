/** Subtitles keep step with the voice, on the half of the sentences that nothing was fitted to. */
import { expect, test } from "vitest";
import { errorsOf, isHeldOut, LANGUAGES, METHODS, speak } from "./reveal-timing.js";

const heldOut = speak().filter(isHeldOut);

test("there is enough to measure", () => {
  for (const language of LANGUAGES) {
    const clips = heldOut.filter((clip) => clip.language === language);
    expect(new Set(clips.map((clip) => clip.voice)).size).toBeGreaterThanOrEqual(2);
    expect(new Set(clips.map((clip) => clip.line)).size).toBeGreaterThanOrEqual(20);
  }
});

test("words appear within 60 ms of the voice, 95 of 100 within 150 ms", () => {
  const errors = errorsOf(heldOut, METHODS["weights and volumes"](heldOut));
  expect(errors.meanMs).toBeLessThanOrEqual(60);
  expect(errors.p95Ms).toBeLessThanOrEqual(150);
});

test.each(LANGUAGES)("%s: nearer than characters ÷ duration, and volumes help", (language) => {
  const clips = heldOut.filter((clip) => clip.language === language);
  const error = (method: keyof typeof METHODS) => errorsOf(clips, METHODS[method](clips));
  const ours = error("weights and volumes");
  const unheard = error("weights, without volumes");
  const even = error("characters ÷ duration");
  expect(ours.meanMs).toBeLessThan(even.meanMs / 2);
  expect(ours.p95Ms).toBeLessThan(even.p95Ms / 2);
  expect(ours.meanMs).toBeLessThan(unheard.meanMs);
  expect(unheard.meanMs).toBeLessThan(even.meanMs);
});

test.each([0.02, 0.05])("with noise of %d of the loudest in every slice", (noise) => {
  const clips = heldOut.map((clip) => {
    const noisy = clip.volumes.map((volume, slice) => Math.hypot(volume, noise * wobble(slice)));
    const loudest = Math.max(...noisy);
    return { ...clip, volumes: noisy.map((volume) => volume / loudest) };
  });
  const errors = errorsOf(clips, METHODS["weights and volumes"](clips));
  expect(errors.meanMs).toBeLessThanOrEqual(60);
});

/** 0.7 to 1.3, by Weyl's sequence: as even as noise gets. */
const wobble = (slice: number): number => 0.7 + 0.6 * ((slice * 0.6180339887498949) % 1);
