/** A conversation without end: the user speaks, the backend answers, silence. */
import type { Scope } from "voicepath";
import type { Turns } from "voicepath/monitor";
import type { AppOptions } from "./app-options.js";

interface Message {
  readonly type: string;
}

export class Conversation {
  constructor(scope: Scope, turns: Turns, { url, heartbeatMs, silenceMs }: AppOptions) {
    const socket = scope.socket<Message, Message>({
      url,
      json: true,
      heartbeat: {
        everyMs: heartbeatMs,
        timeoutMs: 20_000,
        message: { type: "heartbeat" },
        isReply: (data) => (data as Message).type === "heartbeat-ack",
      },
    });
    const speak = (): void => {
      turns.speechEnd();
      socket.send({ type: "text-input" });
    };
    socket.on("open", speak);
    socket.on("message", ({ data: { type } }) => {
      if (type === "user-input-transcription") turns.transcription();
      if (type === "audio") turns.firstAudio();
      if (type !== "conversation-chain-end") return;
      turns.end();
      scope.timeout(speak, silenceMs);
    });
  }
}
