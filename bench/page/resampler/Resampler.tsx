import { WithRegistry } from "../WithRegistry";
import { Comparison } from "./Comparison";
import { HearIt } from "./HearIt";
import { LivePlayer } from "./LivePlayer";

/** Resamplers seen, measured and heard. */
export function Resampler() {
  return (
    <section id="resampler">
      <WithRegistry>
        <Comparison />
        <HearIt />
        <LivePlayer />
      </WithRegistry>
    </section>
  );
}
