/** voicepath-patch names what a tree has and the replacement does not know, instead of dropping it. */
import { describe, expect, test, vi } from "vitest";
import { patch } from "../../frontend-patch/apply/index.js";
import { frontend, overlay, plant, read, source, treeHash } from "./patch-trees.js";

vi.setConfig({ testTimeout: 60_000 });

const OVERLAY = plant(overlay());

type Change = readonly [path: string, from: string | RegExp, to: string];

function changed(changes: readonly Change[], shape: "contexts" | "store" = "contexts"): string {
  const tree = frontend(shape);
  for (const [path, from, to] of changes) {
    const text = tree[source(path)] ?? "";
    const next = from === "" ? text + to : text.replace(from, to);
    expect(next).not.toBe(text);
    tree[source(path)] = next;
  }
  return plant(tree);
}

function refusal(root: string): string {
  const before = treeHash(root);
  try {
    patch(root, { overlay: OVERLAY });
  } catch (error) {
    expect(error).toMatchObject({ code: "NOT_RECOGNISED" });
    expect(treeHash(root)).toBe(before);
    return (error as Error).message;
  }
  return "";
}

describe("a tree of which the replacement does not know", () => {
  test.each<[string, Change, string]>([
    [
      "an export",
      ["context/vad-context.tsx", "", "export const useGain = 1;"],
      "vad: context/vad-context.tsx: export useGain",
    ],
    [
      "an export that is handed on",
      ["utils/task-queue.ts", "", "const a = 1; export { a as depth };"],
      "playback: utils/task-queue.ts: export depth",
    ],
    [
      "a field of a context",
      ["context/vad-context.tsx", "micOn: boolean;", "micOn: boolean; gain: number;"],
      "field gain of useVAD, VADContext",
    ],
    [
      "a field of a type",
      [
        "context/vad-context.tsx",
        "redemptionFrames: number",
        "redemptionFrames: number; gain: number",
      ],
      "field gain of VADSettings",
    ],
    [
      "what a hook returns",
      ["hooks/utils/use-send-audio.tsx", "({ ", "({ sendText: () => 1, "],
      "vad: hooks/utils/use-send-audio.tsx: field sendText of useSendAudio",
    ],
    [
      "a method",
      ["services/websocket-service.tsx", "connect()", "ping(): void {} connect()"],
      "socket: services/websocket-service.tsx: field ping of wsService",
    ],
    [
      "a type of message",
      ["services/websocket-handler.tsx", "case 'audio':", "case 'audio': case 'wake-word':"],
      'message type "wake-word"',
    ],
    [
      "a command",
      ["services/websocket-handler.tsx", "case 'start-mic':", "case 'start-mic': case 'dance':"],
      'command "dance"',
    ],
    [
      "a compared type",
      [
        "services/websocket-handler.tsx",
        "return null;",
        "if (message.type === 'gift') return null;\n  return null;",
      ],
      'message type "gift"',
    ],
    [
      "a key",
      ["context/vad-context.tsx", "'micOn', false", "'gain', 1"],
      'localStorage key "gain"',
    ],
    [
      "a key in a constant",
      ["context/bgurl-context.tsx", "", "const KEY = 'bg2'; localStorage.getItem(KEY);"],
      'localStorage key "bg2"',
    ],
    [
      "how the character is begun",
      ["hooks/canvas/use-live2d-model.ts", "initializeLive2D();", "initializeLive2D('fast');"],
      "model: hooks/canvas/use-live2d-model.ts: line 5: initializeLive2D is called with arguments",
    ],
  ])("%s is refused, and it is said by name", (_, change, words) => {
    const message = refusal(changed([change]));
    expect(message).toContain(words);
    const part = /^ {2}(\w+):/m.exec(message)?.[1] ?? "";
    expect(message).toMatch(new RegExp(`--only (?!.*\\b${part}\\b).* leaves it out`));
  });

  test("a slice or a key of the store is refused", () => {
    const message = refusal(
      changed(
        [
          ["store/index.ts", "url: string", "url: string; blur: number"],
          ["store/index.ts", "'app-store'", "'my-store'"],
        ],
        "store",
      ),
    );
    expect(message).toContain("store: store/index.ts: field media.background.blur of AppState");
    expect(message).toContain('localStorage key "my-store"');
  });

  test("an import of another file is refused, with its line", () => {
    const root = plant({
      ...frontend(),
      [source("utils/audio-manager.ts")]:
        `${frontend()[source("utils/audio-manager.ts")]}export const volume = 1;`,
      [source("Volume.tsx")]:
        "\nimport * as manager from './utils/audio-manager';\nexport default manager.volume;\n",
    });
    expect(refusal(root)).toContain("Volume.tsx: line 2 takes volume of ./utils/audio-manager");
  });

  test("a module that the replacement needs is missed", () => {
    const needy = plant({
      ...overlay(),
      "common/context/bgurl-context.tsx": `import { toaster, gone } from "@/components/ui/toaster";
import { useNothing } from "@/hooks/use-nothing";
import picture from "@/assets/picture.png";
${overlay()["common/context/bgurl-context.tsx"]}`,
    });
    const root = plant({
      ...frontend(),
      [source("components/ui/toaster.tsx")]: "export const toaster = 1;",
    });
    expect(() => patch(root, { overlay: needy })).toThrow(
      /needs gone of @\/components\/ui\/toaster[\s\S]*needs @\/hooks\/use-nothing/,
    );
  });

  test("everything at once is named at once, and --force goes on", () => {
    const root = changed([
      ["context/vad-context.tsx", "", "export const useGain = 1;"],
      [
        "context/subtitle-context.tsx",
        "subtitleText: string",
        "subtitleText: string; size: number",
      ],
      ["hooks/canvas/use-live2d-model.ts", "initializeLive2D();", "run(initializeLive2D);"],
    ]);
    expect(
      refusal(root)
        .split("\n")
        .filter((line) => line.startsWith("  ")),
    ).toHaveLength(3);
    const before = treeHash(root);
    const { warnings, plan } = patch(root, { overlay: OVERLAY, force: true });
    expect(warnings.join()).toMatch(/useGain/);
    expect(plan.byHand).toMatchObject([
      { path: source("hooks/canvas/use-live2d-model.ts"), line: 5 },
    ]);
    expect(read(root, source("context/vad-context.tsx"))).not.toMatch(/useGain/);
    expect(before).not.toBe(treeHash(root));
  });
});

test("local edits that promise nothing new are no hindrance", () => {
  const root = changed([
    ["context/vad-context.tsx", "return null;", "console.log('mine'); return null;"],
    [
      "services/websocket-service.tsx",
      "private socket = 0;",
      "private socket = 0; private mine = 1; #own = 2; protected get a() { return 1; } constructor(private readonly b = 3, c = 4) {}",
    ],
  ]);
  expect(patch(root, { overlay: OVERLAY }).state).toBe("patched");
});
