import { useTranslation } from "react-i18next";
import { toaster } from "@/components/ui/toaster";
import { useChatHistory } from "@/context/chat-history-context";
import { useWebSocket } from "@/context/websocket-context";

const TOAST_MS = 2000;

export const useHistoryDrawer = () => {
  const { t } = useTranslation();
  const { sendMessage } = useWebSocket();
  const {
    historyList,
    setHistoryList,
    currentHistoryUid,
    setCurrentHistoryUid,
    messages,
    updateHistoryList,
  } = useChatHistory();

  const fetchAndSetHistory = (uid: string): void => {
    if (uid === currentHistoryUid) return;
    const last = messages.at(-1);
    if (currentHistoryUid && last) updateHistoryList(currentHistoryUid, last);
    setCurrentHistoryUid(uid);
    sendMessage({ type: "fetch-and-set-history", history_uid: uid });
  };

  const deleteHistory = (uid: string): void => {
    if (uid === currentHistoryUid) {
      const title = t("error.cannotDeleteCurrentHistory");
      toaster.create({ title, type: "warning", duration: TOAST_MS });
      return;
    }
    sendMessage({ type: "delete-history", history_uid: uid });
    setHistoryList((before) => before.filter((history) => history.uid !== uid));
  };

  /** The last words of each. */
  const histories = historyList.map((history) => {
    const isCurrent = history.uid === currentHistoryUid;
    const last = (isCurrent ? messages.at(-1) : undefined) ?? history.latest_message;
    const time = last?.timestamp ?? history.timestamp;
    return { uid: history.uid, isCurrent, text: last?.content ?? "", time };
  });
  return { histories, fetchAndSetHistory, deleteHistory };
};
