/** A monitor whose time the tests turn, or a real one, and what is shown of it. */
import { type ReactElement, StrictMode } from "react";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { FakeClock, loadSession, Registry } from "voicepath";
import { Monitor, type SeriesOptions } from "voicepath/monitor";
import {
  MonitorPanel,
  type MonitorPanelProps,
  type MonitorResult,
  RegistryProvider,
  type UseMonitorOptions,
  useMonitor,
} from "voicepath/react";

const PERIOD_MS = 1000;
const session = await loadSession();

/** What a monitor wraps. */
const natives = {
  requestAnimationFrame: window.requestAnimationFrame,
  cancelAnimationFrame: window.cancelAnimationFrame,
  WebSocket: window.WebSocket,
  AudioContext: window.AudioContext,
  getContext: HTMLCanvasElement.prototype.getContext,
  drawArrays: WebGLRenderingContext.prototype.drawArrays,
  createTexture: WebGL2RenderingContext.prototype.createTexture,
};

function nativesNow(): typeof natives {
  return {
    requestAnimationFrame: window.requestAnimationFrame,
    cancelAnimationFrame: window.cancelAnimationFrame,
    WebSocket: window.WebSocket,
    AudioContext: window.AudioContext,
    getContext: HTMLCanvasElement.prototype.getContext,
    drawArrays: WebGLRenderingContext.prototype.drawArrays,
    createTexture: WebGL2RenderingContext.prototype.createTexture,
  };
}

type HookedProps = UseMonitorOptions & { readonly panel?: boolean };

function Hooked({ panel = false, ...options }: HookedProps): ReactElement | false {
  panels.hookRenders++;
  panels.hook = useMonitor(options);
  return panel && <MonitorPanel monitor={panels.hook.monitor} open language="en" />;
}

const scenes = {
  /** A panel with a monitor of its own. */
  own: (props: MonitorPanelProps) => <MonitorPanel {...props} />,
  /** A panel of the monitor whose time the test turns. */
  given: (props: MonitorPanelProps) => <MonitorPanel {...props} monitor={panels.monitor} />,
  hook: (props: HookedProps) => <Hooked {...props} />,
};

type Scenes = typeof scenes;

const panels = {
  clock: new FakeClock(5000),
  registry: Registry.create(session),
  monitor: null as Monitor | null,
  hook: null as MonitorResult | null,
  hookRenders: 0,
  root: null as Root | null,
  errors: [] as string[],
  violations: [] as string[],
  /** As the page was when it was loaded. */
  async reset(): Promise<void> {
    panels.unmount();
    await panels.registry.dispose();
    Object.assign(panels, {
      clock: new FakeClock(5000),
      registry: Registry.create(session),
      monitor: null,
      hook: null,
      hookRenders: 0,
      errors: [],
      violations: [],
    });
  },
  /** A monitor without collectors, on a clock that stands still. */
  useFakeClock(): void {
    panels.registry = Registry.create(session, { clock: panels.clock });
    panels.monitor = Monitor.create(panels.registry, { periodMs: PERIOD_MS, collectors: [] });
  },
  /** One value of each series a period, null for none; the last one is on show afterwards. */
  async recordAll(
    all: readonly {
      name: string;
      options: SeriesOptions;
      values: readonly (number | null)[];
    }[],
  ): Promise<void> {
    const periods = Math.max(...all.map(({ values }) => values.length));
    for (let i = 0; i < periods; i++) {
      for (const { name, options, values } of all) {
        const value = values[i] ?? null;
        const series = panels.monitor?.series(name, options);
        if (value !== null) series?.record(value);
      }
      panels.clock.advance(PERIOD_MS);
    }
    await panels.settle();
  },
  render<Name extends keyof Scenes>(name: Name, props: Parameters<Scenes[Name]>[0]): void {
    const Scene = scenes[name] as (props: object) => ReactElement | false;
    panels.root ??= createRoot(document.getElementById("root") as HTMLElement, {
      onUncaughtError: (error) => void panels.errors.push(String(error)),
    });
    panels.root.render(
      <StrictMode>
        <RegistryProvider registry={panels.registry}>
          <Scene {...props} />
        </RegistryProvider>
      </StrictMode>,
    );
  },
  /** Takes over what a server has rendered. */
  hydrate(html: string, props: MonitorPanelProps): void {
    const container = document.getElementById("root") as HTMLElement;
    container.innerHTML = html;
    const onRecoverableError = (error: unknown): void => void panels.errors.push(String(error));
    panels.root = hydrateRoot(
      container,
      <RegistryProvider registry={panels.registry}>
        <MonitorPanel {...props} />
      </RegistryProvider>,
      { onRecoverableError },
    );
  },
  unmount(): void {
    panels.root?.unmount();
    panels.root = null;
  },
  /** Until React has rendered and run its effects. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  },
  /** The natives that are not what they were. */
  replaced(): string[] {
    const now = nativesNow();
    return (Object.keys(natives) as (keyof typeof natives)[]).filter(
      (name) => now[name] !== natives[name],
    );
  },
  /** Whether anything is drawn in each tenth of a chart's width. */
  drawn(chart: Element): boolean[] {
    const canvas = chart.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return [];
    const { width, height } = canvas;
    return Array.from({ length: 10 }, (_, i) => {
      const { data } = context.getImageData((i * width) / 10, 0, width / 10, height);
      return data.some((value) => value !== 0);
    });
  },
};

addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  panels.violations.push(`${violatedDirective} ${blockedURI}`);
});

declare global {
  interface Window {
    panels: typeof panels;
  }
}

window.panels = panels;
