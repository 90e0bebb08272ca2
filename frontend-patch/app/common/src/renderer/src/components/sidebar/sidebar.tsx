/** The conversation, the other conversations, and the way to the settings. */
import { useTranslation } from "react-i18next";
import WebSocketStatus from "@/components/canvas/ws-status";
import { Icon } from "@/components/ui/icon";
import { useConfig } from "@/context/character-config-context";
import { useSidebar } from "@/hooks/sidebar/use-sidebar";
import ChatHistoryPanel from "./chat-history-panel";
import HistoryDrawer from "./history-drawer";
import SettingUI from "./setting/setting-ui";

function Sidebar() {
  const { t } = useTranslation();
  const { confName } = useConfig();
  const sidebar = useSidebar();
  return (
    <aside className="sidebar glass">
      <header className="sidebar-head">
        <h1>{confName || "Open LLM VTuber"}</h1>
        <WebSocketStatus />
        <span className="grow" />
        <button
          type="button"
          className="round"
          data-testid="histories"
          aria-label={t("history.title")}
          title={t("history.title")}
          aria-pressed={sidebar.historiesOpen}
          onClick={() => sidebar.setHistoriesOpen(!sidebar.historiesOpen)}
        >
          <Icon name="history" />
        </button>
        <button
          type="button"
          className="round"
          data-testid="new-history"
          aria-label={t("history.new")}
          title={t("history.new")}
          onClick={sidebar.createNewHistory}
        >
          <Icon name="add" />
        </button>
        <button
          type="button"
          className="round"
          data-testid="settings"
          aria-label={t("settings.title")}
          title={t("settings.title")}
          onClick={() => sidebar.setSettingsOpen(true)}
        >
          <Icon name="settings" />
        </button>
      </header>
      {sidebar.historiesOpen ? (
        <HistoryDrawer onChosen={() => sidebar.setHistoriesOpen(false)} />
      ) : (
        <ChatHistoryPanel />
      )}
      {sidebar.settingsOpen && <SettingUI onClose={() => sidebar.setSettingsOpen(false)} />}
    </aside>
  );
}

export default Sidebar;
