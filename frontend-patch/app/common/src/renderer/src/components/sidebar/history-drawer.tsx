import { useTranslation } from "react-i18next";
import { Icon } from "@/components/ui/icon";
import { useHistoryDrawer } from "@/hooks/sidebar/use-history-drawer";

const day = (timestamp: string | null): string => {
  const date = new Date(timestamp ?? "");
  if (Number.isNaN(date.getTime())) return "";
  return date.toLocaleString([], {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
};

function HistoryDrawer({ onChosen }: { onChosen: () => void }) {
  const { t, i18n } = useTranslation();
  const { histories, fetchAndSetHistory, deleteHistory } = useHistoryDrawer();
  return (
    <ul className="histories" data-testid="history-list" lang={i18n.language}>
      {histories.map(({ uid, isCurrent, text, time }) => (
        <li key={uid} aria-current={isCurrent}>
          <button
            type="button"
            className="history"
            data-history={uid}
            onClick={() => {
              fetchAndSetHistory(uid);
              onChosen();
            }}
          >
            <span className="history-text">{text || t("history.none")}</span>
            <span className="by">{day(time)}</span>
          </button>
          <button
            type="button"
            className="round"
            aria-label={t("history.delete")}
            onClick={() => deleteHistory(uid)}
          >
            <Icon name="trash" />
          </button>
        </li>
      ))}
    </ul>
  );
}

export default HistoryDrawer;
