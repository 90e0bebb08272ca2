/** The site on this machine, with the headers that measuring needs. */
import { createServer, type Server } from "node:http";
import { extname } from "node:path";
import sirv from "sirv";
import type { ProtocolServer } from "../tests/server/protocol/server.js";
import { Faults } from "./faults.js";
import { StageBackend } from "./stress/stage-backend.js";

const HEADERS = {
  // Cross-origin isolation: performance.now() steps by 5 µs instead of 100.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "cross-origin",
  // Every load is a first load.
  "Cache-Control": "no-store",
} as const;

const TYPES: Readonly<Record<string, string>> = {
  ".wasm": "application/wasm",
  ".onnx": "application/octet-stream",
  ".vpw": "application/octet-stream",
};

/** Backends of the frontend's demo, by the path of their WebSocket. */
export type Protocols = Readonly<Record<string, ProtocolServer>>;

export interface ServeOptions {
  /** Given the lines of the stage's backend. */
  readonly log?: (line: string) => void;
  readonly protocols?: Protocols;
}

/** Serves a folder on localhost, and answers the stage's conversations; port 0 takes any free one. */
export function serve(
  folder: string,
  port: number,
  { log, protocols = {} }: ServeOptions = {},
): Promise<Server> {
  const files = sirv(folder, {
    brotli: true,
    setHeaders(response, path) {
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
      const type = TYPES[extname(path)];
      if (type) response.setHeader("Content-Type", type);
    },
  });
  const faults = new Faults();
  const handlers = [faults, ...Object.values(protocols)];
  const server = createServer((request, response) => {
    if (!handlers.some((handler) => handler.handle(request, response))) files(request, response);
  });
  server.once("close", () => {
    for (const handler of handlers) void handler.close();
  });
  for (const [path, protocol] of Object.entries(protocols)) protocol.attach(server, path);
  new StageBackend(log).attach(server);
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === "EADDRINUSE"
          ? new Error(`port ${port} is taken; choose another with --port`, { cause })
          : cause,
      ),
    );
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

export function addressOf(server: Server): string {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server is closed");
  return `http://localhost:${address.port}`;
}
