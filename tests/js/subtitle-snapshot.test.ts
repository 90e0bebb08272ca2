/** What survives a reload. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SubtitleBuffer } from "../../js-glue/src/subtitle/subtitle-buffer.js";
import type { SubtitleOptions } from "../../js-glue/src/subtitle/subtitle-options.js";
import { SessionModule } from "../../js-glue/src/wasm.js";

const session = new SessionModule(
  await WebAssembly.compile(readFileSync("dist/assets/session.wasm")),
);
const wrong = (option: string) =>
  expect.objectContaining({ name: "VoicepathError", code: "OPTION", option });
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Two past, one cut by the snapshot, two that wait. */
function talk(options: SubtitleOptions = {}): SubtitleBuffer {
  const subtitle = SubtitleBuffer.create(session, { tags: { star: "show" }, ...options });
  const old = subtitle.add("Before.", { id: "old", clip: { durationMs: 500 } });
  subtitle.start(old, { atMs: 1000 });
  subtitle.tick(1500);
  subtitle.begin();
  const first = subtitle.add("*Waves* Hello there.", { id: "a", translation: "Hallo." });
  subtitle.clip(first, { durationMs: 1000 });
  subtitle.start(first, { atMs: 2000 });
  subtitle.tick(3000);
  const second = subtitle.add("[joy] How are you?", { id: "b", clip: { durationMs: 2000 } });
  subtitle.start(second, { atMs: 3000 });
  subtitle.tick(4000);
  subtitle.add("!!!");
  subtitle.add("I wait.", { id: "c", clip: { durationMs: 700 }, translation: "Ich warte." });
  subtitle.add("So do I (quietly).", { clip: true });
  return subtitle;
}

test("history and what waits come back, and go on", () => {
  const bytes = session.usedBytes;
  const before = talk();
  const snapshot = before.snapshot(4000);
  const heard = before.heard(4000);
  expect(snapshot.cues.map(({ state, id }) => [state, id])).toEqual([
    ["ended", "old"],
    ["ended", "a"],
    ["dropped", "b"],
    ["waiting", "c"],
    ["waiting", null],
  ]);
  before.dispose();

  // The clock of the next page begins at 0.
  const after = SubtitleBuffer.restore(session, json(snapshot), {
    nowMs: 10,
    tags: { star: "hide" },
  });
  expect(after.snapshot(10)).toEqual(snapshot);
  expect(after).toMatchObject({ turn: 2, accepting: true, phase: "empty" });
  expect(after.style.tags.star).toBe("hide");
  expect(after.cues().map(({ cue }) => cue)).toEqual([1, 2, 3, 4, 5]);
  expect(after.get(2)).toMatchObject({ text: "*Waves* Hello there.", startMs: -1990, endMs: -990 });
  expect(after.heard(10)).toBe(heard);
  expect(() => after.start(3, { atMs: 20 })).toThrow(expect.objectContaining({ code: "VP_E_CUE" }));

  after.start(4, { atMs: 20, durationMs: 1000 });
  after.tick(1020);
  const { cue, visible } = after;
  expect({ cue, visible }).toEqual({ cue: 4, visible: 7 });
  expect(after.translationPage?.lines.map(({ text }) => text)).toEqual(["Ich warte."]);
  expect(after.heard(1020)).toBe(`${heard} I wait.`);
  expect(after.add("New.", { id: "d" })).toBe(6);
  expect(() => after.add("Old.", { id: "a" })).toThrow(wrong("id"));
  expect(after.begin()).toBe(3);
  // From the start of the first: 1000 on the old clock, 4000 of which is 10 on the new one.
  const [, vtt] = after.toWebVTT().split("\n\nc\n");
  expect(vtt).toMatch(/^00:00:03\.010 --> 00:00:04\.010\nI wait\.\nIch warte\./);
  after.dispose();
  expect(session.usedBytes).toBe(bytes);
});

test("before anything, after an interruption, while a stream grows", () => {
  using nothing = SubtitleBuffer.create(session);
  const empty = nothing.snapshot(5);
  expect(empty).toEqual({ version: 1, turn: 0, accepting: true, cues: [] });
  using none = SubtitleBuffer.restore(session, empty, { nowMs: 0 });
  expect(none.snapshot(9)).toEqual(empty);
  expect(none.add("First.")).toBe(1);

  const interrupted = talk();
  interrupted.interrupt(4200);
  const cut = interrupted.snapshot(4200);
  interrupted.dispose();
  expect(cut.cues.every(({ state }) => state === "ended" || state === "dropped")).toBe(true);
  using stopped = SubtitleBuffer.restore(session, json(cut), { nowMs: 0 });
  expect(stopped.snapshot(0)).toEqual(cut);
  expect(stopped.accepting).toBe(false);
  expect(stopped.add("Late.")).toBe(0);
  expect(stopped.begin()).toBe(3);
  expect(stopped.add("Now.")).toBe(6);

  using stream = SubtitleBuffer.create(session);
  stream.push("It is done. It gro", { clip: true });
  const growing = stream.snapshot(0);
  expect(growing.cues.map(({ state }) => state)).toEqual(["waiting", "growing"]);
  using goesOn = SubtitleBuffer.restore(session, json(growing), { nowMs: 0 });
  expect(goesOn.snapshot(0)).toEqual(growing);
  goesOn.push("ws.", { clip: true });
  goesOn.flush();
  expect(goesOn.cues().map(({ text }) => text)).toEqual(["It is done. ", "It grows."]);
});

