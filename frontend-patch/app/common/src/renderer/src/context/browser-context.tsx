/** The browser that a tool of the character drives, when it lets itself be watched. */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";

export interface BrowserViewData {
  debuggerFullscreenUrl: string;
  debuggerUrl: string;
  pages: {
    id: string;
    url: string;
    faviconUrl: string;
    title: string;
    debuggerUrl: string;
    debuggerFullscreenUrl: string;
  }[];
  wsUrl: string;
  sessionId?: string;
}

interface BrowserContextType {
  browserViewData: BrowserViewData | null;
  setBrowserViewData: (data: BrowserViewData) => void;
  clearBrowserViewData: () => void;
}

export const BrowserContext = createContext<BrowserContextType>({
  browserViewData: null,
  setBrowserViewData: () => {},
  clearBrowserViewData: () => {},
});

export function BrowserProvider({ children }: { children: ReactNode }) {
  const [browserViewData, setBrowserViewData] = useState<BrowserViewData | null>(null);
  const clearBrowserViewData = useCallback(() => setBrowserViewData(null), []);
  const value = useMemo(
    () => ({ browserViewData, setBrowserViewData, clearBrowserViewData }),
    [browserViewData, clearBrowserViewData],
  );
  return <BrowserContext.Provider value={value}>{children}</BrowserContext.Provider>;
}

export const useBrowser = (): BrowserContextType => useContext(BrowserContext);
