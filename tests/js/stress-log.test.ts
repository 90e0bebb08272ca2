/** What a stress run is told: its options, and the backend's log. */
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseCommand } from "../../bench/stress/options.js";
import { ServerLog } from "../../bench/stress/server-log.js";

const folder = mkdtempSync(join(tmpdir(), "voicepath-stress-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text = ""): string {
  const path = join(folder, `${++files}.log`);
  writeFileSync(path, text);
  return path;
}

describe("the server's log", () => {
  test("is read from its end on, as it grows", () => {
    const path = file("总任务=90, 活跃=80\n");
    const log = new ServerLog(path);
    expect(log.latest()).toBeNull();
    appendFileSync(path, "2026-11-22 INFO 任务统计: 总任务=12, 活跃=3, 已完成=9\n");
    expect(log.latest()).toEqual({ total: 12, active: 3, finished: 9 });
    appendFileSync(path, "Task statistics: total=13, active=4\nsomething else\n");
    expect(log.latest()).toEqual({ total: 13, active: 4, finished: null });
    expect(log).toMatchObject({ lines: 3, found: 2 });
  });

  test("a line counts when it is whole, wherever the writes are cut", () => {
    const path = file();
    const log = new ServerLog(path);
    const bytes = Buffer.from("总任务=7, 活跃=2\n");
    for (const [i, byte] of bytes.entries()) {
      appendFileSync(path, Buffer.of(byte));
      expect(log.latest()).toEqual(
        i < bytes.length - 1 ? null : { total: 7, active: 2, finished: null },
      );
    }
  });

  test("garbage is passed over", () => {
    const path = file();
    const log = new ServerLog(path);
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 256));
    appendFileSync(path, noise);
    appendFileSync(path, "\n总任务=, 活跃=x\n总任务 5 活跃 6\ntotal=1e9 active=-3\n\0\r\n");
    appendFileSync(path, "总任务=8, 活跃=1\r\n");
    expect(log.latest()).toEqual({ total: 8, active: 1, finished: null });
    expect(log.found).toBe(1);
  });

  test("one that is begun anew is read from its beginning", () => {
    const path = file("old line\n".repeat(50));
    const log = new ServerLog(path);
    truncateSync(path);
    appendFileSync(path, "总任务=2, 活跃=1\n");
    expect(log.latest()).toEqual({ total: 2, active: 1, finished: null });
  });

  test("one that goes away is named", () => {
    const path = file();
    const log = new ServerLog(path);
    rmSync(path);
    expect(() => log.latest()).toThrow(path);
  });
});

describe("the command line", () => {
  const parse = (line: string) => parseCommand(line.split(" ").filter((word) => word !== ""));

  test("has defaults", () => {
    expect(parse("--cycles 20")).toEqual({
      url: undefined,
      scenarios: ["open-close"],
      cycles: 20,
      selectors: {},
      warmUpCycles: undefined,
      settleMs: undefined,
      deadlineMs: undefined,
      serverLog: undefined,
      out: undefined,
      headed: false,
      readme: false,
    });
    expect(parse("--help")).toBeUndefined();
  });

  test("takes several scenarios, each once", () => {
    const path = file();
    const given = `--url https://localhost:12393/ --cycles 1000 --scenario mic,turns,mic
      --warm-up 7 --settle-ms 0 --readme --open #a --close #b --mic .m --input input --model select --out here
      --headed --server-log ${path}`.replace(/\s+/g, " ");
    expect(parse(given)).toEqual({
      url: "https://localhost:12393/",
      scenarios: ["mic", "turns"],
      cycles: 1000,
      selectors: { open: "#a", close: "#b", mic: ".m", input: "input", model: "select" },
      warmUpCycles: 7,
      settleMs: 0,
      serverLog: path,
      out: "here",
      headed: true,
      readme: true,
    });
  });

  test.each([
    ["", "--cycles is missing"],
    ["--cycles 4", "--cycles is 4; it must be an integer from 5 to 100000"],
    ["--cycles 100001", "--cycles is 100001"],
    ["--cycles 7.5", "--cycles is 7.5"],
    ["--cycles many", "--cycles is many"],
    ["--cycles 9 --scenario mic,walk", '--scenario has "walk"; there are open-close, mic,'],
    ["--cycles 9 --url localhost:12393", "--url is localhost:12393"],
    ["--cycles 9 --url nowhere", "--url is nowhere"],
    ["--cycles 9 --settle-ms -1", "--settle-ms"],
    ["--cycles 9 --open #a", "--open and --close come together"],
    ["--cycles 9 --server-log /nowhere/x.log", "--server-log is /nowhere/x.log"],
    ["--cycles 9 --speed 3", "--speed"],
    ["--cycles 9 more", "more"],
  ])("%s: %s", (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });
});
