/** voicepath's microphone path, from nothing to the first probability. */
import { MicNode, micProcessorURL, VadModel } from "voicepath";
import { openOfflineContext, playNoise, reportFirstProbability } from "./report";

void reportFirstProbability(async () => {
  const context = openOfflineContext();
  const model = await VadModel.load();
  const mic = await MicNode.create(context, { model });
  const first = new Promise<number>((resolve) =>
    mic.on("frame", ({ probability }) => resolve(probability)),
  );
  mic.listen(true);
  // Answered after all that was asked before: the processor listens and reports frames.
  await mic.reset();
  await playNoise(context, mic.node);
  return first;
}, [micProcessorURL().href]);
