/** How far a stream has been heard, at one instant of the context's clock. */
export interface Instant {
  /** As of AudioContext.currentTime. */
  readonly contextSeconds: number;
  /** Time in the clip, from its beginning. */
  readonly clipSeconds: number;
}

/**
 * The page's knowledge of a stream that plays on the audio thread. The audio thread speaks up only
 * when playing starts, stops or changes speed; in between, both follow the same clock, so the place is
 * known to the quantum without a message.
 *
 * What has not been reported yet is guessed low: a stream that must have run dry stays where it ran
 * dry until the audio thread says that it goes on.
 */
export class Playhead {
  readonly #clipRateHz: number;
  #pushedFrames = 0;
  #known: Instant = { contextSeconds: 0, clipSeconds: 0 };
  /** Clip seconds a second; 0 while nothing plays. */
  #speed = 0;

  constructor(clipRateHz: number) {
    this.#clipRateHz = clipRateHz;
  }

  playedFrames(now: number): number {
    const { contextSeconds, clipSeconds } = this.#known;
    // Never back: `now` may be a little before an instant just reported.
    const since = Math.max(0, now - contextSeconds);
    return Math.min(this.#pushedFrames, (clipSeconds + since * this.#speed) * this.#clipRateHz);
  }

  /** Pushed and not heard. */
  bufferedFrames(now: number): number {
    return this.#pushedFrames - this.playedFrames(now);
  }

  push(frames: number, now: number): void {
    if (this.bufferedFrames(now) === 0) this.stop(this.#pushedFrames / this.#clipRateHz);
    this.#pushedFrames += frames;
  }

  /** Goes on from there, as the audio thread says. */
  play(instant: Instant, speed: number): void {
    this.#known = instant;
    this.#speed = speed;
  }

  /** Stands still, as the audio thread says or because there is nothing to play. */
  stop(clipSeconds: number): void {
    this.play({ contextSeconds: 0, clipSeconds }, 0);
  }

  /** To the beginning of a new stream. */
  clear(): void {
    this.#pushedFrames = 0;
    this.stop(0);
  }
}
