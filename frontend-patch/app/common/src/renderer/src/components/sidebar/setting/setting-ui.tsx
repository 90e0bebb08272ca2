/** The sheet of settings. What is changed in it applies at once. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/components/ui/icon";
import ASR from "./asr";
import General from "./general";

function SettingUI({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => sheet.current?.showModal(), []);
  return (
    <dialog className="sheet" ref={sheet} onClose={onClose} aria-labelledby="settings-title">
      <header className="sheet-head">
        <h2 id="settings-title">{t("settings.title")}</h2>
        <button
          type="button"
          className="round"
          data-testid="settings-close"
          aria-label={t("settings.close")}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="sheet-body">
        <General />
        <ASR />
      </div>
    </dialog>
  );
}

export default SettingUI;
