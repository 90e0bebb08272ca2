/** bench/native/resamplers.c: libsoxr and libsamplerate of the system, each stream a process. For Node. */
import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  BLOCK_SAMPLES,
  type Conversion,
  NOTHING,
  type Rates,
  type ResamplerContender,
  wholeClip,
} from "../resampler/conversion.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const DEBIAN_PACKAGES = "libsoxr-dev and libsamplerate0-dev";

let program: string | undefined;

/** Compiles it once; needs {@link DEBIAN_PACKAGES}, which tools/setup installs. */
function compiledProgram(): string {
  if (program === undefined) {
    const file = join(ROOT, "build/bench/resamplers");
    // Whoever else compiles it at the same time neither runs half a file nor waits.
    const own = `${file}-${process.pid}`;
    const source = join(ROOT, "bench/native/resamplers.c");
    const flags = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O3"];
    mkdirSync(dirname(file), { recursive: true });
    execFileSync("clang-19", [...flags, "-o", own, source, "-lsoxr", "-lsamplerate"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    renameSync(own, file);
    program = file;
  }
  return program;
}

let refusal: string | null | undefined;

function whyNot(): string | undefined {
  if (refusal === undefined) {
    try {
      compiledProgram();
      refusal = null;
    } catch (error) {
      // Of a compiler that ran, the first thing that it misses.
      const reason = /(?:error: |cannot find ).*|spawn\S* .*/.exec(String(error))?.[0];
      refusal = `needs clang-19, ${DEBIAN_PACKAGES}${reason ? ` (${reason})` : ""}`;
    }
  }
  return refusal ?? undefined;
}

const REQUESTS = { push: 0, end: 1, once: 2, clip: 3, lap: 4 };

/** Named pipes are read and written without a turn of the event loop: a push answers at once, as elsewhere. */
class Process {
  readonly #requests: number;
  readonly #answers: number;

  constructor(engine: string, { inputHz, outputHz }: Rates) {
    const folder = mkdtempSync(join(tmpdir(), "resamplers-"));
    const pipes = [join(folder, "requests"), join(folder, "answers")] as const;
    try {
      execFileSync("mkfifo", pipes);
      const child = spawn(compiledProgram(), [engine, `${inputHz}`, `${outputHz}`, ...pipes], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      child.unref();
      // Each waits until the other end is open too.
      this.#requests = openSync(pipes[0], "w");
      this.#answers = openSync(pipes[1], "r");
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  request(kind: keyof typeof REQUESTS, argument: number, samples: Float32Array = NOTHING): void {
    this.#write(Uint32Array.of(REQUESTS[kind], argument));
    if (samples.length > 0) this.#write(samples);
  }

  readSamples(): Float32Array {
    const [count = 0] = new Uint32Array(this.#read(4));
    return count === 0 ? NOTHING : new Float32Array(this.#read(4 * count));
  }

  readDouble(): number {
    return new Float64Array(this.#read(8))[0] ?? Number.NaN;
  }

  close(): void {
    closeSync(this.#requests);
    closeSync(this.#answers);
  }

  #write(view: Uint32Array | Float32Array): void {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#requests, bytes, at);
  }

  #read(count: number): ArrayBuffer {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      const read = readSync(this.#answers, bytes, at, count - at, null);
      if (read === 0) throw new Error("the resamplers' process has ended");
      at += read;
    }
    return bytes.buffer;
  }
}

function openStream(engine: string, rates: Rates): Conversion {
  const child = new Process(engine, rates);
  return {
    push(input) {
      child.request("push", input.length, input);
      return child.readSamples();
    },
    end() {
      child.request("end", 0);
      return child.readSamples();
    },
    dispose: () => child.close(),
  };
}

function openOneShot(engine: string, rates: Rates): Conversion {
  const child = new Process(engine, rates);
  const conversion = wholeClip((clip) => {
    child.request("once", clip.length, clip);
    return child.readSamples();
  });
  return { ...conversion, dispose: () => child.close() };
}

function contender(name: string, engine: string, block: number): ResamplerContender {
  const whole = block === 0;
  return {
    name: `${name} native${whole ? " one-shot" : ""}`,
    whole,
    cannot: whyNot,
    open: (rates) => (whole ? openOneShot(engine, rates) : openStream(engine, rates)),
    async openStopwatch(rates, clip) {
      const child = new Process(engine, rates);
      child.request("clip", clip.length, clip);
      return {
        lap() {
          child.request("lap", block);
          return child.readDouble() / 1e6;
        },
        close: () => child.close(),
      };
    },
  };
}

export const NATIVE_RESAMPLERS: readonly ResamplerContender[] = [
  contender("libsoxr HQ", "soxr-hq", BLOCK_SAMPLES),
  contender("libsoxr VHQ", "soxr-vhq", BLOCK_SAMPLES),
  contender("libsamplerate best", "libsamplerate-best", BLOCK_SAMPLES),
  contender("libsamplerate medium", "libsamplerate-medium", BLOCK_SAMPLES),
  contender("libsoxr VHQ", "soxr-vhq", 0),
];
