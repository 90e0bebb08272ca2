import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { test } from "vitest";
import { expectSameAsNode, poll } from "./heard.js";

const PORT = 9517;

/** The browser that Debian's webkit2gtk-driver drives; its folder has the architecture in its name. */
function miniBrowser(): string {
  for (const folder of readdirSync("/usr/lib")) {
    const path = `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`;
    if (existsSync(path)) return path;
  }
  throw new Error("MiniBrowser is not installed: run tools/setup --engines");
}

/** One WebDriver command. */
async function command(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${PORT}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: unknown };
  if (!response.ok) throw new Error(JSON.stringify(value));
  return value;
}

test("WebKit hears what Node hears, bit for bit", async () => {
  const driver = spawn(
    "xvfb-run",
    ["-a", "dbus-run-session", "WebKitWebDriver", `--port=${PORT}`],
    { stdio: "ignore", detached: true },
  );
  try {
    await poll(() => command("GET", "/status").then(String, () => undefined));
    const { sessionId } = (await command("POST", "/session", {
      capabilities: {
        alwaysMatch: {
          "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] },
        },
      },
    })) as { sessionId: string };
    const session = `/session/${sessionId}`;
    await expectSameAsNode(async (url) => {
      await command("POST", `${session}/url`, { url });
      return poll(() =>
        command("POST", `${session}/execute/sync`, { script: "return window.heard", args: [] }),
      );
    });
    await command("DELETE", session);
  } finally {
    if (driver.pid !== undefined) process.kill(-driver.pid);
  }
});
