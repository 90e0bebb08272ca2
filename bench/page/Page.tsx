import { Benchmark } from "./benchmark/Benchmark";
import type { Bench } from "./benchmark/bench";
import { Demo } from "./demo/Demo";
import { Microphone } from "./microphone/Microphone";

export function Page({ bench }: { readonly bench: Bench }) {
  return (
    <main>
      <header className="page-head">
        <h1>voicepath</h1>
        <p>
          Real-time voice for the browser: microphone in, speech events out, by C compiled to
          WebAssembly on the audio thread.
        </p>
        <p>
          Below it hears real speech, hears you, and is measured beside{" "}
          <code>@ricky0123/vad-web</code> 0.0.31, here and now.
        </p>
      </header>
      <Demo />
      <Microphone />
      <Benchmark bench={bench} />
      <footer>
        Speech: LibriVox and playing cards from Debian’s pocketsphinx-testdata (BSD-2-Clause).
        Models: Silero VAD 5.1 and 6.2 (MIT).
      </footer>
    </main>
  );
}
