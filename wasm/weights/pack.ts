/**
 * Packs a Silero VAD ONNX file into voicepath's weights format, which README.md beside this file
 * describes.
 *
 *   tsx wasm/weights/pack.ts <model.onnx> <5|6> <f32|f16> <out.vpw>
 */
import { writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { pocketsphinxFiles, readWav } from "../../tools/speech.js";
import { roundToFloat16, SecondMoments, toFloat16Bits } from "./float16.js";
import { type LayerName, SileroDouble } from "./silero-double.js";
import { type Layer, readSilero, type Silero } from "./silero-onnx.js";

const FORMAT_VERSION = 1;
const HEADER_BYTES = 32;
const FRAME = 512;
/** In the order of the file. */
const LAYERS = ["enc0", "enc1", "enc2", "enc3", "lstm"] as const satisfies readonly LayerName[];

/** What each layer hears when people speak: half a minute clean, then in noise at 10 and 0 dB. */
function listen(model: Silero): Map<LayerName, SecondMoments> {
  const moments = new Map(
    LAYERS.map((name) => [name, new SecondMoments(model[name].columns)] as const),
  );
  const silero = new SileroDouble(model, (name, input) => moments.get(name)?.add(input));
  let random = 1;
  const noise = (): number => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return random / 2 ** 31 - 1;
  };
  for (const noiseGain of [0, Math.sqrt(3 / 10), Math.sqrt(3)]) {
    for (const { samples } of pocketsphinxFiles().map(readWav)) {
      const rms = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
      const heard = samples.map((x) => x + noiseGain * rms * noise());
      for (let from = 0; from + FRAME <= heard.length; from += FRAME)
        silero.process(heard.subarray(from, from + FRAME));
    }
  }
  return moments;
}

function pack(model: Silero, generation: number, precision: "f32" | "f16"): Uint8Array {
  const moments = precision === "f16" ? listen(model) : undefined;
  const layers = LAYERS.map((name): Layer => {
    const inputs = moments?.get(name);
    return inputs ? { ...model[name], weights: roundToFloat16(model[name], inputs) } : model[name];
  });
  const vectors = [...layers.map((layer) => layer.bias), model.out.weights, model.out.bias];
  const weightBytes = precision === "f32" ? 4 : 2;
  const count = (arrays: readonly Float32Array[]): number =>
    arrays.reduce((n, array) => n + array.length, 0);
  const payloadBytes = count(vectors) * 4 + count(layers.map((l) => l.weights)) * weightBytes;

  const file = new Uint8Array(HEADER_BYTES + payloadBytes);
  const view = new DataView(file.buffer);
  let offset = HEADER_BYTES;
  for (const values of vectors)
    for (const value of values) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  for (const { weights } of layers)
    for (const value of weights) {
      if (precision === "f32") view.setFloat32(offset, value, true);
      else view.setUint16(offset, toFloat16Bits(value), true);
      offset += weightBytes;
    }
  file.set(new TextEncoder().encode("VPSV"), 0);
  view.setUint32(4, FORMAT_VERSION, true);
  view.setUint32(8, generation, true);
  view.setUint32(12, weightBytes * 8, true);
  view.setUint32(16, payloadBytes, true);
  view.setUint32(20, crc32(file.subarray(HEADER_BYTES)), true);
  return file;
}

const [onnxPath, generation, precision, outPath] = process.argv.slice(2);
if (!onnxPath || !outPath || (precision !== "f32" && precision !== "f16")) {
  console.error("usage: tsx wasm/weights/pack.ts <model.onnx> <5|6> <f32|f16> <out.vpw>");
  process.exit(2);
}
writeFileSync(outPath, pack(readSilero(onnxPath), Number(generation), precision));
