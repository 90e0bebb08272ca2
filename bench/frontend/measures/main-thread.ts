/** What the microphone adds to the main thread's work. */
import type { CDPSession } from "playwright-core";
import type { Measure, Sound, Stage } from "../measure.js";
import { Visit } from "../visit.js";

const SETTLE_MS = 3000;
const LOOK_MS = 8000;

async function busyMsASecond(session: CDPSession, visit: Visit): Promise<number> {
  const read = async (): Promise<{ task: number; time: number }> => {
    const { metrics } = await session.send("Performance.getMetrics");
    const value = (name: string): number =>
      metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { task: value("TaskDuration"), time: value("Timestamp") };
  };
  const before = await read();
  await visit.wait(LOOK_MS);
  const after = await read();
  return (1000 * (after.task - before.task)) / (after.time - before.time);
}

function added(stage: Stage): Promise<number[]> {
  return Visit.during(
    stage,
    async (visit) => {
      const session = await visit.devtools();
      await session.send("Performance.enable");
      await visit.wait(SETTLE_MS);
      const off = await busyMsASecond(session, visit);
      await visit.mic(true);
      await visit.wait(SETTLE_MS);
      const on = await busyMsASecond(session, visit);
      return [on - off];
    },
    { server: { answers: false }, still: true },
  );
}

const measure = (sound: Sound): Measure => ({
  name: `main thread, microphone on, ${sound}`,
  about: "busy ms a second, less those with it off; nothing is answered, and no frame is drawn",
  unit: "ms/s",
  goal: { times: 30 },
  sound,
  rounds: 3,
  take: added,
});

export const MAIN_THREAD: readonly Measure[] = [measure("silence"), measure("speech")];
