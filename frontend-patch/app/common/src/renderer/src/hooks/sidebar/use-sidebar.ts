import { useState } from "react";
import { useChatHistory } from "@/context/chat-history-context";
import { useWebSocket } from "@/context/websocket-context";
import { useInterrupt } from "@/hooks/utils/use-interrupt";

export const useSidebar = () => {
  const [settingsOpen, setSettingsOpen] = useState(false);
  const [historiesOpen, setHistoriesOpen] = useState(false);
  const { sendMessage } = useWebSocket();
  const { interrupt } = useInterrupt();
  const { currentHistoryUid, messages, updateHistoryList } = useChatHistory();

  const createNewHistory = (): void => {
    interrupt();
    const last = messages.at(-1);
    if (currentHistoryUid && last) updateHistoryList(currentHistoryUid, last);
    sendMessage({ type: "create-new-history" });
    setHistoriesOpen(false);
  };
  return { settingsOpen, setSettingsOpen, historiesOpen, setHistoriesOpen, createNewHistory };
};
