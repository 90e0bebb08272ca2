/** The conversation of the patched app where it is hard: races, restarts, silence, hostile servers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { buildTwin, composeTwin } from "../../frontend-patch/app/compose.js";
import { patch } from "../../frontend-patch/apply/index.js";
import { launchChromium } from "../../tools/chromium.js";
import { Random } from "../../tools/random.js";
import { writeMicrophone } from "../server/protocol/microphone.js";
import type { Script, ScriptTurn } from "../server/protocol/script.js";
import { type ProtocolOptions, ProtocolServer } from "../server/protocol/server.js";
import { TwinPage } from "./frontend/twin-page.js";

const turn = (user: string, ...sentences: string[]): ScriptTurn => ({
  user,
  reply: sentences.map((text) => ({ text })),
});

const STORY = turn(
  "Tell me the story of the lighthouse again.",
  "Once upon a time there was a lighthouse, far out in the cold grey sea.",
  "In it there lived an old man with a cat and a very large collection of hats.",
);
const STOP = turn("Stop, please. What is the time now?", "It is ten.");
const SHORT = turn("Are you there?", "Yes, I am.", "Always.");
const script = (...turns: ScriptTurn[]): Script => ({ language: "en", turns, unasked: [] });
/** Not this machine, as far as a page can tell. */
const HOST = "talk.example";
const PACE = { transcriptionMs: 50, thinkingMs: 50, toolMs: 50, synthesisMs: 30 };

let folder: string;
let app: string;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "voicepath-overlay-"));
  const twin = composeTwin("contexts", join(folder, "twin"));
  patch(twin, { force: true });
  app = await buildTwin(twin);
  const microphone = join(folder, "microphone.wav");
  // The second line comes while the answer to the first is heard.
  await writeMicrophone(script({ ...STORY, bargeIn: true }, STOP), microphone, {
    leadMs: 500,
    bargeInMs: 2000,
    tailMs: 60_000,
  });
  browser = await launchChromium({
    microphone,
    args: [`--host-resolver-rules=MAP ${HOST} 127.0.0.1`],
  });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A person of his own at a server of his own; nothing is thrown in his tab. */
async function visit(
  options: ProtocolOptions,
  what: (twin: TwinPage, server: ProtocolServer) => Promise<void>,
  by: Browser = browser,
  arrive = (twin: TwinPage, server: ProtocolServer): Promise<unknown> => twin.goto(server.url),
): Promise<void> {
  const server = await ProtocolServer.start({ app, autoStartMic: false, pace: PACE, ...options });
  const context = await by.newContext({
    permissions: ["microphone"],
    locale: "en",
    // Small, for pictures are drawn without a graphics card here.
    viewport: { width: 840, height: 480 },
  });
  try {
    await context.addInitScript(
      ([wsUrl, baseUrl]) => {
        if (localStorage.length > 0) return;
        localStorage.setItem("wsUrl", JSON.stringify(wsUrl));
        localStorage.setItem("baseUrl", JSON.stringify(baseUrl));
      },
      [server.wsUrl, server.url],
    );
    const twin = new TwinPage(await context.newPage());
    await arrive(twin, server);
    await what(twin, server);
    expect(twin.errors).toEqual([]);
  } finally {
    await context.close();
    await server.close();
  }
}

test("an https page from elsewhere, with the old defaults saved, finds its server by wss", async () => {
  const server = await ProtocolServer.start({ app, https: true, autoStartMic: false, pace: PACE });
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "en" });
  try {
    await context.addInitScript(() => {
      localStorage.setItem("wsUrl", '"ws://127.0.0.1:12393/client-ws"');
      localStorage.setItem("baseUrl", '"http://127.0.0.1:12393"');
    });
    const twin = new TwinPage(await context.newPage());
    const origin = `https://${HOST}:${server.port}`;
    const sockets: string[] = [];
    twin.page.on("websocket", (socket) => sockets.push(socket.url()));
    await twin.goto(origin);
    await until(() => server.clients.length === 1, "a connection");
    expect(sockets).toEqual([`wss://${HOST}:${server.port}/client-ws`]);
    expect(await twin.page.getByTestId("background").getAttribute("src")).toContain(origin);
    expect(await twin.page.evaluate(() => isSecureContext)).toBe(true);
    expect(twin.errors).toEqual([]);
  } finally {
    await context.close();
    await server.close();
  }
});

const received = ({ books }: ProtocolServer, type: string) =>
  books.received.filter((one) => one.type === type);

