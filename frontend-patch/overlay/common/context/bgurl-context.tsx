import {
  createContext,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import {
  type BackgroundFile,
  defaultBackground,
  nameOf,
  resolved,
  saved,
} from "@/voicepath/background";
import { useServerAddress } from "@/voicepath/server-address";
import { useSetting } from "@/voicepath/settings";

export interface BgUrlContextState {
  /** Where it is: the chosen one, or the server's default while that cannot be reached. */
  backgroundUrl: string;
  /** An address, a path on the server, or the name of a file there. */
  setBackgroundUrl: (url: string) => void;
  backgroundFiles: BackgroundFile[];
  setBackgroundFiles: (files: BackgroundFile[]) => void;
  resetBackground: () => void;
  addBackgroundFile: (file: BackgroundFile) => void;
  removeBackgroundFile: (name: string) => void;
  isDefaultBackground: boolean;
  useCameraBackground: boolean;
  setUseCameraBackground: (use: boolean) => void;
}

const BgUrlContext = createContext<BgUrlContextState | null>(null);

/** The address, if it turned out that there is no picture. Tried again when the page is online again. */
function useUnreachable(url: string): string | null {
  const [unreachable, setUnreachable] = useState<string | null>(null);
  useEffect(() => {
    const picture = new Image();
    const load = (): void => {
      picture.src = url;
    };
    picture.onload = () => setUnreachable(null);
    picture.onerror = () => setUnreachable(url);
    window.addEventListener("online", load);
    load();
    return () => {
      window.removeEventListener("online", load);
      picture.onload = null;
      picture.onerror = null;
      picture.removeAttribute("src");
    };
  }, [url]);
  return unreachable;
}

export function BgUrlProvider({ children }: { children: ReactNode }): ReactElement {
  const { baseUrl } = useServerAddress();
  const [choice, setChoice] = useSetting("backgroundUrl", "");
  const [backgroundFiles, setBackgroundFiles] = useState<BackgroundFile[]>([]);
  const [useCameraBackground, setUseCameraBackground] = useState(false);

  const wanted = resolved(choice, baseUrl);
  const fallback = defaultBackground(baseUrl);
  const backgroundUrl = useUnreachable(wanted) === wanted ? fallback : wanted;

  const setBackgroundUrl = useCallback(
    (url: string) => setChoice(saved(url, baseUrl)),
    [setChoice, baseUrl],
  );
  const resetBackground = useCallback(() => setChoice(""), [setChoice]);
  const addBackgroundFile = useCallback(
    (file: BackgroundFile) => setBackgroundFiles((files) => [...files, file]),
    [],
  );
  const removeBackgroundFile = useCallback(
    (name: string) => setBackgroundFiles((files) => files.filter((file) => nameOf(file) !== name)),
    [],
  );

  const value = useMemo(
    () => ({
      backgroundUrl,
      setBackgroundUrl,
      backgroundFiles,
      setBackgroundFiles,
      resetBackground,
      addBackgroundFile,
      removeBackgroundFile,
      isDefaultBackground: wanted === fallback,
      useCameraBackground,
      setUseCameraBackground,
    }),
    [
      backgroundUrl,
      setBackgroundUrl,
      backgroundFiles,
      resetBackground,
      addBackgroundFile,
      removeBackgroundFile,
      wanted,
      fallback,
      useCameraBackground,
    ],
  );
  return <BgUrlContext.Provider value={value}>{children}</BgUrlContext.Provider>;
}

/** @throws Error outside of a BgUrlProvider */
export function useBgUrl(): BgUrlContextState {
  const context = useContext(BgUrlContext);
  if (context) return context;
  throw new Error("useBgUrl must be used within a BgUrlProvider");
}
