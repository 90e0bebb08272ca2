/**
 * Code as applications of vad-web 0.0.31 have it. It must compile against vad-web's declarations and,
 * unchanged, against ours; vad-web-types.test.ts does both.
 */
import {
  baseAssetPath,
  DEFAULT_MODEL,
  defaultModelFetcher,
  FrameProcessor,
  type FrameProcessorOptions,
  getDefaultRealTimeVADOptions,
  Message,
  MicVAD,
  NonRealTimeVAD,
  type NonRealTimeVADOptions,
  type RealTimeVADOptions,
  utils,
} from "@ricky0123/vad-web";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const expectType = <_Same extends true>(): void => {};

// Options, as literals, as variables filled in later, and as overrides of the defaults.
const options: Partial<RealTimeVADOptions> = {
  positiveSpeechThreshold: 0.5,
  negativeSpeechThreshold: 0.35,
  redemptionMs: 1000,
  preSpeechPadMs: 300,
  minSpeechMs: 250,
  submitUserSpeechOnPause: true,
  model: "v5",
  baseAssetPath: "./libs/",
  onnxWASMBasePath: "./libs/",
  workletOptions: { channelCount: 1 },
  processorType: "auto",
  startOnLoad: false,
  audioContext: new AudioContext(),
  ortConfig: (ort) => {
    ort.env.logLevel = "error";
    ort.env.wasm.numThreads = 1;
  },
  getStream: () => navigator.mediaDevices.getUserMedia({ audio: true }),
  pauseStream: async (stream) => stream.getTracks()[0]?.stop(),
  resumeStream: async (stream) => stream,
  onFrameProcessed: ({ isSpeech, notSpeech }, frame) => {
    expectType<Equal<typeof isSpeech, number>>();
    expectType<Equal<typeof notSpeech, number>>();
    console.log(isSpeech + notSpeech, frame.length);
  },
  onSpeechStart: () => console.log("start"),
  onSpeechRealStart: async () => {},
  onVADMisfire: () => {},
};
options.onSpeechEnd = (audio) => {
  const copy: Float32Array = audio;
  console.log(copy.length);
};
const complete: RealTimeVADOptions = { ...getDefaultRealTimeVADOptions("v6"), startOnLoad: true };
const legacy: RealTimeVADOptions["model"] = "legacy";

const frameOptions: FrameProcessorOptions = {
  positiveSpeechThreshold: 0.3,
  negativeSpeechThreshold: 0.25,
  redemptionMs: 1400,
  preSpeechPadMs: 800,
  minSpeechMs: 400,
  submitUserSpeechOnPause: false,
};

class Recorder {
  vad: MicVAD | null = null;

  async open(): Promise<void> {
    this.vad = await MicVAD.new(options);
    const { start, pause, destroy, setOptions, processFrame, setErrored } = this.vad;
    await start();
    expectType<Equal<typeof this.vad.listening, boolean>>();
    expectType<Equal<typeof this.vad.errored, string | null>>();
    setOptions({ redemptionMs: 500 });
    setOptions(frameOptions);
    await processFrame(new Float32Array(512));
    setErrored("mine");
    this.vad.options.onSpeechStart = () => {};
    this.vad.handleFrameProcessorEvent({ msg: Message.SpeechStart });
    this.vad.handleFrameProcessorEvent({
      msg: Message.FrameProcessed,
      probs: { isSpeech: 1, notSpeech: 0 },
      frame: new Float32Array(512),
    });
    await pause();
    await destroy();
  }
}

async function recordings(given: Partial<NonRealTimeVADOptions>): Promise<void> {
  const vad = await NonRealTimeVAD.new({
    ...given,
    modelURL: `${baseAssetPath}model`,
    modelFetcher: defaultModelFetcher,
  });
  for await (const { audio, start, end } of vad.run(new Float32Array(16000), 16000)) {
    const wav: ArrayBuffer = utils.encodeWAV(audio, 1, 16000, 1, 16);
    console.log(utils.arrayBufferToBase64(wav), end - start, vad.options.redemptionMs);
  }
  const { audio, sampleRate } = await utils.audioFileToArray(new Blob([]));
  console.log(audio.length / sampleRate, utils.minFramesForTargetMS(100, 512));
}

async function ownModel(): Promise<void> {
  const processor = new FrameProcessor(
    async (frame) => ({ isSpeech: frame[0] ?? 0, notSpeech: 1 }),
    () => {},
    frameOptions,
    32,
  );
  processor.resume();
  await processor.process(new Float32Array(512), (event) => {
    switch (event.msg) {
      case Message.SpeechEnd:
        expectType<Equal<typeof event.audio, Float32Array>>();
        break;
      case Message.FrameProcessed:
        console.log(event.probs.isSpeech);
        break;
    }
  });
  processor.pause((event) => console.log(event.msg));
  processor.endSegment(() => {});
  processor.reset();
  console.log(processor.redemptionFrames, processor.audioBuffer[0]?.isSpeech, processor.msPerFrame);
}

// Mistakes that vad-web's declarations find.
// @ts-expect-error no such model
void MicVAD.new({ model: "v7" });
// @ts-expect-error a number
void MicVAD.new({ redemptionMs: "long" });
// @ts-expect-error no such option
void MicVAD.new({ redemption: 7 });
// @ts-expect-error the constructor is private
void new MicVAD();

console.log(Recorder, recordings, ownModel, complete, legacy, DEFAULT_MODEL.length);
