import { useEffect, useState } from "react";
import type { Scope } from "voicepath";
import { useScope } from "voicepath/react";
import { OFFLINE_AUDIO_CONTEXT } from "../../peers/offline-audio-context";
import { convert, type Rates } from "../../resampler/conversion";
import type { Answer, Findings, Job, Request, Work } from "./job";

/** A worker for each job: it is as gone as its scope. */
function find<W extends Work>(scope: Scope, job: Job<W>): Promise<Findings[W]> {
  const worker = scope.worker(
    new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  );
  const request = (message: Request): void => worker.value.postMessage(message);
  return new Promise((resolve, reject) => {
    scope.listen(worker.value, "error", ({ message }) => reject(new Error(message)));
    scope.listen(worker.value, "message", ({ data }: MessageEvent<Answer>) => {
      switch (data.type) {
        case "render":
          convert(OFFLINE_AUDIO_CONTEXT, job.rates, data.clip, [data.clip.length])
            .then((samples) => request({ type: "rendered", samples }))
            .catch(reject);
          break;
        case "found":
          worker.dispose();
          resolve(data.finding as Findings[W]);
          break;
        case "failed":
          reject(new Error(data.message));
          break;
      }
    });
    request({ type: "job", job });
  });
}

export interface Finding<W extends Work> {
  readonly result: Findings[W] | null;
  readonly error: string | null;
}

const NOTHING_YET = { result: null, error: null };

/**
 * What a worker finds out; given up when another contender or pair of rates is chosen.
 *
 * @param wanted - else nothing is done
 */
export function useFinding<W extends Work>(
  work: W,
  contender: string,
  rates: Rates,
  wanted: boolean,
): Finding<W> {
  const [finding, setFinding] = useState<Finding<W>>(NOTHING_YET);
  const scope = useScope("resampler job", [work, contender, rates, wanted]);

  useEffect(() => {
    setFinding(NOTHING_YET);
    const owner = scope.current;
    if (!wanted || !owner) return;
    find(owner, { work, contender, rates }).then(
      (result) => !owner.disposed && setFinding({ result, error: null }),
      (cause: unknown) => !owner.disposed && setFinding({ result: null, error: String(cause) }),
    );
  }, [scope, work, contender, rates, wanted]);

  return finding;
}
