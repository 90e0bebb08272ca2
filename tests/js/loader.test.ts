/** Every way a file can arrive, and every way it can be wrong. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AudioModule,
  audioWasmURL,
  loadAudio,
  Mic,
  modelURL,
  Vad,
  VadModel,
  VoicepathError,
  type WasmSource,
} from "../../dist/index.js";

const wasm = new Uint8Array(readFileSync("dist/assets/audio.wasm"));
const weights = new Uint8Array(readFileSync("dist/assets/silero-v6-f16.vpw"));

const server = createServer((request, response) => {
  switch (request.url) {
    case "/audio.wasm":
      response.setHeader("content-type", "application/octet-stream").end(wasm);
      break;
    case "/page.wasm":
      response.setHeader("content-type", "text/html").end("<!doctype html><title>app</title>");
      break;
    case "/slow.wasm":
      setTimeout(() => response.end(wasm), 10_000).unref();
      break;
    default:
      response.writeHead(404).end();
  }
});
let base = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function code(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(VoicepathError);
  expect((error as VoicepathError).message.length).toBeGreaterThan(10);
  return (error as VoicepathError).code;
}

describe("audio.wasm", () => {
  test("loads from every kind of source", async () => {
    const sources: WasmSource[] = [
      audioWasmURL(),
      new URL(`${base}/audio.wasm`),
      `${base}/audio.wasm`,
      wasm,
      wasm.buffer,
      new DataView(wasm.buffer),
      await fetch(`${base}/audio.wasm`),
      new Response(wasm),
      new WebAssembly.Module(wasm),
    ];
    for (const source of sources)
      expect(await loadAudio({ wasm: source })).toBeInstanceOf(AudioModule);
  });

  test("names what is wrong", async () => {
    expect(await code(loadAudio({ wasm: `${base}/none.wasm` }))).toBe("ASSET_MISSING");
    expect(await code(loadAudio({ wasm: "http://127.0.0.1:1/x.wasm" }))).toBe("ASSET_MISSING");
    expect(await code(loadAudio({ wasm: new URL("file:///none.wasm") }))).toBe("ASSET_MISSING");
    expect(await code(loadAudio({ wasm: `${base}/page.wasm` }))).toBe("ASSET_HTML");
    expect(await code(loadAudio({ wasm: new Uint8Array() }))).toBe("WASM_INVALID");
    expect(await code(loadAudio({ wasm: weights }))).toBe("WASM_INVALID");
    expect(await code(loadAudio({ wasm: wasm.slice(0, 1000) }))).toBe("WASM_INVALID");
    const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    expect(await code(loadAudio({ wasm: empty }))).toBe("WASM_MISMATCH");
  });

  test("refuses a build with another ABI", async () => {
    // vp_abi_hash is a constant in the code: change one bit of it.
    const { ABI_HASH } = await import("../../js-glue/src/abi.gen.js");
    const leb: number[] = [];
    for (let value = ABI_HASH | 0; ; value >>= 7) {
      const last = (value >> 6 === 0 && !(value & 64)) || (value >> 6 === -1 && value & 64);
      leb.push((value & 127) | (last ? 0 : 128));
      if (last) break;
    }
    const at = Buffer.from(wasm).indexOf(Buffer.from([0x41, ...leb]));
    expect(at).toBeGreaterThan(0);
    const other = wasm.slice();
    other[at + 1] = (other[at + 1] ?? 0) ^ 1;
    expect(await code(loadAudio({ wasm: other }))).toBe("WASM_MISMATCH");
  });

  test("can be aborted", async () => {
    const reason = new Error("changed my mind");
    await expect(loadAudio({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const loading = loadAudio({ wasm: `${base}/slow.wasm`, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    await expect(loading).rejects.toBe(reason);
  });

  test("says when there is no SIMD", async () => {
    const { validate } = WebAssembly;
    WebAssembly.validate = () => false;
    try {
      expect(await code(loadAudio())).toBe("WASM_NO_SIMD");
    } finally {
      WebAssembly.validate = validate;
    }
  });
});

describe("weights", () => {
  test("of the wrong kind are named", async () => {
    const audio = await loadAudio();
    const make = (bytes: Uint8Array, version: "v5" | "v6" = "v6") =>
      (async () => Vad.create(audio, { model: new VadModel(version, bytes) }))();
    expect(await code(make(wasm))).toBe("VP_E_WEIGHTS_FOREIGN");
    expect(await code(make(weights.slice(0, -1)))).toBe("VP_E_WEIGHTS_TRUNCATED");
    const corrupt = weights.slice();
    corrupt[100_000] = (corrupt[100_000] ?? 0) ^ 1;
    expect(await code(make(corrupt))).toBe("VP_E_WEIGHTS_CORRUPT");
    expect(await code(make(weights, "v5"))).toBe("MODEL_MISMATCH");
    expect(await code(VadModel.load({ version: "legacy" as "v6" }))).toBe("OPTION");
    expect(await code(VadModel.load({ version: "v7" as "v6" }))).toBe("OPTION");
    expect(await code(VadModel.load({ precision: "int8" as "f16" }))).toBe("OPTION");
    expect(await code(VadModel.load({ source: `${base}/page.wasm` }))).toBe("ASSET_HTML");
    // None of these left anything behind.
    expect(audio.usedBytes).toBe(0);
  });

  test("are unpacked once for all users, and given back by the last", async () => {
    const audio = await loadAudio();
    const model = new VadModel("v6", weights);
    const first = Vad.create(audio, { model });
    const one = audio.usedBytes;
    const second = Mic.create(audio, { model, rateHz: 16000 });
    const both = audio.usedBytes;
    expect(both - one).toBeLessThan(one);
    first.dispose();
    first.dispose();
    expect(() => second.push(new Float32Array(512))).not.toThrow();
    second.dispose();
    expect(audio.usedBytes).toBe(0);
  });

  test("are found beside the package", () => {
    for (const version of ["v5", "v6"] as const)
      for (const precision of ["f16", "f32"] as const)
        expect(readFileSync(modelURL(version, precision)).toString("latin1", 0, 4)).toBe("VPSV");
  });
});
