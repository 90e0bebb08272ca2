import { useTranslation } from "react-i18next";
import { useVAD, type VADSettings } from "@/context/vad-context";
import { NumberField, SwitchField } from "./field";

const LARGEST: Readonly<Record<keyof VADSettings, number>> = {
  positiveSpeechThreshold: 100,
  negativeSpeechThreshold: 100,
  redemptionFrames: 500,
};

function ASR() {
  const { t } = useTranslation();
  const vad = useVAD();
  const number = (name: keyof VADSettings) => (
    <NumberField
      name={name}
      label={t(`settings.${name}`)}
      max={LARGEST[name]}
      value={vad.settings[name]}
      onChange={(value) => vad.updateSettings({ ...vad.settings, [name]: value })}
    />
  );
  return (
    <fieldset>
      <legend>{t("settings.speech")}</legend>
      {number("positiveSpeechThreshold")}
      {number("negativeSpeechThreshold")}
      {number("redemptionFrames")}
      <SwitchField
        name="autoStopMic"
        label={t("settings.autoStopMic")}
        value={vad.autoStopMic}
        onChange={vad.setAutoStopMic}
      />
      <SwitchField
        name="autoStartMicOn"
        label={t("settings.autoStartMicOn")}
        value={vad.autoStartMicOn}
        onChange={vad.setAutoStartMicOn}
      />
      <SwitchField
        name="autoStartMicOnConvEnd"
        label={t("settings.autoStartMicOnConvEnd")}
        value={vad.autoStartMicOnConvEnd}
        onChange={vad.setAutoStartMicOnConvEnd}
      />
    </fieldset>
  );
}

export default ASR;
