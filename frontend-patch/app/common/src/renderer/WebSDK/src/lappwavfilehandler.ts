/** How loud a WAV file is at the moment of its own time that `update` has come to. */

interface Clip {
  readonly samples: Float32Array;
  readonly rateHz: number;
}

export class LAppWavFileHandler {
  _lastRms = 0;
  _sampleOffset = 0;
  _userTimeSeconds = 0;
  /** Whether somebody has put his own `update` in front of this one. */
  _initialized = false;
  #clip: Clip | undefined;
  #lastUrl = "";

  start(url: string): void {
    this.releasePcmData();
    this._lastRms = 0;
    this._sampleOffset = 0;
    this._userTimeSeconds = 0;
    this.#lastUrl = url;
    void this.#load(url);
  }

  /** @returns whether there is more to come */
  update(deltaSeconds: number): boolean {
    const clip = this.#clip;
    if (!clip || this._sampleOffset >= clip.samples.length) {
      this._lastRms = 0;
      return false;
    }
    this._userTimeSeconds += deltaSeconds;
    const end = Math.min(clip.samples.length, Math.floor(this._userTimeSeconds * clip.rateHz));
    if (end > this._sampleOffset) {
      this._lastRms = rms(clip.samples.subarray(this._sampleOffset, end));
      this._sampleOffset = end;
    }
    return true;
  }

  getRms(): number {
    return this._lastRms;
  }

  releasePcmData(): void {
    this.#clip = undefined;
    this.#lastUrl = "";
  }

  async #load(url: string): Promise<void> {
    const response = await fetch(url);
    const clip = parseWav(await response.arrayBuffer());
    if (url === this.#lastUrl) this.#clip = clip;
  }
}

const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

/** 16-bit PCM, of which the first channel is heard. Nothing of anything else. */
function parseWav(file: ArrayBuffer): Clip | undefined {
  const view = new DataView(file);
  const name = (at: number): string =>
    String.fromCharCode(...new Uint8Array(file, at, Math.min(4, file.byteLength - at)));
  let channels = 1;
  let rateHz = 0;
  for (let at = 12; at + 8 <= file.byteLength; at += 8 + view.getUint32(at + 4, true)) {
    if (name(at) === "fmt ") {
      channels = view.getUint16(at + 10, true);
      rateHz = view.getUint32(at + 12, true);
    }
    if (name(at) === "data" && rateHz > 0) {
      const bytes = Math.min(view.getUint32(at + 4, true), file.byteLength - at - 8);
      const samples = new Float32Array(Math.floor(bytes / (2 * channels)));
      for (let i = 0; i < samples.length; i++)
        samples[i] = view.getInt16(at + 8 + 2 * channels * i, true) / 32768;
      return { samples, rateHz };
    }
  }
  return undefined;
}
