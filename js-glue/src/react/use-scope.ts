import {
  type DependencyList,
  useEffect,
  useInsertionEffect,
  useLayoutEffect,
  useMemo,
} from "react";
import type { Scope } from "../registry/scope.js";
import { MountedScope, type ScopeRef } from "./mounted-scope.js";
import { useRegistry } from "./registry-provider.js";

export interface UseScopeOptions {
  /**
   * The scope to open this one in: a component's above, as `useScope` returned it there, or any other
   * that is open. Default: the registry's root.
   */
  readonly parent?: ScopeRef | Scope | undefined;
}

/** React 18 warns of layout effects on a server, where no effect runs anyway. */
const useBrowserLayoutEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

/**
 * A scope that lives as long as the component: whatever is opened in it ends at the latest when the
 * component is removed, in the same commit.
 *
 * ```tsx
 * function Clock() {
 *   const [time, setTime] = useState(0);
 *   const scope = useScope("clock");
 *   useEffect(() => {
 *     scope.current?.interval(() => setTime(Date.now()), 1000);
 *   }, [scope]);
 *   return <time>{time}</time>;
 * }
 * ```
 *
 * The scope is opened when the component mounts, before the effects declared after this hook, layout
 * effects among them; effects of children run before. When a dependency, the name, the parent or the
 * registry changes, it ends and another one is opened. What is returned is then another object, and the
 * same otherwise: as a dependency of the effects that use it, it runs them again.
 *
 * It also ends while `<Activity>` hides the component, and is opened anew when it is visible, before
 * React runs its effects again. It lives on while a `<Suspense>` around it shows its fallback, as
 * passive effects do; React runs layout effects again afterwards, so those clean up what they opened.
 * Nothing is opened while rendering: renders that are given up leave nothing behind.
 *
 * Cleaning up waits for nothing; what disposers throw then comes as the registry's `failure` event.
 *
 * @param name - of the place in the application: `"conversation"`, not `"conversation-1234"`
 * @param deps - as of `useEffect`; default: the scope stays the same
 * @throws VoicepathError OPTION without a `<RegistryProvider>`; when it is opened OPTION, and DISPOSED
 *   if the parent has ended
 */
export function useScope(
  name: string,
  deps: DependencyList = [],
  { parent }: UseScopeOptions = {},
): ScopeRef {
  const registry = useRegistry();
  const scope = useMemo(
    () => new MountedScope(registry, name, parent),
    [registry, name, parent, ...deps],
  );
  useInsertionEffect(scope.insertionEffect, [scope]);
  useBrowserLayoutEffect(scope.layoutEffect, [scope]);
  useEffect(scope.passiveEffect, [scope]);
  return scope;
}
