/** dist/ from sources: wasm, weights, worklet, inline copies, JavaScript and types. */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
// Built beside dist/ and then put in its place, so that nobody ever sees half of it.
const dist = join(root, `build/dist-${process.pid}`);
const assets = join(dist, "assets");

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
}

function step(name: string, work: () => void | Promise<void>): Promise<void> {
  const start = performance.now();
  return Promise.resolve(work()).then(() =>
    console.log(`  ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`),
  );
}

/** Whether a file is there and newer than all that it is made of. */
function isCurrent(file: string, sources: readonly string[]): boolean {
  const time = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1;
  return sources.every((source) => time(file) > time(source));
}

console.log("build");
await step("audio.wasm, session.wasm, silero-onnx.wasm", () => {
  run("cmake", "--preset", "wasm", "--log-level=WARNING");
  run("cmake", "--build", "--preset", "wasm");
});

rmSync(dist, { recursive: true, force: true });
mkdirSync(assets, { recursive: true });
for (const file of [
  "abi/audio.wasm",
  "abi/session.wasm",
  "ort/silero-onnx.wasm",
  "ort/silero-onnx.asyncify.wasm",
])
  copyFileSync(join(root, "build/wasm/wasm", file), join(assets, basename(file)));

const models = join(root, "node_modules/@ricky0123/vad-web/dist");
copyFileSync(join(models, "silero_vad_legacy.onnx"), join(assets, "silero-legacy.onnx"));

await step("weights", () => {
  const packed = join(root, "build/weights");
  mkdirSync(packed, { recursive: true });
  for (const version of ["5", "6"]) {
    const onnx = join(models, `silero_vad_v${version}.onnx`);
    for (const precision of ["f16", "f32"]) {
      const name = `silero-v${version}-${precision}.vpw`;
      const file = join(packed, name);
      if (!isCurrent(file, [onnx, join(root, "wasm/weights/pack.ts")]))
        run("node", "--import", "tsx", "wasm/weights/pack.ts", onnx, version, precision, file);
      copyFileSync(file, join(assets, name));
    }
  }
});

await step("models of the examples", () => {
  const made = "build/ort-models";
  const folder = join(root, "wasm/ort/examples");
  const sources = readdirSync(folder).map((name) => join(folder, name));
  if (!isCurrent(join(root, made, "squeezenet.onnx"), sources))
    run("node", "--import", "tsx", "wasm/ort/examples/models.ts", made);
});

await step("worklets", async () => {
  await bundle({
    entryPoints: ["mic", "player"].map((name) =>
      join(root, `js-glue/src/worklet/${name}-processor.ts`),
    ),
    outdir: assets,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
  });
});

await step("types and modules", () => {
  run("npx", "tsc", "-p", "js-glue/tsconfig.json", "--outDir", dist);
  run("npx", "tsc", "-p", "js-glue/tsconfig.worklet.json");
});

await step("script-tag build", async () => {
  await bundle({
    entryPoints: [join(dist, "vad-web/index.js")],
    outfile: join(dist, "vad-web.global.js"),
    bundle: true,
    format: "iife",
    globalName: "vad",
    // What a page has of it is a script too, and its global `ort`.
    external: ["onnxruntime-web", "onnxruntime-web/*"],
    target: "es2022",
    minify: true,
    legalComments: "none",
    // A classic script finds its files by its own address.
    define: { "import.meta.url": "voicepathScript" },
    banner: { js: "const voicepathScript = document.currentScript.src;" },
  });
});

await step("voicepath-patch", async () => {
  const patch = join(root, "frontend-patch");
  await bundle({
    entryPoints: ["bin", "cli"].map((name) => join(patch, `apply/${name}.ts`)),
    outdir: join(dist, "patch"),
    bundle: true,
    // The command itself is loaded when what it needs is there.
    external: ["./cli.js", "ts-morph", "diff"],
    platform: "node",
    format: "esm",
    target: "node20",
    legalComments: "none",
  });
  for (const layer of ["common", "contexts", "store"])
    cpSync(join(patch, "overlay", layer), join(dist, "patch/overlay", layer), { recursive: true });
});

await step("inline copies", () => {
  const base64 = (name: string): string =>
    JSON.stringify(readFileSync(join(assets, name)).toString("base64"));
  const values = {
    WASM: base64("audio.wasm"),
    SESSION: base64("session.wasm"),
    WORKLET: base64("mic-processor.js"),
    PLAYER: base64("player-processor.js"),
    MODEL_V6: base64("silero-v6-f16.vpw"),
  };
  const source = readFileSync(join(dist, "inline.js"), "utf8");
  const filled = source.replace(
    /"__BASE64_(WASM|SESSION|WORKLET|PLAYER|MODEL_V6)__"/g,
    (_, name: keyof typeof values) => values[name],
  );
  writeFileSync(join(dist, "inline.js"), filled);
});

rmSync(join(root, "dist"), { recursive: true, force: true });
renameSync(dist, join(root, "dist"));
