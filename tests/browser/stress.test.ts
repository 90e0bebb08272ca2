/** `npm run stress`, by the functions of the command: what is clean passes, what leaks is caught. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { buildStage, SITE } from "../../bench/pages.js";
import { addressOf, serve } from "../../bench/server.js";
import type { RunOptions } from "../../bench/stress/options.js";
import type { StressReport } from "../../bench/stress/report.js";
import { reportPage } from "../../bench/stress/report-page.js";
import { Rig } from "../../bench/stress/rig.js";
import { stress } from "../../bench/stress/stress.js";
import { Tab } from "../../bench/stress/tab.js";
import { reportTable } from "../../bench/stress/table.js";
import { writeSpokenFile } from "./spoken-file.js";

const CYCLES = 20;
/** Of a run, on a machine that is busy with other things. */
const RUN_MS = 180_000;

const folder = mkdtempSync(join(tmpdir(), "voicepath-stress-"));
const taskLog = join(folder, "tasks.log");
const stageLog = join(folder, "stage.log");
let rig: Rig;
let stage: Server;
let pages: Server;
let port: number;

/** Small pages that do not work, or are in the way. */
const PAGES: Readonly<Record<string, string>> = {
  "/empty": "<p>Nothing here.</p>",
  "/alert": `<script>
    const hook = { open() { alert("hello"); }, close() {} };
    globalThis.voicepathStress = { "open-close": hook };
  </script>`,
  "/hang": `<script>
    let opened = 0;
    const hook = { open() { while (++opened > 4); }, close() {} };
    globalThis.voicepathStress = { "open-close": hook };
  </script>`,
  "/throw": `<script>
    const hook = { open() { throw new RangeError("no more"); }, close() {} };
    globalThis.voicepathStress = { "open-close": hook };
  </script>`,
  "/controls": `<button>Toggle the microphone</button><input placeholder="Say">
    <select aria-label="Character"><option>a<option>b<option>c</select>
    <script>
      const [button] = document.querySelectorAll("button");
      const [input] = document.querySelectorAll("input");
      const socket = new WebSocket("ws://" + location.host + "/echo");
      let stream;
      button.onclick = async () => {
        for (const track of stream?.getTracks() ?? []) track.stop();
        stream = stream ? undefined : await navigator.mediaDevices.getUserMedia({ audio: true });
      };
      input.onkeydown = ({ key }) => {
        if (key === "Enter") { socket.send("conversation-chain-end"); input.value = ""; }
      };
    </script>`,
};

