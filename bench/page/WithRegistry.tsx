import { type ReactNode, useEffect, useState } from "react";
import type { Registry } from "voicepath";
import { RegistryProvider } from "voicepath/react";
import { openRegistry } from "../peers/voicepath";

let pageRegistry: Promise<Registry> | undefined;

/** For those of the page's sections that open things: all of it is in one registry. */
export function WithRegistry({ children }: { readonly children: ReactNode }) {
  const [registry, setRegistry] = useState<Registry | null>(null);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    pageRegistry ??= openRegistry();
    pageRegistry.then(setRegistry, (cause: unknown) => setError(String(cause)));
  }, []);

  if (error) return <p className="error">{error}</p>;
  return registry && <RegistryProvider registry={registry}>{children}</RegistryProvider>;
}
