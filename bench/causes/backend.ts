/** The backend's process, from outside. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "../pages.js";
import type { Listening, Order } from "./backend-process.js";

const PROGRAM = join(ROOT, "build/causes-backend.mjs");

/** Compiled once: to do it at each start would keep the machine busy in the trials. */
export async function buildBackend(): Promise<void> {
  await build({
    entryPoints: [join(ROOT, "bench/causes/backend-process.ts")],
    outfile: PROGRAM,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
  });
}

export class Backend {
  readonly #process: ChildProcess;
  readonly url: string;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.url = `ws://127.0.0.1:${port}/client-ws`;
  }

  /** Needs {@link buildBackend}. */
  static async start(): Promise<Backend> {
    const process = fork(PROGRAM, { execArgv: [] });
    const [{ port }] = (await once(process, "message")) as [Listening];
    return new Backend(process, port);
  }

  order(order: Order): void {
    this.#process.send(order);
  }

  /** It may be stalled, so it is not asked. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }
}
