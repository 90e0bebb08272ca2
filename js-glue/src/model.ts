/** Model weights: loaded once, unpacked once per heap. */
import type { Pointer } from "./abi.gen.js";
import { type ModelPrecision, type ModelVersion, modelURL, requireModelVersion } from "./assets.js";
import { checkStatus, VoicepathError } from "./errors.js";
import { type AudioModule, type ByteSource, loadBytes } from "./wasm.js";

export interface ModelOptions {
  /** Default "v6", which is the more accurate. */
  readonly version?: ModelVersion;
  /** Default "f16". Without effect when `source` is given. */
  readonly precision?: ModelPrecision;
  /** Where the weights are, when not beside the package. */
  readonly source?: ByteSource;
  readonly signal?: AbortSignal;
}

interface Unpacked {
  readonly pointer: Pointer<"vp_vad_model">;
  users: number;
}

/** The weights of a Silero VAD. Immutable; share it between VADs and send `bytes` to Workers. */
export class VadModel {
  readonly version: ModelVersion;
  readonly bytes: Uint8Array;
  readonly #unpacked = new WeakMap<AudioModule, Unpacked>();

  constructor(version: ModelVersion, bytes: Uint8Array) {
    this.version = requireModelVersion(version);
    this.bytes = bytes;
  }

  /**
   * @throws VoicepathError OPTION, ASSET_MISSING, ASSET_HTML. That the bytes are weights
   *   is checked where they are used.
   */
  static async load(options: ModelOptions = {}): Promise<VadModel> {
    const { precision = "f16", source, signal } = options;
    const version = requireModelVersion(options.version ?? "v6");
    const url = source ?? modelURL(version, precision);
    return new VadModel(version, await loadBytes(url, `Silero ${version} weights`, signal));
  }

  /**
   * The model in this heap, unpacked at the first call; give it back with {@link release}.
   *
   * @internal
   */
  acquire(audio: AudioModule): Pointer<"vp_vad_model"> {
    const known = this.#unpacked.get(audio);
    if (known) {
      known.users++;
      return known.pointer;
    }
    const pointer = this.#unpack(audio);
    this.#unpacked.set(audio, { pointer, users: 1 });
    return pointer;
  }

  /** @internal */
  release(audio: AudioModule): void {
    const known = this.#unpacked.get(audio);
    if (!known || --known.users > 0) return;
    this.#unpacked.delete(audio);
    audio.heap.free(known.pointer);
  }

  #unpack({ exports, heap }: AudioModule): Pointer<"vp_vad_model"> {
    const size = exports.vp_vad_model_size();
    const pointer = heap.allocate<"vp_vad_model">(size);
    const file = heap.allocate<"void">(this.bytes.length);
    try {
      heap.u8.set(this.bytes, file);
      const generation = checkStatus(
        exports.vp_vad_model_init(pointer, size, file, this.bytes.length),
      );
      if (`v${generation}` !== this.version)
        throw new VoicepathError(
          "MODEL_MISMATCH",
          `these are weights of Silero v${generation}, not ${this.version}`,
          { option: "model", value: `v${generation}`, range: this.version },
        );
      return pointer;
    } catch (error) {
      heap.free(pointer);
      throw error;
    } finally {
      heap.free(file);
    }
  }
}
