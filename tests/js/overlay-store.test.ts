/** The overlay's one store: what is believed of what was kept, what is kept, and where it comes from. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Field, type Group } from "../../frontend-patch/overlay/store/voicepath/store/field";
import { frozen } from "../../frontend-patch/overlay/store/voicepath/store/frozen";
import { KeptState } from "../../frontend-patch/overlay/store/voicepath/store/kept-state";
import {
  initialState,
  keptState,
  merged,
} from "../../frontend-patch/overlay/store/voicepath/store/merge";
import { STATE, type State } from "../../frontend-patch/overlay/store/voicepath/store/state";

/** What the brief of the store says, written down by hand. */
const FIRST: State = {
  ai: { state: "loading" },
  vad: {
    micOn: false,
    autoStopMic: false,
    autoStartMicOn: false,
    autoStartMicOnConvEnd: false,
    settings: { positiveSpeechThreshold: 50, negativeSpeechThreshold: 35, redemptionFrames: 35 },
  },
  media: {
    background: {
      url: "http://127.0.0.1:12393/bg/ceiling-window-room-night.jpeg",
      useCamera: false,
    },
    stream: { isStreaming: false },
    advertisements: { files: [], index: 0, intervalMs: 10_000, enabled: true },
  },
  chat: { historyUid: null },
  config: {
    modelInfo: null,
    wsUrl: "ws://127.0.0.1:12393/client-ws",
    baseUrl: "http://127.0.0.1:12393",
    wsState: "CLOSED",
  },
  proactive: { allowProactiveSpeak: false, idleSecondsToSpeak: 5, allowButtonTrigger: false },
  backendSynthComplete: false,
};

/** fast-check prints the seed of what fails. */
const RUNS = { numRuns: 400 };

const believe = (kept: unknown, state: State = initialState(STATE)) => {
  const refused: string[] = [];
  return { state: merged(STATE, state, kept, (path) => refused.push(path)), refused };
};
/** As it comes back from localStorage. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The fields' paths, by walking the description. */
function paths(group: Group = STATE, prefix: readonly string[] = []): (readonly string[])[] {
  return Object.entries(group).flatMap(([name, member]) =>
    member instanceof Field ? [[...prefix, name]] : paths(member, [...prefix, name]),
  );
}

/** Right and wrong values at places of the state. */
function placed(): fc.Arbitrary<unknown> {
  const value = fc.oneof(
    fc.constantFrom(true, false, 0, 1, -1, 50, 1e9, Number.NaN, "", "ws://a", null, [], ["a"], [1]),
    fc.constant({ url: "x" }),
    fc.jsonValue(),
  );
  return fc
    .array(fc.tuple(fc.constantFrom(...paths()), fc.nat(4), value), { maxLength: 12 })
    .map((all) => {
      const tree: Record<string, unknown> = {};
      for (const [path, depth, item] of all) {
        const place = path.slice(0, depth + 1);
        let at = tree;
        for (const name of place.slice(0, -1)) {
          const next = at[name];
          if (typeof next !== "object" || next === null || Array.isArray(next)) at[name] = {};
          at = at[name] as Record<string, unknown>;
        }
        at[place[place.length - 1] ?? ""] = structuredClone(item);
      }
      return tree;
    });
}

const inRange = (value: number, min: number, max: number): boolean => value >= min && value <= max;

