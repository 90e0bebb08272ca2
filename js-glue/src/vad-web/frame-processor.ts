import { requireNumber } from "../errors.js";
import { joinSamples } from "../samples.js";
import { type FrameProcessorOptions, mergeFrameOptions } from "./frame-options.js";
import { type FrameProcessorEvent, Message, type SpeechProbabilities } from "./message.js";

interface BufferedFrame {
  frame: Float32Array;
  isSpeech: boolean;
}

type EventHandler = (event: FrameProcessorEvent) => void;

/**
 * vad-web's state machine from probabilities to speech, for the model "legacy" and for applications that
 * run a model of their own. With v5 and v6 the same machine runs in C.
 *
 * A frame at or above the positive threshold is speech. The first one starts a segment; frames below
 * the negative threshold count towards the redemption, which a speech frame starts over; between the
 * thresholds nothing is counted.
 */
export class FrameProcessor {
  /** Judges a frame. */
  modelProcessFunc: (frame: Float32Array) => Promise<SpeechProbabilities>;
  /** Makes the model forget. */
  modelResetFunc: () => void;
  /** Change them by `setOptions`. */
  options: FrameProcessorOptions;
  /** Milliseconds of audio in a frame. */
  msPerFrame: number;
  /** `redemptionMs` in whole frames, rounded down. */
  redemptionFrames = 0;
  /** `preSpeechPadMs` in whole frames, rounded down. */
  preSpeechPadFrames = 0;
  /** `minSpeechMs` in whole frames, rounded down. */
  minSpeechFrames = 0;
  /** Whether a segment is under way. */
  speaking = false;
  /** The segment under way, or in silence the pad that may become its beginning. */
  audioBuffer: BufferedFrame[] = [];
  /** Silent frames since the last speech frame. */
  redemptionCounter = 0;
  /** Speech frames of the segment under way. */
  speechFrameCount = 0;
  /** Frames are processed only while active; a new processor is not. */
  active = false;
  /** Whether the segment under way has had its SpeechRealStart. */
  speechRealStartFired = false;

  /**
   * @param modelProcessFunc - judges a frame
   * @param modelResetFunc - makes the model forget; called at once, and at every pause and end
   * @param msPerFrame - above 0
   * @throws VoicepathError OPTION, naming the option, its value and its range
   */
  constructor(
    modelProcessFunc: (frame: Float32Array) => Promise<SpeechProbabilities>,
    modelResetFunc: () => void,
    options: FrameProcessorOptions,
    msPerFrame: number,
  ) {
    this.modelProcessFunc = modelProcessFunc;
    this.modelResetFunc = modelResetFunc;
    this.msPerFrame = requireNumber(
      "msPerFrame",
      msPerFrame,
      Number.MIN_VALUE,
      Number.POSITIVE_INFINITY,
    );
    this.options = mergeFrameOptions(options, {});
    this.#countFrames();
    this.reset();
  }

  /** Takes effect with the next frame. @throws VoicepathError OPTION; nothing is changed then */
  setOptions = (update: Partial<FrameProcessorOptions>): void => {
    this.options = mergeFrameOptions(this.options, update);
    this.#countFrames();
  };

  /** Forgets everything heard, without events. */
  reset = (): void => {
    this.speaking = false;
    this.speechRealStartFired = false;
    this.audioBuffer = [];
    this.modelResetFunc();
    this.redemptionCounter = 0;
    this.speechFrameCount = 0;
  };

  /** Stops processing; ends the segment under way, or forgets it, as the options say. */
  pause = (handleEvent: EventHandler): void => {
    this.active = false;
    if (this.options.submitUserSpeechOnPause) this.endSegment(handleEvent);
    else this.reset();
  };

  /** Starts processing. */
  resume = (): void => {
    this.active = true;
  };

  /** Ends the segment under way with SpeechEnd or VADMisfire; in silence nothing is reported. */
  endSegment = (handleEvent: EventHandler): { msg?: Message; audio?: Float32Array } => {
    const { speaking, audioBuffer, speechFrameCount } = this;
    this.reset();
    if (speaking) this.#report(audioBuffer, speechFrameCount, handleEvent);
    return {};
  };

  /** Judges a frame; its events come before the promise resolves. */
  process = async (frame: Float32Array, handleEvent: EventHandler): Promise<void> => {
    if (!this.active) return;
    const probs = await this.modelProcessFunc(frame);
    const isSpeech = probs.isSpeech >= this.options.positiveSpeechThreshold;
    handleEvent({ msg: Message.FrameProcessed, probs, frame });

    this.audioBuffer.push({ frame, isSpeech });
    if (isSpeech) {
      this.speechFrameCount++;
      this.redemptionCounter = 0;
      if (!this.speaking) {
        this.speaking = true;
        handleEvent({ msg: Message.SpeechStart });
      }
    }
    const reachedMinimum = this.speechFrameCount === this.minSpeechFrames;
    if (this.speaking && reachedMinimum && !this.speechRealStartFired) {
      this.speechRealStartFired = true;
      handleEvent({ msg: Message.SpeechRealStart });
    }
    const isSilence = probs.isSpeech < this.options.negativeSpeechThreshold;
    if (this.speaking && isSilence && ++this.redemptionCounter >= this.redemptionFrames) {
      const { audioBuffer, speechFrameCount } = this;
      this.audioBuffer = [];
      this.redemptionCounter = 0;
      this.speechFrameCount = 0;
      this.speaking = false;
      this.speechRealStartFired = false;
      this.#report(audioBuffer, speechFrameCount, handleEvent);
    }
    if (!this.speaking) {
      this.speechFrameCount = 0;
      const surplus = this.audioBuffer.length - this.preSpeechPadFrames;
      if (surplus > 0) this.audioBuffer.splice(0, surplus);
    }
  };

  /** Counts no frames itself: the first ones of a long segment may have been taken out of the buffer. */
  #report(
    segment: readonly BufferedFrame[],
    speechFrameCount: number,
    handleEvent: EventHandler,
  ): void {
    if (speechFrameCount >= this.minSpeechFrames)
      handleEvent({
        msg: Message.SpeechEnd,
        audio: joinSamples(segment.map(({ frame }) => frame)),
      });
    else handleEvent({ msg: Message.VADMisfire });
  }

  #countFrames(): void {
    const { redemptionMs, preSpeechPadMs, minSpeechMs } = this.options;
    this.redemptionFrames = Math.floor(redemptionMs / this.msPerFrame);
    this.preSpeechPadFrames = Math.floor(preSpeechPadMs / this.msPerFrame);
    this.minSpeechFrames = Math.floor(minSpeechMs / this.msPerFrame);
  }
}
