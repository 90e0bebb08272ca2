import type { ReactElement } from "react";
import type { Turn } from "../monitor/turns.js";
import type { Words } from "../monitor/words.js";

const TURNS_SHOWN = 10;

const longest = (turns: readonly Turn[]): number =>
  Math.max(1, ...turns.map(({ totalMs, firstAudioMs }) => totalMs ?? firstAudioMs ?? 0));

/** How long each part took, beside those of the other turns. */
function Bar({ turn, mostMs }: { readonly turn: Turn; readonly mostMs: number }): ReactElement {
  const { transcriptionMs, firstAudioMs, totalMs } = turn;
  const share = (ms: number | null): string => `${(100 * (ms ?? 0)) / mostMs}%`;
  const parts = [
    ["total", totalMs],
    ["first-audio", firstAudioMs],
    ["transcription", transcriptionMs],
  ] as const;
  return (
    <div className="voicepath-monitor-bar" aria-hidden="true">
      {parts.map(([part, ms]) => (
        <i key={part} data-part={part} style={{ inlineSize: share(ms) }} />
      ))}
    </div>
  );
}

/** The last ten turns of the conversation, the newest first. */
export function MonitorTurns({
  turns,
  verdict,
  words,
  dateOf,
}: {
  readonly turns: readonly Turn[];
  /** On how long they take. */
  readonly verdict: string | null;
  readonly words: Words;
  readonly dateOf: (ms: number) => Date;
}): ReactElement {
  const shown = turns.slice(-TURNS_SHOWN).reverse();
  const mostMs = longest(shown);
  const { quantities } = words;
  return (
    <table>
      <caption>
        {words.label("turns")}
        {verdict && <small>{words.phrases.cell(words.label("total"), verdict)}</small>}
      </caption>
      <thead>
        <tr>
          <th scope="col">{words.label("speechEnd")}</th>
          <td />
          <th scope="col">{words.label("transcription")}</th>
          <th scope="col">{words.label("firstAudio")}</th>
          <th scope="col">{words.label("total")}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((turn) => (
          <tr key={turn.speechEndMs}>
            <th scope="row">{quantities.time(dateOf(turn.speechEndMs))}</th>
            <td>
              <Bar turn={turn} mostMs={mostMs} />
            </td>
            <td>{quantities.of("ms", turn.transcriptionMs)}</td>
            <td>{quantities.of("ms", turn.firstAudioMs)}</td>
            <td>
              <strong>{quantities.of("ms", turn.totalMs)}</strong>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
