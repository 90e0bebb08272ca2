/** Protocol servers and clients that end with their test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, vi } from "vitest";
import type { ClientMessage } from "../server/protocol/messages.js";
import { type ProtocolOptions, ProtocolServer } from "../server/protocol/server.js";
import { ProtocolClient } from "./protocol-client.js";

// The first time, voices are spoken.
vi.setConfig({ testTimeout: 30_000 });

/** For `vi.waitUntil`. */
export const WAIT = { timeout: 10_000, interval: 2 };
/** A backend that needs no time. */
export const AT_ONCE = { transcriptionMs: 0, thinkingMs: 0, toolMs: 0, synthesisMs: 0 };

const servers: ProtocolServer[] = [];
const clients: ProtocolClient[] = [];
const folders: string[] = [];

export async function serve(options: ProtocolOptions = {}): Promise<ProtocolServer> {
  const server = await ProtocolServer.start({ pace: AT_ONCE, ...options });
  servers.push(server);
  return server;
}

export async function connect(server: ProtocolServer): Promise<ProtocolClient> {
  return owned(await ProtocolClient.open(server.wsUrl, { rejectUnauthorized: false }));
}

/** Closes it after the test. */
export function owned(client: ProtocolClient): ProtocolClient {
  clients.push(client);
  return client;
}

/** Of its own, for a test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "protocol-"));
  folders.push(path);
  return path;
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

/** A voice: what is in it does not matter here. */
export const SAID: readonly ClientMessage[] = [
  { type: "mic-audio-data", audio: [0, 0.5, -0.25] },
  { type: "mic-audio-data", audio: [1, -1] },
  { type: "mic-audio-end", images: [] },
];

/** Says something, and plays the answer to its end. */
export async function converse(
  client: ProtocolClient,
  ...said: readonly ClientMessage[]
): Promise<void> {
  const turns = client.of("force-new-message").length;
  client.send(...said);
  await client.nth("backend-synth-complete", 2 * turns + 2);
  client.send({ type: "frontend-playback-complete" });
  await client.nth("force-new-message", turns + 1);
  await client.settled();
}
