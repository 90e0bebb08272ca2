/** The settings' fields. */
import type { ReactNode } from "react";

interface FieldProps<T> {
  readonly name: string;
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

export const TextField = ({ name, label, value, onChange }: FieldProps<string>) => (
  <label className="field">
    <span>{label}</span>
    <input
      type="text"
      name={name}
      value={value}
      spellCheck={false}
      onChange={({ target }) => onChange(target.value)}
    />
  </label>
);

interface NumberFieldProps extends FieldProps<number> {
  readonly max: number;
}

/** Keeps what is being typed, and hands on what is a number within its range. */
export const NumberField = ({ name, label, value, max, onChange }: NumberFieldProps) => (
  <label className="field beside">
    <span>{label}</span>
    <input
      type="number"
      name={name}
      min={1}
      max={max}
      required
      defaultValue={value}
      onChange={({ target }) => {
        if (target.validity.valid) onChange(target.valueAsNumber);
      }}
    />
  </label>
);

export const SwitchField = ({ name, label, value, onChange }: FieldProps<boolean>) => (
  <label className="field beside">
    <span>{label}</span>
    <input
      type="checkbox"
      className="switch"
      name={name}
      checked={value}
      onChange={({ target }) => onChange(target.checked)}
    />
  </label>
);

interface SelectFieldProps extends FieldProps<string> {
  readonly children: ReactNode;
}

export const SelectField = ({ name, label, value, onChange, children }: SelectFieldProps) => (
  <label className="field">
    <span>{label}</span>
    <select name={name} value={value} onChange={({ target }) => onChange(target.value)}>
      {children}
    </select>
  </label>
);
