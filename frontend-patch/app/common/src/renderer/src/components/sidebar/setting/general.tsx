import { useTranslation } from "react-i18next";
import { useBgUrl } from "@/context/bgurl-context";
import { useConfig } from "@/context/character-config-context";
import { useSubtitle } from "@/context/subtitle-context";
import { useWebSocket } from "@/context/websocket-context";
import { useSwitchCharacter } from "@/hooks/utils/use-switch-character";
import i18n, { LANGUAGES } from "@/i18n";
import { SelectField, SwitchField, TextField } from "./field";

/** The server lists names. */
const nameOf = (file: string | { name: string }): string =>
  typeof file === "string" ? file : file.name;

function General() {
  const { t } = useTranslation();
  const { wsUrl, setWsUrl, baseUrl, setBaseUrl } = useWebSocket();
  const { backgroundUrl, setBackgroundUrl, backgroundFiles } = useBgUrl();
  const { confName, configFiles, getFilenameByName } = useConfig();
  const { switchCharacter } = useSwitchCharacter();
  const { showSubtitle, setShowSubtitle } = useSubtitle();
  const backgrounds = backgroundFiles.map(nameOf);
  const shown = backgroundUrl.split("/").at(-1) ?? "";
  return (
    <>
      <fieldset>
        <legend>{t("settings.general")}</legend>
        <SelectField
          name="language"
          label={t("settings.language")}
          value={i18n.language}
          onChange={(language) => void i18n.changeLanguage(language)}
        >
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField
          name="character"
          label={t("settings.character")}
          value={getFilenameByName(confName) ?? ""}
          onChange={switchCharacter}
        >
          {configFiles.map(({ filename, name }) => (
            <option key={filename} value={filename}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField
          name="background"
          label={t("settings.background")}
          value={shown}
          onChange={(name) => setBackgroundUrl(`${baseUrl}/bg/${name}`)}
        >
          {!backgrounds.includes(shown) && <option value={shown}>{shown}</option>}
          {backgrounds.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </SelectField>
        <SwitchField
          name="showSubtitle"
          label={t("settings.showSubtitle")}
          value={showSubtitle}
          onChange={setShowSubtitle}
        />
      </fieldset>
      <fieldset>
        <legend>{t("settings.connection")}</legend>
        {/* Defect: a connection for each letter that is typed. */}
        <TextField
          name="wsUrl"
          label={t("settings.wsUrl")}
          value={wsUrl}
          onChange={(url) => setWsUrl(url)}
        />
        <TextField
          name="baseUrl"
          label={t("settings.baseUrl")}
          value={baseUrl}
          onChange={(url) => setBaseUrl(url)}
        />
      </fieldset>
    </>
  );
}

export default General;
