/** What toWebVTT writes, as Chromium's own parser reads it. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSite, type Site } from "./site.js";

let site: Site;
let page: Page;
beforeAll(async () => {
  site = await openSite();
  page = await site.open("subtitle.html");
});
afterAll(() => site.close());

interface Heard {
  readonly id: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly text: string;
}

/** The cues that <track> makes of a file. */
const parse = (vtt: string): Promise<Heard[]> =>
  page.evaluate(async (vtt) => {
    const track = document.createElement("track");
    const video = document.createElement("video");
    track.src = URL.createObjectURL(new Blob([vtt], { type: "text/vtt" }));
    video.append(track);
    document.body.append(video);
    track.track.mode = "hidden";
    await new Promise((resolve, reject) => {
      track.onload = resolve;
      track.onerror = reject;
    });
    const cues = Array.from(track.track.cues ?? [], (cue) => {
      const { id, startTime, endTime } = cue;
      return { id, startTime, endTime, text: (cue as VTTCue).getCueAsHTML().textContent ?? "" };
    });
    video.remove();
    URL.revokeObjectURL(track.src);
    return cues;
  }, vtt);

test("every cue comes back with its id, its times and its text", async () => {
  const texts = [
    "Hello.",
    "a < b && c > d, e --> f",
    "&lt;b&gt; &amp; <i>not italic</i> <v Me>",
    "00:01.000 --> 00:02.000",
    "NOTE this is no comment",
    "STYLE ::cue {}",
    "WEBVTT",
    "1 < 2",
    "「こんにちは」と言った。",
    "مرحبا بالعالم",
    "👩‍🚀 e\u0301 \u200f\u2066x\u2069",
  ];
  const written = await page.evaluate((texts) => {
    const { talk } = window;
    const subtitle = talk.SubtitleBuffer.create(talk.session, {
      tags: { bracket: "show", think: "show", paren: "show", star: "show" },
    });
    const cues = texts.map((text, i) => {
      const id = `cue <${i}> & co`;
      const cue = subtitle.add(text, { id, translation: `${i} < 100`, clip: { durationMs: 1000 } });
      return { cue, id };
    });
    cues.forEach(({ cue }, i) => {
      subtitle.start(cue, { atMs: 5000 + 1500 * i });
      subtitle.tick(5000 + 1500 * i);
    });
    subtitle.tick(5000 + 1500 * texts.length);
    const kept = subtitle.cues().map(({ text }) => text);
    const vtt = subtitle.toWebVTT();
    subtitle.dispose();
    return { vtt, kept, ids: cues.map(({ id }) => id) };
  }, texts);
  const expected = written.kept.map((text, i) => ({
    id: written.ids[i],
    startTime: 1.5 * i,
    endTime: 1.5 * i + 1,
    text: `${text}\n${i} < 100`,
  }));
  expect(written.kept).toHaveLength(texts.length);
  expect(await parse(written.vtt)).toEqual(expected);
});

test("of an interruption, what was heard, until then", async () => {
  const vtt = await page.evaluate(() => {
    const { talk } = window;
    const subtitle = talk.SubtitleBuffer.create(talk.session);
    const words = ["One", "two", "three"].map((text, i) => ({ text, atMs: 1000 * i }));
    const cue = subtitle.add("One two three", { clip: { durationMs: 3000, words } });
    subtitle.start(cue, { atMs: 10_000 });
    subtitle.tick(10_000);
    const { heard } = subtitle.interrupt(11_990);
    const vtt = subtitle.toWebVTT();
    subtitle.dispose();
    return { vtt, heard };
  });
  expect(vtt.heard.trim()).toBe("One two");
  expect(await parse(vtt.vtt)).toEqual([{ id: "", startTime: 0, endTime: 1.99, text: "One two" }]);
});
