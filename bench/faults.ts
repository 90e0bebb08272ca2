/**
 * WebSocket servers that misbehave when the page says so, for the suites of `connection`.
 *
 *   POST   /faults             starts one; answers {"id", "url"}
 *   POST   /faults/<id>/kill   and listen, halfOpen: see tests/server/fault-server.ts
 *   GET    /faults/<id>        what it received, in order, and how many are connected
 *   DELETE /faults/<id>        ends it
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { FaultServer } from "../tests/server/fault-server.js";

/** What the page reads. */
export interface FaultReport {
  readonly connected: number;
  readonly received: readonly string[];
}

/** Pages that were closed in the middle leave theirs behind: the oldest are ended. */
const SERVERS_MAX = 12;

export class Faults {
  readonly #servers = new Map<number, FaultServer>();
  #started = 0;

  /** Whether the request was for a fault, and is answered. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const [, folder, id, action = ""] = (request.url ?? "").split("/");
    if (folder !== "faults") return false;
    this.#answer(request, Number(id), action).then(
      (body) => {
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify(body));
      },
      (error: unknown) => {
        response.statusCode = 400;
        response.end(String(error));
      },
    );
    return true;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.keys()].map((id) => this.#end(id)));
  }

  async #answer(
    { method, headers }: IncomingMessage,
    id: number,
    action: string,
  ): Promise<unknown> {
    if (headers["sec-fetch-site"] !== "same-origin") throw new Error("only for this site's pages");
    if (method === "POST" && action === "") return this.#start();
    const server = this.#servers.get(id);
    if (!server) throw new Error(`there is no server ${id}`);
    switch (`${method} ${action}`) {
      case "GET ":
        return {
          connected: server.connected,
          received: server.received.map(({ text }) => text),
        } satisfies FaultReport;
      case "DELETE ":
        return this.#end(id);
      case "POST kill":
        return server.kill();
      case "POST listen":
        server.silent = false;
        return server.listen();
      case "POST halfOpen":
        return server.halfOpen();
      default:
        throw new Error(`no fault is called ${method} ${action}`);
    }
  }

  async #start(): Promise<{ id: number; url: string }> {
    const [oldest] = this.#servers.keys();
    if (oldest !== undefined && this.#servers.size >= SERVERS_MAX) await this.#end(oldest);
    const id = ++this.#started;
    const server = await FaultServer.start();
    this.#servers.set(id, server);
    return { id, url: server.url };
  }

  async #end(id: number): Promise<void> {
    const server = this.#servers.get(id);
    this.#servers.delete(id);
    await server?.kill();
  }
}
