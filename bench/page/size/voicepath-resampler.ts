/** One block, from the microphone's rate to speech recognition's. */
import { loadAudio, Resampler } from "voicepath";
import { reportReady } from "../cold/report";

void reportReady(async () => {
  const options = { inputRateHz: 48000, outputRateHz: 16000 };
  const resampler = Resampler.create(await loadAudio(), options);
  resampler.process(new Float32Array(128));
  resampler.dispose();
});
