/** How the character looks. */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { useLocalStorage } from "@/hooks/utils/use-local-storage";

export interface MotionWeightMap {
  [key: string]: number;
}

export interface TapMotionMap {
  [key: string]: MotionWeightMap;
}

export interface ModelInfo {
  name?: string;
  description?: string;
  url: string;
  kScale: number;
  initialXshift: number;
  initialYshift: number;
  idleMotionGroupName?: string;
  defaultEmotion?: number | string;
  emotionMap: { [key: string]: number | string };
  pointerInteractive?: boolean;
  tapMotions?: TapMotionMap;
  scrollToResize?: boolean;
  initialScale?: number;
}

interface Live2DConfigState {
  modelInfo?: ModelInfo;
  setModelInfo: (info: ModelInfo | undefined) => void;
  isLoading: boolean;
  setIsLoading: (loading: boolean) => void;
}

export const Live2DConfigContext = createContext<Live2DConfigState | null>(null);

/** The server's scale is half of the screen's. */
const SCREEN_SCALE = 2;
const DEFAULT_SCALE = 0.5;

/** The address is the server's to tell, each time. */
const KEEP = {
  filter: (info: ModelInfo | undefined) => (info ? { ...info, url: "" } : info),
};

export function Live2DConfigProvider({ children }: { children: ReactNode }) {
  const [isLoading, setIsLoading] = useState(false);
  const [modelInfo, setStored] = useLocalStorage<ModelInfo | undefined>(
    "modelInfo",
    undefined,
    KEEP,
  );

  const setModelInfo = useCallback(
    (info: ModelInfo | undefined) => {
      if (!info?.url) {
        setStored(undefined);
        return;
      }
      const kScale = Number(info.kScale || DEFAULT_SCALE) * SCREEN_SCALE;
      setStored({ pointerInteractive: true, scrollToResize: true, ...info, kScale });
    },
    [setStored],
  );

  const value = useMemo(
    () => ({ modelInfo, setModelInfo, isLoading, setIsLoading }),
    [modelInfo, setModelInfo, isLoading],
  );
  return <Live2DConfigContext.Provider value={value}>{children}</Live2DConfigContext.Provider>;
}

/** @throws Error outside of Live2DConfigProvider */
export function useLive2DConfig(): Live2DConfigState {
  const context = useContext(Live2DConfigContext);
  if (!context) throw new Error("useLive2DConfig: there is no Live2DConfigProvider");
  return context;
}

export default Live2DConfigProvider;
