/**
 * The backend of the project's own stage: answers as Open-LLM-VTuber's does, at once and with a short
 * hum for a voice, and says of its tasks what the reports' backend says.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { utils } from "../../dist/vad-web/index.js";
import type { ClientMessage, ServerMessage } from "../page/stage/protocol.js";

export const STAGE_PATH = "/stage/client-ws";

const SENTENCES = ["Every page that opens something", "closes it again, I promise."];
const RATE_HZ = 24000;
const SENTENCE_MS = 240;
const SLICE_MS = 20;
const HUM_HZ = 196;

/** Rises and falls twice, as two syllables do. */
function loudness(timeMs: number): number {
  return Math.sin((2 * Math.PI * timeMs) / SENTENCE_MS) ** 2;
}

function hum(): string {
  const samples = Float32Array.from({ length: (RATE_HZ * SENTENCE_MS) / 1000 }, (_, i) => {
    const seconds = i / RATE_HZ;
    const tone = [1, 2, 3].map((n) => Math.sin(2 * Math.PI * n * HUM_HZ * seconds) / n);
    return 0.2 * loudness(1000 * seconds) * tone.reduce((a, b) => a + b, 0);
  });
  return Buffer.from(utils.encodeWAV(samples, 1, RATE_HZ, 1, 16)).toString("base64");
}

const AUDIO = hum();
const VOLUMES = Array.from({ length: SENTENCE_MS / SLICE_MS }, (_, i) =>
  loudness((i + 0.5) * SLICE_MS),
);

export class StageBackend {
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #log: (line: string) => void;
  #begun = 0;
  #finished = 0;

  /** @param log - given a line whenever its tasks change */
  constructor(log: (line: string) => void = () => {}) {
    this.#log = log;
    this.#sockets.on("connection", (socket) => this.#welcome(socket));
  }

  /** Takes the upgrades to its path; others are for others. */
  attach(server: Server): void {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.url !== STAGE_PATH) return;
      this.#sockets.handleUpgrade(request, socket, head, (client) =>
        this.#sockets.emit("connection", client, request),
      );
    });
    server.on("close", () => {
      for (const client of this.#sockets.clients) client.terminate();
    });
  }

  #task(change: "begins" | "ends"): void {
    if (change === "begins") this.#begun++;
    else this.#finished++;
    const active = this.#begun - this.#finished;
    this.#log(`任务统计: 总任务=${this.#begun}, 活跃=${active}, 已完成=${this.#finished}`);
  }

  /** A connection is a task, and so is a turn until it was heard. */
  #welcome(socket: WebSocket): void {
    let turns = 0;
    this.#task("begins");
    socket.on("error", () => {});
    socket.on("close", () => {
      for (; turns >= 0; turns--) this.#task("ends");
    });
    const send = (message: ServerMessage): void => socket.send(JSON.stringify(message));
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as ClientMessage;
      switch (message.type) {
        case "heartbeat":
          send({ type: "heartbeat-ack" });
          break;
        case "text-input":
          turns++;
          this.#task("begins");
          this.#answer(send);
          break;
        case "frontend-playback-complete":
          if (turns === 0) break;
          turns--;
          this.#task("ends");
          send({ type: "force-new-message" });
          send({ type: "control", text: "conversation-chain-end" });
          break;
      }
    });
  }

  #answer(send: (message: ServerMessage) => void): void {
    send({ type: "control", text: "conversation-chain-start" });
    send({ type: "full-text", text: "Thinking..." });
    for (const text of SENTENCES)
      send({
        type: "audio",
        audio: AUDIO,
        volumes: VOLUMES,
        slice_length: SLICE_MS,
        display_text: { text, name: "Luna", avatar: null },
      });
    send({ type: "backend-synth-complete" });
  }
}
