/** Components with scopes, put on a stage by the tests. */
import {
  Activity,
  Component,
  Fragment,
  memo,
  Profiler,
  type ReactElement,
  type ReactNode,
  StrictMode,
  Suspense,
  use,
  useEffect,
  useLayoutEffect,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { loadSession, Registry, VoicepathError } from "voicepath";
import {
  type ConnectionResult,
  RegistryInspector,
  type RegistryInspectorProps,
  RegistryProvider,
  type ScopeRef,
  type UseConnectionOptions,
  useConnection,
  useScope,
} from "voicepath/react";

const session = await loadSession();

interface ActorProps {
  readonly name: string;
  readonly parent?: ScopeRef;
  /** The hook's only dependency. */
  readonly dep?: unknown;
  readonly fail?: "layout effect" | "passive effect";
  readonly failToClose?: boolean;
}

/** Opens a timeout, which is never due, and an interval, a frame loop and a listener that count. */
function Actor({ name, parent, dep, fail, failToClose = false }: ActorProps): null {
  const scope = useScope(name, [dep], { parent });
  stage.renders++;
  stage.whileRendering.push(scope.current !== null);
  stage.refs[name] = scope;
  useLayoutEffect(() => {
    stage.events.push(`${name}: layout, ${scope.current ? "open" : "null"}`);
    if (fail === "layout effect") throw new Error("of a layout effect");
  }, [scope, name, fail]);
  useEffect(() => {
    stage.events.push(`${name}: passive, ${scope.current ? "open" : "null"}`);
    const call = (): void => void stage.calls++;
    scope.current?.timeout(call, 60_000);
    scope.current?.interval(call, 1);
    scope.current?.raf(call);
    scope.current?.listen(window, "ping", call);
    if (failToClose)
      scope.current?.defer(() => {
        throw new Error("of a disposer");
      });
    if (fail === "passive effect") throw new Error("of a passive effect");
    return () => void stage.events.push(`${name}: cleaned up, ${scope.current ? "open" : "null"}`);
  }, [scope, name, fail, failToClose]);
  return null;
}

const MemoActor = memo(Actor);

function Parent({ dep, children }: { dep?: unknown; children: (ref: ScopeRef) => ReactNode }) {
  const scope = useScope("parent", [dep]);
  stage.refs["parent"] = scope;
  return children(scope);
}

/** Hands the scope of a component to its sibling, which is not below it. */
function Siblings({ first, second }: { first: "visible" | "hidden"; second: boolean }) {
  const [ref, setRef] = useState<ScopeRef>();
  const show = (scope: ScopeRef): null => {
    if (scope !== ref) queueMicrotask(() => setRef(scope));
    return null;
  };
  return (
    <>
      <Activity mode={first}>
        <Parent>{show}</Parent>
      </Activity>
      {ref && second && <Actor name="child" parent={ref} />}
    </>
  );
}

class Boundary extends Component<{ children: ReactNode }> {
  override state = { failed: "" };
  static getDerivedStateFromError(error: Error): { failed: string } {
    return { failed: error.message };
  }
  override render(): ReactNode {
    const { failed } = this.state;
    return failed === "" ? this.props.children : <p id="failed">{failed}</p>;
  }
}

/** Suspends for as long as the test wants. */
function Waits(): ReactNode {
  if (stage.waitFor) use(stage.waitFor);
  return "content";
}

/** Notes what is open when a commit has changed the page. */
function Watcher({ children }: { children: ReactNode }): ReactNode {
  useLayoutEffect(() => {
    const { registry } = stage;
    stage.events.push(`commit: ${registry.active("scope")} scopes, ${registry.active()} open`);
  });
  return children;
}

interface ConnectedProps extends Partial<UseConnectionOptions> {
  /** Told by the callbacks of this render. */
  readonly label?: string;
  /** Sent by an effect, when mounted. */
  readonly hello?: string;
}

function Connected({ label = "", hello, ...options }: ConnectedProps): null {
  stage.renders++;
  const connection = useConnection({
    url: null,
    onMessage: (data) => void stage.events.push(`${label}message ${data}`),
    onOpen: ({ epoch }) => void stage.events.push(`${label}open ${epoch}`),
    onDropped: ({ data, reason }) => void stage.events.push(`${label}dropped ${data}: ${reason}`),
    ...options,
  });
  stage.connection = connection;
  stage.shown.push(`${connection.state} ${connection.queued}`);
  const { send } = connection;
  useEffect(() => {
    if (hello) stage.events.push(`hello ${send(hello)}`);
  }, [hello, send]);
  return null;
}

const scenes = {
  actor: ({ name = "actor", ...props }: Partial<ActorProps>) => <Actor name={name} {...props} />,
  activity: ({ mode, dep }: { mode: "visible" | "hidden"; dep?: unknown }) => (
    <Activity mode={mode}>
      <Actor name="actor" dep={dep} />
    </Activity>
  ),
  family: ({
    dep,
    childDep,
    child = true,
  }: {
    dep?: number;
    childDep?: number;
    child?: boolean;
  }) => (
    <Parent dep={dep}>
      {(scope) => child && <MemoActor name="child" parent={scope} dep={childDep} />}
    </Parent>
  ),
  hiddenFamily: ({ mode }: { mode: "visible" | "hidden" }) => (
    <Activity mode={mode}>
      <Parent>{(scope) => <MemoActor name="child" parent={scope} />}</Parent>
    </Activity>
  ),
  siblings: (props: { first: "visible" | "hidden"; second: boolean }) => <Siblings {...props} />,
  failing: ({ fail }: { fail: "layout effect" | "passive effect" }) => (
    <Boundary>
      <Parent>{(scope) => <Actor name="child" parent={scope} fail={fail} />}</Parent>
    </Boundary>
  ),
  suspending: (_: { again?: number }) => (
    <Suspense fallback="waiting">
      <Actor name="actor" />
      <Waits />
    </Suspense>
  ),
  watched: ({ shown, dep }: { shown: boolean; dep?: unknown }) => (
    <Watcher>{shown && <Actor name="actor" dep={dep} />}</Watcher>
  ),
  connection: ({
    mode = "visible",
    ...props
  }: ConnectedProps & { mode?: "visible" | "hidden" }) => (
    <Boundary>
      <Activity mode={mode}>
        <Connected {...props} />
      </Activity>
    </Boundary>
  ),
  inspector: (props: RegistryInspectorProps) => (
    <Profiler id="inspector" onRender={() => void stage.renders++}>
      <RegistryInspector {...props} />
    </Profiler>
  ),
} satisfies Record<string, (props: never) => ReactElement>;

type Scenes = typeof scenes;

const stage = {
  session,
  registry: Registry.create(session),
  strict: true,
  root: null as Root | null,
  events: [] as string[],
  errors: [] as string[],
  refs: {} as Record<string, ScopeRef>,
  connection: null as ConnectionResult | null,
  /** State and queue at every render. */
  shown: [] as string[],
  renders: 0,
  /** Whether a scope was open, at every render of an actor. */
  whileRendering: [] as boolean[],
  /** Of the actors' callbacks. */
  calls: 0,
  waitFor: null as Promise<void> | null,
  render<Name extends keyof Scenes>(name: Name, props: Parameters<Scenes[Name]>[0]): void {
    const Scene = scenes[name] as (props: object) => ReactElement;
    const Mode = stage.strict ? StrictMode : Fragment;
    stage.root ??= createRoot(document.getElementById("root") as HTMLElement, {
      onUncaughtError: (error) => void stage.errors.push(String(error)),
      onCaughtError: () => {},
    });
    stage.root.render(
      <Mode>
        <RegistryProvider registry={stage.registry}>
          <Scene {...props} />
        </RegistryProvider>
      </Mode>,
    );
  },
  /** With all effects, before it returns. */
  renderNow<Name extends keyof Scenes>(name: Name, props: Parameters<Scenes[Name]>[0]): void {
    flushSync(() => stage.render(name, props));
  },
  /** Takes over what a server has rendered. */
  hydrateInspector(html: string, props: RegistryInspectorProps): void {
    const container = document.getElementById("root") as HTMLElement;
    container.innerHTML = html;
    const onRecoverableError = (error: unknown): void => void stage.errors.push(String(error));
    const inspector = <RegistryInspector registry={stage.registry} {...props} />;
    stage.root = hydrateRoot(container, inspector, { onRecoverableError });
  },
  /** Until React has rendered and run its effects. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  },
  useDevelopment(): void {
    stage.registry = Registry.create(session, { development: true });
  },
  unmount(): void {
    stage.root?.unmount();
    stage.root = null;
  },
  renderWithoutProvider(): void {
    stage.root = createRoot(document.getElementById("root") as HTMLElement, {
      onUncaughtError: (error) => {
        const { code, message } = error as VoicepathError;
        stage.errors.push(`${error instanceof VoicepathError} ${code}: ${message}`);
      },
    });
    stage.root.render(<Actor name="actor" />);
  },
};

declare global {
  interface Window {
    stage: typeof stage;
  }
}

window.stage = stage;