/** Without the store's own checks. */
function expectValid(state: State): void {
  const { vad, media, config, proactive } = state;
  const flags = [vad.micOn, vad.autoStopMic, vad.autoStartMicOn, vad.autoStartMicOnConvEnd];
  flags.push(proactive.allowProactiveSpeak, proactive.allowButtonTrigger);
  flags.push(media.advertisements.enabled);
  for (const flag of flags) expect(typeof flag).toBe("boolean");
  expect(inRange(vad.settings.positiveSpeechThreshold, 0, 100)).toBe(true);
  expect(inRange(vad.settings.negativeSpeechThreshold, 0, 100)).toBe(true);
  expect(Number.isInteger(vad.settings.redemptionFrames)).toBe(true);
  expect(vad.settings.redemptionFrames).toBeGreaterThan(0);
  expect(media.advertisements.intervalMs).toBeGreaterThanOrEqual(100);
  expect(media.advertisements.files.every((file) => typeof file === "string")).toBe(true);
  for (const address of [config.wsUrl, config.baseUrl, media.background.url])
    expect(typeof address).toBe("string");
  expect(proactive.idleSecondsToSpeak).toBeGreaterThanOrEqual(0);
  // What is of the moment is never taken from before.
  expect({
    ai: state.ai.state,
    ws: config.wsState,
    uid: state.chat.historyUid,
    camera: media.background.useCamera,
    streams: media.stream.isStreaming,
    index: media.advertisements.index,
    synth: state.backendSynthComplete,
  }).toEqual({
    ai: "loading",
    ws: "CLOSED",
    uid: null,
    camera: false,
    streams: false,
    index: 0,
    synth: false,
  });
  expect(Object.keys(state).sort()).toEqual(Object.keys(FIRST).sort());
}

test("the first state is that of the brief", () => {
  expect(initialState(STATE)).toEqual(FIRST);
});

describe("what was kept", () => {
  test("of anything at all, a valid state is made", () => {
    fc.assert(
      fc.property(fc.oneof(placed(), fc.jsonValue(), fc.anything()), (kept) =>
        expectValid(believe(kept).state),
      ),
      RUNS,
    );
  });

  test("keeps the user's values, gives new fields their defaults, drops dead ones", () => {
    // As the fork's shallow merge left it behind: without settings.redemptionFrames, with dead fields.
    const { state, refused } = believe({
      vad: { autoStopMic: true, settings: { positiveSpeechThreshold: 80 }, oldMode: "x" },
      media: { advertisements: { files: ["a.png"], intervalMs: 3000 } },
      wakeWord: { enabled: true },
    });
    expect(refused).toEqual([]);
    expect(state).toEqual({
      ...FIRST,
      vad: {
        ...FIRST.vad,
        autoStopMic: true,
        settings: { ...FIRST.vad.settings, positiveSpeechThreshold: 80 },
      },
      media: {
        ...FIRST.media,
        advertisements: { files: ["a.png"], index: 0, intervalMs: 3000, enabled: true },
      },
    });
  });

  test("is refused by name when it is of the wrong type or out of range", () => {
    const { state, refused } = believe({
      vad: { micOn: "yes", settings: { redemptionFrames: 3.5, positiveSpeechThreshold: 101 } },
      media: 7,
      proactive: { idleSecondsToSpeak: -1, allowProactiveSpeak: true },
    });
    expect(refused.sort()).toEqual([
      "media",
      "proactive.idleSecondsToSpeak",
      "vad.micOn",
      "vad.settings.positiveSpeechThreshold",
      "vad.settings.redemptionFrames",
    ]);
    expect(state).toEqual({
      ...FIRST,
      proactive: { ...FIRST.proactive, allowProactiveSpeak: true },
    });
  });

  test("inherited names are nobody's values", () => {
    const kept = JSON.parse('{"__proto__": {"vad": {"micOn": true}}, "constructor": {}}');
    expect(believe(kept)).toEqual({ state: FIRST, refused: [] });
    expect(believe(Object.create({ vad: { micOn: true } })).state).toEqual(FIRST);
  });

  test("merging is idempotent, what is kept survives, and nothing that was given is changed", () => {
    fc.assert(
      fc.property(fc.oneof(placed(), fc.jsonValue()), (kept) => {
        const before = structuredClone(FIRST);
        const once = believe(kept, FIRST).state;
        expect(FIRST).toEqual(before);
        expect(believe(kept, once).state).toEqual(once);
        const again = believe(throughJson(keptState(STATE, once)));
        expect(again.refused).toEqual([]);
        expect(again.state).toEqual({
          ...once,
          config: {
            ...once.config,
            modelInfo: once.config.modelInfo && { ...once.config.modelInfo, url: "" },
          },
        });
      }),
      RUNS,
    );
  });

  test("the later of two wins, field by field", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), fc.boolean(), (level, on) => {
        const first = believe({ vad: { micOn: on, settings: { positiveSpeechThreshold: 1 } } });
        const then = believe(
          { vad: { settings: { positiveSpeechThreshold: level } } },
          first.state,
        );
        expect(then.state.vad.micOn).toBe(on);
        expect(then.state.vad.settings.positiveSpeechThreshold).toBe(level);
      }),
      RUNS,
    );
  });

  test("has nothing of the moment", () => {
    const kept = keptState(STATE, FIRST);
    expect(kept).toEqual({
      vad: FIRST.vad,
      media: {
        background: { url: FIRST.media.background.url },
        advertisements: { files: [], intervalMs: 10_000, enabled: true },
      },
      config: { modelInfo: null, wsUrl: FIRST.config.wsUrl, baseUrl: FIRST.config.baseUrl },
      proactive: FIRST.proactive,
    });
  });
});

