/** The outbox against a model that is nothing but lists. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { VoicepathError } from "../../js-glue/src/errors.js";
import {
  type DropReason,
  messageBytes,
  Outbox,
  type OutboxOptions,
  type SocketData,
} from "../../js-glue/src/socket/outbox.js";

type Drop = [data: SocketData, reason: DropReason];

/** An outbox and what it told. */
function observed(options: OutboxOptions = {}): { outbox: Outbox; drops: Drop[] } {
  const drops: Drop[] = [];
  const outbox = new Outbox(options, (data, reason) => drops.push([data, reason]));
  return { outbox, drops };
}

function handAll(outbox: Outbox): SocketData[] {
  const handed: SocketData[] = [];
  for (let data = outbox.first; data !== undefined; data = outbox.first) {
    handed.push(data);
    outbox.handed();
  }
  return handed;
}

test("a message is as long as the encoder makes it", () => {
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        // Any code units, lone surrogates among them.
        fc
          .array(
            fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 })),
          )
          .map((units) => String.fromCharCode(...units)),
      ),
      (text) => {
        expect(messageBytes(text)).toBe(encoder.encode(text).length);
      },
    ),
    { numRuns: 5000 },
  );
  const buffer = new ArrayBuffer(10);
  expect(messageBytes(buffer)).toBe(10);
  expect(messageBytes(new Uint16Array(buffer, 2, 3))).toBe(6);
  expect(messageBytes(new DataView(buffer, 4))).toBe(6);
  expect(messageBytes(new Blob(["äb"]))).toBe(3);
  expect(messageBytes("")).toBe(0);
});

test("what is no message, and wrong options, have a name", () => {
  const { outbox, drops } = observed();
  for (const data of [undefined, null, 7, {}, [], () => 0]) {
    const error = expect.objectContaining({ code: "OPTION", option: "data" });
    expect(() => outbox.hold(data as unknown as string)).toThrowError(error);
    expect(() => outbox.sent(data as unknown as string)).toThrowError(error);
  }
  expect([outbox.waiting, outbox.unconfirmed, drops.length]).toEqual([0, 0, 0]);
  for (const [option, value] of [
    ["maxMessages", 0],
    ["maxMessages", 1.5],
    ["maxBytes", -1],
    ["maxBytes", Number.NaN],
    ["policy", "first"],
  ] as const)
    expect(() => observed({ [option]: value })).toThrowError(
      expect.objectContaining({ code: "OPTION", option, value }),
    );
});

test("a buffer that waits is not changed by who sent it", () => {
  const { outbox } = observed();
  const bytes = Uint8Array.of(0, 1, 2, 3);
  outbox.hold(bytes.subarray(1, 3));
  outbox.hold(bytes.buffer);
  bytes.fill(9);
  const [view, buffer] = handAll(outbox);
  expect(view).toEqual(Uint8Array.of(1, 2));
  expect(new Uint8Array(buffer as ArrayBuffer)).toEqual(Uint8Array.of(0, 1, 2, 3));
});

test("a PONG confirms what was handed over before its own PING", () => {
  const { outbox, drops } = observed();
  outbox.sent("a");
  outbox.asked();
  outbox.sent("b");
  outbox.asked();
  outbox.sent("c");
  outbox.answered();
  expect(outbox.unconfirmed).toBe(2);
  outbox.answered();
  expect(outbox.unconfirmed).toBe(1);
  outbox.answered(); // answers nothing
  expect(outbox.unconfirmed).toBe(1);
  outbox.lost();
  expect(drops).toEqual([["c", "unconfirmed"]]);
  // A question to a lost socket is not answered by the next one.
  outbox.sent("d");
  outbox.asked();
  outbox.lost();
  outbox.sent("e");
  outbox.answered();
  expect(outbox.unconfirmed).toBe(1);
});

