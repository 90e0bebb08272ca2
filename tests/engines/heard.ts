/** The page in an engine, and the same speech and session in Node, which it must equal bit for bit. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import sirv from "sirv";
import { expect } from "vitest";
import * as voicepath from "../../dist/index.js";
import * as voicepathMonitor from "../../dist/monitor/index.js";
import * as voicepathOrt from "../../dist/ort/index.js";
import { joinSamples } from "../../js-glue/src/samples.js";
import { pocketsphinxFiles, readWav } from "../../tools/speech.js";
import { tellConversions } from "./page/conversions.js";
import { tellJudgements } from "./page/judgements.js";
import { tellMonitor } from "./page/monitor.js";
import { tellSession } from "./page/session.js";
import { tellTurn } from "./page/turn.js";

const { loadAudio, Mic, Resampler, Vad, VadModel } = voicepath;

export interface Heard {
  /** Bits of the float32 probabilities. */
  readonly probabilities: readonly number[];
  readonly inWorker: readonly number[];
  /** Name, times, and the bits of the first 1000 samples. */
  readonly events: readonly unknown[];
  /** What happened in {@link tellSession}. */
  readonly session: readonly string[];
  /** What was shown, and heard, in {@link tellTurn}. */
  readonly turn: readonly string[];
  /** What was found in {@link tellMonitor}. */
  readonly monitor: readonly string[];
  /** Bits of what {@link tellConversions} made. */
  readonly conversions: readonly string[];
  /** Bits of what {@link tellJudgements} heard. */
  readonly judgements: readonly string[];
}

const bits = (samples: Float32Array): number[] => [...new Uint32Array(samples.slice().buffer)];

async function speech(): Promise<{ at16k: Float32Array; at48k: Float32Array }> {
  const clips = pocketsphinxFiles().slice(-3);
  const at16k = joinSamples([
    ...clips.map((path) => readWav(path).samples),
    new Float32Array(32_000),
  ]);
  using resampler = Resampler.create(await loadAudio(), {
    inputRateHz: 16000,
    outputRateHz: 48000,
  });
  return { at16k, at48k: joinSamples([resampler.process(at16k), resampler.flush()]) };
}

async function hearInNode({ at16k, at48k }: Awaited<ReturnType<typeof speech>>): Promise<Heard> {
  const audio = await loadAudio();
  const model = await VadModel.load();
  using vad = Vad.create(audio, { model });
  const probabilities = new Float32Array(Math.floor(at16k.length / 512));
  for (let i = 0; i < probabilities.length; i++) {
    vad.push(at16k.subarray(i * 512, (i + 1) * 512));
    probabilities[i] = vad.probability;
  }
  using mic = Mic.create(audio, { model, rateHz: 48000 });
  const events: unknown[] = [];
  for (const type of ["speechstart", "speechrealstart", "speechend", "misfire"] as const)
    mic.on(type, (event) => {
      if ("audio" in event) {
        const { audio: heard, ...rest } = event;
        events.push([type, rest, bits(heard.subarray(0, 1000))]);
      } else events.push([type, event, null]);
    });
  // An OfflineAudioContext renders whole blocks of 128.
  mic.push(joinSamples([at48k, new Float32Array((128 - (at48k.length % 128)) % 128)]));
  mic.end();
  const session = await tellSession(voicepath);
  const turn = await tellTurn(voicepath);
  const monitor = await tellMonitor(voicepath, voicepathMonitor);
  const conversions = await tellConversions(voicepath);
  const onnx = readFileSync("node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx");
  const judgements = await tellJudgements(voicepathOrt, { model: onnx }, false);
  return {
    probabilities: bits(probabilities),
    inWorker: bits(probabilities),
    events,
    session,
    turn,
    monitor,
    conversions,
    judgements,
  };
}

/**
 * Serves the page, lets `visit` load it and return `window.heard`, and compares.
 *
 * @param visit - opens the address and waits for the JSON text
 */
export async function expectSameAsNode(visit: (url: string) => Promise<string>): Promise<void> {
  const given = await speech();
  const folder = (path: string) =>
    sirv(fileURLToPath(new URL(path, import.meta.url)), { dev: true });
  const page = folder("page");
  const root = folder("../..");
  const server = createServer((request, response) => {
    const samples = { "/speech-16k.f32": given.at16k, "/speech-48k.f32": given.at48k }[
      request.url ?? ""
    ];
    if (samples) response.end(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
    else if (/^\/(dist|node_modules)\//.test(request.url ?? "")) root(request, response);
    else page(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const heard = JSON.parse(await visit(`http://127.0.0.1:${port}/`)) as Heard;
    const expected = await hearInNode(given);
    expect(expected.events.length).toBeGreaterThan(2);
    expect(expected.session.at(-1)).toBe("not early");
    expect(expected.turn.length).toBeGreaterThan(50);
    expect(expected.monitor.at(-1)).toBe("measured, natives are back");
    expect(expected.conversions.at(-1)).toBe("0 bytes left");
    expect(expected.judgements).toHaveLength(2);
    expect(heard).toEqual(expected);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Asks every 100 ms until there is a text. */
export async function poll(ask: () => Promise<unknown>, timeoutMs = 60_000): Promise<string> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    const answer = await ask();
    if (typeof answer === "string") return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the page said nothing within ${timeoutMs} ms`);
}
