/** Tells C how wide the clusters are that it asks for. */
import { reportUncaught } from "../emitter.js";
import type { MeasureCluster } from "./subtitle-options.js";
import type { SubtitleView } from "./subtitle-view.js";

export class ClusterWidths {
  readonly #view: SubtitleView;
  /** Takes what was filled in, and lists what is wanted next: how many. */
  readonly #next: () => number;
  #busy = false;
  measure: MeasureCluster | null;

  constructor(view: SubtitleView, next: () => number, measure: MeasureCluster | null) {
    this.#view = view;
    this.#next = next;
    this.measure = measure;
  }

  /** @param emPx - for clusters that cannot be measured: too wide is better than not wide enough */
  fill(emPx: number): void {
    const { measure } = this;
    // A measure may say something to the buffer; its widths come in their turn.
    if (!measure || this.#busy) return;
    this.#busy = true;
    try {
      for (let wanted = this.#next(); wanted > 0; wanted = this.#next())
        this.#view.fillMisses(wanted, (cluster, language) => {
          try {
            const width = measure(cluster, language);
            if (width >= 0 && width < Number.POSITIVE_INFINITY) return width;
          } catch (error) {
            reportUncaught(error);
          }
          return emPx;
        });
    } finally {
      this.#busy = false;
    }
  }
}
