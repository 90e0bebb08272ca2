/**
 * The protocol server as a command:
 *
 *     node --import tsx tests/server/protocol/run.ts
 *       --app folder   of a built app
 *       --port n       12393 by default, as the backend's
 *       --language en|zh
 *       --https --deflate --pcm16
 */
import { parseArgs } from "node:util";
import { LANGUAGES } from "./script.js";
import { ProtocolServer } from "./server.js";

const { values } = parseArgs({
  options: {
    app: { type: "string" },
    port: { type: "string", default: "12393" },
    language: { type: "string", default: "en" },
    https: { type: "boolean", default: false },
    deflate: { type: "boolean", default: false },
    pcm16: { type: "boolean", default: false },
  },
});

const language = LANGUAGES.find((known) => known === values.language);
if (!language)
  throw new Error(`--language is ${values.language}, not one of ${LANGUAGES.join(", ")}`);
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535)
  throw new Error(`--port is ${values.port}, not 0 to 65535`);

const server = await ProtocolServer.start({ ...values, language, port, log: console.log });
console.log(`${server.url}  ${server.wsUrl}`);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void server.close().then(() => process.exit(0)));
