/** The server's address in the settings, for everybody who shows it, changes it or connects to it. */
import { useCallback, useEffect, useMemo, useRef } from "react";
import {
  chooseServer,
  defaultAddresses,
  type PageAddress,
  type ServerAddress,
  type WrittenAddresses,
} from "@/voicepath/server-choice";
import { useSetting } from "@/voicepath/settings";
import { toast } from "@/voicepath/toasts";

/** Typing has paused when no key was pressed for so long. */
const TYPING_PAUSE_MS = 1000;

function thisPage(): PageAddress {
  if (typeof document === "undefined")
    return { href: "http://127.0.0.1/", supplied: null, pinned: null };
  const meta = document.querySelector<HTMLMetaElement>('meta[name="voicepath-server"]');
  const { href, search } = window.location;
  return { href, supplied: meta?.content || null, pinned: new URLSearchParams(search).get("ws") };
}

const page = thisPage();
export const DEFAULT_ADDRESSES: WrittenAddresses = defaultAddresses(page);

/** Since the page was loaded. */
let typed = false;

export interface ServerSetting extends ServerAddress {
  /** Saves at once. */
  setWsUrl(url: string): void;
  setBaseUrl(url: string): void;
}

/** The same for everybody, inside and outside of any provider. */
export function useServerAddress(): ServerSetting {
  const [wsUrl, saveWsUrl] = useSetting("wsUrl", DEFAULT_ADDRESSES.wsUrl);
  const [baseUrl, saveBaseUrl] = useSetting("baseUrl", DEFAULT_ADDRESSES.baseUrl);
  const address = useMemo(() => chooseServer(page, { wsUrl, baseUrl }, typed), [wsUrl, baseUrl]);
  const shown = useRef(address);
  shown.current = address;
  const setWsUrl = useCallback(
    (url: string): void => {
      // Settings panels write back what they were given: that is no choice.
      if (url === shown.current.wsUrl) return;
      typed = true;
      saveWsUrl(url);
    },
    [saveWsUrl],
  );
  const setBaseUrl = useCallback(
    (url: string): void => {
      if (url === shown.current.baseUrl) return;
      typed = true;
      saveBaseUrl(url);
    },
    [saveBaseUrl],
  );
  return useMemo(() => ({ ...address, setWsUrl, setBaseUrl }), [address, setWsUrl, setBaseUrl]);
}

/** Connects to an address: at first at once, and to another one when typing has paused. */
export function useConnected(
  { target, problem }: ServerAddress,
  connect: (url: string) => void,
): void {
  const first = useRef(true);
  useEffect(() => {
    const act = (): void => {
      if (target !== null) connect(target);
      else toast("address", problem ?? "there is no address");
    };
    if (first.current) {
      first.current = false;
      act();
      return;
    }
    const timer = setTimeout(act, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [target, problem, connect]);
}