test("without a heartbeat, only what never left the machine is reported", () => {
  const { outbox, drops } = observed();
  for (const text of ["aa", "bbb", "", "cccc"]) outbox.sent(text);
  outbox.transmitted(9);
  expect(outbox.unconfirmed).toBe(4);
  outbox.transmitted(8); // one byte of "aa" has left; that is not all of it
  expect(outbox.unconfirmed).toBe(4);
  outbox.transmitted(7);
  expect(outbox.unconfirmed).toBe(3);
  outbox.transmitted(3);
  outbox.lost();
  expect(drops).toEqual([["cccc", "unconfirmed"]]);
  outbox.sent("d");
  outbox.sent("");
  outbox.transmitted(0);
  expect([outbox.unconfirmed, outbox.unconfirmedBytes]).toEqual([0, 0]);
});

test("who is told of a drop may hold more, and may dispose", () => {
  const seen: string[] = [];
  const outbox: Outbox = new Outbox({ maxMessages: 2 }, (data, reason) => {
    seen.push(`${data} ${reason}`);
    if (data === "a") outbox.hold("x");
    if (data === "b") outbox.dispose();
  });
  outbox.hold("a");
  outbox.hold("b");
  expect(() => outbox.hold("c")).toThrowError(expect.objectContaining({ code: "DISPOSED" }));
  expect(seen).toEqual(["a overflow", "b overflow", "x disposed"]);
});

// ---- Model ----

type Step =
  | { do: "hold" | "sent"; size: number }
  | { do: "handed" | "asked" | "answered" | "lost" }
  | { do: "transmitted"; part: number };

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant("hold" as const), size: fc.nat(12) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("sent" as const), size: fc.nat(12) }) },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constantFrom("handed" as const, "asked", "answered") }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("lost" as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("transmitted" as const),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
  ),
  { maxLength: 200 },
);

/** Everything in lists, everything searched anew. */
class Model {
  waiting: string[] = [];
  unconfirmed: { text: string; asked: boolean[] }[] = [];
  /** One entry per unanswered PING: its number. */
  questions: number[] = [];
  #questions = 0;
  readonly sentEver: string[] = [];
  readonly drops: Drop[] = [];

  constructor(readonly options: Required<OutboxOptions>) {}

  bytes = (texts: string[]): number => texts.join("").length;
  over = (texts: string[]): boolean =>
    texts.length > this.options.maxMessages || this.bytes(texts) > this.options.maxBytes;

  hold(text: string): "held" | "dropped" | "refused" {
    const { policy } = this.options;
    if (!this.over([...this.waiting, text])) {
      this.waiting.push(text);
      return "held";
    }
    if (policy === "error") return "refused";
    if (policy === "newest" || this.over([text])) {
      this.drops.push([text, "overflow"]);
      return "dropped";
    }
    while (this.over([...this.waiting, text]))
      this.drops.push([this.waiting.shift() ?? "", "overflow"]);
    this.waiting.push(text);
    return "held";
  }

  sent(text: string): void {
    this.sentEver.push(text);
    this.unconfirmed.push({ text, asked: [] });
    while (this.unconfirmed.length > 1 && this.over(this.unconfirmed.map((m) => m.text)))
      this.unconfirmed.shift();
  }

  ask(): void {
    const question = this.#questions++;
    this.questions.push(question);
    for (const message of this.unconfirmed) message.asked[question] = true;
  }

  answer(): void {
    const question = this.questions.shift();
    if (question === undefined) return;
    this.unconfirmed = this.unconfirmed.filter((message) => !message.asked[question]);
  }

  transmitted(buffered: number): void {
    // The shortest tail that holds the buffered bytes.
    let tail: typeof this.unconfirmed = [];
    while (this.bytes(tail.map((m) => m.text)) < buffered && tail.length < this.unconfirmed.length)
      tail = this.unconfirmed.slice(this.unconfirmed.length - tail.length - 1);
    this.unconfirmed = tail;
  }

