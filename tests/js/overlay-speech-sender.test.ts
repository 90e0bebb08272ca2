/** Speech on its way to the server, part by part. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SpeechSender } from "../../frontend-patch/overlay/common/voicepath/speech-sender.js";

interface Sent {
  readonly type: string;
  readonly audio?: number[];
  readonly images?: unknown[];
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const asJson = (samples: Float32Array): string => JSON.stringify(Array.from(samples));

function sender(captureImages: () => Promise<unknown[]>, asText = true) {
  const sent: Sent[] = [];
  const speech = new SpeechSender({
    sendMessage: (message) => sent.push(message as Sent),
    sendText: () => (asText ? (text) => sent.push(JSON.parse(text) as Sent) : undefined),
    encode: () => asJson,
    captureImages,
  });
  return { sent, speech };
}

test("parts of any length arrive whole and in order, in pieces of at most 4096, with one end", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(12_000), { maxLength: 6 }),
      fc.boolean(),
      async (lengths, asText) => {
        const { sent, speech } = sender(async () => [], asText);
        let value = 0;
        const parts = lengths.map((length) =>
          Float32Array.from({ length }, () => (value++ % 99) / 128),
        );
        speech.begin();
        for (const part of parts) speech.part(part);
        await speech.end();
        const pieces = sent
          .filter(({ type }) => type === "mic-audio-data")
          .map(({ audio = [] }) => audio);
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(4096);
        expect(pieces.flat()).toEqual(parts.flatMap((part) => [...part]));
        expect(sent.filter(({ type }) => type === "mic-audio-end")).toEqual([sent.at(-1)]);
      },
    ),
    { numRuns: 50 },
  );
});

test("the images are those of the speech's beginning", async () => {
  let shot = 0;
  const { sent, speech } = sender(async () => [`shot ${++shot}`]);
  speech.begin();
  expect(speech.underWay).toBe(true);
  expect(shot).toBe(1);
  const ended = speech.end();
  expect(speech.underWay).toBe(false);
  await ended;
  expect(sent).toEqual([{ type: "mic-audio-end", images: ["shot 1"] }]);
});

test("a camera that hangs or fails keeps no speech from ending", async () => {
  const hanging = sender(() => new Promise(() => {}));
  hanging.speech.begin();
  const ended = hanging.speech.end();
  await vi.advanceTimersByTimeAsync(2000);
  await ended;
  expect(hanging.sent).toEqual([{ type: "mic-audio-end", images: [] }]);

  const failing = sender(() => Promise.reject(new Error("no camera")));
  failing.speech.begin();
  await failing.speech.end();
  expect(failing.sent).toEqual([{ type: "mic-audio-end", images: [] }]);
  expect(vi.getTimerCount()).toBe(0);
});
