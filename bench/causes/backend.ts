/** The backend's process, from outside. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Listening, Order } from "./backend-process.js";

const PROGRAM = fileURLToPath(new URL("backend-process.ts", import.meta.url));

export class Backend {
  readonly #process: ChildProcess;
  readonly url: string;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.url = `ws://127.0.0.1:${port}/client-ws`;
  }

  static async start(): Promise<Backend> {
    const process = fork(PROGRAM, { execArgv: ["--import", "tsx"] });
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
