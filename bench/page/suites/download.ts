/** What pages download, one at a time with an empty cache. */
import { loadColdPage } from "./cold-page";
import { interleave } from "./rounds";
import type { Case, Row, RunContext } from "./suite";

/** @param pages - of each contender */
export function weighDownloads(
  suite: Case,
  pages: Readonly<Record<string, string>>,
  context: RunContext,
): Promise<Row[]> {
  const contenders = Object.entries(pages).map(([name, path]) => ({
    name,
    open: async () => ({
      round: async () => [(await loadColdPage(path, context.signal)).bytes],
    }),
  }));
  return interleave(suite, "bytes", contenders, { rounds: 1, warmups: 0 }, context);
}
