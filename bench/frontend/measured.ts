/** The measures of the frontend, run one after the other. */
import type { Row } from "../page/suites/suite.js";
import { MEASURES } from "./measures/index.js";
import { writeMicrophones } from "./microphones.js";
import { rowsOf } from "./rows.js";
import type { Twin } from "./twins.js";

export interface Wanted {
  /** Measures whose name has this in it. */
  readonly only?: string;
  /** At most so many of each. */
  readonly rounds?: number;
}

/** @param tell - given the rows of each measure as they come */
export async function measureTwins(
  twins: readonly Twin[],
  { only = "", rounds }: Wanted,
  tell: (found: readonly Row[]) => void,
): Promise<Row[]> {
  const microphones = writeMicrophones();
  const rows: Row[] = [];
  for (const measure of MEASURES.filter(({ name }) => name.includes(only))) {
    const found = await rowsOf(measure, twins, microphones, rounds);
    rows.push(...found);
    tell(found);
  }
  return rows;
}
