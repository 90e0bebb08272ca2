import { Slider } from "../Slider";

export interface SceneOptions {
  readonly widthPercent: number;
  readonly lines: number;
  readonly instant: boolean;
  readonly translation: boolean;
  readonly atOnce: boolean;
}

export const DEFAULT_OPTIONS: SceneOptions = {
  widthPercent: 80,
  lines: 2,
  instant: false,
  translation: true,
  atOnce: true,
};

const SLIDERS = [
  { key: "widthPercent", name: "width", min: 30, max: 100, step: 5, unit: " %" },
  { key: "lines", name: "lines", min: 1, max: 4, step: 1, unit: "" },
] as const;

const CHECKS = [
  { key: "translation", name: "translation" },
  { key: "instant", name: "instant" },
  { key: "atOnce", name: "upstream’s below" },
] as const;

interface SceneSettingsProps {
  readonly options: SceneOptions;
  readonly onChange: (options: SceneOptions) => void;
}

export function SceneSettings({ options, onChange }: SceneSettingsProps) {
  return (
    <div className="settings">
      {SLIDERS.map(({ key, ...slider }) => (
        <Slider
          key={key}
          {...slider}
          value={options[key]}
          onChange={(value) => onChange({ ...options, [key]: value })}
        />
      ))}
      <div className="checks">
        {CHECKS.map(({ key, name }) => (
          <label key={key} className="check">
            <input
              type="checkbox"
              checked={options[key]}
              onChange={(event) => onChange({ ...options, [key]: event.target.checked })}
            />
            {name}
          </label>
        ))}
      </div>
    </div>
  );
}
