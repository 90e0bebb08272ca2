/** voicepath/react on a server: everything renders, nothing is opened. */
import { createElement, type ReactElement } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { loadSession, Registry, type SessionModule } from "../../dist/index.js";
import {
  RegistryInspector,
  RegistryProvider,
  Subtitle,
  useConnection,
  useRegistry,
  useScope,
  useSubtitle,
} from "../../dist/react/index.js";

let session: SessionModule;
beforeAll(async () => {
  session = await loadSession();
});
afterEach(() => vi.restoreAllMocks());

/** Renders without a word from React, and finds the registry as it was. */
function renderOnServer(element: ReactElement): string {
  const warned = vi.spyOn(console, "error").mockImplementation(() => {});
  const registry = Registry.create(session);
  const html = renderToString(createElement(RegistryProvider, { registry }, element));
  expect(warned).not.toHaveBeenCalled();
  expect(registry.stats().opened).toBe(1);
  return html;
}

test("useScope has none", () => {
  const Page = (): string => String(useScope("page").current);
  expect(renderOnServer(createElement(Page))).toBe("null");
});

test("useConnection is closed, and sends nothing", () => {
  const Page = (): string => {
    const { state, reason, rttMs, queued, error, socket, send, reconnect } = useConnection({
      url: "wss://example.com/client-ws",
    });
    reconnect();
    return JSON.stringify([state, reason, rttMs, queued, error, socket, send("lost")]);
  };
  expect(renderOnServer(createElement(Page))).toBe(
    '["closed","none",null,0,null,null,"dropped"]'.replaceAll('"', "&quot;"),
  );
});

test("useSubtitle has no buffer, and <Subtitle> is an empty box", () => {
  const Page = (): ReactElement => {
    const { buffer, add, begin, start, heard, interrupt } = useSubtitle({ lines: 1 });
    const told = [buffer, add("lost"), begin(), start(1), heard(), interrupt().heard];
    const box = createElement(Subtitle, { buffer, width: "70%", lang: "ja", className: "mine" });
    return createElement("main", { title: JSON.stringify(told) }, box);
  };
  const html = renderOnServer(createElement(Page));
  expect(html).toContain('title="[null,0,0,false,&quot;&quot;,&quot;&quot;]"');
  expect(html).toContain('class="voicepath-subtitle mine" style="width:70%" data-phase="empty"');
  expect(html).toContain('class="voicepath-subtitle-text" lang="ja" dir="auto"></div>');
});

test("the inspector is a button, and an empty panel when open", () => {
  const closed = renderOnServer(createElement(RegistryInspector));
  expect(closed).toContain(">Registry</button>");
  expect(closed).not.toContain("<section");
  const open = renderOnServer(createElement(RegistryInspector, { open: true }));
  expect(open).toContain("<section");
  expect(open).not.toContain("<table");
});

test("the registry given to the inspector needs no provider", () => {
  const registry = Registry.create(session);
  expect(renderToString(createElement(RegistryInspector, { registry }))).toContain("Registry");
});

test("without a provider, a named error", () => {
  const Page = (): string => String(useRegistry());
  expect(() => renderToString(createElement(Page))).toThrow(
    expect.objectContaining({ name: "VoicepathError", code: "OPTION", option: "registry" }),
  );
});
