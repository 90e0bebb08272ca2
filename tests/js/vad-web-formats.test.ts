/** vad-web's `utils`, byte for byte. */
import { utils as theirs } from "@ricky0123/vad-web";
import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultModelFetcher, utils as ours } from "../../dist/vad-web/index.js";

const samples = fc.float32Array({ noNaN: true, min: -2, max: 2 });
const rates = fc.constantFrom(8000, 16000, 44100, 48000);

test("encodeWAV", () => {
  fc.assert(
    fc.property(samples, rates, fc.constantFrom(1, 2), (audio, rate, channels) => {
      for (const args of [[], [3, rate, channels, 32], [1, rate, channels, 16]])
        expect(new Uint8Array(ours.encodeWAV(audio, ...args))).toEqual(
          new Uint8Array(theirs.encodeWAV(audio, ...args)),
        );
    }),
  );
});

test.each([
  ["format", [2]],
  ["bitDepth", [1]],
  ["bitDepth", [3, 16000, 1, 16]],
  ["sampleRate", [1, 0, 1, 16]],
  ["numChannels", [1, 16000, 0, 16]],
])("encodeWAV refuses a header that would lie: %s %j", (option, args) => {
  expect(() => ours.encodeWAV(new Float32Array(1), ...args)).toThrow(
    expect.objectContaining({ code: "OPTION", option }),
  );
});

test("arrayBufferToBase64", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const { buffer } = Uint8Array.from(bytes);
      expect(ours.arrayBufferToBase64(buffer)).toBe(theirs.arrayBufferToBase64(buffer));
    }),
  );
  const long = Uint8Array.from({ length: 200_001 }, (_, i) => i * 7).buffer;
  expect(ours.arrayBufferToBase64(long)).toBe(Buffer.from(long).toString("base64"));
});

test("minFramesForTargetMS", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.constantFrom(512, 1024, 1536), rates, (ms, frame, rate) => {
      expect(ours.minFramesForTargetMS(ms, frame)).toBe(theirs.minFramesForTargetMS(ms, frame));
      expect(ours.minFramesForTargetMS(ms, frame, rate)).toBe(
        theirs.minFramesForTargetMS(ms, frame, rate),
      );
    }),
  );
});

test("defaultModelFetcher", async () => {
  const data = "data:application/octet-stream;base64,AAEC";
  expect([...new Uint8Array(await defaultModelFetcher(data))]).toEqual([0, 1, 2]);
  await expect(defaultModelFetcher("data:text/html,<!doctype html>")).rejects.toMatchObject({
    code: "ASSET_HTML",
  });
});
