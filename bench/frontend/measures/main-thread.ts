/** What the microphone adds to the main thread's work. */
import { busyMsASecond } from "../../main-thread.js";
import type { Measure, Sound, Stage } from "../measure.js";
import { Visit } from "../visit.js";

const SETTLE_MS = 3000;
const LOOK_MS = 8000;

function added(stage: Stage): Promise<number[]> {
  return Visit.during(
    stage,
    async (visit) => {
      const session = await visit.devtools();
      await session.send("Performance.enable");
      await visit.wait(SETTLE_MS);
      const look = (): Promise<void> => visit.wait(LOOK_MS);
      const off = await busyMsASecond(session, look);
      await visit.mic(true);
      await visit.wait(SETTLE_MS);
      const on = await busyMsASecond(session, look);
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
