import { createContext, type ReactElement, type ReactNode, useContext } from "react";
import { VoicepathError } from "../errors.js";
import type { Registry } from "../registry/registry.js";

export interface RegistryProviderProps {
  readonly registry: Registry;
  readonly children?: ReactNode;
}

/** @internal */
export const RegistryContext = createContext<Registry | null>(null);

/**
 * Gives the components below the application's registry. It is made before the first render and
 * outlives all of them: the provider does not end it.
 *
 * ```tsx
 * const registry = Registry.create(await loadSession());
 * createRoot(element).render(
 *   <RegistryProvider registry={registry}>
 *     <App />
 *   </RegistryProvider>,
 * );
 * ```
 */
export function RegistryProvider({ registry, children }: RegistryProviderProps): ReactElement {
  return <RegistryContext.Provider value={registry}>{children}</RegistryContext.Provider>;
}

/**
 * The registry of the nearest provider.
 *
 * @throws VoicepathError OPTION when there is none
 */
export function useRegistry(): Registry {
  const registry = useContext(RegistryContext);
  if (registry) return registry;
  throw new VoicepathError(
    "OPTION",
    "there is no registry here: render the component inside <RegistryProvider registry={registry}>, " +
      "with `const registry = Registry.create(await loadSession())` made before the first render",
    { option: "registry", value: registry, range: "a Registry" },
  );
}
