/** What the demo can play: each clip, and a medley that makes every kind of event. */
import { joinSamples } from "../../../js-glue/src/samples";
import { type ClipInfo, loadClip } from "../speech";

export interface Programme {
  readonly title: string;
  load(): Promise<Float32Array>;
}

export const RATE_HZ = 16000;
const silence = (seconds: number): Float32Array => new Float32Array(seconds * RATE_HZ);

function medley(clips: readonly ClipInfo[]): Programme {
  const clip = async (name: string, fromS = 0, toS?: number): Promise<Float32Array> => {
    const info = clips.find(({ file }) => file.includes(name));
    if (!info) throw new Error(`there is no clip ${name}`);
    const samples = await loadClip(info, RATE_HZ);
    return samples.slice(fromS * RATE_HZ, toS === undefined ? undefined : toS * RATE_HZ);
  };
  return {
    title: "Two sentences, a word cut short, playing cards",
    load: async () =>
      joinSamples([
        silence(0.6),
        await clip("0880"),
        silence(1.7),
        await clip("001", 0.4, 0.62),
        silence(1.7),
        await clip("0930"),
        silence(1.7),
        await clip("005"),
        silence(1.7),
      ]),
  };
}

export function programmes(clips: readonly ClipInfo[]): Programme[] {
  return [
    medley(clips),
    ...clips.map((info) => ({
      title: `“${info.transcript}”`,
      load: () => loadClip(info, RATE_HZ),
    })),
  ];
}
