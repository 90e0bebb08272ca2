import type { Rates } from "../../resampler/conversion";
import { SWEEP_SECONDS } from "../../resampler/sweep";
import { ableFor } from "./contenders";
import { Spectrogram } from "./Spectrogram";
import { useFinding } from "./use-finding";

interface SideProps {
  readonly name: string;
  readonly rates: Rates;
  /** Else the picture is not computed. */
  readonly seen: boolean;
  readonly label: string;
  readonly onChoose: (name: string) => void;
}

/** One of two contenders, and what it makes of a sweep. */
export function Side({ name, rates, seen, label, onChoose }: SideProps) {
  const { result, error } = useFinding("sweep", name, rates, seen);
  return (
    <div className="side">
      <label className="clip">
        <span className="visually-hidden">{label}</span>
        <select value={name} onChange={(event) => onChoose(event.target.value)}>
          {ableFor(rates).map((contender) => (
            <option key={contender.name}>{contender.name}</option>
          ))}
        </select>
      </label>
      {error && <p className="error">{error}</p>}
      <Spectrogram
        columns={result}
        rateHz={rates.outputHz}
        seconds={SWEEP_SECONDS}
        note="converting …"
        label={`Spectrogram of a sweep through ${name}`}
      />
    </div>
  );
}
