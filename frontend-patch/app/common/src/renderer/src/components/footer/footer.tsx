/** What one speaks and writes with. */
import { useTranslation } from "react-i18next";
import { Icon } from "@/components/ui/icon";
import { useFooter } from "@/hooks/footer/use-footer";
import AIStateIndicator from "./ai-state-indicator";
import { MicButton } from "./mic-button";

function Footer() {
  const { t } = useTranslation();
  const footer = useFooter();
  return (
    <footer className="footer">
      <MicButton micOn={footer.micOn} onToggle={() => void footer.handleMicToggle()} />
      <div className="say glass">
        <AIStateIndicator />
        <input
          type="text"
          data-testid="say"
          autoComplete="off"
          placeholder={t("footer.say")}
          aria-label={t("footer.say")}
          value={footer.inputText}
          onChange={({ target }) => footer.handleInputChange(target.value)}
          onKeyDown={footer.handleKeyDown}
        />
        <button
          type="button"
          className="round"
          aria-label={t("footer.send")}
          disabled={footer.inputText.trim() === ""}
          onClick={() => void footer.handleSend()}
        >
          <Icon name="send" />
        </button>
        <button
          type="button"
          className="round"
          data-testid="interrupt"
          aria-label={t("footer.interrupt")}
          title={t("footer.interrupt")}
          disabled={!footer.isSpeaking}
          onClick={footer.handleInterrupt}
        >
          <Icon name="stop" />
        </button>
      </div>
    </footer>
  );
}

export default Footer;
