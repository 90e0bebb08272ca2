/** Which server a page talks to: the reported cases one by one, then anything. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { VoicepathError } from "../../js-glue/src/errors.js";
import { type EndpointSources, resolveEndpoints } from "../../js-glue/src/socket/endpoints.js";

const addresses = (page: string, options?: EndpointSources): [string, string, string] => {
  const { webSocketURL, baseURL, source } = resolveEndpoints(page, options);
  return [webSocketURL, baseURL, source];
};

const refusal = (page: string, options?: EndpointSources): VoicepathError => {
  try {
    resolveEndpoints(page, options);
  } catch (error) {
    if (error instanceof VoicepathError) return error;
    throw error;
  }
  throw new Error("was not refused");
};

test("the page's own address", () => {
  expect(addresses("https://talk.example.com/app/?x#y")).toEqual([
    "wss://talk.example.com/client-ws",
    "https://talk.example.com",
    "location",
  ]);
  // TLS ends at the proxy that served the page: its port.
  expect(addresses("https://example.com:8443/")).toEqual([
    "wss://example.com:8443/client-ws",
    "https://example.com:8443",
    "location",
  ]);
  expect(addresses("http://192.168.1.5:3000/")).toEqual([
    "ws://192.168.1.5:12393/client-ws",
    "http://192.168.1.5:12393",
    "location",
  ]);
  expect(addresses("http://[::1]:3000/", { port: 80, path: "/talk" })).toEqual([
    "ws://[::1]/talk",
    "http://[::1]",
    "location",
  ]);
  for (const page of ["file:///opt/app/index.html", "app://./index.html", "about:blank"])
    expect(addresses(page)).toEqual([
      "ws://127.0.0.1:12393/client-ws",
      "http://127.0.0.1:12393",
      "location",
    ]);
  expect(addresses("blob:https://example.com/4c3e")).toEqual([
    "wss://example.com/client-ws",
    "https://example.com",
    "location",
  ]);
});

test("a Location, a URL and a string are the same", () => {
  const href = "https://example.com/app";
  const expected = resolveEndpoints(href);
  expect(resolveEndpoints(new URL(href))).toEqual(expected);
  expect(resolveEndpoints({ href } as Location)).toEqual(expected);
});

test("pinned wins over server over saved over location", () => {
  const names = ["pinned", "serverSupplied", "saved"] as const;
  const sources = ["pinned", "server", "saved"] as const;
  const page = "https://page.example/";
  for (let given = 0; given < 8; given++) {
    const options = Object.fromEntries(
      names.flatMap((name, i) => (given & (1 << i) ? [[name, `wss://${name}.example/x`]] : [])),
    );
    const winner = names.findIndex((_, i) => given & (1 << i));
    const { webSocketURL, source } = resolveEndpoints(page, options);
    expect(source).toBe(sources[winner] ?? "location");
    if (winner >= 0) expect(webSocketURL).toBe(`wss://${names[winner]}.example/x`.toLowerCase());
  }
  // What is empty was not given.
  expect(
    addresses(page, { pinned: "  ", serverSupplied: { webSocketURL: null }, saved: null })[2],
  ).toBe("location");
});

test("one address is enough: the other follows", () => {
  const page = "https://page.example/";
  const cases: [EndpointSources["pinned"], string, string][] = [
    ["wss://h.example:99/client-ws", "wss://h.example:99/client-ws", "https://h.example:99"],
    ["wss://h.example/client-ws?key=1#top", "wss://h.example/client-ws?key=1", "https://h.example"],
    ["wss://h.example/sub/client-ws", "wss://h.example/sub/client-ws", "https://h.example/sub"],
    ["wss://h.example/other", "wss://h.example/other", "https://h.example"],
    ["wss://h.example", "wss://h.example/client-ws", "https://h.example"],
    [{ baseURL: "https://h.example/" }, "wss://h.example/client-ws", "https://h.example"],
    [
      { baseURL: "https://h.example/sub/?a" },
      "wss://h.example/sub/client-ws",
      "https://h.example/sub",
    ],
    [
      { webSocketURL: "wss://a.example/ws", baseURL: "https://b.example/files/" },
      "wss://a.example/ws",
      "https://b.example/files",
    ],
  ];
  for (const [pinned, ws, base] of cases)
    expect(addresses(page, { pinned })).toEqual([ws, base, "pinned"]);
});

test("http written for ws, and the other way round, is understood and said", () => {
  const page = "http://127.0.0.1:3000/";
  for (const [pinned, ws, base] of [
    ["http://h.example/x", "ws://h.example/x", "http://h.example"],
    ["https://h.example/x", "wss://h.example/x", "https://h.example"],
    [{ baseURL: "ws://h.example" }, "ws://h.example/client-ws", "http://h.example"],
    [{ baseURL: "WSS://h.example" }, "wss://h.example/client-ws", "https://h.example"],
  ] as const) {
    const result = resolveEndpoints(page, { pinned });
    expect([result.webSocketURL, result.baseURL]).toEqual([ws, base]);
    expect(result.warnings).toHaveLength(1);
    expect(result.warnings[0]).toContain("taken as");
  }
});

test("the server may tell relative addresses (Open-LLM-VTuber#281)", () => {
  const page = "https://talk.example.com:8443/app/index.html";
  for (const serverSupplied of ["/client-ws", "../client-ws", "//talk.example.com:8443/client-ws"])
    expect(addresses(page, { serverSupplied, saved: "wss://old.example/" })).toEqual([
      "wss://talk.example.com:8443/client-ws",
      "https://talk.example.com:8443",
      "server",
    ]);
  expect(resolveEndpoints(page, { serverSupplied: "/client-ws" }).warnings).toEqual([]);
  for (const name of ["pinned", "saved"])
    expect(refusal(page, { [name]: "/client-ws" })).toMatchObject({
      code: "ENDPOINT",
      option: name,
      value: "/client-ws",
    });
  expect(refusal("file:///index.html", { serverSupplied: "/client-ws" }).code).toBe("ENDPOINT");
});

test("the old default does not follow a page to another machine (#36, #224)", () => {
  const saved = {
    webSocketURL: "ws://127.0.0.1:12393/client-ws",
    baseURL: "http://127.0.0.1:12393",
  };
  const elsewhere = resolveEndpoints("https://talk.example.com/", { saved });
  expect(elsewhere.webSocketURL).toBe("wss://talk.example.com/client-ws");
  expect(elsewhere.source).toBe("location");
  expect(elsewhere.warnings).toHaveLength(2);
  expect(addresses("http://192.168.1.5:12393/", { saved })[0]).toBe(
    "ws://192.168.1.5:12393/client-ws",
  );
  for (const page of ["http://127.0.0.1:3000/", "http://localhost:12393/", "file:///index.html"])
    expect(addresses(page, { saved })).toEqual([saved.webSocketURL, saved.baseURL, "saved"]);
  // Only the default is stale: what was changed by hand, or pinned, counts.
  expect(addresses("http://192.168.1.5/", { saved: "ws://127.0.0.1:9999/client-ws" })[2]).toBe(
    "saved",
  );
  expect(addresses("http://192.168.1.5/", { pinned: saved })[2]).toBe("pinned");
  expect(
    addresses("http://192.168.1.5/", { saved: { ...saved, baseURL: "http://10.0.0.7:12393" } }),
  ).toEqual(["ws://10.0.0.7:12393/client-ws", "http://10.0.0.7:12393", "saved"]);
});

test("mixed content is explained, never attempted", () => {
  const page = "https://talk.example.com/";
  for (const [options, option, value] of [
    [
      { pinned: "ws://192.168.1.5:12393/client-ws" },
      "webSocketURL",
      "ws://192.168.1.5:12393/client-ws",
    ],
    [{ saved: "http://talk.example.com/" }, "webSocketURL", "ws://talk.example.com/client-ws"],
    [{ serverSupplied: "ws:talk.example.com" }, "webSocketURL", "ws://talk.example.com/client-ws"],
    [
      { pinned: { webSocketURL: "wss://a.example/", baseURL: "http://b.example" } },
      "baseURL",
      "http://b.example/",
    ],
    [
      { pinned: "ws://localhost.example.com/" },
      "webSocketURL",
      "ws://localhost.example.com/client-ws",
    ],
    [{ pinned: "ws://128.0.0.1/" }, "webSocketURL", "ws://128.0.0.1/client-ws"],
    [{ pinned: "ws://[::2]/" }, "webSocketURL", "ws://[::2]/client-ws"],
  ] as const) {
    const error = refusal(page, options);
    expect(error).toMatchObject({ code: "MIXED_CONTENT", option, value });
    expect(error.message).toMatch(/certificate/);
  }
  for (const host of ["localhost", "a.localhost", "127.0.0.1", "127.9.8.7", "[::1]", "127.1"]) {
    const { webSocketURL, warnings } = resolveEndpoints(page, { pinned: `ws://${host}:12393` });
    expect(webSocketURL).toMatch(/^ws:/);
    expect(warnings.join()).toContain("Safari");
  }
  // A page without TLS may reach everything, but hears nothing (#26).
  const plain = resolveEndpoints("http://192.168.1.5/", { pinned: "wss://h.example/" });
  expect(plain.webSocketURL).toBe("wss://h.example/client-ws");
  expect(plain.warnings.join()).toContain("microphone");
});

test("malformed addresses are named", () => {
  const page = "https://talk.example.com/";
  for (const value of [
    "localhost:12393",
    "192.168.1.5:12393",
    "ftp://h/",
    "ws://",
    "ws://h:99999",
    "wss//h",
  ]) {
    expect(refusal(page, { pinned: value })).toMatchObject({
      code: "ENDPOINT",
      option: "pinned",
      value,
    });
    const error = refusal(page, { saved: { baseURL: value } });
    expect(error).toMatchObject({ code: "ENDPOINT", option: "saved.baseURL", value });
    expect(error.message).toContain(JSON.stringify(value));
    expect(error.message).toContain("https://example.com");
  }
  expect(refusal("nowhere")).toMatchObject({ code: "ENDPOINT", option: "location" });
  for (const options of [
    { port: 0 },
    { port: 65536 },
    { port: "80" },
    { path: "client-ws" },
    { pinned: 7 },
    { saved: { webSocketURL: 7 } },
  ])
    expect(refusal(page, options as EndpointSources).code).toBe("OPTION");
});

// ---- Anything ----

const hosts = fc.oneof(
  fc.constantFrom(
    "localhost",
    "x.localhost",
    "127.0.0.1",
    "[::1]",
    "0x7f.1",
    "192.168.1.5",
    "h.example",
  ),
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((ip) => `[${ip}]`),
);
const plausible = fc
  .tuple(
    fc.constantFrom(
      "ws://",
      "wss://",
      "http://",
      "https://",
      "//",
      "",
      "HTTP:",
      "ftp://",
      " ws://",
    ),
    hosts,
    fc.constantFrom("", ":80", ":443", ":12393", ":0", ":x"),
    fc.constantFrom("", "/", "/client-ws", "//", "/a/client-ws", "?q", "#h", "\\x", "/../.."),
  )
  .map((parts) => parts.join(""));
const text = fc.oneof(plausible, fc.string({ unit: "binary" }), fc.webUrl());
const source = fc.option(
  fc.oneof(text, fc.record({ webSocketURL: text, baseURL: text }, { requiredKeys: [] })),
  { nil: undefined },
);
const options = fc.record(
  {
    saved: source,
    serverSupplied: source,
    pinned: source,
    path: fc.oneof(
      fc.constantFrom("/client-ws", "/", "//x.example/y"),
      fc.webPath().map((p) => `/${p}`),
    ),
    port: fc.integer({ min: 1, max: 65535 }),
  },
  { requiredKeys: [] },
);

/** Secure Contexts, 3.1, by other means than the code's. */
const onThisMachine = (host: string): boolean => {
  const first = host.split(".").at(-1) === "localhost" ? "localhost" : host;
  return (
    first === "localhost" ||
    host === "[::1]" ||
    (/^[\d.]+$/.test(host) && host.split(".")[0] === "127")
  );
};

