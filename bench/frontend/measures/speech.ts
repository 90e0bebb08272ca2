/** How what was said goes to the server. */
import type { Measure, Stage } from "../measure.js";
import { Visit } from "../visit.js";

const RATE_HZ = 16000;
const UTTERANCES = 3;
/** The probe's, which looks at the same sound. */
const LOUD = 0.02;

/** What the sound itself takes after it was loud last: the model's tail and the redemption. */
function tailMs(audio: Float32Array): number {
  const last = audio.findLastIndex((sample) => Math.abs(sample) > LOUD);
  return (1000 * (audio.length - 1 - last)) / RATE_HZ;
}

/** The first utterances after the microphone was switched on. */
function hear<T>(stage: Stage, listens: boolean, take: (visit: Visit) => Promise<T>): Promise<T> {
  return Visit.during(
    stage,
    async (visit) => {
      await visit.mic(true);
      await visit.until(
        `${UTTERANCES} utterances`,
        () => visit.books.utterances.length >= UTTERANCES,
      );
      return take(visit);
    },
    { server: { answers: false }, listens },
  );
}

/** For each utterance, from the last loud sample to the message that it is over. */
async function waits({ page, books }: Visit): Promise<{ totalMs: number; beyondMs: number }[]> {
  const { sent, quiet } = await page.evaluate(() => {
    const { sent, quiet } = frontendProbe;
    return { sent, quiet };
  });
  const ends = sent.filter(({ type }) => type === "mic-audio-end");
  return books.utterances.slice(0, UTTERANCES).map(({ samples }, i) => {
    const sentMs = ends[i]?.timeMs ?? Number.NaN;
    const loudMs = quiet.filter((timeMs) => timeMs < sentMs).at(-1) ?? Number.NaN;
    const totalMs = sentMs - loudMs;
    return { totalMs, beyondMs: totalMs - tailMs(samples) };
  });
}

export const SPEECH: readonly Measure[] = [
  {
    name: "sent for a second of speech",
    about: "bytes of all mic-audio-data by seconds of sound, as they leave the page",
    unit: "kB/s",
    goal: { times: 2.5 },
    sound: "speech",
    rounds: 1,
    take: (stage) =>
      hear(stage, false, async ({ books }) =>
        books.utterances.map(({ bytes, samples }) => bytes / 1000 / (samples.length / RATE_HZ)),
      ),
  },
  {
    name: "last loud sample to mic-audio-end",
    about: "with a redemption of 1120 ms and the model's own tail",
    unit: "ms",
    sound: "cut",
    rounds: 2,
    take: (stage) =>
      hear(stage, true, async (visit) => (await waits(visit)).map(({ totalMs }) => totalMs)),
  },
  {
    name: "… beyond what the sound itself takes",
    about: "less the sound from there to the segment's end: the model's tail and the redemption",
    unit: "ms",
    goal: { atMost: 40 },
    sound: "cut",
    rounds: 2,
    take: (stage) =>
      hear(stage, true, async (visit) => (await waits(visit)).map(({ beyondMs }) => beyondMs)),
  },
];
