/** Everything `npm test` runs, in order, with one count and the names of what failed at the end. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describeFailure, type Failure, readVitestReport } from "./vitest-report.js";

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const REPORTS = "build/reports";
mkdirSync(REPORTS, { recursive: true });
const total: Count = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];
/** The tests that failed, or that passed only when they were run again. */
const named: string[] = [];

/** Runs a command, with its name over what it prints. */
function run(name: string, command: string, args: readonly string[]): { ok: boolean; ms: number } {
  console.log(`\n==== ${name}`);
  const start = performance.now();
  const { status } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  return { ok: status === 0, ms: performance.now() - start };
}

function record(name: string, count: Count, ms: number): void {
  for (const key of ["passed", "failed", "skipped"] as const) total[key] += count[key];
  summary.push(
    `${count.failed === 0 ? "ok  " : "FAIL"} ${name}: ${count.passed} passed, ` +
      `${count.failed} failed, ${count.skipped} skipped (${(ms / 1000).toFixed(0)} s)`,
  );
}

/** Runs a command that counts as one test, or as many as `count` finds in its report. */
function stage(
  name: string,
  command: string,
  args: readonly string[],
  count?: () => Count,
): boolean {
  const { ok, ms } = run(name, command, args);
  let result: Count = { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  try {
    if (count) result = count();
  } catch (error) {
    console.error(`${name}: no report (${error})`);
    result = { passed: 0, failed: 1, skipped: 0 };
  }
  // A runner that died after its last test still failed.
  if (!ok && result.failed === 0) result.failed = 1;
  record(name, result, ms);
  return result.failed === 0;
}

function finish(): never {
  console.log(`\n${summary.join("\n")}\n`);
  if (named.length > 0) console.log(`${named.join("\n")}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exit(total.failed === 0 ? 0 : 1);
}

function junit(path: string): Count {
  const attribute = (name: string): number =>
    Number(new RegExp(`\\b${name}="(\\d+)"`).exec(readFileSync(path, "utf8"))?.[1] ?? Number.NaN);
  const failed = attribute("failures");
  const skipped = attribute("skipped") + attribute("disabled");
  return { passed: attribute("tests") - failed - skipped, failed, skipped };
}

/**
 * Real time, on a machine that may do other things too: the files in which a test failed run once more,
 * alone, and for those tests that run decides. Each test that needed it is named.
 */
function vitest(): void {
  const first = runVitest("vitest", []);
  const { passed, skipped, failures } = first;
  const files = [...new Set(failures.map(({ file }) => file))];
  // More than a few is no accident. None is a runner that died.
  if (first.ok || files.length === 0 || files.length > 5) {
    record("vitest", { passed, failed: failures.length || Number(!first.ok), skipped }, first.ms);
    for (const failure of failures) named.push(`failed: ${describeFailure(failure)}`);
    return;
  }
  record("vitest", { passed, failed: 0, skipped }, first.ms);
  const again = runVitest("vitest: what failed, once more", files);
  const failed = again.failures.length || Number(!again.ok);
  // A runner that died says of none that it passed.
  const died = !again.ok && again.failures.length === 0;
  const failedAgain = ({ file, test }: Failure): boolean =>
    died || again.failures.some((other) => other.file === file && other.test === test);
  const mended = failures.filter((failure) => !failedAgain(failure));
  for (const failure of mended) named.push(`passed when run again: ${describeFailure(failure)}`);
  for (const failure of again.failures) named.push(`failed twice: ${describeFailure(failure)}`);
  if (died) for (const failure of failures) named.push(`failed: ${describeFailure(failure)}`);
  record("vitest: what failed, once more", { passed: mended.length, failed, skipped: 0 }, again.ms);
}

function runVitest(name: string, files: readonly string[]) {
  const path = `${REPORTS}/vitest.json`;
  rmSync(path, { force: true });
  const { ok, ms } = run(name, "npx", [
    ...["vitest", "run", "--project=js", "--project=pages", "--project=browser", ...files],
    ...["--reporter=default", "--reporter=json", `--outputFile.json=${path}`],
  ]);
  const report = existsSync(path)
    ? readVitestReport(path)
    : { passed: 0, skipped: 0, failures: [] };
  return { ok, ms, ...report };
}

function ctest(preset: string): void {
  const built =
    stage(`${preset}: configure`, "cmake", ["--preset", preset, "--log-level=WARNING"]) &&
    stage(`${preset}: build`, "cmake", ["--build", "--preset", preset]);
  if (!built) finish();
  const report = `${process.cwd()}/${REPORTS}/ctest-${preset}.xml`;
  stage(
    `${preset}: ctest`,
    "ctest",
    ["--preset", preset, "--output-junit", report, "--output-on-failure"],
    () => junit(report),
  );
}

if (!stage("build", "node", ["--import", "tsx", "js-glue/scripts/build.ts"])) finish();

stage("biome", "npx", ["biome", "ci", "--max-diagnostics=50", "."]);
stage("clang-format", "clang-format", [
  "--dry-run",
  "-Werror",
  ...["wasm", "tests/c", "tests/ort", "tests/consumer/ort"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.[ch]$/.test(name))
      .map((name) => join(folder, name)),
  ),
]);
stage("types of scripts and tests", "npx", ["tsc", "-p", "tsconfig.json"]);
stage("types of the page", "npx", ["tsc", "-p", "bench/tsconfig.json"]);
for (const shape of ["contexts", "store"])
  stage(`types of the overlay, ${shape}`, "npx", [
    ...["tsc", "-p", `frontend-patch/overlay/tsconfig.${shape}.json`],
  ]);

ctest("native");
ctest("asan");

vitest();

// Some of each kind: the others take long, however quick, and most of what they do is tested above.
const smoke = [
  ...["vad/frame", "vad/cold-start", "vad/download-brotli", "registry/timer", "wire/encode"],
  ...["registry/open-close", "monitor/trend", "monitor/record"],
  ...["subtitle/conformance-line", "subtitle/push", "subtitle/moved"],
  ...["resampler/48-16", "ort/silero-frame", "ort/program-bytes"],
];
stage("benchmark smoke run", "node", [
  ...["--import", "tsx", "bench/run.ts", "--headless", "--quick"],
  `--suites=${smoke}`,
]);

finish();