test("a smaller one keeps the newest that fit; text that cannot wait is named", () => {
  const before = SubtitleBuffer.create(session);
  for (let i = 0; i < 100; i++) {
    const cue = before.add(`Cue ${i}.`, { clip: { durationMs: 10 } });
    before.start(cue, { atMs: 10 * i });
    before.tick(10 * i + 10);
  }
  const snapshot = before.snapshot(2000);
  before.dispose();
  using small = SubtitleBuffer.restore(session, snapshot, { nowMs: 0, cues: 32 });
  expect(small.cues().map(({ text }) => text)).toEqual(
    Array.from({ length: 32 }, (_, i) => `Cue ${68 + i}.`),
  );
  for (let i = 0; i < 40; i++) {
    const cue = small.add(`New ${i}.`, { clip: { durationMs: 10 } });
    expect(cue).toBe(33 + i);
    small.start(cue, { atMs: 10 * i });
    small.tick(10 * i + 10);
    const cues = small.cues();
    expect(cues.length).toBeLessThanOrEqual(32);
    expect(cues.map(({ cue }) => cue)).toEqual(cues.map((_, k) => cue - cues.length + 1 + k));
  }

  const long = SubtitleBuffer.create(session);
  long.add("x".repeat(1000), { clip: true });
  const waiting = long.snapshot(0);
  long.dispose();
  expect(() => SubtitleBuffer.restore(session, waiting, { nowMs: 0, cueUnits: 256 })).toThrow(
    wrong("snapshot.cues[0].text.length"),
  );
});

test("what is no snapshot is named, field by field, and takes no memory", () => {
  const before = talk();
  const good = json(before.snapshot(4000)) as { cues: Record<string, unknown>[] };
  before.dispose();
  const bytes = session.usedBytes;
  const cue = (i: number, changes: object): unknown => ({
    ...good,
    cues: good.cues.map((other, k) => (k === i ? { ...other, ...changes } : other)),
  });
  const cases: readonly [string, unknown][] = [
    ["snapshot", null],
    ["snapshot", "{}"],
    ["snapshot", []],
    ["snapshot.version", {}],
    ["snapshot.version", { ...good, version: 2 }],
    ["snapshot.turn", { ...good, turn: -1 }],
    ["snapshot.turn", { ...good, turn: 2 ** 31 }],
    ["snapshot.accepting", { ...good, accepting: 1 }],
    ["snapshot.cues", { ...good, cues: { length: 1 } }],
    ["snapshot.cues[0]", { ...good, cues: [null] }],
    ["snapshot.cues[1].state", cue(1, { state: "playing" })],
    ["snapshot.cues[4].state", cue(4, { state: "ended" })],
    ["snapshot.cues[4].state", cue(3, { state: "growing" })],
    ["snapshot.cues[3].state", { ...good, accepting: false }],
    ["snapshot.cues[2].text", cue(2, { text: 5 })],
    ["snapshot.cues[2].translation", cue(2, { translation: undefined })],
    ["snapshot.cues[2].heardUnits", cue(2, { heardUnits: 1000 })],
    ["snapshot.cues[2].heardUnits", cue(2, { heardUnits: 0.5 })],
    ["snapshot.cues[2].turn", cue(2, { turn: 0 })],
    ["snapshot.cues[1].turn", cue(0, { turn: 3 }) && cue(1, { turn: 0 })],
    ["snapshot.cues[2].turn", cue(2, { turn: 1 })],
    ["snapshot.cues[3].turn", cue(3, { turn: 1 })],
    ["snapshot.cues[2].id", cue(2, { id: "a\nb" })],
    ["snapshot.cues[2].id", cue(2, { id: "a" })],
    ["snapshot.cues[2].spaceBefore", cue(2, { spaceBefore: "no" })],
    ["snapshot.cues[2].clip", cue(2, { clip: null })],
    ["snapshot.cues[2].startMs", cue(2, { startMs: "0" })],
    ["snapshot.cues[2].endMs", cue(2, { endMs: Number.NaN })],
    ["snapshot.cues[2].durationMs", cue(2, { durationMs: -1 })],
  ];
  for (const [option, snapshot] of cases)
    expect(() => SubtitleBuffer.restore(session, snapshot, { nowMs: 0 }), option).toThrow(
      wrong(option),
    );
  expect(() => SubtitleBuffer.restore(session, good, {} as { nowMs: number })).toThrow(
    wrong("nowMs"),
  );
  expect(session.usedBytes).toBe(bytes);
});

test("any JSON is a snapshot, or a named error", () => {
  const before = talk();
  const good = json(before.snapshot(4000)) as Record<string, unknown> & { cues: object[] };
  before.dispose();
  const bytes = session.usedBytes;
  const changed = fc
    .array(
      fc.tuple(
        fc.constantFrom("version", "turn", "accepting", "cues"),
        fc.nat(4),
        fc.constantFrom(...Object.keys(good.cues[0] ?? {})),
        fc.oneof(fc.jsonValue(), fc.constantFrom("waiting", "growing", "ended", "x\u0000[", 0, 2)),
      ),
      { maxLength: 3 },
    )
    .map((changes) => {
      const snapshot = structuredClone(good) as Record<string, unknown> & { cues: object[] };
      for (const [field, i, ofCue, value] of changes)
        if (field === "cues") Object.assign(snapshot.cues[i] ?? {}, { [ofCue]: value });
        else snapshot[field] = value;
      return snapshot as unknown;
    });
  fc.assert(
    fc.property(fc.oneof(changed, fc.jsonValue()), (snapshot) => {
      try {
        using restored = SubtitleBuffer.restore(session, snapshot, { nowMs: 0 });
        restored.tick(0);
        restored.toWebVTT();
        restored.interrupt(1);
      } catch (error) {
        expect(error).toMatchObject({ name: "VoicepathError", code: "OPTION" });
        expect((error as { option: string }).option).toMatch(/^snapshot/);
      }
    }),
    { numRuns: 500 },
  );
  expect(session.usedBytes).toBe(bytes);
});
