/** The connection to the server, for whoever sends, or shows its state and its address. */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useSyncExternalStore,
} from "react";
import { wsService } from "@/services/websocket-service";
import { DEFAULT_ADDRESSES, useConnected, useServerAddress } from "@/voicepath/server-address";

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

export const defaultWsUrl = DEFAULT_ADDRESSES.wsUrl;
export const defaultBaseUrl = DEFAULT_ADDRESSES.baseUrl;

const sendMessage = wsService.sendMessage.bind(wsService);
const connect = wsService.connect.bind(wsService);

/** Stands for "no provider around": see {@link useWebSocket}. */
const OUTSIDE: WebSocketContextProps = {
  sendMessage,
  wsState: "CLOSED",
  reconnect: () => connect(defaultWsUrl),
  wsUrl: defaultWsUrl,
  setWsUrl: () => {},
  baseUrl: defaultBaseUrl,
  setBaseUrl: () => {},
};

export const WebSocketContext = createContext<WebSocketContextProps>(OUTSIDE);

function subscribe(changed: () => void): () => void {
  const subscription = wsService.onStateChange(changed);
  return () => subscription.unsubscribe();
}

const state = (): string => wsService.getCurrentState();

/** Nothing of the connection belongs to a provider, so it is the same without one. */
function useConnection(): WebSocketContextProps {
  const { target, wsUrl, setWsUrl, baseUrl, setBaseUrl } = useServerAddress();
  const wsState = useSyncExternalStore(subscribe, state, state);
  const reconnect = useCallback(() => connect(target ?? wsUrl), [target, wsUrl]);
  return useMemo(
    () => ({ sendMessage, wsState, reconnect, wsUrl, setWsUrl, baseUrl, setBaseUrl }),
    [wsState, reconnect, wsUrl, setWsUrl, baseUrl, setBaseUrl],
  );
}

/** What the providers around tell; outside of them the connection itself. */
export function useWebSocket(): WebSocketContextProps {
  const given = useContext(WebSocketContext);
  const connection = useConnection();
  return given === OUTSIDE ? connection : given;
}

export function WebSocketProvider({ children }: { children: ReactNode }) {
  const connection = useConnection();
  useConnected(useServerAddress(), connect);
  return <WebSocketContext.Provider value={connection}>{children}</WebSocketContext.Provider>;
}
