/** A page under guard. */
import { FakeClock, loadSession, Registry } from "voicepath";
import { type Guard, instrument, type Leak } from "voicepath/instrument";
import { behaviour, descriptors, differences } from "./instrument-behaviour.js";
import { cleanCycle, cleanScopeCycle, openInScope } from "./instrument-clean.js";
import { leakClasses } from "./instrument-leaks.js";
import { makeStage, type Stage } from "./instrument-stage.js";

const session = await loadSession();
let stage: Stage | undefined;

function ready(): Stage {
  if (!stage) throw new Error("no stage: call setUp");
  return stage;
}

const probe = {
  session,
  Registry,
  FakeClock,
  instrument,
  leakClasses,
  behaviour,
  descriptors,
  differences,
  cleanCycle,
  cleanScopeCycle,
  openInScope,
  ready,

  async setUp(port: number): Promise<void> {
    stage = await makeStage(port);
  },

  /** Takes the tests' census away, which wraps some natives itself. */
  useNatives(): void {
    window.AudioContext = Object.getPrototypeOf(window.AudioContext) as typeof AudioContext;
    Reflect.deleteProperty(navigator.mediaDevices, "getUserMedia");
  },

  guard(options: { development?: boolean } = {}): { registry: Registry; guard: Guard } {
    const registry = Registry.create(session, { thresholds: 1e6, ...options });
    return { registry, guard: instrument(globalThis, { registry }) };
  },

  /** Opens and closes a component some times; what the guard says then. */
  async cycles(guard: Guard, name: string, fixed: boolean, count: number): Promise<Leak[]> {
    const leakClass = leakClasses[name];
    if (!leakClass) throw new Error(`no leak class "${name}"`);
    const cycle = async (): Promise<void> => {
      const component = leakClass.component(ready(), fixed);
      await component.open();
      await component.close();
    };
    await cycle();
    const mark = guard.mark();
    for (let i = 0; i < count; i++) await cycle();
    const { settleMs } = leakClass;
    return guard.leaks(mark, settleMs === undefined ? {} : { settleMs });
  },
};

declare global {
  interface Window {
    guarded: typeof probe;
  }
}

window.guarded = probe;
// What the tests wait for.
Object.assign(window, { probe });
