/** Which server the overlay talks to. */
import { expect, test } from "vitest";
import {
  chooseServer,
  defaultAddresses,
  type PageAddress,
} from "../../frontend-patch/overlay/common/voicepath/server-choice.js";

const page = (href: string, rest: Partial<PageAddress> = {}): PageAddress => ({
  href,
  supplied: null,
  pinned: null,
  ...rest,
});
const HOME = page("http://192.168.1.5:3000/");
const unsaved = (of: PageAddress) => defaultAddresses(of);

test("nothing chosen: where the page is from, or what its server wrote into it", () => {
  expect(unsaved(HOME)).toEqual({
    wsUrl: "ws://192.168.1.5:12393/client-ws",
    baseUrl: "http://192.168.1.5:12393",
  });
  const supplied = page("https://talk.example.com/app/", { supplied: "/client-ws" });
  expect(chooseServer(supplied, unsaved(supplied), false)).toEqual({
    wsUrl: "wss://talk.example.com/client-ws",
    baseUrl: "https://talk.example.com",
    target: "wss://talk.example.com/client-ws",
    problem: null,
  });
});

test("another server is chosen by its socket, and its files follow; not the other way round", () => {
  const saved = { ...unsaved(HOME), wsUrl: "ws://10.0.0.1:9000/client-ws" };
  expect(chooseServer(HOME, saved, false)).toMatchObject({
    target: "ws://10.0.0.1:9000/client-ws",
    baseUrl: "http://10.0.0.1:9000",
  });
  const files = { ...unsaved(HOME), baseUrl: "http://10.0.0.1:9000" };
  expect(chooseServer(HOME, files, false)).toMatchObject({
    target: "ws://192.168.1.5:12393/client-ws",
    baseUrl: "http://10.0.0.1:9000",
  });
});

test("what is typed stays as it was typed, and wins over what the server wrote", () => {
  const supplied = page("http://192.168.1.5:3000/", { supplied: "/client-ws" });
  const typed = { ...unsaved(supplied), wsUrl: "ws://10.0.0.1:9000" };
  expect(chooseServer(supplied, typed, true)).toMatchObject({
    wsUrl: "ws://10.0.0.1:9000",
    target: "ws://10.0.0.1:9000/client-ws",
  });
  expect(chooseServer(supplied, typed, false).target).toBe("ws://192.168.1.5:3000/client-ws");
});

test("half an address is none yet, and is kept as it is", () => {
  for (const wsUrl of ["", "w", "ws:", "ws://", "ftp://x", "ws://10.0.0.1:99999/"]) {
    const { target, problem, wsUrl: shown } = chooseServer(HOME, { ...unsaved(HOME), wsUrl }, true);
    if (wsUrl === "") continue;
    expect(shown, wsUrl).toBe(wsUrl);
    expect(target, wsUrl).toBeNull();
    expect(problem, wsUrl).toContain("webSocketURL");
  }
});

test("what a browser would block is explained and not attempted; the old default means nothing abroad", () => {
  const secure = page("https://talk.example.com/");
  const blocked = { ...unsaved(secure), wsUrl: "ws://10.0.0.1:9000/client-ws" };
  const { target, problem } = chooseServer(secure, blocked, false);
  expect(target).toBeNull();
  expect(problem).toMatch(/https.*wss/s);
  const old = { wsUrl: "ws://127.0.0.1:12393/client-ws", baseUrl: "http://127.0.0.1:12393" };
  expect(chooseServer(secure, old, false)).toMatchObject({
    target: "wss://talk.example.com/client-ws",
    baseUrl: "https://talk.example.com",
  });
});

test("?ws= wins over all but what is typed", () => {
  const pinned = page("http://192.168.1.5:3000/?ws=x", {
    supplied: "/a",
    pinned: "ws://10.0.0.2/b",
  });
  const saved = { ...unsaved(pinned), wsUrl: "ws://10.0.0.1:9000/client-ws" };
  expect(chooseServer(pinned, saved, false).target).toBe("ws://10.0.0.2/b");
  expect(chooseServer(pinned, saved, true).target).toBe("ws://10.0.0.1:9000/client-ws");
});
