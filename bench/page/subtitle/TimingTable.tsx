import type { Distance, Timing } from "./timing";

const ROWS = [
  { key: "voicepath", name: "voicepath" },
  { key: "atOnce", name: "whole sentence at its start" },
] as const;

const inMs = (ms: number | undefined): string =>
  ms === undefined ? "–" : `${Math.round(ms).toLocaleString("en")} ms`;

/** The mean of all words, however many are in each. */
function mean(distances: readonly Distance[]): number | undefined {
  const words = distances.reduce((sum, distance) => sum + distance.words, 0);
  if (words === 0) return undefined;
  return distances.reduce((sum, distance) => sum + distance.words * distance.meanMs, 0) / words;
}

/** @param timings - of each sentence so far */
export function TimingTable({ timings }: { readonly timings: readonly Timing[] }) {
  const last = timings.at(-1);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">words shown, from when they are spoken</th>
          <th scope="col" className="number">
            last sentence
          </th>
          <th scope="col" className="number">
            its farthest
          </th>
          <th scope="col" className="number">
            all so far
          </th>
        </tr>
      </thead>
      <tbody>
        {ROWS.map(({ key, name }) => (
          <tr key={key} className={key === "voicepath" ? "ours" : "theirs"}>
            <th scope="row">{name}</th>
            <td className="number">{inMs(last?.[key].meanMs)}</td>
            <td className="number">{inMs(last?.[key].mostMs)}</td>
            <td className="number">{inMs(mean(timings.map((timing) => timing[key])))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
