/**
 * What the app does for a person, from outside: the same tests for both of its shapes, before and after
 * voicepath-patch. What the patch cures, bench/frontend measures; what it adds is tested only after it.
 */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Shape } from "../../../frontend-patch/app/compose.js";
import { launchChromium } from "../../../tools/chromium.js";
import { type SpokenLine, writeMicrophone } from "../../server/protocol/microphone.js";
import { BACKGROUND_FILES } from "../../server/protocol/pictures.js";
import type { Script, ScriptTurn } from "../../server/protocol/script.js";
import { ProtocolServer } from "../../server/protocol/server.js";
import { TwinPage, wordsOf } from "./twin-page.js";

const turn = (user: string, ...sentences: string[]): ScriptTurn => ({
  user,
  reply: sentences.map((text) => ({ text })),
});

const HEARD = turn("Can you hear me over there?", "Yes, loud and clear.");
const ASKED = turn("Is it late?", "It is ten.", "Time for some tea!");
const STORY = turn(
  "Tell me a story.",
  "Once upon a time there was a lighthouse, far out in the sea.",
  "In it there lived an old man with a cat.",
  "Every night they lit the lamp together.",
);
const AGAIN = turn("Are you there?", "Here I am.");
const KEPT = turn("Remember a number.", "Seven it is.");
const OTHER = turn("Who are you?", "Somebody else now.");
const SCRIPT: Script = {
  language: "en",
  turns: [HEARD, ASKED, STORY, AGAIN, KEPT, OTHER],
  unasked: [],
};
const PACE = { transcriptionMs: 50, thinkingMs: 50, toolMs: 50, synthesisMs: 30 };
/** Before the first word, ONNX Runtime is loaded; after it there is only this turn. */
const GAPS = { leadMs: 4000, tailMs: 60_000 };
/** What a voice activity detector adds before and after what is spoken. */
const PADDING_MS = 2500;

const [BACKGROUND = "", OTHER_BACKGROUND = ""] = BACKGROUND_FILES;
const ADVERTISEMENTS = BACKGROUND_FILES.slice(1).map((file) => `/bg/${file}`);

const answer = ({ reply }: ScriptTurn): string => wordsOf(reply.map(({ text }) => text).join(" "));

/** One Chromium, whose microphone says the first line once each time it is opened. */
export interface Bench {
  readonly browser: Browser;
  readonly line: SpokenLine;
}

export async function openBench(folder: string): Promise<Bench> {
  const microphone = join(folder, "microphone.wav");
  const { lines } = await writeMicrophone({ ...SCRIPT, turns: [HEARD] }, microphone, GAPS);
  const [line] = lines;
  if (!line) throw new Error("the microphone says nothing");
  return { browser: await launchChromium({ microphone }), line };
}

/** What somebody who used the app before has in his browser, put there once. */
function keptBy(shape: Shape, server: ProtocolServer): Record<string, unknown> {
  const { wsUrl, url: baseUrl } = server;
  const background = `${baseUrl}/bg/${BACKGROUND}`;
  if (shape === "contexts") return { wsUrl, baseUrl, backgroundUrl: background };
  const media = {
    background: { url: background, useCamera: false },
    stream: { isStreaming: false },
    advertisements: {
      files: ADVERTISEMENTS,
      index: 0,
      intervalMs: 500,
      enabled: true,
    },
  };
  const config = { modelInfo: null, wsUrl, baseUrl, wsState: "CLOSED" };
  return { "app-store": { state: { media, config }, version: 0 } };
}

/** As the monitor writes a time: "350 ms", "1.2 sec". */
function msOf(shown: string): number {
  const [number = "", unit] = shown.split(/\s/);
  return Number(number) * (unit === "ms" ? 1 : 1000);
}

