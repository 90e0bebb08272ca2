/** What a frame processor reports; the names and values are vad-web's. */
export enum Message {
  AudioFrame = "AUDIO_FRAME",
  SpeechStart = "SPEECH_START",
  VADMisfire = "VAD_MISFIRE",
  SpeechEnd = "SPEECH_END",
  SpeechStop = "SPEECH_STOP",
  SpeechRealStart = "SPEECH_REAL_START",
  FrameProcessed = "FRAME_PROCESSED",
}

/** The model's judgement of one frame; the two add up to 1. */
export interface SpeechProbabilities {
  /** 1 - `isSpeech`. */
  notSpeech: number;
  /** 0 to 1. */
  isSpeech: number;
}

/** A report with what belongs to it. Audio is mono at 16 kHz. */
export type FrameProcessorEvent =
  | { msg: Message.VADMisfire }
  | { msg: Message.SpeechStart }
  | { msg: Message.SpeechRealStart }
  | { msg: Message.SpeechEnd; audio: Float32Array }
  | { msg: Message.FrameProcessed; probs: SpeechProbabilities; frame: Float32Array };
