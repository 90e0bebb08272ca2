/** What a language model streams, in tokens of a few letters that end anywhere. */
import type { Scope } from "voicepath";
import type { SubtitleControls } from "voicepath/react";
import { sleep } from "./sleep";

const STREAM =
  "<think>Somebody pressed the button. I should show what tokens look like.</think>" +
  "[joy] *nods* Tokens come in pieces, cut anywhere, and faster than anybody reads. " +
  "Sentences are found in the stream, and each stays as long as it takes to read. " +
  "日本語も、そのまま流れます。中文也一样！";
const TOKEN_UNITS = [3, 5, 1, 4, 2, 6];
const TOKEN_MS = 30;

function* tokens(): Generator<string> {
  for (let from = 0, i = 0; from < STREAM.length; i++) {
    const to = from + (TOKEN_UNITS[i % TOKEN_UNITS.length] ?? 1);
    yield STREAM.slice(from, to);
    from = to;
  }
}

export async function stream(
  scope: Scope,
  { begin, push, flush }: SubtitleControls,
): Promise<void> {
  begin();
  for (const token of tokens()) {
    push(token);
    await sleep(scope, TOKEN_MS);
  }
  flush();
}