describe("a frozen state", () => {
  test("throws for who writes into it, however deep", () => {
    const state = frozen(structuredClone(FIRST));
    const changes: (() => void)[] = [
      () => {
        state.backendSynthComplete = true;
      },
      () => {
        state.vad.micOn = true;
      },
      () => {
        state.vad.settings.redemptionFrames = 1;
      },
      () => {
        state.media.advertisements.index = 1;
      },
    ];
    for (const change of changes) expect(change).toThrow("Cannot assign to read only property");
    const files = state.media.advertisements.files as string[];
    expect(() => files.push("a.png")).toThrow("object is not extensible");
    expect(state).toEqual(FIRST);
  });

  test("leaves what is no plain object or list alone", () => {
    const samples = new Float32Array(2);
    const when = new Date(0);
    frozen({ samples, when });
    samples[0] = 1;
    when.setFullYear(2000);
    expect([samples[0], when.getUTCFullYear()]).toEqual([1, 2000]);
  });
});

/** A localStorage that counts, and can be full. */
class FakeStorage {
  readonly items = new Map<string, string>();
  writes = 0;
  full = false;

  constructor(items: Readonly<Record<string, string>> = {}) {
    for (const [key, value] of Object.entries(items)) this.items.set(key, value);
  }

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException("the quota has been exceeded", "QuotaExceededError");
    this.writes++;
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}

const OLD: Readonly<Record<string, string>> = {
  wsUrl: '"wss://example.com/client-ws"',
  baseUrl: "https://example.com",
  micOn: "true",
  autoStopMic: "true",
  vadSettings: '{"positiveSpeechThreshold":70,"negativeSpeechThreshold":20,"redemptionFrames":12}',
  autoStartMicOn: "false",
  autoStartMicOnConvEnd: "true",
  modelInfo: '{"url":"","kScale":1,"initialXshift":0,"initialYshift":0,"emotionMap":{}}',
  backgroundUrl: '"/bg/moon.jpeg"',
  proactiveSpeakSettings:
    '{"allowProactiveSpeak":true,"idleSecondsToSpeak":30,"allowButtonTrigger":false}',
  appImageCompressionQuality: "0.7",
  appImageMaxWidth: "512",
  i18nextLng: "zh",
};

