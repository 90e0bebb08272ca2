import { useState } from "react";
import { type Choice, LANGUAGES, openAddress, SHAPES, STATES } from "./app-address";

/** What the demo's server may be asked to do wrong. */
const FAULTS: Readonly<Record<string, object>> = {
  "Restart the server": { fault: "restart", downMs: 2000 },
  "Cut the connection": { fault: "drop" },
  "Send garbage": { fault: "garbage" },
};

/** The frontend itself, before and after the patch, with a server that speaks its protocol. */
export function Frontend() {
  const [choice, setChoice] = useState<Choice>({ shape: "contexts", state: "after", lang: "en" });
  const [address, setAddress] = useState<string | null>(null);
  const choose = (next: Choice): void => {
    setChoice(next);
    if (address !== null) setAddress(openAddress(next));
  };
  const harm = (fault: object): void => {
    void fetch("/protocol/fault", { method: "POST", body: JSON.stringify(fault) });
  };
  const select = <Key extends keyof Choice>(
    key: Key,
    label: string,
    names: Readonly<Record<Choice[Key], string>>,
  ) => (
    <select
      aria-label={label}
      value={choice[key]}
      onChange={({ target }) => choose({ ...choice, [key]: target.value })}
    >
      {Object.entries<string>(names).map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  );
  return (
    <section id="frontend">
      <header className="section-head">
        <h2>The frontend</h2>
        <div className="buttons">
          {select("state", "before or after", STATES)}
          {select("shape", "shape", SHAPES)}
          {select("lang", "the character’s language", LANGUAGES)}
          <button
            type="button"
            className="primary"
            onClick={() => setAddress(address === null ? openAddress(choice) : null)}
          >
            {address === null ? "Open it" : "Close it"}
          </button>
        </div>
      </header>
      <p className="about">
        A small frontend with the providers and files of Open-LLM-VTuber’s, as it is and after{" "}
        <code>voicepath-patch</code>, with a server that speaks its protocol. Talk with it by
        microphone or text, interrupt it, and harm the server meanwhile.
      </p>
      {address !== null && (
        <>
          <iframe key={address} src={address} title="The frontend" allow="microphone; autoplay" />
          <div className="buttons">
            {Object.entries(FAULTS).map(([name, fault]) => (
              <button key={name} type="button" onClick={() => harm(fault)}>
                {name}
              </button>
            ))}
            <a href={address} target="_blank" rel="noreferrer">
              in its own tab
            </a>
          </div>
        </>
      )}
    </section>
  );
}
