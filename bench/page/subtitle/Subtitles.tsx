import { WithRegistry } from "../WithRegistry";
import { Scene } from "./Scene";

/** A character that speaks, with subtitles in step, beside those of the whole sentence at once. */
export function Subtitles() {
  return (
    <section id="subtitles">
      <WithRegistry>
        <Scene />
      </WithRegistry>
    </section>
  );
}
