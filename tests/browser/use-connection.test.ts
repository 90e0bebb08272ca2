/** useConnection in React 19 under StrictMode, against real servers. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { FaultServer } from "../server/fault-server.js";
import { openSite, type Site } from "./site.js";

let site: Site;
let page: Page;
let server: FaultServer;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(async () => {
  server = await FaultServer.start();
  page = await site.open("scope.html");
});
afterEach(async () => {
  await page.close();
  await server.kill();
});

interface Props {
  url?: string | null;
  label?: string;
  hello?: string;
  mode?: "visible" | "hidden";
  autoConnect?: boolean;
}

const render = (props: Props): Promise<void> =>
  page.evaluate((props) => window.stage.render("connection", props), props);
const state = (): Promise<string | undefined> =>
  page.evaluate(() => window.stage.connection?.state);
const shows = (expected: string): Promise<void> =>
  expect.poll(state, { timeout: 5000, interval: 5 }).toBe(expected);
const send = (text: string): Promise<unknown> =>
  page.evaluate((text) => window.stage.connection?.send(text), text);
const events = (): Promise<string[]> => page.evaluate(() => window.stage.events.splice(0));
const received = (of: FaultServer): string[] => of.received.map(({ text }) => text);
const connected = (count: number, of = server): Promise<void> =>
  expect.poll(() => of.connected, { timeout: 5000, interval: 5 }).toBe(count);
/** Longer than any attempt would take to arrive. */
const quiet = (): Promise<void> => page.waitForTimeout(200);

test("StrictMode opens one WebSocket, and unmounting leaves nothing", async () => {
  const before = await page.evaluate(() => window.stage.session.usedBytes);
  for (let i = 1; i <= 5; i++) {
    await render({ url: server.url });
    await shows("open");
    await quiet();
    expect(server.attempts).toHaveLength(i);
    expect(server.connected).toBe(1);
    const active = await page.evaluate(() => {
      const { registry } = window.stage;
      const active = [registry.active("scope"), registry.active("socket")];
      window.stage.unmount();
      return [...active, registry.active()];
    });
    expect(active).toEqual([1, 1, 0]);
    await connected(0);
  }
  expect(await page.evaluate(() => window.stage.session.usedBytes)).toBe(before);
});

test("unmounted in the task that mounted it, it never connects", async () => {
  const opened = await page.evaluate(async (url) => {
    const { stage } = window;
    for (let i = 0; i < 10; i++) {
      stage.renderNow("connection", { url });
      stage.unmount();
    }
    return stage.registry.stats().kinds.socket?.opened;
  }, server.url);
  // Two each, in StrictMode.
  expect(opened).toBe(20);
  await quiet();
  expect(server.attempts).toHaveLength(0);
  expect(await page.evaluate(() => window.stage.registry.active())).toBe(0);
});

test("unmounted at any time while it connects", async () => {
  for (let delayMs = 0; delayMs < 12; delayMs++) {
    await page.evaluate(
      async ([url, delayMs]) => {
        const { stage } = window;
        stage.renderNow("connection", { url });
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        stage.unmount();
      },
      [server.url, delayMs] as const,
    );
    expect(await page.evaluate(() => window.stage.registry.active())).toBe(0);
  }
  await quiet();
  expect(server.connected).toBe(0);
});

test("the latest callbacks are called; messages render nothing", async () => {
  await render({ url: server.url, label: "old " });
  await shows("open");
  expect(await events()).toEqual(["old open 1"]);
  await render({ url: server.url, label: "new " });
  await page.evaluate(() => window.stage.settle());
  const before = await page.evaluate(() => window.stage.renders);
  for (let i = 0; i < 100; i++) server.broadcast(`${i}`);
  await page.waitForFunction(() => window.stage.events.length === 100);
  expect(await events()).toEqual(Array.from({ length: 100 }, (_, i) => `new message ${i}`));
  expect(await page.evaluate(() => window.stage.renders)).toBe(before);
  expect(server.attempts).toHaveLength(1);
});

test("an effect sends before there is a connection, and every state is shown once", async () => {
  await render({ url: server.url, hello: "hello" });
  await shows("open");
  await expect.poll(() => received(server)).toEqual(["hello"]);
  expect(await send("second")).toBe("sent");
  await expect.poll(() => received(server)).toEqual(["hello", "second"]);
  const { shown, events } = await page.evaluate(() => ({ ...window.stage }));
  // StrictMode: the first socket is ended with what waited in it, and every render happens twice.
  expect(events).toEqual(["hello queued", "dropped hello: disposed", "hello queued", "open 1"]);
  const once = shown.filter((text, i) => text !== shown[i - 1]);
  expect(once.filter((text) => text !== "closed 1" && text !== "open 1")).toEqual([
    "closed 0",
    "connecting 1",
    "open 0",
  ]);
});

