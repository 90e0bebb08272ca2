/** The picture behind the character. */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { useSetting } from "@/hooks/utils/use-setting";
import { useWebSocket } from "./websocket-context";

interface BackgroundFile {
  name: string;
  url: string;
}

export interface BgUrlContextState {
  backgroundUrl: string;
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

export function BgUrlProvider({ children }: { children: ReactNode }) {
  // Defect: outside of the handler, so this is the built-in address, whatever the setting says.
  const { baseUrl } = useWebSocket();
  const defaultUrl = `${baseUrl}/bg/ceiling-window-room-night.jpeg`;
  const [backgroundUrl, setBackgroundUrl] = useSetting("backgroundUrl", defaultUrl);
  const [backgroundFiles, setBackgroundFiles] = useState<BackgroundFile[]>([]);
  const [useCameraBackground, setUseCameraBackground] = useState(false);

  const resetBackground = useCallback(
    () => setBackgroundUrl(defaultUrl),
    [setBackgroundUrl, defaultUrl],
  );
  const addBackgroundFile = useCallback((file: BackgroundFile) => {
    setBackgroundFiles((before) => [...before, file]);
  }, []);
  const removeBackgroundFile = useCallback((name: string) => {
    setBackgroundFiles((before) => before.filter((file) => file.name !== name));
  }, []);

  const value = useMemo(
    () => ({
      backgroundUrl,
      setBackgroundUrl,
      backgroundFiles,
      setBackgroundFiles,
      resetBackground,
      addBackgroundFile,
      removeBackgroundFile,
      isDefaultBackground: backgroundUrl === defaultUrl,
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
      defaultUrl,
      useCameraBackground,
    ],
  );
  return <BgUrlContext.Provider value={value}>{children}</BgUrlContext.Provider>;
}

/** @throws Error outside of BgUrlProvider */
export function useBgUrl(): BgUrlContextState {
  const context = useContext(BgUrlContext);
  if (!context) throw new Error("useBgUrl: there is no BgUrlProvider");
  return context;
}
