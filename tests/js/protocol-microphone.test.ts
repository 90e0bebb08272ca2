/** The scripts' fake microphones, heard by the project's own VAD. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadAudio, Mic, VadModel } from "../../dist/index.js";
import { readWav } from "../../tools/speech.js";
import { writeMicrophone } from "../server/protocol/microphone.js";
import { SCRIPTS } from "../server/protocol/script.js";
import { connect, converse, folder, serve } from "./protocol-session.js";

describe.each(["en", "zh"] as const)("the microphone's file: %s", (language) => {
  test("each line is one utterance, and the barge-in comes into the answer", async () => {
    const script = SCRIPTS[language];
    expect(script.turns).toHaveLength(10);
    const path = join(folder(), "microphone.wav");
    const { lines, durationMs } = await writeMicrophone(script, path, { tailMs: 3000 });
    const { samples, rateHz } = readWav(path);
    expect(rateHz).toBe(48000);
    expect((1000 * samples.length) / rateHz).toBeCloseTo(durationMs, 0);

    const model = await VadModel.load({ version: "v5" });
    using mic = Mic.create(await loadAudio(), {
      model,
      rateHz,
      positiveSpeechThreshold: 0.5,
      negativeSpeechThreshold: 0.35,
      redemptionMs: 35 * 32,
    });
    const heard: { startMs: number; endMs: number }[] = [];
    let misfires = 0;
    mic.on("speechend", ({ startMs, endMs }) => heard.push({ startMs, endMs }));
    mic.on("misfire", () => misfires++);
    mic.push(samples);
    mic.end();
    expect(misfires).toBe(0);
    expect(heard).toHaveLength(script.turns.length);
    for (const [i, { startMs, endMs }] of heard.entries()) {
      const line = lines[i];
      expect(startMs).toBeLessThan((line?.startMs ?? 0) + 200);
      expect(endMs).toBeGreaterThan(line?.endMs ?? 0);
      expect(endMs).toBeLessThan((line?.endMs ?? 0) + 1600);
    }

    const [server, clip] = [await serve({ language }), join(folder(), "clip.wav")];
    const client = await connect(server);
    for (const [i, turn] of script.turns.entries()) {
      const before = client.of("audio").length;
      await converse(client, { type: "text-input", text: turn.user });
      const answerMs = client
        .of("audio")
        .slice(before)
        .reduce((ms, { audio }) => {
          if (audio === null) return ms;
          writeFileSync(clip, Buffer.from(audio, "base64"));
          const { samples, rateHz } = readWav(clip);
          return ms + (1000 * samples.length) / rateHz;
        }, 0);
      const pauseMs = (lines[i + 1]?.startMs ?? Number.POSITIVE_INFINITY) - (lines[i]?.endMs ?? 0);
      // A redemption and a server later the answer begins.
      if (turn.bargeIn) expect(pauseMs).toBeLessThan(answerMs);
      else expect(pauseMs).toBeGreaterThan(answerMs + 35 * 32 + 1000);
      if (!turn.bargeIn) expect(turn.reply.length).toBeLessThanOrEqual(3);
    }
    expect(script.turns.filter(({ bargeIn }) => bargeIn)).toHaveLength(1);
  });
});