test("another url moves the same socket with its queue", async () => {
  const other = await FaultServer.start();
  await render({ url: server.url });
  await shows("open");
  await page.evaluate(() => Object.assign(window, { first: window.stage.connection?.socket }));
  await server.kill();
  await shows("backoff");
  for (const text of ["a", "b", "c"]) expect(await send(text)).toBe("queued");
  expect(await page.evaluate(() => window.stage.connection?.queued)).toBe(3);
  await render({ url: other.url });
  await shows("open");
  await expect.poll(() => received(other)).toEqual(["a", "b", "c"]);
  expect(other.attempts).toHaveLength(1);
  const { same, queued } = await page.evaluate(() => {
    const { connection } = window.stage;
    const same = (window as { first?: unknown }).first === connection?.socket;
    return { same, queued: connection?.queued };
  });
  expect({ same, queued }).toEqual({ same: true, queued: 0 });
  expect(await events()).toEqual(["open 1", "open 2"]);
  await page.evaluate(() => window.stage.unmount());
  await connected(0, other);
  await other.kill();
});

test("no url, no connection", async () => {
  await render({ url: null });
  await quiet();
  expect(await state()).toBe("closed");
  expect(await send("lost")).toBe("dropped");
  expect(await page.evaluate(() => window.stage.connection?.socket)).toBe(null);
  await render({ url: server.url });
  await shows("open");
  expect(server.attempts).toHaveLength(1);
  await server.kill();
  await shows("backoff");
  await send("waits");
  await render({ url: null });
  await shows("closed");
  expect(await events()).toEqual(["open 1", "dropped waits: disposed"]);
  expect(await page.evaluate(() => window.stage.registry.active("socket"))).toBe(0);
});

test("a url that cannot be used is told, and the connection goes on", async () => {
  const error = (): Promise<string | undefined> =>
    page.evaluate(() => window.stage.connection?.error?.code);
  await render({ url: "not an address" });
  await expect.poll(error).toBe("ENDPOINT");
  expect(await state()).toBe("closed");
  await render({ url: server.url });
  await shows("open");
  expect(await error()).toBeUndefined();
  await render({ url: "ftp://example.com" });
  await expect.poll(error).toBe("ENDPOINT");
  expect(await state()).toBe("open");
  await render({ url: server.url });
  await expect.poll(error).toBeUndefined();
  expect(server.attempts).toHaveLength(1);
});

test("hidden by Activity it is closed, visible it is open", async () => {
  await render({ url: server.url, mode: "hidden" });
  await quiet();
  expect(server.attempts).toHaveLength(0);
  for (let i = 1; i <= 3; i++) {
    await render({ url: server.url, mode: "visible" });
    await shows("open");
    expect(server.attempts).toHaveLength(i);
    await render({ url: server.url, mode: "hidden" });
    await connected(0);
    expect(await page.evaluate(() => window.stage.registry.active())).toBe(0);
  }
});

test("reconnect, and the functions stay the same", async () => {
  await page.evaluate(
    ([url]) => window.stage.render("connection", { url, backoffBaseMs: 60_000 }),
    [server.url] as const,
  );
  await shows("open");
  await page.evaluate(() => {
    const { send, reconnect } = window.stage.connection ?? {};
    Object.assign(window, { first: { send, reconnect } });
  });
  server.closeAll();
  await shows("backoff");
  expect(await page.evaluate(() => window.stage.connection?.reason)).toBe("lost");
  await page.evaluate(() => window.stage.connection?.reconnect());
  await shows("open");
  expect(server.attempts).toHaveLength(2);
  const same = await page.evaluate(() => {
    const { first } = window as unknown as { first: Record<string, unknown> };
    const { connection } = window.stage;
    return first["send"] === connection?.send && first["reconnect"] === connection?.reconnect;
  });
  expect(same).toBe(true);
});

test("round trips are shown", async () => {
  await page.evaluate((url) => {
    const message = { type: "heartbeat" };
    window.stage.render("connection", {
      url,
      json: true,
      heartbeat: {
        everyMs: 50,
        message,
        isReply: (data) => (data as { type?: string }).type === "heartbeat-ack",
      },
    });
  }, server.url);
  const rtt = (): Promise<number> =>
    page.evaluate(() => window.stage.connection?.rttMs ?? Number.NaN);
  await expect.poll(rtt, { timeout: 5000 }).toBeGreaterThanOrEqual(0);
  expect(server.heartbeats).toBeGreaterThan(0);
  expect(await events()).toEqual(["open 1"]);
});

test("autoConnect: false waits", async () => {
  await render({ url: server.url, autoConnect: false });
  await quiet();
  expect(server.attempts).toHaveLength(0);
  await page.evaluate(() => window.stage.connection?.socket?.connect());
  await shows("open");
});

test("a wrong option is a named error for the nearest boundary", async () => {
  await page.evaluate((url) => {
    window.stage.render("connection", { url, heartbeat: { everyMs: -1, message: "ping" } });
  }, server.url);
  const failed = (): Promise<string> =>
    page.evaluate(() => document.getElementById("failed")?.textContent ?? "");
  await expect.poll(failed).toMatch(/-1; it must be/);
  expect(await page.evaluate(() => window.stage.registry.active())).toBe(0);
});
