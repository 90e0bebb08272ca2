import type { EndpointOptions } from "voicepath";
import { Slider } from "../Slider";

export type DemoSettings = Required<
  Pick<EndpointOptions, "positiveSpeechThreshold" | "redemptionMs" | "minSpeechMs">
>;

/** The defaults of voicepath and vad-web. */
export const DEFAULT_SETTINGS: DemoSettings = {
  positiveSpeechThreshold: 0.3,
  redemptionMs: 1400,
  minSpeechMs: 400,
};

const SLIDERS = [
  { key: "positiveSpeechThreshold", name: "threshold", min: 0.25, max: 0.95, step: 0.05, unit: "" },
  { key: "redemptionMs", name: "redemption", min: 96, max: 3000, step: 32, unit: " ms" },
  { key: "minSpeechMs", name: "minimum speech", min: 0, max: 1024, step: 32, unit: " ms" },
] as const;

interface SettingsProps {
  readonly settings: DemoSettings;
  readonly onChange: (settings: DemoSettings) => void;
}

export function Settings({ settings, onChange }: SettingsProps) {
  return (
    <div className="settings">
      {SLIDERS.map(({ key, ...slider }) => (
        <Slider
          key={key}
          {...slider}
          value={settings[key]}
          onChange={(value) => onChange({ ...settings, [key]: value })}
        />
      ))}
    </div>
  );
}
