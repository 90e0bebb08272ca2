interface SliderProps {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** With the space before it. */
  readonly unit: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A number to be set, and what it is. */
export function Slider({ name, unit, value, onChange, ...range }: SliderProps) {
  return (
    <label>
      <span>
        {name} <b>{`${value}${unit}`}</b>
      </span>
      <input
        type="range"
        {...range}
        value={value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </label>
  );
}
