/** A component with the hook, mounted and unmounted by the tests. */
import { StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { type ReactRealTimeVADOptions, useMicVAD } from "voicepath/react";

type Options = Partial<ReactRealTimeVADOptions>;

const probe = {
  root: null as Root | null,
  renders: 0,
  state: null as ReturnType<typeof useMicVAD> | null,
  events: [] as string[],
  /** Every value of userSpeaking, without repetitions. */
  speaking: [] as boolean[],
  render(options: Options = {}): void {
    probe.root ??= createRoot(document.getElementById("root") as HTMLElement);
    probe.root.render(
      <StrictMode>
        <Probe {...options} />
      </StrictMode>,
    );
  },
  unmount(): void {
    probe.root?.unmount();
    probe.root = null;
  },
};

function Probe(options: Options): null {
  probe.renders++;
  probe.state = useMicVAD(options);
  const { userSpeaking } = probe.state;
  if (probe.speaking.at(-1) !== userSpeaking) probe.speaking.push(userSpeaking);
  return null;
}

declare global {
  interface Window {
    probe: typeof probe;
  }
}

window.probe = probe;
