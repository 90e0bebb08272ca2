/** build/page: the app, pages of one contender, speech, what suites read, all with brotli copies. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { build } from "vite";
import { POCKETSPHINX, pocketsphinxFiles } from "../tools/speech.js";
import { BEST, precompress, QUICK } from "./brotli.js";
import { buildApps } from "./frontend/apps.js";
import type { ClipInfo } from "./page/speech.js";
import { buildStage, pages, ROOT, SITE } from "./pages.js";
import { writeSpokenTurns } from "./spoken-turns.js";
import { writeSubtitleData } from "./subtitle-data.js";

const COMPRESSED = new Set([".html", ".css", ".js", ".mjs", ".wasm", ".onnx", ".vpw", ".json"]);

/** What MicVAD of vad-web fetches for models v5 and v6. */
const VAD_WEB_FILES = [
  "@ricky0123/vad-web/dist/silero_vad_v5.onnx",
  "@ricky0123/vad-web/dist/silero_vad_v6.onnx",
  "@ricky0123/vad-web/dist/vad.worklet.bundle.min.js",
  "onnxruntime-web/dist/ort-wasm-simd-threaded.mjs",
  "onnxruntime-web/dist/ort-wasm-simd-threaded.wasm",
];

/** C programs over ONNX Runtime's C API, and the models of the examples. */
const ORT_PROGRAMS = join(ROOT, "build/wasm/wasm/ort");
const ORT_PROGRAM_NAMES = ["squeezenet", "fns_candy", "status_probe"];
const ORT_MODELS = join(ROOT, "build/ort-models");
const ORT_MODEL_NAMES = ["squeezenet.onnx", "candy.onnx", "add.onnx"];

/** What libav.js loads by itself, without threads. */
const LIBAV_FILES = ["libav-6.10.9.0-default.wasm.mjs", "libav-6.10.9.0-default.wasm.wasm"].map(
  (file) => `@libav.js/variant-default/dist/${file}`,
);

/** What a registry adds to the download, what a socket, subtitles, and a resampler. */
const SIZE_PAGES = [
  "voicepath.html",
  "rxjs.html",
  "vscode.html",
  "voicepath-socket.html",
  "reconnecting-websocket.html",
  "partysocket.html",
  "voicepath-subtitle.html",
  "subtitle-peers.html",
  "voicepath-resampler.html",
  "libsamplerate.html",
  "speex.html",
];

/** "<s> words </s> (name)" a line. */
function transcripts(path: string): Map<string, string> {
  const lines = readFileSync(path, "utf8").matchAll(/<s>(.*)<\/s>\s*\((.*)\)/g);
  return new Map([...lines].map(([, words = "", name = ""]) => [name, words.trim()]));
}

function copySpeech(): void {
  const folder = join(SITE, "speech");
  mkdirSync(folder, { recursive: true });
  const words = new Map([
    ...transcripts(join(POCKETSPHINX, "librivox/transcription")),
    ...transcripts(join(POCKETSPHINX, "cards/cards.transcription")),
  ]);
  const clips: ClipInfo[] = pocketsphinxFiles().map((path) => {
    const file = basename(path);
    copyFileSync(path, join(folder, file));
    const name = file.replace(/\.wav$/, "");
    return { file, transcript: words.get(name) ?? name };
  });
  writeFileSync(join(folder, "clips.json"), JSON.stringify(clips));
}

function copyFiles(from: string, files: readonly string[], to: string): void {
  const folder = join(SITE, to);
  mkdirSync(folder, { recursive: true });
  for (const file of files) copyFileSync(join(from, file), join(folder, basename(file)));
}

function copyOrtExamples(): void {
  const programs = ORT_PROGRAM_NAMES.flatMap((name) => [`${name}.wasm`, `${name}.asyncify.wasm`]);
  copyFiles(ORT_PROGRAMS, programs, "ort");
  copyFiles(ORT_MODELS, ORT_MODEL_NAMES, "ort");
}

export interface SiteOptions {
  /** For a smoke run: what is downloaded is a little larger. */
  readonly quick: boolean;
}

/** Builds the site; needs dist/, build/wasm/ and build/ort-models/. */
export async function buildSite(
  tell: (line: string) => void,
  { quick }: SiteOptions,
): Promise<void> {
  await build(pages("", ["index.html"]));
  await build(pages("cold", ["voicepath.html", "vad-web.html"]));
  await build(pages("size", SIZE_PAGES));
  await build(
    pages("live", [
      "noop.html",
      "voicepath.html",
      "vad-web.html",
      "unmonitored.html",
      "monitored.html",
    ]),
  );
  await buildStage();
  copySpeech();
  writeSpokenTurns(ROOT, join(SITE, "turns"));
  const packages = join(ROOT, "node_modules");
  copyFiles(packages, VAD_WEB_FILES, "vad-web");
  copyFiles(packages, LIBAV_FILES, "libav");
  copyOrtExamples();
  writeSubtitleData(ROOT, join(SITE, "subtitle"));
  const files = readdirSync(SITE, { recursive: true, encoding: "utf8" })
    .filter((file) => COMPRESSED.has(extname(file)))
    .map((file) => join(SITE, file));
  await precompress(files, join(dirname(SITE), "brotli"), quick ? QUICK : BEST, tell);
  // The backend serves it as it is.
  await buildApps();
}
