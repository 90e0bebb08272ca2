/** Small frontends and overlays in temporary folders, with the files and promises of the real ones. */
import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

/** Texts by path. */
export type Tree = Readonly<Record<string, string>>;

const SOURCES = "src/renderer/src";

const CONTEXT = (
  name: string,
  fields: string,
  more = "",
): string => `import { createContext } from 'react';
${more}
interface State { ${fields} }
export const ${name}Context = createContext<State | null>(null);
export function ${name}Provider(): null { return null; }
export function use${name}(): State | null { return null; }
`;

/** Files that are replaced; those of the overlay promise the same. */
const PROMISES: Tree = {
  "context/vad-context.tsx": CONTEXT(
    "VAD",
    "micOn: boolean; startMic: () => void",
    "export interface VADSettings { redemptionFrames: number }",
  ),
  "hooks/utils/use-send-audio.tsx":
    "export const useSendAudio = () => ({ sendAudioPartition: () => 0 });\n",
  "services/websocket-service.tsx": `export interface Message { type: string }
class Service { private socket = 0; connect(): void {} sendMessage(): void {} }
export const wsService = new Service();
`,
  "context/websocket-context.tsx": CONTEXT("WebSocket", "wsState: string"),
  "utils/task-queue.ts":
    "export class TaskQueue { addTask(): void {} }\nexport const audioTaskQueue = new TaskQueue();\n",
  "utils/audio-manager.ts": "export const audioManager = { stopCurrentAudioAndLipSync() {} };\n",
  "hooks/utils/use-audio-task.ts":
    "export const useAudioTask = () => ({ addAudioTask: () => 0 });\n",
  "context/subtitle-context.tsx": CONTEXT("Subtitle", "subtitleText: string"),
  "components/canvas/subtitle.tsx": "export default function Subtitle(): null { return null; }\n",
  "context/bgurl-context.tsx": CONTEXT("BgUrl", "backgroundUrl: string"),
  "hooks/utils/use-local-storage.ts":
    "export function useLocalStorage<T>(key: string, initial: T): T { return initial; }\n",
};

const HANDLER = `import { wsService } from '@/services/websocket-service';
export default function WebSocketHandler(message: { type: string, text: string }): null {
  switch (message.type) {
    case 'control':
      switch (message.text) { case 'start-mic': wsService.connect(); }
      break;
    case 'audio':
      break;
  }
  return null;
}
`;

const STORE: Tree = {
  "store/index.ts": `import { create } from 'zustand';
import { persist } from 'zustand/middleware';
export interface AppState { media: { background: { url: string } }; setMedia(): void }
export const useAppStore = create<AppState>()(persist(() => ({}), { name: 'app-store' }));
`,
  "components/ad-carousel.tsx": "export default function AdCarousel(): null { return null; }\n",
};

const VITE_CONFIG = `import { defineConfig, normalizePath } from 'vite';
import path from 'path';

export default defineConfig({
  plugins: [
    viteStaticCopy({
      targets: [
        {
          src: normalizePath(path.resolve('node_modules/@ricky0123/vad-web/dist/a.onnx')),
          dest: './libs/',
        },
        { src: 'node_modules/onnxruntime-web/dist/*.wasm', dest: './libs/' },
        { src: 'core.js', dest: './libs/' },
      ],
    }),
  ],
  resolve: { alias: { '@': path.resolve('src') } },
});
`;

const ELECTRON_CONFIG = `import { defineConfig } from 'electron-vite';
export default defineConfig({
  main: {},
  renderer: {
    resolve: { alias: [{ find: '@', replacement: 'src' }] },
  },
});
`;

const PACKAGE = `{
  "name": "frontend",
  "version": "1.2.1",
  "dependencies": {
    "@ricky0123/vad-web": "^0.0.24",
    "onnxruntime-web": "1.14.0",
    "react": "^18.3.1",
    "zustand": "^5.0.3"
  }
}
`;

function within(folder: string, tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([path, text]) => [`${folder}/${path}`, text]),
  );
}

