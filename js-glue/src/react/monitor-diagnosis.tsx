import type { ReactElement } from "react";
import type { Cause, Diagnosis } from "../monitor/diagnosis.js";
import type { Words } from "../monitor/words.js";

/** How bad it is, for the colour of the light. */
export function severity({ symptoms, causes }: Diagnosis): "none" | "unknown" | "cause" {
  if (causes.length > 0) return "cause";
  return symptoms.length > 0 ? "unknown" : "none";
}

function Evidence({ cause, words }: { readonly cause: Cause; readonly words: Words }) {
  return (
    <ul>
      {cause.evidence.map((one, i) => {
        const { what, value, context } = words.evidence(one);
        return (
          // One signal may show two things.
          <li key={`${i} ${one.signal}`} data-against={one.against ? "" : undefined}>
            <span>{one.against ? words.phrases.against(what) : what}</span> <b>{value}</b>{" "}
            <small>{context.join(" · ")}</small>
          </li>
        );
      })}
    </ul>
  );
}

/** Why it is slow, in a sentence; what shows it; and what else it may be. */
export function MonitorDiagnosis({
  diagnosis,
  watched,
  words,
}: {
  readonly diagnosis: Diagnosis;
  /** For how long, in words. */
  readonly watched: string;
  readonly words: Words;
}): ReactElement {
  const [first, ...others] = diagnosis.causes;
  return (
    <div className="voicepath-monitor-diagnosis" data-severity={severity(diagnosis)}>
      <p role="status">
        <strong>{words.headline(diagnosis)}</strong>
      </p>
      <p>
        <small>{words.phrases.sentence(first ? words.certainty(diagnosis, first) : watched)}</small>
      </p>
      {first && <Evidence cause={first} words={words} />}
      {others.length > 0 && (
        <details>
          <summary>
            {words.phrases.cell(
              words.label("otherCauses"),
              words.quantities.list(others.map((cause) => words.cause(cause))),
            )}
          </summary>
          {others.map((cause) => (
            <div key={cause.cause}>
              <p>
                {words.cause(cause)} <small>{words.certainty(diagnosis, cause)}</small>
              </p>
              <Evidence cause={cause} words={words} />
            </div>
          ))}
        </details>
      )}
    </div>
  );
}
