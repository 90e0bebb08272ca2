/** Gaps in what is heard: players that had nothing left to play before their stream had ended. */
import type { PlayerNode } from "../../worklet/player-node.js";
import type { Collector, CollectorContext } from "../collector.js";
import type { Series } from "../series.js";

export class AudioUnderruns implements Collector {
  readonly name = "audio";
  #underruns: Series | undefined;

  start({ scope, series }: CollectorContext): void {
    this.#underruns = series("audio/underruns", { unit: "count", point: "sum" });
    scope.defer(() => {
      this.#underruns = undefined;
    });
  }

  /** Counts those of this player too, until the returned function is called. */
  watch(player: Pick<PlayerNode, "on">): () => void {
    return player.on("underrun", () => this.#underruns?.record(1));
  }
}
