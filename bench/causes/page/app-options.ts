/** How the page is when nothing is wrong with it. */

export interface AppOptions {
  /** The monitor's. */
  readonly periodMs: number;
  /** Of the backend. */
  readonly url: string;
  /** Frame loops: one draws, the others move something. */
  readonly loops: number;
  readonly drawsPerFrame: number;
  /** Vertices that are computed for each frame. */
  readonly vertices: number;
  readonly heartbeatMs: number;
  /** From the end of an answer to the next turn. */
  readonly silenceMs: number;
}

export const DEFAULTS: AppOptions = {
  periodMs: 250,
  url: "",
  loops: 1,
  drawsPerFrame: 20,
  vertices: 60_000,
  heartbeatMs: 500,
  silenceMs: 500,
};
