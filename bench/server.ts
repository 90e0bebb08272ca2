/** The site on this machine, with the headers that measuring needs. */
import { createServer, type Server } from "node:http";
import { extname } from "node:path";
import sirv from "sirv";
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

/**
 * Serves a folder on localhost, and answers the stage's conversations; port 0 takes any free one.
 *
 * @param log - given the lines of the stage's backend
 */
export function serve(folder: string, port: number, log?: (line: string) => void): Promise<Server> {
  const files = sirv(folder, {
    brotli: true,
    setHeaders(response, path) {
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
      const type = TYPES[extname(path)];
      if (type) response.setHeader("Content-Type", type);
    },
  });
  const faults = new Faults();
  const server = createServer((request, response) => {
    if (!faults.handle(request, response)) files(request, response);
  });
  server.once("close", () => void faults.close());
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
