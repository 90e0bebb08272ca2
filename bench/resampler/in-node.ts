/** run.ts in processes of its own, for the headless run: nothing else is measured meanwhile. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Row } from "../page/suites/suite.js";
import { QUALITY, SPEED } from "./report.js";

const RUN = fileURLToPath(new URL("run.ts", import.meta.url));
export const NODE_SUITES: readonly string[] = [QUALITY, SPEED];
/** The page's, which these belong to. */
export const FAMILY = "resampler";

/** What a process is asked for. */
type Arguments = readonly string[];

/** The peers that tell most; what is native takes long, sample by sample through a pipe. */
const CONTENDERS = "voicepath,libsamplerate-js,speex,libav,vad-web,wave,libsoxr";
/** Two processes of about the same length: quality is not timed. */
const QUALITY_RUNS: readonly Arguments[] = [
  ["--pairs", "48-16,24-44.1", "--contenders", CONTENDERS],
  ["--pairs", "44.1-16,24-48,16-48", "--contenders", CONTENDERS],
];
const SPEED_RUN: Arguments = ["--pairs", "48-16,44.1-16,24-48,24-44.1"];
const SMOKE: Arguments = ["--quick", "--pairs", "48-16", "--contenders", "voicepath,speex"];

/** Prints the tables when they are there. */
async function run(args: Arguments): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "resampler-"));
  try {
    const json = join(folder, "rows.json");
    const command = ["--import", "tsx", RUN, "--json", json, ...args];
    const { stdout } = await promisify(execFile)(process.execPath, command);
    console.log(stdout);
    return JSON.parse(readFileSync(json, "utf8")) as Row[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @throws when a contender fails */
export async function measureInNode(
  suites: readonly string[],
  { quick }: { readonly quick: boolean },
): Promise<Row[]> {
  const rows: Row[] = [];
  if (suites.includes(QUALITY)) {
    const runs = (quick ? [SMOKE] : QUALITY_RUNS).map((args) =>
      run([...args, "--only", "quality"]),
    );
    rows.push(...(await Promise.all(runs)).flat());
  }
  if (suites.includes(SPEED))
    rows.push(...(await run([...(quick ? SMOKE : SPEED_RUN), "--only", "speed"])));
  return rows;
}
