/**
 * Faults by command: POST /protocol/fault with one of
 *
 *     {"fault": "kill", "forMs": 2000}   resets all connections and stops listening; for so long, or
 *                                        until told in the process, since nobody hears here then
 *     {"fault": "restart"}               the same, and listens at once
 *     {"fault": "drop"}                  resets all connections
 *     {"fault": "hang", "forMs": 2000}   reads and answers nothing, handshakes neither, until
 *     {"fault": "resume"}
 *     {"fault": "delay", "ms": 300}      sends everything so much later
 *     {"fault": "garbage"}               malformed messages; then, with "frames": true, frames
 *     {"fault": "hostile", "kind": "huge"}   one of hostile.ts, or all without a kind
 *
 * Answered with {"sent": messages}, or with 400 and the reason.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { HOSTILITIES, type Hostility } from "./hostile.js";
import type { ProtocolServer } from "./server.js";

const MS_MAX = 3_600_000;

interface Command {
  readonly [field: string]: unknown;
}

function milliseconds(command: Command, field: string): number {
  const value = command[field] ?? 0;
  if (typeof value !== "number" || !(value >= 0 && value <= MS_MAX))
    throw new Error(`${field} is ${JSON.stringify(value)}, not 0 to ${MS_MAX} ms`);
  return value;
}

function hostility({ kind }: Command): Hostility | undefined {
  const known = HOSTILITIES.find((name) => name === kind);
  if (kind !== undefined && !known)
    throw new Error(`kind is ${JSON.stringify(kind)}, not one of ${HOSTILITIES.join(", ")}`);
  return known;
}

/** What a command does now, and what once it is answered. */
interface Effect {
  readonly sent?: number;
  readonly afterwards?: () => Promise<void> | void;
}

const FAULTS: Readonly<Record<string, (server: ProtocolServer, command: Command) => Effect>> = {
  kill: (server, command) => {
    const ms = milliseconds(command, "forMs");
    return {
      async afterwards() {
        await server.kill();
        if (ms > 0) server.after(ms, "rise");
      },
    };
  },
  restart: (server) => ({ afterwards: () => server.restart() }),
  drop: (server) => ({ afterwards: () => server.drop() }),
  hang: (server, command) => {
    const ms = milliseconds(command, "forMs");
    server.hang();
    if (ms > 0) server.after(ms, "resume");
    return {};
  },
  resume: (server) => {
    server.resume();
    return {};
  },
  delay: (server, command) => {
    server.delay(milliseconds(command, "ms"));
    return {};
  },
  garbage: (server, { frames }) => {
    const sent = server.garbage();
    return { sent, ...(frames === true && { afterwards: () => void server.garbageFrames() }) };
  },
  hostile: (server, command) => ({ sent: server.hostile(hostility(command)) }),
};

function commit(server: ProtocolServer, command: unknown): Effect {
  const { fault } = Object(command);
  if (typeof fault !== "string" || !Object.hasOwn(FAULTS, fault))
    throw new Error(
      `fault is ${JSON.stringify(fault)}, not one of ${Object.keys(FAULTS).join(", ")}`,
    );
  return FAULTS[fault]?.(server, command as Command) ?? {};
}

export async function answerFault(
  server: ProtocolServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (request.headers["sec-fetch-site"] === "cross-site")
      throw new Error("not for pages of other sites");
    const { sent = 0, afterwards } = commit(server, await json(request));
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ sent }), () => setImmediate(() => void afterwards?.()));
  } catch (error) {
    response.statusCode = 400;
    response.end(error instanceof Error ? error.message : String(error));
  }
}
