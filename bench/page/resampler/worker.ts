/** One job for the section on resampling, away from the page. */
import { OFFLINE_AUDIO_CONTEXT } from "../../peers/offline-audio-context";
import { RESAMPLERS } from "../../peers/resamplers";
import { type ResamplerContender, wholeClip } from "../../resampler/conversion";
import { measureQuality } from "../../resampler/quality";
import { spectrogram } from "../../resampler/spectrogram";
import { sweep } from "../../resampler/sweep";
import type { Answer, Findings, Job, Request, Work } from "./job";

const answer = (message: Answer): void => postMessage(message);

/** One at a time. */
function renderOnPage(clip: Float32Array): Promise<Float32Array> {
  return new Promise((resolve) => {
    const hear = ({ data }: MessageEvent<Request>): void => {
      if (data.type !== "rendered") return;
      removeEventListener("message", hear);
      resolve(data.samples);
    };
    addEventListener("message", hear);
    answer({ type: "render", clip });
  });
}

const RENDERED_ON_PAGE: ResamplerContender = {
  name: OFFLINE_AUDIO_CONTEXT.name,
  whole: true,
  open: () => wholeClip(renderOnPage),
};

async function find({ work, contender: name, rates }: Job): Promise<Findings[Work]> {
  const contender = [...RESAMPLERS, RENDERED_ON_PAGE].find((one) => one.name === name);
  if (!contender) throw new Error(`there is no ${name}`);
  return work === "quality"
    ? measureQuality(contender, rates)
    : spectrogram(await sweep(contender, rates));
}

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  if (data.type !== "job") return;
  find(data.job).then(
    (finding) => answer({ type: "found", finding }),
    (cause: unknown) => answer({ type: "failed", message: String(cause) }),
  );
});
