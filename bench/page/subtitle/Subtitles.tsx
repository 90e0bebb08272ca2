import { useEffect, useState } from "react";
import type { Registry } from "voicepath";
import { RegistryProvider } from "voicepath/react";
import { openRegistry } from "../../peers/voicepath";
import { Scene } from "./Scene";

let demoRegistry: Promise<Registry> | undefined;

/** A character that speaks, with subtitles in step, beside those of the whole sentence at once. */
export function Subtitles() {
  const [registry, setRegistry] = useState<Registry | null>(null);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    demoRegistry ??= openRegistry();
    demoRegistry.then(setRegistry, (cause: unknown) => setError(String(cause)));
  }, []);

  return (
    <section id="subtitles">
      {error && <p className="error">{error}</p>}
      {registry && (
        <RegistryProvider registry={registry}>
          <Scene />
        </RegistryProvider>
      )}
    </section>
  );
}
