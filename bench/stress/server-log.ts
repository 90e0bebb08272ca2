/** The backend's log, read as it grows: the task statistics in it, and nothing else. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { parseTaskStatistics, type TaskStatistics } from "../../dist/monitor/index.js";
import { StressError } from "./stress-error.js";

const CHUNK_BYTES = 1 << 16;
/** A longer line is none of ours. */
const LINE_MAX = 1 << 16;

export class ServerLog {
  readonly #path: string;
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  #decoder = new StringDecoder("utf8");
  #at: number;
  #line = "";
  #latest: TaskStatistics | null = null;
  /** Lines since the beginning, and those of them with task statistics. */
  lines = 0;
  found = 0;

  /** From its end on. @throws StressError when it cannot be read */
  constructor(path: string) {
    this.#path = path;
    this.#at = this.#read((file) => fstatSync(file).size);
  }

  /** The latest statistics; null before the first. @throws StressError when it cannot be read */
  latest(): TaskStatistics | null {
    this.#read((file) => this.#follow(file));
    return this.#latest;
  }

  #follow(file: number): void {
    // It was begun anew.
    if (fstatSync(file).size < this.#at) {
      this.#at = 0;
      this.#line = "";
      this.#decoder = new StringDecoder("utf8");
    }
    for (;;) {
      const count = readSync(file, this.#chunk, 0, CHUNK_BYTES, this.#at);
      if (count === 0) return;
      this.#at += count;
      const text = this.#line + this.#decoder.write(this.#chunk.subarray(0, count));
      const lines = text.split(/\r?\n/);
      const rest = lines.pop() ?? "";
      this.#line = rest.length > LINE_MAX ? "" : rest;
      for (const line of lines) this.#take(line);
    }
  }

  #take(line: string): void {
    this.lines++;
    const statistics = parseTaskStatistics(line);
    if (!statistics) return;
    this.found++;
    this.#latest = statistics;
  }

  #read<T>(use: (file: number) => T): T {
    let file: number;
    try {
      file = openSync(this.#path, "r");
    } catch (cause) {
      throw new StressError(`--server-log is ${this.#path}; it cannot be read`, { cause });
    }
    try {
      return use(file);
    } finally {
      closeSync(file);
    }
  }
}
