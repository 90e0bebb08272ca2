import { createContext, type ReactNode, useCallback, useContext, useMemo } from "react";
import { useSetting } from "@/hooks/utils/use-setting";
import { wsService } from "@/services/websocket-service";

// Defect: never taken from the page's own address, so a page under https asks for ws and http.
export const defaultWsUrl = "ws://127.0.0.1:12393/client-ws";
export const defaultBaseUrl = "http://127.0.0.1:12393";

export interface HistoryInfo {
  uid: string;
  latest_message: {
    role: "human" | "ai";
    timestamp: string;
    content: string;
  } | null;
  timestamp: string | null;
}

interface WebSocketContextProps {
  sendMessage: (message: object) => void;
  wsState: string;
  reconnect: () => void;
  wsUrl: string;
  setWsUrl: (url: string) => void;
  baseUrl: string;
  setBaseUrl: (url: string) => void;
}

/** Providers above the handler work with this value. */
export const WebSocketContext = createContext<WebSocketContextProps>({
  sendMessage: wsService.sendMessage.bind(wsService),
  wsState: "CLOSED",
  reconnect: () => wsService.connect(defaultWsUrl),
  wsUrl: defaultWsUrl,
  setWsUrl: () => {},
  baseUrl: defaultBaseUrl,
  setBaseUrl: () => {},
});

export const useWebSocket = (): WebSocketContextProps => useContext(WebSocketContext);

/** Addresses without the handler's message switch. */
export function WebSocketProvider({ children }: { children: ReactNode }) {
  const [wsUrl, setStored] = useSetting("wsUrl", defaultWsUrl);
  const [baseUrl, setBaseUrl] = useSetting("baseUrl", defaultBaseUrl);
  const setWsUrl = useCallback(
    (url: string) => {
      setStored(url);
      wsService.connect(url);
    },
    [setStored],
  );
  const value = useMemo(
    () => ({
      sendMessage: wsService.sendMessage.bind(wsService),
      wsState: wsService.getCurrentState(),
      reconnect: () => wsService.connect(wsUrl),
      wsUrl,
      setWsUrl,
      baseUrl,
      setBaseUrl,
    }),
    [wsUrl, setWsUrl, baseUrl, setBaseUrl],
  );
  return <WebSocketContext.Provider value={value}>{children}</WebSocketContext.Provider>;
}