async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 15_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe.concurrent("what is heard", () => {
  test("an answer is completed once, when it was heard, and moves the mouth only then", () =>
    visit({ script: script(SHORT, SHORT) }, async (twin, server) => {
      const loudness = () => window.getLive2DManager?.().getModel(0)?._wavFileHandler.getRms() ?? 0;
      for (const count of [1, 2]) {
        await twin.say(SHORT.user);
        await twin.page.waitForFunction(loudness, { polling: 10 });
        await until(() => server.books.turns[count - 1]?.endedMs !== undefined, "the turn's end");
        await twin.state("idle");
        expect(await twin.page.evaluate(loudness)).toBe(0);
      }
      expect(server.books.turns.map(({ completes }) => completes)).toEqual([1, 1]);
      const [first] = server.books.turns;
      const heardMs = (first?.endedMs ?? 0) - (first?.synthesizedMs ?? 0);
      expect(heardMs).toBeGreaterThan(500);
    }));

  test.each([
    { as: "a list of numbers", pcm16: false, bytesASample: 8 },
    { as: "PCM16 where the server takes it", pcm16: true, bytesASample: 3 },
  ])("speech is sent as $as while it is spoken; barging in comes first", (format) =>
    visit({ script: script(STORY, STOP), pcm16: format.pcm16 }, async (twin, server) => {
      await twin.by("mic").click();
      await until(() => server.books.turns[1]?.endedMs !== undefined, "the second answer", 30_000);
      await twin.by("mic").click();
      const [story, stop] = server.books.turns;
      expect(story).toMatchObject({ by: "voice", interrupted: true, completes: 0 });
      expect(stop).toMatchObject({ by: "voice", interrupted: false, completes: 1 });
      const types = server.books.received.map(({ type }) => type);
      const interrupted = types.indexOf("interrupt-signal");
      const spokenBefore = types.slice(0, interrupted).lastIndexOf("mic-audio-end");
      expect(types.slice(spokenBefore, interrupted)).not.toContain("mic-audio-data");
      for (const { firstMs = 0, endMs, sampleCount, bytes } of server.books.utterances) {
        expect(endMs - firstMs).toBeGreaterThan(1000);
        expect(bytes / sampleCount).toBeLessThan(format.bytesASample);
      }
    }),
  );

  test("a page that may not sound yet says so, and speaks at the first touch", async () => {
    const silent = await launchChromium({
      args: ["--autoplay-policy=document-user-activation-required"],
    });
    try {
      await visit(
        { script: script(SHORT) },
        async (twin, server) => {
          const refused = twin.page.waitForEvent("console", {
            predicate: (message) => message.text().includes("not allowed to start"),
          });
          server.tell(await answerTo(server, SHORT.user));
          await refused;
          await twin.see(twin.by("toasts").getByText(/click or press a key/));
          expect(received(server, "frontend-playback-complete")).toHaveLength(0);
          await twin.page.mouse.click(5, 5);
          await until(
            () => received(server, "frontend-playback-complete").length === 1,
            "the end of the answer",
          );
        },
        silent,
        // Playwright's looks at a page are touches to Chromium: nothing is looked at before it is to sound.
        async (twin, server) => {
          const told = twin.page.waitForEvent("websocket");
          await twin.page.goto(server.url);
          const socket = await told;
          await socket.waitForEvent("framereceived", {
            predicate: ({ payload }) => payload.includes("new-history-created"),
          });
        },
      );
    } finally {
      await silent.close();
    }
  });
});

