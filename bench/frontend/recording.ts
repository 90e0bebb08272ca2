/**
 * A whole conversation in the patched frontend, spoken into the fake microphone: ten turns, one of them
 * interrupted, and the connection lost in the middle. Pictures of it, and whether it went as it should.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { writeMicrophone } from "../../tests/server/protocol/microphone.js";
import { type Language, SCRIPTS } from "../../tests/server/protocol/script.js";
import { ProtocolServer } from "../../tests/server/protocol/server.js";
import { launchChromium, SOFTWARE_GL } from "../../tools/chromium.js";
import { ROOT } from "../pages.js";
import { contactSheet, type Shot } from "./contact-sheet.js";
import { until } from "./until.js";

const VIEW = { width: 1280, height: 800 };
/** Behind this turn the connection is lost. */
const LOST_BEHIND = 6;
const TURN_DEADLINE_MS = 60_000;
const MID_SENTENCE_MS = 900;
/** Of a loaded machine; see microphone.ts. */
const GAPS = { slackMs: 3000, sentenceMs: 600 };

export interface Recording {
  readonly language: Language;
  /** What did not go as it should; empty when all did. */
  readonly faults: readonly string[];
  readonly sheet: string;
}

/** @param app - the folder of the built app */
export async function record(app: string, language: Language, folder: string): Promise<Recording> {
  mkdirSync(folder, { recursive: true });
  const script = SCRIPTS[language];
  const microphone = join(ROOT, `build/conversation-${language}.wav`);
  await writeMicrophone(script, microphone, GAPS);
  const server = await ProtocolServer.start({ app, language, autoStartMic: false });
  const browser = await launchChromium({ microphone, args: SOFTWARE_GL });
  try {
    const context = await browser.newContext({ permissions: ["microphone"], viewport: VIEW });
    const page = await context.newPage();
    page.setDefaultTimeout(TURN_DEADLINE_MS);
    await page.addInitScript((lang) => localStorage.setItem("i18nextLng", lang), language);
    await page.goto(`${server.url}/?ws=${encodeURIComponent(server.wsUrl)}`);
    await page.locator("[data-testid=connection][data-state=OPEN]").waitFor();
    await page.getByTestId("mic").click();

    const shots: Shot[] = [];
    const shoot = async (caption: string): Promise<void> => {
      const name = `${String(shots.length + 1).padStart(2, "0")}.png`;
      await page.screenshot({ path: join(folder, name) });
      shots.push({ file: join(folder, name), caption });
    };
    for (const [n, turn] of script.turns.entries()) {
      await until(`turn ${n + 1}`, () => server.books.turns.length > n, TURN_DEADLINE_MS);
      const [first] = turn.reply;
      await spoken(page, first?.text ?? "");
      await page.waitForTimeout(MID_SENTENCE_MS);
      await shoot(`${n + 1}. ${turn.user}`);
      const record = server.books.turns[n];
      await until(
        `the end of turn ${n + 1}`,
        () => record?.endedMs !== undefined,
        TURN_DEADLINE_MS,
      );
      if (turn.bargeIn) await shoot(`${n + 1}. The user interrupts.`);
      if (n !== LOST_BEHIND) continue;
      server.drop();
      await page.locator("[data-testid=connection]:not([data-state=OPEN])").waitFor();
      await shoot("The connection is cut, and comes back.");
      await page.locator("[data-testid=connection][data-state=OPEN]").waitFor();
    }
    await page.waitForTimeout(2000);
    const sheet = join(folder, "conversation.png");
    await contactSheet(browser, shots, sheet);
    return { language, faults: await faultsOf(page, server, language), sheet };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Waits until the subtitle has this sentence. */
async function spoken(page: Page, text: string): Promise<void> {
  await page.getByTestId("subtitle").getByText(text.slice(0, 6)).first().waitFor();
}

async function faultsOf(page: Page, server: ProtocolServer, language: Language): Promise<string[]> {
  const { turns: script } = SCRIPTS[language];
  const { turns, utterances, connections } = server.books;
  const faults: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown): void => {
    if (found !== wanted) faults.push(`${what}: ${found}, not ${wanted}`);
  };
  expect("utterances", utterances.length, script.length);
  expect("turns", turns.length, script.length);
  expect("connections", connections.length, 2);
  expect("histories", server.state.historiesMade, 1);
  for (const [n, { interrupted, completes, user }] of turns.entries()) {
    const wanted = script[n];
    expect(`turn ${n + 1}, heard`, user, wanted?.user);
    expect(`turn ${n + 1}, interrupted`, interrupted, wanted?.bargeIn ?? false);
    expect(`turn ${n + 1}, playback-completes`, completes, wanted?.bargeIn ? 0 : 1);
  }
  const said = await page.getByTestId("chat").locator("[data-role=human]").allTextContents();
  expect("the user’s lines in the chat", said.length, script.length);
  for (const [n, { user }] of script.entries())
    if (!said[n]?.includes(user)) faults.push(`chat, line ${n + 1}: ${said[n]}, not ${user}`);
  return faults;
}
