/** The protocol server misbehaves as told, over every kind of connection, and leaves nothing. */
import { once } from "node:events";
import { createServer } from "node:http";
import { get } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { parseTaskStatistics } from "../../js-glue/src/monitor/task-statistics.js";
import { ProtocolServer } from "../server/protocol/server.js";
import { ProtocolClient } from "./protocol-client.js";
import { AT_ONCE, connect, converse, owned, SAID, serve, WAIT } from "./protocol-session.js";
import { isOf, kindOf, SERVER_TABLE } from "./protocol-table.js";

describe("faults", () => {
  const command = async (server: ProtocolServer, body: unknown): Promise<Response> =>
    fetch(`${server.url}/protocol/fault`, { method: "POST", body: JSON.stringify(body) });

  test("kill resets what is open and refuses what comes, until it rises at the same port", async () => {
    const server = await serve();
    const client = await connect(server);
    client.send({ type: "create-new-history" }, ...SAID);
    await client.nth("audio");
    const { port } = server;
    await server.kill();
    await vi.waitUntil(() => client.socket.readyState === client.socket.CLOSED, WAIT);
    expect(server.state).toMatchObject({ connected: 0, tasks: { active: 0 } });
    const refused = ProtocolClient.opening(server.wsUrl);
    const [error] = await once(refused.socket, "error");
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
    await server.rise();
    expect(server.port).toBe(port);
    const back = await connect(server);
    back.send({ type: "fetch-history-list" });
    expect((await back.nth("history-list")).histories).toHaveLength(1);
  });

  test("by POST: kill for a while, restart, drop", async () => {
    const server = await serve();
    for (const body of [{ fault: "kill", forMs: 30 }, { fault: "restart" }, { fault: "drop" }]) {
      const client = await connect(server);
      expect(await (await command(server, body)).json()).toEqual({ sent: 0 });
      expect(await client.closed).toBe(1006);
      await vi.waitUntil(() => server.clients.length === 0, WAIT);
      await sleep(60);
    }
    await connect(server);
    expect(server.books.connections).toHaveLength(4);
  });

  test("hang answers nothing and nobody until resume", async () => {
    const server = await serve();
    const client = await connect(server);
    expect((await command(server, { fault: "hang" })).status).toBe(200);
    const waiting = ProtocolClient.opening(server.wsUrl);
    owned(waiting);
    client.send({ type: "heartbeat" });
    await sleep(120);
    expect(client.of("heartbeat-ack")).toEqual([]);
    expect(waiting.socket.readyState).toBe(waiting.socket.CONNECTING);
    expect((await command(server, { fault: "resume" })).status).toBe(200);
    await client.nth("heartbeat-ack");
    await waiting.nth("control");
  });

  test("a server that hangs can be killed and closed", async () => {
    const server = await serve();
    const client = await connect(server);
    server.hang();
    ProtocolClient.opening(server.wsUrl);
    await sleep(30);
    await server.close();
    await client.closed;
    expect(server.state.tasks.active).toBe(0);
  });

  test("delay puts everything off, and keeps the order", async () => {
    const server = await serve();
    const client = await connect(server);
    await command(server, { fault: "delay", ms: 120 });
    const sentMs = performance.now();
    client.send({ type: "fetch-backgrounds" }, { type: "fetch-configs" }, { type: "heartbeat" });
    await sleep(30);
    server.delay(40);
    client.send({ type: "request-group-info" });
    await client.nth("group-update", 3);
    expect(performance.now() - sentMs).toBeGreaterThan(110);
    expect(client.types.slice(-4)).toEqual([
      "background-files",
      "config-files",
      "heartbeat-ack",
      "group-update",
    ]);
  });

  test("garbage breaks each field of each message, and then the frames", async () => {
    const server = await serve();
    const client = await connect(server);
    const before = client.texts.length;
    const { sent } = (await (await command(server, { fault: "garbage", frames: true })).json()) as {
      sent: number;
    };
    await client.closed;
    const texts = client.texts.slice(before);
    expect(texts).toHaveLength(sent);
    expect(new Set(texts).size).toBeGreaterThan(0.9 * sent);
    const parsed = texts.flatMap((text) => {
      try {
        return [JSON.parse(text) as unknown];
      } catch {
        return [];
      }
    });
    expect(texts.length - parsed.length).toBeGreaterThanOrEqual(6);
    const isMessage = (value: unknown): value is Record<string, unknown> =>
      typeof value === "object" && value !== null && !Array.isArray(value);
    expect(parsed.some((value) => !isMessage(value))).toBe(true);
    const messages = parsed.filter(isMessage);
    for (const [type, row] of Object.entries(SERVER_TABLE)) {
      const ofType = messages.filter((message) => message["type"] === type);
      for (const [name, kind] of Object.entries(row)) {
        const where = `${type}.${name}`;
        expect(
          ofType.some((message) => !(name in message)),
          `${where} is missing`,
        ).toBe(true);
        const wrong = ofType.filter((message) => name in message && !isOf(kind, message[name]));
        const kinds = new Set(wrong.map((message) => kindOf(message[name])));
        expect(kinds.size, `${where} is of other kinds`).toBeGreaterThanOrEqual(3);
      }
    }
  });

  test("hostile messages are as large, deep, long and false as they say", async () => {
    const server = await serve();
    const client = await connect(server);
    const tell = async (kind: string): Promise<string[]> => {
      const before = client.texts.length;
      const response = await command(server, { fault: "hostile", kind });
      const { sent } = (await response.json()) as { sent: number };
      await client.until(() => client.texts.length === before + sent);
      return client.texts.splice(before);
    };
    expect((await tell("huge"))[0]?.length).toBeGreaterThan(100_000_000);
    expect((await tell("deep")).every((text) => text.includes("[".repeat(100_000)))).toBe(true);
    const items = JSON.parse((await tell("many"))[0] ?? "") as { volumes: number[] };
    expect(items.volumes).toHaveLength(1_000_000);
    expect((await tell("prototype")).some((text) => text.includes('"__proto__":'))).toBe(true);
    expect({}).not.toHaveProperty("polluted");
    const lies = (await tell("wav")).map((text) => JSON.parse(text) as { audio: string });
    const longer = lies.filter(({ audio }) => {
      const file = Buffer.from(audio, "base64");
      return file.length > 44 && file.readUInt32LE(40) > file.length;
    });
    expect(longer.length).toBeGreaterThanOrEqual(2);
  });

  test.each([
    [{ fault: "explode" }, /explode.*kill, restart/],
    [{}, /undefined/],
    [null, /undefined/],
    [{ fault: "delay", ms: -1 }, /ms is -1, not 0 to/],
    [{ fault: "delay", ms: "1" }, /ms is "1"/],
    [{ fault: "hostile", kind: "rude" }, /rude.*huge/],
    [{ fault: "toString" }, /toString/],
  ])("a wrong command is refused by name: %j", async (body, reason) => {
    const response = await command(await serve(), body);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(reason);
  });
});