describe.concurrent("what goes wrong", () => {
  test("starts and stops in any order leave what was asked last, and one track at most", () =>
    visit({ answers: false }, async (twin) => {
      const seed = Date.now() >>> 0;
      console.log(`microphone race: seed ${seed}`);
      const random = new Random(seed);
      const mic = twin.by("mic");
      const live = () =>
        twin.page.evaluate(
          () => window.tracks.filter(({ readyState }) => readyState === "live").length,
        );
      for (let round = 0; round < 10; round++) {
        for (let click = 0; click < 4; click++) {
          await mic.evaluate((button: HTMLElement) => button.click());
          await twin.page.waitForTimeout(random.next() * (round === 0 ? 300 : 60));
        }
        const isSo = async (): Promise<boolean> => {
          const on = (await mic.getAttribute("aria-pressed")) === "true";
          return (await live()) === (on ? 1 : 0);
        };
        // What was asked last may take its time, but then it stays.
        await until(isSo, `what was asked last in round ${round}`);
        await twin.page.waitForTimeout(250);
        await until(isSo, `what was asked last stays, in round ${round}`, 1000);
      }
      if ((await mic.getAttribute("aria-pressed")) === "true") await mic.click();
      await until(async () => (await live()) === 0, "no track");
    }));

  test("nothing said around a restart of the server is lost, and the history goes on", () =>
    visit({ answers: false }, async (twin, server) => {
      const words = () =>
        received(server, "text-input").map(({ message }) => String(Object(message).text));
      await twin.say("before");
      await until(() => words().length === 1, "what was said before");
      await server.kill();
      await twin.see(twin.by("connection").and(twin.page.locator(":not([data-state=OPEN])")));
      for (const text of ["one", "two", "three"]) {
        await twin.say(text);
        await twin.see(twin.bubbles("human").getByText(text));
      }
      await server.rise();
      await until(() => words().includes("three"), "what was said meanwhile");
      // Nobody had answered the first: the server's new life hears it too.
      expect(words()).toEqual(["before", "before", "one", "two", "three"]);
      expect(received(server, "create-new-history")).toHaveLength(1);
      expect(received(server, "fetch-and-set-history")).toHaveLength(1);
      const second = server.books.connections.at(-1)?.uid;
      const types = server.books.received
        .filter(({ connection }) => connection === second)
        .map(({ type }) => type);
      expect(types.slice(0, 5)).toEqual([
        "fetch-backgrounds",
        "fetch-configs",
        "fetch-history-list",
        "fetch-and-set-history",
        "text-input",
      ]);
    }));

  test("the character that was chosen is still there after a restart, with what was said", () =>
    visit({ script: script(SHORT) }, async (twin, server) => {
      await twin.openSettings();
      await twin.field("character").selectOption("sol.yaml");
      await twin.closeSettings();
      await twin.see(twin.page.getByRole("heading", { name: "Sol" }));
      await twin.ready();
      await twin.say(SHORT.user);
      await until(async () => (await twin.said("ai")).length > 0, "an answer");
      await twin.state("idle");
      const said = await twin.said("ai");
      await twin.page.evaluate(() => {
        const seen: string[] = [];
        Object.assign(window, { seen });
        new MutationObserver(() => {
          for (const { textContent } of document.querySelectorAll("h1, h2"))
            seen.push(textContent ?? "");
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
      });
      await server.kill();
      await twin.see(twin.by("connection").and(twin.page.locator(":not([data-state=OPEN])")));
      await server.rise();
      const again = () => received(server, "fetch-and-set-history").length === 1;
      await until(again, "the history");
      await twin.ready();
      expect(await twin.said("ai")).toEqual(said);
      expect(received(server, "switch-config")).toHaveLength(2);
      expect(await twin.page.evaluate(() => Reflect.get(window, "seen"))).not.toContain("Luna");
    }));

  test("an address that is typed is connected to once, when it is whole", () =>
    visit({}, async (twin, server) => {
      const other = await ProtocolServer.start({ autoStartMic: false });
      try {
        const opened: string[] = [];
        twin.page.on("websocket", (socket) => opened.push(socket.url()));
        await twin.openSettings();
        const field = twin.field("wsUrl");
        await field.evaluate(typeInto, other.wsUrl);
        expect(await field.inputValue()).toBe(other.wsUrl);
        await until(() => other.clients.length === 1, "the other server's client");
        await until(() => server.clients.length === 0, "the first one's end");
        // Told from another process, so perhaps later.
        await until(() => opened.length > 0, "what was opened");
        expect(opened).toEqual([other.wsUrl]);
        await twin.page.reload();
        await until(() => other.books.connections.length === 2, "the same after a reload");
        expect(server.books.connections).toHaveLength(1);
      } finally {
        await other.close();
      }
    }));

  test("a hostile server leaves a page that works", { timeout: 60_000 }, () =>
    visit({ script: script(SHORT) }, async (twin, server) => {
      server.hostile("prototype");
      await twin.see(twin.by("toasts").getByText("control: text is missing"));
      server.garbage();
      for (const kind of ["deep", "many", "wav", "huge"] as const) server.hostile(kind);
      await twin.say(SHORT.user);
      await until(() => server.books.turns[0]?.endedMs !== undefined, "an answer", 45_000);
      expect(server.books.turns[0]).toMatchObject({ interrupted: false, completes: 1 });
      expect(server.books.connections).toHaveLength(1);
    }),
  );
});

/** As somebody types; every step is an address that is none yet, or another one. */
async function typeInto(field: Element, text: string): Promise<void> {
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value") ?? {};
  for (const length of [0, 1, 5, 8, 15, -2, -1, text.length]) {
    set?.call(field, text.slice(0, length));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** All messages of an answer, as another client gets it. */
function answerTo(server: ProtocolServer, text: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(server.wsUrl);
    const messages: string[] = [];
    let synthesised = 0;
    socket.on("error", reject);
    socket.on("open", () => socket.send(JSON.stringify({ type: "text-input", text })));
    socket.on("message", (data) => {
      const message = String(data);
      const { type, text: word } = JSON.parse(message);
      if (messages.length > 0 || word === "conversation-chain-start") messages.push(message);
      if (type !== "backend-synth-complete" || ++synthesised < 2) return;
      socket.close();
      resolve(messages);
    });
  });
}
