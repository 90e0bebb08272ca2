/** `npm start`: the page on localhost; with --headless its figures in the terminal. */
import { parseArgs } from "node:util";
import { openProtocols } from "./frontend/apps.js";
import { runHeadless } from "./headless.js";
import { SITE } from "./pages.js";
import { addressOf, serve } from "./server.js";
import { buildSite } from "./site.js";

const USAGE = `usage: npm start -- [options]
  --headless      run the suites in Chromium, print tables, write bench/results/
  --suites a,b    only these: vad, vad/frame, …
  --quick         few rounds, for a smoke test
  --readme        put the table and the pictures of a headless run into README.md
  --port n        8080 by default; with --headless any free one`;

function options() {
  const { values } = parseArgs({
    options: {
      headless: { type: "boolean", default: false },
      suites: { type: "string", default: "" },
      quick: { type: "boolean", default: false },
      readme: { type: "boolean", default: false },
      port: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const port = Number(values.port ?? (values.headless ? 0 : 8080));
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port is ${values.port}; it must be 0 to 65535`);
  const suites = values.suites.split(",").filter((name) => name !== "");
  return { ...values, port, suites };
}

async function main(): Promise<void> {
  const { headless, quick, readme, suites, port, help } = options();
  if (help) {
    console.log(USAGE);
    return;
  }
  console.log("page");
  await buildSite((line) => console.log(`  ${line}`), { quick });
  const server = await serve(SITE, port, { protocols: openProtocols() });
  const address = addressOf(server);
  if (!headless) {
    console.log(`\n  ${address}\n`);
    return;
  }
  try {
    await runHeadless(address, { suites, quick, readme });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

try {
  await main();
} catch (error) {
  // Errors from inside the page carry Playwright's prefix and the page's stack.
  const [message] = String(error instanceof Error ? error.message : error).split("\n    at ");
  console.error(message?.replace(/^page\.evaluate: (Error: )?/, ""));
  process.exitCode = 1;
}