describe("where it is kept", () => {
  const open = (storage: FakeStorage) => {
    const notices: string[] = [];
    return {
      kept: new KeptState(
        () => storage,
        (text, cause) => notices.push(`${text}: ${String(cause)}`),
      ),
      notices,
    };
  };
  const item = (state: State) => ({ state: keptState(STATE, state), version: 1 });

  test("the old keys become a state, and go when it is written", () => {
    const storage = new FakeStorage(OLD);
    const { kept } = open(storage);
    const old = kept.getItem("app-store");
    expect(old?.version).toBe(0);
    const { state, refused } = believe(old?.state);
    expect(refused).toEqual([]);
    expect(state.config).toMatchObject({
      wsUrl: "wss://example.com/client-ws",
      // Somebody had stored it as it is.
      baseUrl: "https://example.com",
      modelInfo: { url: "", kScale: 1 },
    });
    expect(state.vad).toEqual({
      micOn: true,
      autoStopMic: true,
      autoStartMicOn: false,
      autoStartMicOnConvEnd: true,
      settings: { positiveSpeechThreshold: 70, negativeSpeechThreshold: 20, redemptionFrames: 12 },
    });
    expect(state.media.background.url).toBe("/bg/moon.jpeg");
    expect(state.proactive.idleSecondsToSpeak).toBe(30);
    // Not before it is written.
    expect(Object.fromEntries(storage.items)).toEqual(OLD);

    kept.setItem("app-store", item(state));
    expect([...storage.items.keys()].sort()).toEqual([
      "app-store",
      "appImageCompressionQuality",
      "appImageMaxWidth",
      "i18nextLng",
      "modelInfo",
      "proactiveSpeakSettings",
    ]);
  });

  test("they stay while it cannot be written, which is said", () => {
    const storage = new FakeStorage(OLD);
    const { kept, notices } = open(storage);
    const { state } = believe(kept.getItem("app-store")?.state);
    storage.full = true;
    kept.setItem("app-store", item(state));
    expect(Object.fromEntries(storage.items)).toEqual(OLD);
    expect(notices).toEqual([expect.stringContaining("the quota has been exceeded")]);
    storage.full = false;
    kept.setItem("app-store", item(state));
    expect(storage.items.has("wsUrl")).toBe(false);
  });

  test("they are not asked twice: what was written since wins", () => {
    const storage = new FakeStorage(OLD);
    const first = open(storage).kept;
    const { state } = believe(first.getItem("app-store")?.state);
    first.setItem("app-store", item({ ...state, vad: { ...state.vad, micOn: false } }));
    storage.items.set("micOn", "true");
    const second = open(storage).kept.getItem("app-store");
    expect(second?.version).toBe(1);
    expect(believe(second?.state).state.vad.micOn).toBe(false);
  });

  test("migrating again changes nothing", () => {
    const value = fc.oneof(fc.json(), fc.string());
    const keys = fc.subarray(Object.keys(OLD));
    fc.assert(
      fc.property(keys, fc.array(value, { minLength: 13, maxLength: 13 }), (chosen, values) => {
        const storage = new FakeStorage();
        chosen.forEach((key, i) => void storage.items.set(key, values[i] ?? ""));
        const once = believe(open(storage).kept.getItem("app-store")?.state).state;
        expectValid(once);
        open(storage).kept.setItem("app-store", item(once));
        const twice = believe(open(storage).kept.getItem("app-store")?.state).state;
        expect(keptState(STATE, twice)).toEqual(keptState(STATE, once));
      }),
      RUNS,
    );
  });

  test("the fork's item is version 0, whatever of the moment is in it", () => {
    const state = { ...FIRST, config: { ...FIRST.config, wsState: "OPEN" }, ai: { state: "idle" } };
    const storage = new FakeStorage({ "app-store": JSON.stringify({ state, version: 0 }), ...OLD });
    const saved = open(storage).kept.getItem("app-store");
    expect(saved?.version).toBe(0);
    expect(believe(saved?.state)).toEqual({ state: FIRST, refused: [] });
  });

  test("a damaged item is said, and the defaults hold", () => {
    for (const text of ["{", "null", "[]", '{"state":1}', '"x"']) {
      const { kept, notices } = open(new FakeStorage({ "app-store": text }));
      expect(kept.getItem("app-store")).toBe(null);
      expect(notices).toEqual([
        expect.stringMatching(/^The settings cannot be read, and the defaults are used: /),
      ]);
    }
  });

  test("what is there already is not written again", () => {
    const storage = new FakeStorage();
    const { kept } = open(storage);
    kept.getItem("app-store");
    kept.setItem("app-store", item(FIRST));
    kept.setItem("app-store", item({ ...FIRST, config: { ...FIRST.config, wsState: "OPEN" } }));
    expect(storage.writes).toBe(1);
  });
});
