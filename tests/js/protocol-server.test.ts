/** The protocol server over real sockets, against the table of the backend's protocol. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { readWav } from "../../tools/speech.js";
import type { ClientType } from "../server/protocol/messages.js";
import { SCRIPTS } from "../server/protocol/script.js";
import { AT_ONCE, connect, converse, folder, SAID, serve, WAIT } from "./protocol-session.js";
import { isOf, SERVER_TABLE } from "./protocol-table.js";

describe("the protocol's table", () => {
  test("a connection begins with five messages, and four questions are answered in order", async () => {
    const client = await connect(await serve());
    client.send(
      { type: "fetch-backgrounds" },
      { type: "fetch-configs" },
      { type: "fetch-history-list" },
      { type: "create-new-history" },
    );
    await client.nth("new-history-created");
    expect(client.types).toEqual([
      "group-update",
      "full-text",
      "set-model-and-conf",
      "group-update",
      "control start-mic",
      "background-files",
      "config-files",
      "history-list",
      "new-history-created",
    ]);
    expect((await client.nth("full-text")).text).toBe("Connection established");
  });

  test("autoStartMic: false leaves the fifth out", async () => {
    const client = await connect(await serve({ autoStartMic: false }));
    await client.settled();
    expect(client.types).not.toContain("control start-mic");
  });

  test("every message has the fields of its row and no others", async () => {
    const server = await serve();
    const [client, guest] = [await connect(server), await connect(server)];
    const guestUid = (await guest.nth("set-model-and-conf")).client_uid ?? "";
    client.send({ type: "fetch-backgrounds" }, { type: "fetch-configs" });
    client.send({ type: "create-new-history" });
    const { history_uid } = await client.nth("new-history-created");
    await converse(client, ...SAID);
    await converse(client, { type: "text-input", text: SCRIPTS.en.turns[2]?.user ?? "" });
    await converse(client, { type: "ai-speak-signal", idle_time: 5, images: [] });
    client.send({ type: "fetch-history-list" }, { type: "fetch-and-set-history", history_uid });
    client.send({ type: "request-init-config" }, { type: "request-group-info" });
    client.send({ type: "add-client-to-group", invitee_uid: guestUid });
    const shown = { text: "Hello", name: "Luna", avatar: "luna.svg" };
    client.send({ type: "audio-play-start", display_text: shown, forwarded: true });
    client.send({ type: "interrupt-signal", text: "Hel" });
    client.send({ type: "remove-client-from-group", target_uid: guestUid });
    client.send({ type: "delete-history", history_uid });
    client.send({ type: "switch-config", file: "sol.yaml" });
    client.socket.send('{"type":"?"}');
    await client.settled();
    await guest.settled();

    const messages = [...client.messages, ...guest.messages];
    expect([...new Set(messages.map(({ type }) => type))].sort()).toEqual(
      Object.keys(SERVER_TABLE).sort(),
    );
    for (const { type, ...fields } of messages) {
      const row = SERVER_TABLE[type];
      expect(Object.keys(row), type).toEqual(expect.arrayContaining(Object.keys(fields)));
      for (const [name, kind] of Object.entries(row))
        expect(
          isOf(kind, (fields as Record<string, unknown>)[name]),
          `${type}.${name} is ${kind}`,
        ).toBe(true);
    }
    expect(
      guest.of("audio").map(({ display_text, forwarded }) => [display_text, forwarded]),
    ).toEqual([[shown, true]]);
    const received = new Set(server.books.received.map(({ type }) => type));
    const sent: Record<Exclude<ClientType, "heartbeat">, true> = {
      "fetch-backgrounds": true,
      "fetch-configs": true,
      "fetch-history-list": true,
      "create-new-history": true,
      "fetch-and-set-history": true,
      "delete-history": true,
      "switch-config": true,
      "mic-audio-data": true,
      "mic-audio-end": true,
      "text-input": true,
      "ai-speak-signal": true,
      "audio-play-start": true,
      "frontend-playback-complete": true,
      "interrupt-signal": true,
      "request-init-config": true,
      "request-group-info": true,
      "add-client-to-group": true,
      "remove-client-from-group": true,
    };
    expect([...received]).toEqual(expect.arrayContaining(Object.keys(sent)));
  });
});

describe("a turn", () => {
  const SPOKEN = ["audio", "audio"];
  const END = [
    "backend-synth-complete",
    "backend-synth-complete",
    "force-new-message",
    "control conversation-chain-end",
  ];

  test("by voice is transcribed, answered in order, and waits for its playback", async () => {
    const server = await serve();
    const client = await connect(server);
    const before = client.types.length;
    client.send(...SAID);
    await client.nth("backend-synth-complete", 2);
    await sleep(150);
    expect(client.of("force-new-message")).toEqual([]);
    expect(server.books.turns.map(({ endedMs }) => endedMs)).toEqual([undefined]);
    for (let i = 0; i < 3; i++) client.send({ type: "frontend-playback-complete" });
    await client.nth("force-new-message");
    await client.settled();
    expect(client.types.slice(before, -1)).toEqual([
      "control conversation-chain-start",
      "full-text",
      "user-input-transcription",
      ...SPOKEN,
      ...END,
    ]);
    const [turn] = SCRIPTS.en.turns;
    expect((await client.nth("user-input-transcription")).text).toBe(turn?.user);
    expect((await client.nth("full-text", 2)).text).toBe("Thinking...");
    expect(client.of("audio").map(({ display_text }) => display_text.text)).toEqual([
      "[joy] Good evening! I am so glad you came by.",
      "I have been watching the rain on the window all day.",
    ]);
    expect(client.of("audio").map(({ actions }) => actions)).toEqual([{ expressions: [3] }, {}]);
    expect(server.books.turns).toMatchObject([{ by: "voice", completes: 3, interrupted: false }]);
    const [utterance] = server.books.utterances;
    expect([...(utterance?.samples ?? [])]).toEqual([0, 0.5, -0.25, 1, -1]);
    expect(utterance?.bytes).toBe(SAID.reduce((sum, said) => sum + JSON.stringify(said).length, 0));
  });

  test("by text has no transcription; one with a tool says so", async () => {
    const client = await connect(await serve({ language: "zh" }));
    const before = client.types.length;
    await converse(client, { type: "text-input", text: "明天的天气会怎么样呢" });
    expect(client.types.slice(before, -1)).toEqual([
      "control conversation-chain-start",
      "full-text",
      "tool_call_status",
      "tool_call_status",
      "audio",
      ...SPOKEN,
      ...END,
    ]);
    expect(client.of("tool_call_status").map(({ status }) => status)).toEqual([
      "running",
      "completed",
    ]);
  });

  test.each(["en", "zh"] as const)(
    "its sounds are what volumes and texts say: %s",
    async (language) => {
      const client = await connect(await serve({ language }));
      const path = join(folder(), "clip.wav");
      const { turns } = SCRIPTS[language];
      const silent = turns.findIndex(({ reply }) =>
        reply.some((sentence) => sentence.text === "♪"),
      );
      for (const turn of [turns[0], turns[silent]])
        await converse(client, { type: "text-input", text: turn?.user ?? "" });
      const sounds = client.of("audio");
      expect(sounds.filter(({ audio }) => audio === null)).toMatchObject([
        { volumes: [], display_text: { text: "♪" } },
      ]);
      for (const { audio, volumes, slice_length, display_text } of sounds) {
        if (audio === null) continue;
        writeFileSync(path, Buffer.from(audio, "base64"));
        const { samples, rateHz } = readWav(path);
        expect(slice_length).toBe(20);
        const slice = (rateHz * slice_length) / 1000;
        const levels = Array.from({ length: Math.ceil(samples.length / slice) }, (_, i) => {
          const part = samples.subarray(i * slice, (i + 1) * slice);
          return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
        });
        const loudest = Math.max(...levels);
        expect(loudest).toBeGreaterThan(0.05);
        expect(volumes).toHaveLength(levels.length);
        for (const [i, level] of levels.entries())
          expect(volumes[i]).toBeCloseTo(level / loudest, 2);
        // A syllable takes a tenth to four tenths of a second.
        const letters = display_text.text.replace(/\[.*\]/, "").match(/\p{Letter}/gu)?.length ?? 0;
        const letterSeconds = samples.length / rateHz / letters;
        expect(letterSeconds).toBeGreaterThan(language === "en" ? 0.04 : 0.12);
        expect(letterSeconds).toBeLessThan(language === "en" ? 0.12 : 0.5);
      }
    },
  );

  test("that is interrupted is over, without a word", async () => {
    const server = await serve({ pace: { ...AT_ONCE, synthesisMs: 40 } });
    const client = await connect(server);
    client.send({ type: "create-new-history" });
    const { history_uid } = await client.nth("new-history-created");
    client.send({ type: "text-input", text: "Can you tell me a story about the moon?" });
    await client.nth("audio", 2);
    client.send({ type: "interrupt-signal", text: "Of course." });
    await client.settled();
    const heard = client.types.length;
    await sleep(150);
    expect(client.types).toHaveLength(heard);
    expect(server.books.turns).toMatchObject([{ interrupted: true, completes: 0 }]);
    expect(server.state.tasks).toEqual({ total: 2, active: 1, finished: 1 });
    client.send({ type: "fetch-and-set-history", history_uid });
    expect((await client.nth("history-data")).messages).toMatchObject([
      { role: "human", content: "Can you tell me a story about the moon?" },
      { role: "ai", content: "Of course.", name: "Luna" },
    ]);
  });

  test("whose answer nobody played stays active beside the next, as in the backend", async () => {
    const server = await serve();
    const client = await connect(server);
    client.send({ type: "text-input", text: "one" });
    await client.nth("backend-synth-complete", 2);
    client.send({ type: "text-input", text: "two" });
    await client.nth("backend-synth-complete", 4);
    client.send({ type: "frontend-playback-complete" }, { type: "frontend-playback-complete" });
    await client.settled();
    expect(server.state.tasks).toMatchObject({ active: 2, finished: 1 });
    await client.close();
    await vi.waitUntil(() => server.state.tasks.active === 0, WAIT);
  });

  test("is not begun when nobody is to answer", async () => {
    const server = await serve({ answers: false });
    const client = await connect(server);
    client.send(...SAID);
    await client.settled();
    expect(client.types.at(-2)).toBe("control start-mic");
    expect(server.books.utterances).toHaveLength(1);
    expect(server.books.turns).toEqual([]);
  });
});

describe("histories and characters", () => {
  test("who comes back finds what was said, and the script goes on", async () => {
    const server = await serve();
    const first = await connect(server);
    first.send({ type: "create-new-history" });
    const { history_uid } = await first.nth("new-history-created");
    await converse(first, ...SAID);
    await first.close();

    const second = await connect(server);
    second.send({ type: "fetch-history-list" }, { type: "fetch-and-set-history", history_uid });
    expect((await second.nth("history-list")).histories).toMatchObject([
      { uid: history_uid, latest_message: { role: "ai" } },
    ]);
    const { messages } = await second.nth("history-data");
    expect(messages[1]?.content).toBe(
      "[joy] Good evening! I am so glad you came by. I have been watching the rain on the window all day.",
    );
    expect(messages.map(({ role }) => role)).toEqual(["human", "ai"]);
    await converse(second, ...SAID);
    expect(second.of("user-input-transcription").map(({ text }) => text)).toEqual([
      SCRIPTS.en.turns[1]?.user,
    ]);
    second.send({ type: "delete-history", history_uid }, { type: "delete-history", history_uid });
    await second.settled();
    expect(second.of("history-deleted").map(({ success }) => success)).toEqual([true, false]);
    expect(server.state.historiesMade).toBe(1);
  });

  test("the other character has another name, model and voice", async () => {
    const server = await serve();
    const client = await connect(server);
    const hello = { type: "text-input", text: SCRIPTS.en.turns[1]?.user ?? "" } as const;
    await converse(client, hello);
    client.send({ type: "switch-config", file: "sol.yaml" }, { type: "fetch-history-list" });
    await client.nth("history-list");
    expect(client.types.slice(-3)).toEqual([
      "set-model-and-conf",
      "config-switched",
      "history-list",
    ]);
    const model = await client.nth("set-model-and-conf", 2);
    expect(model).toMatchObject({ conf_name: "Sol", conf_uid: "sol_001" });
    expect(model).not.toHaveProperty("client_uid");
    await converse(client, hello);
    const sounds = client.of("audio");
    expect(sounds.map(({ display_text }) => display_text.name)).toEqual([
      ...["Luna", "Luna", "Sol", "Sol"],
    ]);
    expect(sounds[2]?.audio).not.toBe(sounds[0]?.audio);
    client.send({ type: "switch-config", file: "nobody.yaml" });
    expect((await client.nth("error")).message).toMatch(/nobody\.yaml/);
  });

  test("models, backgrounds, portraits and the app are served", async () => {
    const app = folder();
    writeFileSync(join(app, "index.html"), "<title>app</title>");
    const server = await serve({ app });
    const client = await connect(server);
    client.send({ type: "fetch-backgrounds" });
    const { files } = await client.nth("background-files");
    expect(files.length).toBeGreaterThanOrEqual(3);
    const { model_info } = await client.nth("set-model-and-conf");
    // The frontend's own default, too.
    const pictures = [...files, "ceiling-window-room-night.jpeg"].map((file) => `/bg/${file}`);
    for (const path of [...pictures, "/avatars/luna.svg", "/avatars/sol.svg"]) {
      const response = await fetch(server.url + path);
      expect(response.headers.get("content-type"), path).toBe("image/svg+xml");
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(await response.text()).toMatch(/^<svg .*<\/svg>$/s);
    }
    expect(await (await fetch(server.url + model_info.url)).json()).toMatchObject({ Version: 3 });
    expect(await (await fetch(`${server.url}/`)).text()).toBe("<title>app</title>");
    for (const path of ["/bg/constructor.svg", "/bg/nothing.svg", "/nothing", "/../package.json"])
      expect((await fetch(server.url + path)).status, path).toBe(404);
  });
});

describe("what comes in", () => {
  test.each([
    ["[]", /object/],
    ["null", /object/],
    ['{"type":"no-such"}', /no-such/],
    ['{"type":"constructor"}', /constructor/],
    ['{"type":"text-input","text":7}', /text is 7/],
    ['{"type":"mic-audio-data","audio":"AAAA"}', /audio is string/],
    ['{"type":"mic-audio-data","audio":[0,null]}', /audio\[1\] is null/],
    ['{"type":"mic-audio-end"}', /no audio/],
  ])("wrong: %s", async (wrong, reason) => {
    const server = await serve();
    const client = await connect(server);
    client.socket.send(wrong);
    expect((await client.nth("error")).message).toMatch(reason);
    await client.settled();
    expect(server.state.tasks.active).toBe(1);
  });

  test("no JSON, and no type, is passed over", async () => {
    const client = await connect(await serve());
    client.socket.send("{");
    client.socket.send("{}");
    await client.settled();
    expect(client.of("error")).toEqual([]);
  });

  test("16-bit PCM in base64 is the same speech, where it is announced", async () => {
    const server = await serve({ pcm16: true, answers: false });
    const client = await connect(server);
    expect((await client.nth("set-model-and-conf")).audio_formats).toEqual([
      "float-list",
      "pcm16-base64",
    ]);
    const pcm = Int16Array.of(0, 16384, -8192, 32767, -32768);
    const audio = Buffer.from(pcm.buffer).toString("base64");
    client.send({ type: "mic-audio-data", audio }, { type: "mic-audio-end" });
    client.send({ type: "mic-audio-data", audio: [...pcm].map((sample) => sample / 32768) });
    client.send({ type: "mic-audio-end" });
    await client.settled();
    const [packed, listed] = server.books.utterances;
    expect(packed?.samples).toEqual(Float32Array.from(pcm, (sample) => sample / 32768));
    expect(listed?.samples).toEqual(packed?.samples);
  });
});
