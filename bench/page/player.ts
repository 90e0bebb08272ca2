/** Plays one clip at a time aloud. */
export class Player {
  #context: AudioContext | undefined;
  #source: AudioBufferSourceNode | undefined;
  #frame = 0;

  /**
   * @param tell - is given the position in seconds for every picture, and `null` at the end
   */
  play(
    samples: Float32Array<ArrayBuffer>,
    rateHz: number,
    fromS = 0,
    tell: (positionS: number | null) => void = () => {},
  ): void {
    this.stop();
    const context = new AudioContext();
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: rateHz });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    source.onended = () => {
      this.stop();
      tell(null);
    };
    source.start(0, fromS);
    const startedS = context.currentTime;
    const show = (): void => {
      tell(Math.min(fromS + context.currentTime - startedS, buffer.duration));
      this.#frame = requestAnimationFrame(show);
    };
    this.#context = context;
    this.#source = source;
    this.#frame = requestAnimationFrame(show);
  }

  /** Silence, at once, and no more calls. Harmless when nothing plays. */
  stop(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#source) this.#source.onended = null;
    this.#source?.stop();
    this.#source = undefined;
    void this.#context?.close();
    this.#context = undefined;
  }
}
