/** One cue, cut at line breaks and revealed by clusters: the least that an application does itself. */
import { LineBreaker } from "css-line-break";
import { splitGraphemes } from "unicode-segmenter/grapheme";
import { reportReady } from "../cold/report";

const LINE_UNITS = 20;

function wrapped(text: string): string {
  const lines = [""];
  const breaker = LineBreaker(text, { lineBreak: "strict" });
  for (let next = breaker.next(); !next.done; next = breaker.next()) {
    const piece = next.value.slice();
    const last = lines.pop() ?? "";
    if ((last + piece).length > LINE_UNITS) lines.push(last, piece);
    else lines.push(last + piece);
  }
  return lines.join("\n");
}

void reportReady(async () => {
  const clusters = [...splitGraphemes(wrapped("What is said, as it is said."))];
  document.body.textContent = clusters.slice(0, clusters.length / 2).join("");
});
