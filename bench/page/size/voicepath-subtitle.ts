/** One cue, in step with a clock. */
import { loadSession, SubtitleBuffer } from "voicepath";
import { reportReady } from "../cold/report";

const BOX_PX = 320;

void reportReady(async () => {
  const subtitle = SubtitleBuffer.create(await loadSession(), { widthPx: BOX_PX });
  const cue = subtitle.add("What is said, as it is said.", { clip: { durationMs: 2000 } });
  subtitle.start(cue, { atMs: 0 });
  subtitle.tick(1000);
  const text = subtitle.page?.lines.map((line) => line.text).join("\n") ?? "";
  document.body.textContent = text.slice(0, subtitle.visible);
  subtitle.dispose();
});