describe("ways to be reached", () => {
  test("https and wss, by a certificate made once", async () => {
    const servers = [await serve({ https: true }), await serve({ https: true })];
    const certificates = await Promise.all(
      servers.map(async (server) => {
        expect(server.wsUrl).toMatch(/^wss:/);
        const client = await connect(server);
        await converse(client, ...SAID);
        const request = get(`${server.url}/protocol/state`, { rejectUnauthorized: false });
        const [response] = await once(request, "response");
        const { fingerprint256 } = response.socket.getPeerCertificate();
        expect(JSON.parse(await text(response))).toMatchObject({ connected: 1 });
        await server.restart();
        await client.closed;
        await connect(server);
        return fingerprint256;
      }),
    );
    expect(certificates[0]).toMatch(/^[0-9A-F:]{95}$/);
    expect(certificates[1]).toBe(certificates[0]);
  });

  test.each([true, false])("permessage-deflate: %s", async (deflate) => {
    const server = await serve({ deflate, answers: false });
    const client = await connect(server);
    expect(client.socket.extensions).toBe(deflate ? "permessage-deflate" : "");
    client.send(
      { type: "mic-audio-data", audio: Array(4096).fill(0.25) },
      { type: "mic-audio-end" },
    );
    await client.settled();
    const [utterance] = server.books.utterances;
    const wire = server.books.connections[0]?.wireBytes ?? 0;
    expect(wire).toBeGreaterThan(0);
    if (deflate) expect(wire).toBeLessThan((utterance?.bytes ?? 0) / 4);
    else expect(wire).toBeGreaterThan(utterance?.bytes ?? 0);
  });

  test("inside another server: only its own path, and nothing is left there", async () => {
    const server = ProtocolServer.create({ pace: AT_ONCE });
    const host = createServer((request, response) => {
      if (!server.handle(request, response)) response.end("the host's");
    });
    host.listen(0, "127.0.0.1");
    await once(host, "listening");
    const { port } = host.address() as AddressInfo;
    let others = 0;
    host.on("upgrade", (request, stream) => {
      if (request.url !== "/elsewhere") return;
      others++;
      stream.destroy();
    });
    server.attach(host, "/talk");
    const url = `ws://127.0.0.1:${port}`;
    const client = await ProtocolClient.open(`${url}/talk?x=1`);
    await converse(client, ...SAID);
    await once(ProtocolClient.opening(`${url}/elsewhere`).socket, "error");
    expect(others).toBe(1);
    const answer = async (path: string): Promise<string> =>
      (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    expect(await answer("/avatars/luna.svg")).toMatch(/^<svg/);
    expect(await answer("/index.html")).toBe("the host's");

    await server.restart();
    await client.closed;
    await (await ProtocolClient.open(`${url}/talk`)).close();
    await server.close();
    expect(host.listenerCount("upgrade")).toBe(1);
    expect(server.state).toMatchObject({ connected: 0, tasks: { active: 0 } });
    host.close();
    host.closeAllConnections();
    await once(host, "close");
  });
});

test("a hundred clients come, speak and go, and leave no task", async () => {
  const lines: string[] = [];
  const server = await serve({ log: (line) => lines.push(line) });
  const clients = await Promise.all(
    Array.from({ length: 100 }, () => ProtocolClient.open(server.wsUrl)),
  );
  expect(parseTaskStatistics(lines.at(-1) ?? "")).toEqual({ total: 100, active: 100, finished: 0 });
  await Promise.all(
    clients.map(async (client, i) => {
      client.send({ type: "create-new-history" }, ...SAID);
      // Some go in the middle of the answer, and some cut the line.
      await client.nth(i % 2 ? "audio" : "backend-synth-complete");
      if (i % 3) await client.close();
      else client.socket.terminate();
    }),
  );
  await vi.waitUntil(() => server.state.tasks.active === 0, WAIT);
  expect(server.state).toMatchObject({
    tasks: { total: 200, finished: 200 },
    connected: 0,
    historiesMade: 100,
  });
  expect(server.books.connections.every(({ closedMs }) => closedMs !== undefined)).toBe(true);
  expect(parseTaskStatistics(lines.at(-1) ?? "")).toEqual({ total: 200, active: 0, finished: 200 });
});
