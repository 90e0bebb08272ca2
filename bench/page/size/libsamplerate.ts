/** One block, from the microphone's rate to speech recognition's. */
import { ConverterType, create } from "@alexanderolsen/libsamplerate-js";
import { reportReady } from "../cold/report";

void reportReady(async () => {
  const converterType = ConverterType.SRC_SINC_BEST_QUALITY;
  const src = await create(1, 48000, 16000, { converterType });
  src.full(new Float32Array(128));
  src.destroy();
});
