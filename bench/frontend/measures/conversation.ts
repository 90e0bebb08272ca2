/** Turns, a server that restarts, settings. */
import type { Measure } from "../measure.js";
import { Visit } from "../visit.js";

const DOWN_MS = 2000;
const BACK_MS = 8000;
const MESSAGES = 5;
const RECONNECTIONS = 3;
const ADDRESS = "ws://127.0.0.1:12393/client-ws?8";
const TYPED = 8;
const QUIET_MS = 3000;

/** One text turn, until the server says that it is over. */
async function turn(visit: Visit, text: string): Promise<void> {
  const { turns } = visit.books;
  const before = turns.length;
  await visit.say(text);
  await visit.until("a turn", () => turns.length > before && turns.at(-1)?.endedMs !== undefined);
}

export const CONVERSATION: readonly Measure[] = [
  {
    name: "frontend-playback-completes a turn",
    about: "that the server gets, and a little while after",
    unit: "messages",
    goal: { exactly: 1 },
    sound: "silence",
    rounds: 1,
    take: (stage) =>
      Visit.during(stage, async (visit) => {
        for (const text of ["Hello!", "What is new?"]) await turn(visit, text);
        await visit.wait(QUIET_MS);
        return visit.books.turns.map(({ completes }) => completes);
      }),
  },
  {
    name: "messages lost over a server restart",
    about: `of ${MESSAGES} typed while it was gone for ${DOWN_MS / 1000} s`,
    unit: "messages",
    goal: { exactly: 0 },
    sound: "silence",
    rounds: 1,
    take: (stage) =>
      Visit.during(
        stage,
        async (visit) => {
          await visit.server.kill();
          for (let i = 0; i < MESSAGES; i++) await visit.say(`message ${i}`);
          await visit.wait(DOWN_MS);
          await visit.server.rise();
          await visit.wait(BACK_MS);
          const arrived = visit.books.received.filter(({ type }) => type === "text-input");
          return [MESSAGES - arrived.length];
        },
        { server: { answers: false } },
      ),
  },
  {
    name: "back after a server restart",
    about: `connected again ${BACK_MS / 1000} s after it was gone for ${DOWN_MS / 1000} s; ${RECONNECTIONS} restarts`,
    unit: "times not",
    goal: { exactly: 0 },
    sound: "silence",
    rounds: 1,
    take: (stage) =>
      Visit.during(stage, async (visit) => {
        let missed = 0;
        for (let i = 0; i < RECONNECTIONS; i++) {
          const before = visit.books.connections.length;
          await visit.server.kill();
          await visit.wait(DOWN_MS);
          await visit.server.rise();
          await visit.wait(BACK_MS);
          if (visit.books.connections.length === before) missed++;
        }
        return [missed];
      }),
  },
  {
    name: "histories made by coming back",
    about: "empty ones, for three losses of the connection; reloaded where it does not come back",
    unit: "histories",
    goal: { exactly: 0 },
    sound: "silence",
    rounds: 1,
    take: (stage) =>
      Visit.during(stage, async (visit) => {
        const before = visit.server.state.historiesMade;
        for (let i = 0; i < RECONNECTIONS; i++) {
          visit.server.drop();
          await visit.wait(BACK_MS / 2);
          // As its user does.
          if (!(await visit.isConnected())) await visit.page.getByTestId("connection").click();
          await visit.connected();
          await visit.wait(500);
        }
        return [visit.server.state.historiesMade - before];
      }),
  },
  {
    name: "connections for a typed address",
    about: `its last ${TYPED} characters typed one after the other`,
    unit: "connections",
    goal: { atMost: 1 },
    sound: "silence",
    rounds: 1,
    take: (stage) =>
      Visit.during(stage, async (visit) => {
        const { page } = visit;
        const sockets = (): Promise<number> => page.evaluate(() => frontendProbe.sockets);
        await page.getByTestId("settings").click();
        const field = page.locator("[name=wsUrl]");
        await field.fill(ADDRESS.slice(0, -TYPED));
        await visit.wait(QUIET_MS);
        const before = await sockets();
        await field.press("End");
        await field.pressSequentially(ADDRESS.slice(-TYPED), { delay: 60 });
        await visit.wait(QUIET_MS);
        return [(await sockets()) - before];
      }),
  },
  {
    name: "settings that need a reload",
    about:
      "of two: the base address, seen in the background’s; the VAD’s thresholds, seen in what it hears",
    unit: "settings",
    goal: { exactly: 0 },
    sound: "speech",
    rounds: 1,
    take: (stage) =>
      Visit.during(
        stage,
        async (visit) => {
          await visit.set("baseUrl", "http://127.0.0.1:12393/elsewhere");
          await visit.wait(QUIET_MS);
          const background = visit.page.getByTestId("background");
          const address = await background.evaluate((element) => element.outerHTML);
          const baseNeeds = address.includes("/elsewhere/") ? 0 : 1;

          await visit.mic(true);
          await visit.until("an utterance", () => visit.books.utterances.length > 0);
          // Nothing is so surely speech.
          await visit.set("positiveSpeechThreshold", "100");
          await visit.wait(QUIET_MS);
          const heard = visit.books.utterances.length;
          await visit.wait(2 * BACK_MS);
          return [baseNeeds + (visit.books.utterances.length > heard ? 1 : 0)];
        },
        { server: { answers: false } },
      ),
  },
];
