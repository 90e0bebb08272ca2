/** The browser's own conversion: a buffer of one rate, played by a context of another. */
import { type ResamplerContender, wholeClip } from "../resampler/conversion.js";

async function render(clip: Float32Array<ArrayBuffer>, inputHz: number, outputHz: number) {
  const length = Math.ceil((clip.length * outputHz) / inputHz);
  const context = new OfflineAudioContext({ length, sampleRate: outputHz });
  const buffer = new AudioBuffer({ length: clip.length, sampleRate: inputHz });
  buffer.copyToChannel(clip, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  return (await context.startRendering()).getChannelData(0);
}

export const OFFLINE_AUDIO_CONTEXT: ResamplerContender = {
  name: "OfflineAudioContext",
  whole: true,
  cannot: () => (typeof OfflineAudioContext === "undefined" ? "there is none in Node" : undefined),
  open: ({ inputHz, outputHz }) =>
    wholeClip((clip) => render(new Float32Array(clip), inputHz, outputHz)),
};
