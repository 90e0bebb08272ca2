/**
 * Speech on its way to the server while it is spoken: parts as lists of numbers, or as what else it
 * takes, and at the end a word that it is the end, with the images that the person's camera and screen
 * showed when it began.
 */
export interface SpeechWay {
  sendMessage(message: object): void;
  /** For what is JSON already; undefined where there is no way for it. */
  sendText(): ((text: string) => void) | undefined;
  /** Samples as JSON that the server takes; undefined while it can only be JSON.stringify. */
  encode(): ((samples: Float32Array) => string) | undefined;
  captureImages(): Promise<unknown[]>;
}

/** Of one message, as the server expects. */
const MAX_SAMPLES = 4096;
/** A camera that hangs must not keep the speech from ending. */
const IMAGES_WITHIN_MS = 1000;

function within<T>(promise: Promise<T>, delayMs: number, otherwise: T): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), delayMs);
    promise
      .catch(() => otherwise)
      .then((value) => {
        clearTimeout(timer);
        resolve(value);
      });
  });
}

export class SpeechSender {
  readonly #way: SpeechWay;
  /** Of the speech under way. */
  #images: Promise<unknown[]> | undefined;

  constructor(way: SpeechWay) {
    this.#way = way;
  }

  /** Whether something was begun that has not ended: the server keeps it until then. */
  get underWay(): boolean {
    return this.#images !== undefined;
  }

  begin(): void {
    this.#images = this.#way.captureImages();
    // Nobody waits for it before the end.
    this.#images.catch(() => {});
  }

  part(samples: Float32Array): void {
    const sendText = this.#way.sendText();
    const encode = this.#way.encode();
    for (let from = 0; from < samples.length; from += MAX_SAMPLES) {
      const piece = samples.subarray(from, from + MAX_SAMPLES);
      if (sendText && encode) sendText(`{"type":"mic-audio-data","audio":${encode(piece)}}`);
      else this.#way.sendMessage({ type: "mic-audio-data", audio: Array.from(piece) });
    }
  }

  async end(): Promise<void> {
    const captured = this.#images ?? this.#way.captureImages();
    this.#images = undefined;
    const images = await within(captured, IMAGES_WITHIN_MS, []);
    this.#way.sendMessage({ type: "mic-audio-end", images });
  }
}