  lost(): void {
    for (const { text } of this.unconfirmed) this.drops.push([text, "unconfirmed"]);
    this.unconfirmed = [];
    this.questions = [];
  }
}

test("the outbox does what the model does, and nothing is sent twice", () => {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  fc.assert(
    fc.property(
      fc.record({
        maxMessages: fc.integer({ min: 1, max: 12 }),
        maxBytes: fc.nat(60),
        policy: fc.constantFrom("oldest" as const, "newest" as const, "error" as const),
      }),
      steps,
      (options, todo) => {
        const model = new Model(options);
        const { outbox, drops } = observed(options);
        const sentEver: SocketData[] = [];
        todo.forEach((step: Step, i) => {
          // Recognisable, and as long as asked for.
          const text = (size: number): string => (letters[i % 26] ?? "").repeat(size);
          switch (step.do) {
            case "hold": {
              const expected = model.hold(text(step.size));
              let result: string;
              try {
                result = outbox.hold(text(step.size)) ? "held" : "dropped";
              } catch (error) {
                expect((error as VoicepathError).code).toBe("QUEUE_FULL");
                result = "refused";
              }
              expect(result).toBe(expected);
              break;
            }
            case "sent":
              if (model.waiting.length > 0) break;
              model.sent(text(step.size));
              sentEver.push(text(step.size));
              outbox.sent(text(step.size));
              break;
            case "handed": {
              const next = model.waiting.shift();
              expect(outbox.first).toBe(next);
              if (outbox.first !== undefined) sentEver.push(outbox.first);
              if (next !== undefined) model.sent(next);
              outbox.handed();
              break;
            }
            case "asked":
              model.ask();
              outbox.asked();
              break;
            case "answered":
              model.answer();
              outbox.answered();
              break;
            case "transmitted": {
              const buffered = Math.round(step.part * outbox.unconfirmedBytes);
              model.transmitted(buffered);
              outbox.transmitted(buffered);
              break;
            }
            case "lost":
              model.lost();
              outbox.lost();
          }
          expect(outbox.waiting).toBe(model.waiting.length);
          expect(outbox.waitingBytes).toBe(model.bytes(model.waiting));
          expect(outbox.unconfirmed).toBe(model.unconfirmed.length);
          expect(outbox.unconfirmedBytes).toBe(model.bytes(model.unconfirmed.map((m) => m.text)));
        });
        outbox.dispose();
        outbox.dispose();
        model.lost();
        for (const text of model.waiting) model.drops.push([text, "disposed"]);
        expect(drops).toEqual(model.drops);
        expect(sentEver).toEqual(model.sentEver);
        expect([outbox.waiting, outbox.unconfirmed]).toEqual([0, 0]);
        expect(() => outbox.hold("x")).toThrowError(expect.objectContaining({ code: "DISPOSED" }));
        expect(() => outbox.sent("x")).toThrowError(VoicepathError);
      },
    ),
    { numRuns: 1000 },
  );
});

test("a long queue costs as much per message as a short one", () => {
  // Counted, not timed: how many elements the queue's arrays move.
  const moved = { count: 0 };
  const { copyWithin } = Array.prototype;
  Array.prototype.copyWithin = function (this: unknown[], target: number, start: number) {
    moved.count += this.length - start;
    return copyWithin.call(this, target, start);
  };
  try {
    for (const messages of [1000, 100_000]) {
      moved.count = 0;
      const { outbox } = observed({ maxMessages: messages });
      for (let i = 0; i < messages; i++) outbox.hold("m");
      // Full: each new one drops the oldest.
      for (let i = 0; i < messages; i++) outbox.hold("n");
      expect(handAll(outbox)).toHaveLength(messages);
      outbox.asked();
      outbox.answered();
      expect(outbox.unconfirmed).toBe(0);
      expect(moved.count / messages).toBeLessThan(10);
    }
  } finally {
    Array.prototype.copyWithin = copyWithin;
  }
});