async function servePages(): Promise<Server> {
  const path = (file: string): string => fileURLToPath(new URL(`pages/${file}`, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [path("leaks.ts")],
    bundle: true,
    write: false,
    format: "esm",
  });
  const script = outputFiles[0]?.text ?? "";
  const server = createServer(({ url = "" }, response) => {
    const isScript = url.startsWith("/leaks.js");
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    if (isScript) response.end(script);
    else response.end(PAGES[url] ?? readFileSync(path("leaks.html")));
  });
  const sockets = new WebSocketServer({ server });
  let tasks = 0;
  sockets.on("connection", (socket, { url }) => {
    // One for each connection, and none of them ever ends.
    if (url === "/task") appendFileSync(taskLog, `总任务=${++tasks}, 活跃=${tasks}\n`);
    socket.on("message", (data) => socket.send(String(data)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.on("close", () => {
    for (const client of sockets.clients) client.terminate();
  });
  return server;
}

beforeAll(async () => {
  for (const log of [taskLog, stageLog]) writeFileSync(log, "");
  await buildStage();
  stage = await serve(SITE, 0, { log: (line) => appendFileSync(stageLog, `${line}\n`) });
  pages = await servePages();
  ({ port } = pages.address() as AddressInfo);
  rig = await Rig.open({ microphone: await writeSpokenFile() });
});
afterAll(async () => {
  await rig.close();
  for (const server of [stage, pages]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});

const run = (url: string, more: Partial<RunOptions> = {}): Promise<StressReport> =>
  stress(rig, { url, scenario: "open-close", cycles: CYCLES, ...more });

const page = (path: string): string => `http://localhost:${port}${path}`;

/** How busy this machine is, is not the page's affair. */
const growing = ({ rising }: StressReport): readonly string[] =>
  rising.filter((name) => name !== "response");

const grown = ({ counters }: StressReport, name: string): number => {
  const { first = 0, last = 0 } = counters.find((counter) => counter.name === name) ?? {};
  return (last ?? 0) - (first ?? 0);
};

describe("the stage", () => {
  test.for(["open-close", "mic", "reconnect", "turns", "model-switch"] as const)(
    "%s: nothing rises",
    // One verdict in a hundred is a false alarm, and a heap takes a step when code is compiled.
    { retry: 2, timeout: RUN_MS },
    async (scenario) => {
      const cycles = scenario === "turns" ? 10 : CYCLES;
      const report = await run(`${addressOf(stage)}/stage/`, {
        scenario,
        cycles,
        // Where much is made anew it takes some until its code is compiled.
        warmUpCycles: scenario === "mic" || scenario === "model-switch" ? 20 : undefined,
        serverLog: stageLog,
      });
      expect(growing(report), reportTable(report)).toEqual([]);
      expect(report.way).toBe("by its hooks");
      expect(report.readings).toHaveLength(cycles);
      const tasks = report.counters.find(({ name }) => name === "server tasks, active");
      expect(tasks?.n).toBe(cycles);
    },
  );
});

/** Chromium keeps those whose processor had not ended when their context closed. */
test("audio contexts and nodes that voicepath has closed are collected", async () => {
  const script = `globalThis.made = [];
    for (const name of ["AudioContext", "AudioWorkletNode"]) {
      const Native = globalThis[name];
      globalThis[name] = class extends Native {
        constructor(...args) { super(...args); made.push(new WeakRef(this)); }
      };
    }`;
  const tab = await Tab.open(rig.browser, { script, deadlineMs: 20_000 });
  try {
    await tab.goto(`${addressOf(stage)}/stage/`);
    await tab.until('"voicepathStress" in globalThis', "loading");
    const call = (hook: string): Promise<void> =>
      tab.evaluate(`voicepathStress${hook}().then(() => {})`);
    for (let visit = 0; visit < 4; visit++) {
      await call("['open-close'].open");
      await call(".mic.start");
      await call(".mic.stop");
      await call("['open-close'].close");
    }
    // A player and a microphone each time.
    expect(await tab.evaluate("made.length")).toBe(16);
    let alive = 16;
    // It takes what the audio thread takes, whose machine may be busy.
    for (let look = 0; look < 100 && alive > 0; look++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await tab.collectGarbage();
      alive = await tab.evaluate("made.filter((ref) => ref.deref()).length");
    }
    expect(alive).toBe(0);
  } finally {
    await tab.close();
  }
});

interface Leak {
  /** All that rise because of it. */
  readonly counters: readonly string[];
  /** Of the first of them, in a cycle. */
  readonly each: number;
  readonly kind?: string;
  /** The function that is to be named. */
  readonly at?: string;
  readonly serverLog?: boolean;
}

const gl = (counter: string, kind: string, at: string): Leak => ({
  counters: [counter],
  each: 1,
  kind,
  at,
});

const LEAKS: Readonly<Record<string, Leak>> = {
  timeout: { counters: ["timeouts"], each: 1, kind: "timeout", at: "armTimeout" },
  poll: { counters: ["timeouts"], each: 1, kind: "timeout", at: "checkQueue" },
  interval: { counters: ["intervals"], each: 1, kind: "interval", at: "startCarousel" },
  frame: {
    counters: ["frame requests", "frame callbacks"],
    each: 1,
    kind: "frame",
    at: "drawModel",
  },
  socket: { counters: ["sockets"], each: 1, kind: "socket", at: "connect" },
  channel: { counters: ["channels"], each: 1, kind: "broadcastChannel", at: "joinTabs" },
  stream: { counters: ["media streams"], each: 1, kind: "mediaStream", at: "forkTrack" },
  microphone: {
    counters: ["audio contexts", "media streams"],
    each: 1,
    kind: "audioContext",
    at: "startMic",
  },
  listener: {
    counters: ["listeners", "listeners in all"],
    each: 1,
    kind: "listener",
    at: "trackPointer",
  },
  "detached-listener": {
    counters: ["listeners in all", "nodes"],
    each: 2,
    kind: "heap",
    at: "keepListening",
  },
  observer: { counters: ["observers"], each: 1, kind: "observer", at: "watchSize" },
  "object-url": { counters: ["object URLs"], each: 1, kind: "objectURL", at: "playClip" },
  worker: { counters: ["workers"], each: 1, kind: "worker", at: "startDecoder" },
  "gl-context": gl("GL contexts", "glContext", "createStage"),
  "gl-buffer": gl("GL buffers", "glBuffer", "createMesh"),
  "gl-texture": gl("GL textures", "glTexture", "loadTexture"),
  "gl-framebuffer": gl("GL framebuffers", "glFramebuffer", "createMask"),
  "gl-renderbuffer": gl("GL renderbuffers", "glRenderbuffer", "createDepth"),
  "gl-shader": gl("GL shaders", "glShader", "compileShader"),
  "gl-program": gl("GL programs", "glProgram", "linkProgram"),
  "gl-vertex-array": gl("GL vertex arrays", "glVertexArray", "createLayout2"),
  "image-bitmap": gl("image bitmaps", "imageBitmap", "captureFrame"),
  "wasm-memory": {
    counters: ["wasm memories", "wasm memory"],
    each: 1,
    kind: "wasmMemory",
    at: "keepMemory",
  },
  nodes: { counters: ["nodes"], each: 6, kind: "heap", at: "keepRows" },
  processor: { counters: ["worklet processors"], each: 1, kind: "heap", at: "startProcessor" },
  heap: { counters: ["JS heap"], each: 40, kind: "heap", at: "keepHistory" },
  server: { counters: ["server tasks, active", "server tasks, total"], each: 1, serverLog: true },
};

/** In one run; the others each in a run of its own. */
const GROUPS: readonly (readonly string[])[] = [
  ["timeout", "poll", "interval", "frame"],
  ["socket", "channel", "stream", "listener", "observer"],
  ["object-url", "worker", "image-bitmap", "wasm-memory"],
  ["gl-buffer", "gl-texture", "gl-framebuffer", "gl-renderbuffer"],
  ["gl-shader", "gl-program", "gl-vertex-array"],
];
const TOGETHER = [
  ...GROUPS,
  ...Object.keys(LEAKS)
    .filter((name) => !GROUPS.flat().includes(name))
    .map((name) => [name]),
];

function expectCaught(report: StressReport, name: string): void {
  const leak = LEAKS[name];
  if (!leak) throw new Error(`no leak is called ${name}`);
  expect(growing(report), name).toEqual(expect.arrayContaining([...leak.counters]));
  // A browser keeps sixteen GL contexts.
  const cycles = name === "gl-context" ? 5 : CYCLES - 1;
  expect(grown(report, leak.counters[0] ?? ""), name).toBeGreaterThanOrEqual(leak.each * cycles);
  if (leak.at === undefined) return;
  const place = report.growth.find(({ kind, stack }) => {
    const [first = ""] = stack.split("\n");
    return kind === leak.kind && new RegExp(`\\b${leak.at}\\b`).test(first);
  });
  expect(place?.site, `${name}: ${reportTable(report)}`).toMatch(/\/leaks\.js:\d+:\d+\)$/);
}

describe("leaks", () => {
  test.concurrent("none", async () => {
    const report = await run(page(`/?leak=none&port=${port}`));
    expect(growing(report), reportTable(report)).toEqual([]);
    expect(report.growth).toEqual([]);
  });

  test.concurrent.each(TOGETHER)("%s", async (...names) => {
    const report = await run(page(`/?leak=${names}&port=${port}`), {
      serverLog: names.includes("server") ? taskLog : undefined,
    });
    for (const name of names) expectCaught(report, name);
  });
});

describe("driven from outside", () => {
  test.each([
    ["mic", "Toggle the microphone"],
    ["turns", "Say"],
    ["model-switch", "Character"],
  ] as const)("%s", async (scenario, name) => {
    const report = await run(page("/controls"), { scenario, cycles: 5, settleMs: 20 });
    expect(growing(report), reportTable(report)).toEqual([]);
    expect(report.way).toContain(`"${name}"`);
  });

  test("sockets are cut; a page that does not connect again is named", async () => {
    const failing = run(page("/controls"), { scenario: "reconnect", deadlineMs: 3000 });
    await expect(failing).rejects.toThrow("the page hangs: reconnecting is not done");
  });

  test("a page that is loaded and left", async () => {
    const report = await run(`${addressOf(stage)}/live/none`, { cycles: 5 }).catch(String);
    expect(report).toContain("/live/none cannot be loaded");
    const loaded = await run(page("/controls"), { cycles: 5, settleMs: 20 });
    expect(loaded.way).toBe("by loading it and leaving");
    expect(growing(loaded), reportTable(loaded)).toEqual([]);
    // What was open while it was there.
    expect(loaded.counters.find(({ name }) => name === "sockets")?.first).toBe(1);
  });
});

describe("pages that do not work", () => {
  test.each([
    ["mic", "the page has no button called microphone; pass --mic SELECTOR"],
    ["turns", "the page has no text field; pass --input SELECTOR"],
    ["model-switch", "the page has no choice called model or character; pass --model SELECTOR"],
    ["reconnect", "the page hangs: opening a WebSocket is not done"],
  ] as const)("%s on an empty page: %s", async (scenario, message) => {
    await expect(run(page("/empty"), { scenario, deadlineMs: 2000 })).rejects.toThrow(message);
  });

  test("a selector that is nowhere", async () => {
    const selectors = { mic: "#nowhere" };
    const failing = run(page("/empty"), { scenario: "mic", selectors, deadlineMs: 7000 });
    await expect(failing).rejects.toThrow("nothing on the page is #nowhere; pass another --mic");
  });

  test("nobody listens there", async () => {
    await expect(run("http://localhost:1/")).rejects.toThrow(
      "http://localhost:1/ cannot be loaded",
    );
  });

  test("one that hangs in the middle", async () => {
    await expect(run(page("/hang"), { deadlineMs: 1000 })).rejects.toThrow(
      /the page hangs: .*open\(\).* is not done after 1000 ms/,
    );
  });

  test("one that crashes in the middle", async () => {
    const failing = run(page(`/?leak=none&port=${port}`), { cycles: 10_000 });
    const crash = async (): Promise<void> => {
      const open = rig.browser.contexts().flatMap((context) => context.pages());
      const driven = open.find((one) => one.url().includes("leak=none"));
      if (!driven) throw new Error("no page is driven");
      const session = await driven.context().newCDPSession(driven);
      await session.send("Page.crash").catch(() => {});
    };
    setTimeout(() => void crash(), 1500);
    await expect(failing).rejects.toThrow("the page crashed");
  });

  test("one whose hook throws", async () => {
    await expect(run(page("/throw"))).rejects.toThrow(/open\(\).* failed: RangeError: no more/);
  });

  test("one that opens dialogs is measured, and it is said", async () => {
    const report = await run(page("/alert"), { cycles: 5 });
    expect(report.notes).toEqual([expect.stringContaining('the first alert("hello")')]);
  });
});

test("the report as a page is one file, plots what changes, and holds no markup of others", async () => {
  const report = await run(page(`/?leak=interval&port=${port}`), { cycles: 10 });
  const hostile = { ...report, url: 'http://x/"><script>bad()</script>' };
  const path = join(folder, "report.html");
  writeFileSync(path, reportPage(hostile));
  const context = await rig.browser.newContext();
  try {
    const shown = await context.newPage();
    const errors: Error[] = [];
    const requests: string[] = [];
    shown.on("pageerror", (error) => errors.push(error));
    shown.on("request", (request) => requests.push(request.url()));
    await shown.goto(`file://${path}`);
    const changing = report.counters.filter(({ constant }) => !constant);
    expect(await shown.locator("canvas").count()).toBe(changing.length);
    expect(await shown.locator(".conclusion").textContent()).toContain("intervals");
    expect(await shown.locator("li").first().textContent()).toContain("startCarousel");
    expect(errors).toEqual([]);
    expect(requests).toEqual([`file://${path}`]);
  } finally {
    await context.close();
  }
});
