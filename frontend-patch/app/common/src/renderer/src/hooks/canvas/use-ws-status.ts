import { useWebSocket } from "@/context/websocket-context";

const TEXT_KEYS: Readonly<Record<string, string>> = {
  OPEN: "wsStatus.connected",
  CONNECTING: "wsStatus.connecting",
};

export const useWSStatus = () => {
  const { wsState, reconnect } = useWebSocket();
  const textKey = TEXT_KEYS[wsState] ?? "wsStatus.clickToReconnect";
  const isDisconnected = !(wsState in TEXT_KEYS);
  const handleClick = (): void => {
    if (isDisconnected) reconnect();
  };
  return { wsState, textKey, isDisconnected, handleClick };
};
