/** What is used of @echogarden/speex-resampler-wasm, which has no types: speexdsp's own functions. */
declare module "@echogarden/speex-resampler-wasm/simd" {
  interface SpeexResampler {
    /** The views change when the memory grows. */
    readonly HEAPF32: Float32Array;
    readonly HEAP32: Int32Array;
    readonly HEAPU32: Uint32Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** Returns 0 for an error, whose number is stored at `error`. */
    _speex_resampler_init(
      channels: number,
      inputRateHz: number,
      outputRateHz: number,
      quality: number,
      error: number,
    ): number;
    /** The lengths are pointers: what there is going in, what was taken and given coming out. */
    _speex_resampler_process_float(
      state: number,
      channel: number,
      input: number,
      inputLength: number,
      output: number,
      outputLength: number,
    ): number;
    _speex_resampler_destroy(state: number): void;
  }

  export default function load(): Promise<SpeexResampler>;
}
