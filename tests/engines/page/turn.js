// A turn of a talking character, looked at whenever something is due: the same words at the same time in
// every engine. Plain JavaScript for pages and Node.

const STREAM =
  "[joy] 今天天气很好，我们去公园吧。 Let's go, Mr. Smith! <think>hm</think>一起走吗？😀👨‍👩‍👧 ";
const SENTENCE =
  "So, 3.14 of them said “hello”, *waved*, and then, after a while, left: 我们都看见了。";

export async function tellTurn({ loadSession, SubtitleBuffer }) {
  const log = [];
  const session = await loadSession();
  const subtitle = SubtitleBuffer.create(session, {
    widthPx: 300,
    measure: (cluster) => (cluster.charCodeAt(0) > 0x2e80 ? 32.3 : 15.7),
  });
  subtitle.on("tag", ({ kind, text, at }) => log.push(`${kind} ${text} at ${at}`));
  let now = 0.25;
  const look = (untilMs) => {
    for (; now <= untilMs; now = subtitle.dueMs) {
      const revision = subtitle.tick(now);
      const lines = subtitle.page?.lines.map(({ text }) => text).join(" / ");
      log.push(`${now}: ${revision} ${subtitle.phase} ${subtitle.visible} of ${lines}`);
      if (subtitle.dueMs === Number.POSITIVE_INFINITY) break;
    }
    now = untilMs;
  };
  subtitle.begin();
  for (let i = 0; i < STREAM.length; i += 7) {
    subtitle.push(STREAM.slice(i, i + 7));
    look(now + 10);
  }
  subtitle.flush();
  look(20_000);
  const volumes = Array.from({ length: 200 }, (_, i) => (i % 60 < 15 ? 0.01 : 0.3 + (i % 7) / 10));
  const cue = subtitle.add(SENTENCE, { clip: { volumes, sliceMs: 20 }, translation: SENTENCE });
  subtitle.start(cue, { atMs: 20_100 });
  look(22_345.6);
  log.push(subtitle.interrupt(now).heard);
  subtitle.dispose();
  log.push(`${session.usedBytes} bytes left`);
  return log;
}
