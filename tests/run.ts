/** Everything `npm test` runs, in order, with one count at the end. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const REPORTS = "build/reports";
mkdirSync(REPORTS, { recursive: true });
const total: Count = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];

/** Runs a command; its exit code decides unless `count` can say more. */
function stage(
  name: string,
  command: string,
  args: readonly string[],
  count?: () => Count,
): boolean {
  console.log(`\n==== ${name}`);
  const start = performance.now();
  const { status } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  const ok = status === 0;
  let result: Count = { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  try {
    if (count) result = count();
  } catch (error) {
    console.error(`${name}: no report (${error})`);
    result = { passed: 0, failed: 1, skipped: 0 };
  }
  // A runner that died after its last test still failed.
  if (!ok && result.failed === 0) result.failed = 1;
  for (const key of ["passed", "failed", "skipped"] as const) total[key] += result[key];
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  summary.push(
    `${result.failed === 0 ? "ok  " : "FAIL"} ${name}: ${result.passed} passed, ` +
      `${result.failed} failed, ${result.skipped} skipped (${seconds} s)`,
  );
  return result.failed === 0;
}

function finish(): never {
  console.log(`\n${summary.join("\n")}\n`);
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

function vitestReport(path: string): Count {
  const report = JSON.parse(readFileSync(path, "utf8")) as Record<string, number>;
  return {
    passed: report["numPassedTests"] ?? 0,
    failed: (report["numFailedTests"] ?? 0) + (report["numFailedTestSuites"] ?? 0),
    skipped: (report["numPendingTests"] ?? 0) + (report["numTodoTests"] ?? 0),
  };
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

const report = `${REPORTS}/vitest.json`;
stage(
  "vitest",
  "npx",
  [
    "vitest",
    "run",
    "--project=js",
    "--project=pages",
    "--project=browser",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ],
  () => vitestReport(report),
);

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
