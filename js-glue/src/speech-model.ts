/** What judges frames beside our own engine: `SileroOnnx` of voicepath/ort, or an application's. */
export interface SpeechModel {
  /** Samples of a frame, at 16 kHz. */
  readonly frameSamples: number;
  /**
   * The probability, 0 to 1, that a frame is speech, given what was heard before. Called for one frame
   * after the other; the frame is lent until it is judged, and its samples are finite.
   */
  process(frame: Float32Array): number | Promise<number>;
  /** Forgets everything heard: the next frame is the first of a stream. */
  reset(): void;
}
