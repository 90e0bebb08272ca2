// As written for vad-web 0.0.24, with asset paths that nothing serves and frame counts.
import { MicVAD } from "@ricky0123/vad-web";

const note = (text) => {
  const item = document.createElement("li");
  item.textContent = text;
  document.getElementById("heard").append(item);
};

const vad = await MicVAD.new({
  model: "v5",
  baseAssetPath: "./libs/",
  onnxWASMBasePath: "./libs/",
  preSpeechPadFrames: 20,
  redemptionFrames: 20,
  positiveSpeechThreshold: 0.5,
  negativeSpeechThreshold: 0.35,
  onSpeechStart: () => note("start"),
  onSpeechRealStart: () => note("real start"),
  onSpeechEnd: (audio) => note(`end ${audio.length}`),
  onVADMisfire: () => note("misfire"),
});
vad.start();
