/** Nothing was measured: the command was used wrongly, or the page does not work. */
export class StressError extends Error {
  override readonly name = "StressError";
}