/** A frontend that is not patched. */
export function frontend(shape: "contexts" | "store" = "contexts"): Record<string, string> {
  return {
    "package.json": PACKAGE,
    "vite.config.ts": VITE_CONFIG,
    "electron.vite.config.ts": ELECTRON_CONFIG,
    ...within(SOURCES, {
      ...PROMISES,
      "services/websocket-handler.tsx": HANDLER,
      ...(shape === "store" ? STORE : {}),
      "context/vad-context.tsx": `import { MicVAD } from '@ricky0123/vad-web';
import { useLocalStorage } from '@/hooks/utils/use-local-storage';
export const mic = () => [MicVAD, useLocalStorage('micOn', false)];
${PROMISES["context/vad-context.tsx"]}`.replace("export const mic", "const mic"),
      "hooks/canvas/use-live2d-model.ts": `import { initializeLive2D } from '@cubismsdksamples/main';

export const useLive2DModel = () => {
  setTimeout(() => {
    initializeLive2D();
  }, 500);
};
`,
      "App.tsx": `import { VADProvider } from './context/vad-context';
import Subtitle from '@/components/canvas/subtitle';
export default [VADProvider, Subtitle];
`,
    }),
  };
}

/** Replacements for it: the same promises, and a folder that they share. */
export function overlay(): Record<string, string> {
  const common = replaced(PROMISES);
  common["services/websocket-handler.tsx"] = `import { kinds } from '@/voicepath/kinds';
export default function WebSocketHandler(): unknown { return kinds; }
`;
  common["context/vad-context.tsx"] += `import { listen } from "@/voicepath/listen";
export const micKey = "micOn";
export const listening = listen;
`;
  common["components/canvas/subtitle.tsx"] += `import "@/voicepath/subtitle.css";
export const panel = () => import("@/voicepath/panel");
`;
  return {
    ...within("common", {
      ...common,
      "voicepath/kinds.ts": "export const kinds = { control: 0, audio: 1, 'start-mic': 2 };\n",
      "voicepath/listen.ts":
        'import { deep } from "./deep/index.js";\nexport const listen = deep;\n',
      "voicepath/deep/index.ts": "export const deep = 1;\n",
      "voicepath/subtitle.css": ".subtitle {\n  width: 60%;\n}\n",
      "voicepath/panel.tsx": "export default 0;\n",
      "voicepath/model-guard.ts":
        "export function switchModel(start: () => void): void { start(); }\n",
      "voicepath/unused.ts": "export {};\n",
    }),
    ...within("contexts", { "voicepath/settings.ts": "export {};\n" }),
    ...within("store", replaced(STORE)),
  };
}

/** The same promises in other files. */
function replaced(tree: Tree): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).map(([path, text]) => [path, `/** A replacement. */\n${text}`]),
  );
}

const folder = mkdtempSync(join(tmpdir(), "voicepath-patch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

let made = 0;

/** Writes it into a folder of its own, which goes at the end of the tests. */
export function plant(tree: Tree): string {
  const root = join(folder, String(++made));
  mkdirSync(root);
  for (const [path, text] of Object.entries(tree)) put(root, path, text);
  return root;
}

export function put(root: string, path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

export function read(root: string, path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export function source(path: string): string {
  return `${SOURCES}/${path}`;
}

/** Everything that is in a folder: kinds, modes, bytes, links; node_modules are not looked into. */
export function treeHash(root: string): string {
  const hash = createHash("sha256");
  const walk = (path: string): void => {
    for (const name of readdirSync(join(root, path)).sort()) {
      const here = join(path, name);
      const entry = lstatSync(join(root, here));
      hash.update(`${here}\0${entry.mode}\0`);
      if (entry.isSymbolicLink()) hash.update(readlinkSync(join(root, here)));
      else if (entry.isFile()) hash.update(readFileSync(join(root, here)));
      else if (name !== "node_modules") walk(here);
    }
  };
  walk(".");
  return hash.digest("hex");
}
