/**
 * What the page has one of: the library's session, a registry that counts everything open, and the
 * scope that owns it. Loaded when it is first asked for, shared by everybody after that.
 */
import { useEffect, useState } from "react";
import {
  type AudioModule,
  loadAudio,
  loadSession,
  Registry,
  type Scope,
  type SessionModule,
} from "voicepath";

export interface App {
  readonly registry: Registry;
  readonly session: SessionModule;
  /** "app": it lives as long as the page. */
  readonly scope: Scope;
}

/** Loads at the first call and shares it; after a failure the next call tries again. */
function shared<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

let opened: App | null = null;

/** @throws VoicepathError ASSET_MISSING, ASSET_HTML, WASM_INVALID, WASM_NO_SIMD, WASM_MISMATCH */
export const openApp: () => Promise<App> = shared(async () => {
  const session = await loadSession();
  const registry = Registry.create(session);
  opened = { registry, session, scope: registry.scope("app") };
  return opened;
});

/** @throws VoicepathError ASSET_MISSING, ASSET_HTML, WASM_INVALID, WASM_NO_SIMD, WASM_MISMATCH */
export const openAudio: () => Promise<AudioModule> = shared(() => loadAudio());

/** Null until it is there; for good when it cannot be loaded, which the socket's service reports. */
export function useApp(): App | null {
  const [app, setApp] = useState(opened);
  useEffect(() => {
    let mounted = true;
    openApp().then(
      (loaded) => mounted && setApp(loaded),
      () => {},
    );
    return () => {
      mounted = false;
    };
  }, []);
  return app;
}
