/** What only our declarations have: options of vad-web 0.0.24, and our own. */
import { inlineAssets } from "voicepath/inline";
import { AudioNodeVAD, MicVAD, NonRealTimeVAD, VoicepathError } from "voicepath/vad-web";

void MicVAD.new({
  redemptionFrames: 35,
  preSpeechPadFrames: 20,
  minSpeechFrames: 3,
  frameSamples: 512,
  stream: new MediaStream(),
  additionalAudioConstraints: { deviceId: "a" },
});
void MicVAD.new({
  assets: inlineAssets(),
  maxSegmentMs: 10_000,
  signal: AbortSignal.timeout(1000),
  precision: "f32",
  voiceThreshold: 0.7,
  onVoiceChange: (active: boolean) => console.log(active),
  partMs: 500,
  onSpeechPart: (audio: Float32Array) => console.log(audio.length),
  onError: (error) => console.log(error instanceof VoicepathError, error.code),
}).then((vad) => vad.setOptions({ redemptionFrames: 3, onSpeechStart: () => {} }));
// @ts-expect-error left to the library, as in 0.0.24
void MicVAD.new({ additionalAudioConstraints: { channelCount: 2 } });
// @ts-expect-error not an asset
void MicVAD.new({ assets: { worklet: 7 } });

void MicVAD.new({ model: "legacy", frameSamples: 1536, redemptionFrames: 8 });
void NonRealTimeVAD.new({
  model: "legacy",
  ortConfig: (ort) => {
    ort.env.logLevel = "error";
  },
});
void NonRealTimeVAD.new({ model: "v5", redemptionFrames: 8, assets: inlineAssets() });

const context = new AudioContext();
void AudioNodeVAD.new(context, { onSpeechEnd: (audio) => console.log(audio.length) }).then(
  async (vad) => {
    vad.receive(new GainNode(context));
    vad.start();
    vad.setFrameProcessorOptions({ minSpeechFrames: 4 });
    await vad.processFrame(new Float32Array(512));
    await vad.pause();
    vad.destroy();
  },
);
