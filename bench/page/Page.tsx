import { Benchmark } from "./benchmark/Benchmark";
import type { Bench } from "./benchmark/bench";
import { Connection } from "./connection/Connection";
import { Demo } from "./demo/Demo";
import { Frontend } from "./frontend/Frontend";
import { Microphone } from "./microphone/Microphone";
import { Monitor } from "./monitor/Monitor";
import { Ort } from "./ort/Ort";
import { OpenClose } from "./registry/OpenClose";
import { Resampler } from "./resampler/Resampler";
import { Subtitles } from "./subtitle/Subtitles";

export function Page({ bench }: { readonly bench: Bench }) {
  return (
    <main>
      <header className="page-head">
        <h1>voicepath</h1>
        <p>
          Real-time voice for the browser: microphone in, speech events out, any sample rate to any
          other, subtitles in step, and nothing left behind when a page ends, by C compiled to
          WebAssembly.
        </p>
        <p>
          Below it hears real speech, hears you, writes along with a voice, converts it, runs other
          people’s networks, cleans up, says what is slow, comes back, and is measured beside its
          peers, here and now.
        </p>
      </header>
      <Demo />
      <Microphone />
      <Subtitles />
      <Resampler />
      <Ort />
      <OpenClose />
      <Monitor />
      <Connection />
      <Frontend />
      <Benchmark bench={bench} />
      <footer>
        Speech: LibriVox and playing cards from Debian’s pocketsphinx-testdata (BSD-2-Clause); the
        subtitles’ by espeak-ng. Models: Silero VAD 5.1 and 6.2 (MIT).
      </footer>
    </main>
  );
}