/** @param build - the folder of the built app */
export function testTwin(
  shape: Shape,
  when: "as it comes" | "patched",
  bench: () => Bench,
  build: () => Promise<string>,
): void {
  describe(`${shape}, ${when}`, () => {
    let server: ProtocolServer;
    beforeAll(async () => {
      const app = await build();
      server = await ProtocolServer.start({ app, script: SCRIPT, autoStartMic: false, pace: PACE });
    });
    afterAll(() => server?.close());

    /** A person of his own, and nothing thrown in his tab. */
    async function visit(what: (twin: TwinPage) => Promise<void>): Promise<void> {
      const context = await bench().browser.newContext({
        permissions: ["microphone"],
        locale: "en",
        // Small, for pictures are drawn without a graphics card here.
        viewport: { width: 840, height: 480 },
      });
      try {
        await context.addInitScript(
          (kept) => {
            if (localStorage.length > 0) return;
            for (const [key, value] of Object.entries(kept))
              localStorage.setItem(key, JSON.stringify(value));
          },
          keptBy(shape, server),
        );
        const twin = new TwinPage(await context.newPage());
        await twin.goto(server.url);
        await what(twin);
        expect(twin.errors).toEqual([]);
      } finally {
        await context.close();
      }
    }

    /** Of the newest turn with this line. */
    const turnOf = ({ user }: ScriptTurn) =>
      server.books.turns.findLast((one) => one.user === user);

    async function ask(twin: TwinPage, line: ScriptTurn): Promise<void> {
      await twin.say(line.user);
      await twin.see(twin.bubbles("human").getByText(line.user));
      await twin.state("thinking-speaking");
      await twin.state("idle");
    }

    test("a question in writing is answered aloud, in the chat and below the character", () =>
      visit(async (twin) => {
        await twin.say(ASKED.user);
        await twin.subtitle("Time for some tea!");
        await twin.page.waitForFunction(
          () => (window.getLive2DManager?.().getModel(0)?._wavFileHandler.getRms() ?? 0) > 0,
          { polling: 10 },
        );
        await twin.state("idle");
        expect(await twin.said("human")).toEqual([wordsOf(ASKED.user)]);
        expect(await twin.said("ai")).toEqual([answer(ASKED)]);
        expect(turnOf(ASKED)).toMatchObject({ by: "text", sentences: 2, interrupted: false });
        expect(turnOf(ASKED)?.endedMs).toBeGreaterThan(0);
        expect(turnOf(ASKED)?.completes).toBeGreaterThanOrEqual(1);
      }));

    test("what is said into the microphone is heard, understood and answered; then it is off", () =>
      visit(async (twin) => {
        const { line } = bench();
        const before = server.books.utterances.length;
        await twin.by("mic").click();
        await twin.see(twin.by("mic").and(twin.page.locator('[aria-pressed="true"]')));
        await twin.state("listening");
        expect(Number(await twin.by("level").getAttribute("data-probability"))).toBeGreaterThan(
          0.5,
        );
        await twin.see(twin.bubbles("human").getByText(HEARD.user));
        await twin.subtitle("Yes, loud and clear.");
        await twin.state("idle");
        expect(await twin.said("ai")).toEqual([answer(HEARD)]);

        const [utterance, ...others] = server.books.utterances.slice(before);
        expect(others).toEqual([]);
        const spokenMs = line.endMs - line.startMs;
        const heardMs = (utterance?.sampleCount ?? 0) / 16;
        expect(heardMs).toBeGreaterThan(0.9 * spokenMs);
        expect(heardMs).toBeLessThan(spokenMs + PADDING_MS);

        await twin.by("mic").click();
        await twin.see(twin.by("mic").and(twin.page.locator('[aria-pressed="false"]')));
        await twin.page.waitForFunction(() =>
          window.tracks.every(({ readyState }) => readyState === "ended"),
        );
        expect(await twin.page.evaluate(() => window.tracks.length)).toBe(1);
      }));

    test("an answer that is interrupted ends, and the server is told what was heard of it", () =>
      visit(async (twin) => {
        await twin.say(STORY.user);
        await twin.see(twin.by("subtitle").getByText(/Once/));
        await twin.page.waitForTimeout(500);
        await twin.by("interrupt").click();
        await twin.state("interrupted");
        await twin.page.waitForTimeout(500);
        const signals = server.books.received.filter(({ type }) => type === "interrupt-signal");
        const { text } = Object(signals.at(-1)?.message);
        expect(wordsOf(text)).not.toBe("");
        expect(answer(STORY)).toContain(wordsOf(text));
        expect(turnOf(STORY)?.interrupted).toBe(true);
        const said = await twin.said("ai");
        expect(said.join("")).not.toContain("lamp");

        await ask(twin, AGAIN);
        expect(await twin.said("ai")).toEqual([...said, answer(AGAIN)]);
      }));

    test("a new conversation is empty, and the old one comes back", () =>
      visit(async (twin) => {
        await ask(twin, KEPT);
        await twin.by("new-history").click();
        await twin.bubbles("ai").first().waitFor({ state: "detached" });
        await twin.by("histories").click();
        await twin.by("history-list").locator("[data-history]").getByText("Seven it is.").click();
        await twin.see(twin.bubbles("ai"));
        expect(await twin.said("human")).toEqual([wordsOf(KEPT.user)]);
        expect(await twin.said("ai")).toEqual([answer(KEPT)]);
      }));

    test("another character takes the place of the first, and answers", () =>
      visit(async (twin) => {
        await twin.openSettings();
        await twin.field("character").selectOption("sol.yaml");
        await twin.closeSettings();
        await twin.see(twin.page.getByRole("heading", { name: "Sol" }));
        await twin.see(twin.page.getByRole("img", { name: "sol" }));
        await twin.ready();
        await ask(twin, OTHER);
        expect(await twin.said("ai")).toEqual([answer(OTHER)]);
      }));

    test("another background is shown, and still after a reload", () =>
      visit(async (twin) => {
        const shown = async (): Promise<void> => {
          const picture = twin.page.locator(
            `[data-testid="background"][src$="/bg/${OTHER_BACKGROUND}"]`,
          );
          await twin.see(picture);
          await picture.evaluate((image: HTMLImageElement) => image.decode());
        };
        await twin.openSettings();
        await twin.field("background").selectOption(OTHER_BACKGROUND);
        await shown();
        await twin.page.reload();
        await shown();
      }));

    test("settings are kept over a reload", () =>
      visit(async (twin) => {
        await twin.openSettings();
        await twin.field("language").selectOption("zh");
        await twin.see(twin.page.getByRole("heading", { name: "设置" }));
        await twin.field("redemptionFrames").fill("20");
        await twin.field("positiveSpeechThreshold").fill("61");
        await twin.field("autoStopMic").check();
        await twin.page.reload();
        await twin.ready();
        await twin.openSettings();
        expect(await twin.field("language").inputValue()).toBe("zh");
        expect(await twin.field("wsUrl").inputValue()).toBe(server.wsUrl);
        expect(await twin.field("baseUrl").inputValue()).toBe(server.url);
        expect(await twin.field("redemptionFrames").inputValue()).toBe("20");
        expect(await twin.field("positiveSpeechThreshold").inputValue()).toBe("61");
        expect(await twin.field("autoStopMic").isChecked()).toBe(true);
        expect(await twin.field("autoStartMicOn").isChecked()).toBe(false);
      }));

    test.runIf(when === "patched")("the monitor tells how long a turn took", () =>
      visit(async (twin) => {
        await twin.page.keyboard.press("Control+Shift+M");
        const drawer = twin.page.getByRole("dialog", { name: "Monitor" });
        await twin.see(drawer.getByText(/watch/i));
        await ask(twin, ASKED);
        const rows = drawer.getByRole("table", { name: "Last turns" }).locator("tbody tr");
        await twin.see(rows);
        const [, transcription, firstAudio = "", total = ""] = await rows
          .first()
          .locator("td")
          .allTextContents();
        // Nothing was spoken, so nothing was transcribed.
        expect(transcription).toBe("–");
        const { startedMs, endedMs = 0 } = turnOf(ASKED) ?? { startedMs: 0 };
        expect(Math.abs(msOf(total) - (endedMs - startedMs))).toBeLessThan(300);
        expect(msOf(firstAudio)).toBeGreaterThan(PACE.thinkingMs + PACE.synthesisMs);
        expect(msOf(firstAudio)).toBeLessThan(msOf(total));
      }),
    );

    test.runIf(shape === "store")("advertisements take turns", () =>
      visit(async (twin) => {
        for (const file of [...ADVERTISEMENTS, ...ADVERTISEMENTS])
          await twin.see(twin.by("carousel").locator(`[src$="${file}"]`));
      }),
    );
  });
}
