import { useRef, useState } from "react";
import { type Rates, rateNames } from "../../resampler/conversion";
import { useSeen } from "../use-seen";
import { LEFT, nameFor, PAIRS, RIGHT } from "./contenders";
import { Levels } from "./Levels";
import { QualityTable } from "./QualityTable";
import { Side } from "./Side";

const [FIRST_PAIR = { inputHz: 48000, outputHz: 16000 }] = PAIRS;

const pairTitle = ({ inputHz, outputHz }: Rates): string =>
  `${inputHz / 1000} → ${outputHz / 1000} kHz`;

/** Two contenders side by side: a sweep as a picture, and the measures when asked for. */
export function Comparison() {
  const [rates, setRates] = useState(FIRST_PAIR);
  const [chosen, setChosen] = useState({ left: LEFT, right: RIGHT });
  /** What the measures were asked for. */
  const [measured, setMeasured] = useState<string | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const seen = useSeen(place);

  const left = nameFor(chosen.left, rates);
  const right = nameFor(chosen.right, rates);
  const question = `${rateNames(rates)} ${left} ${right}`;
  return (
    <>
      <header className="section-head">
        <h2>Resampling</h2>
        <div className="buttons">
          <select
            aria-label="rates"
            value={rateNames(rates)}
            onChange={({ target }) =>
              setRates(PAIRS.find((pair) => rateNames(pair) === target.value) ?? FIRST_PAIR)
            }
          >
            {PAIRS.map((pair) => (
              <option key={rateNames(pair)} value={rateNames(pair)}>
                {pairTitle(pair)}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="primary"
            disabled={measured === question}
            onClick={() => setMeasured(question)}
          >
            Measure both
          </button>
        </div>
      </header>
      <p className="about">
        A sine that rises evenly from 0 to {rates.inputHz / 2000} kHz, converted here and now. The
        straight line is the sound; whatever else lights up was added: folded back where it should
        have been stopped, mirrored above the line, or noise. Frequencies in kHz.
      </p>
      <div className="sides" ref={place}>
        <Side
          label="on the left"
          name={left}
          rates={rates}
          seen={seen}
          onChoose={(name) => setChosen({ ...chosen, left: name })}
        />
        <Side
          label="on the right"
          name={right}
          rates={rates}
          seen={seen}
          onChoose={(name) => setChosen({ ...chosen, right: name })}
        />
      </div>
      <Levels />
      <QualityTable names={[left, right]} rates={rates} wanted={measured === question} />
    </>
  );
}
