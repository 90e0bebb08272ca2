/** `npm run stress`: a frontend driven over and over, and what grows. Exit code 1 if anything does. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeMicrophoneWav } from "../microphone-wav.js";
import { buildStage, ROOT, SITE } from "../pages.js";
import { putFigures } from "../readme.js";
import { addressOf, serve } from "../server.js";
import { type CommandOptions, parseCommand, USAGE } from "./options.js";
import { showProgress } from "./progress.js";
import { reportPage } from "./report-page.js";
import { Rig } from "./rig.js";
import { stress } from "./stress.js";
import { StressError } from "./stress-error.js";
import { summaryMarkdown } from "./summary.js";
import { reportTable } from "./table.js";

const NOTHING_RISES = 0;
const SOMETHING_RISES = 1;
const NOT_MEASURED = 2;

const MICROPHONE = join(ROOT, "build/microphone.wav");
const RESULTS = join(ROOT, "bench/results/stress");
const STAGE_LOG = join(ROOT, "build/stress/stage.log");

/** What is driven, and what is to be done at the end. */
interface Frontend {
  readonly url: string;
  readonly serverLog: string | undefined;
  close(): void;
}

/** The project's own page and backend. */
async function openStage(): Promise<Frontend> {
  await buildStage();
  mkdirSync(join(STAGE_LOG, ".."), { recursive: true });
  writeFileSync(STAGE_LOG, "");
  const server = await serve(SITE, 0, {
    log: (line) => appendFileSync(STAGE_LOG, `${line}\n`),
  });
  return {
    url: `${addressOf(server)}/stage/`,
    serverLog: STAGE_LOG,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function runAll(options: CommandOptions): Promise<number> {
  const { url, scenarios, serverLog, headed, readme } = options;
  const out = options.out ?? RESULTS;
  const frontend: Frontend = url === undefined ? await openStage() : { url, serverLog, close() {} };
  writeMicrophoneWav(MICROPHONE);
  const rig = await Rig.open({ microphone: MICROPHONE, headed });
  let code = NOTHING_RISES;
  try {
    for (const scenario of scenarios) {
      const progress = showProgress(scenario);
      const run = {
        ...options,
        url: frontend.url,
        scenario,
        serverLog: serverLog ?? frontend.serverLog,
      };
      const report = await stress(rig, run, progress.tell).finally(progress.end);
      const folder = join(out, scenario);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
      writeFileSync(join(folder, "report.html"), reportPage(report));
      console.log(`${reportTable(report)}\n\n${join(folder, "report.html")}\n`);
      if (report.rising.length > 0) code = SOMETHING_RISES;
    }
    if (readme) console.log(putFigures(ROOT, "stress", summaryMarkdown(out)));
  } finally {
    await rig.close();
    frontend.close();
  }
  return code;
}

async function main(): Promise<number> {
  const options = parseCommand(process.argv.slice(2));
  if (options) return runAll(options);
  console.log(USAGE);
  return NOTHING_RISES;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof StressError ? error.message : error);
  process.exitCode = NOT_MEASURED;
}