test("whatever is given: an address that works on this page, or an error with a name", () => {
  let answers = 0;
  let refusals = 0;
  fc.assert(
    fc.property(fc.oneof(text, fc.webUrl({ validSchemes: ["https"] })), options, (page, given) => {
      let result: ReturnType<typeof resolveEndpoints>;
      try {
        result = resolveEndpoints(page, given);
      } catch (error) {
        expect(error).toBeInstanceOf(VoicepathError);
        expect(["ENDPOINT", "MIXED_CONTENT", "OPTION"]).toContain((error as VoicepathError).code);
        refusals++;
        return;
      }
      answers++;
      const ws = new URL(result.webSocketURL);
      const base = new URL(result.baseURL);
      expect(ws.protocol).toMatch(/^wss?:$/);
      expect(base.protocol).toMatch(/^https?:$/);
      expect(ws.hash + base.hash + base.search).toBe("");
      expect(result.baseURL.endsWith("/")).toBe(false);
      if (new URL(page).protocol === "https:")
        for (const url of [ws, base])
          expect(/^(wss|https):$/.test(url.protocol) || onThisMachine(url.hostname)).toBe(true);
      // Its answer, pinned, is its answer again.
      const { webSocketURL, baseURL } = result;
      const again = resolveEndpoints(page, { ...given, pinned: { webSocketURL, baseURL } });
      expect([again.webSocketURL, again.baseURL]).toEqual([webSocketURL, baseURL]);
    }),
    { numRuns: 5000 },
  );
  expect(answers).toBeGreaterThan(500);
  expect(refusals).toBeGreaterThan(500);
});
