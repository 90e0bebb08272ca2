import { useState } from "react";
import { WithRegistry } from "../WithRegistry";
import { Watched } from "./Watched";

const LANGUAGES = [
  ["en", "English"],
  ["zh", "中文"],
] as const;

type Language = (typeof LANGUAGES)[number][0];

/** This page, watched while it is harmed. */
export function Monitor() {
  const [watching, setWatching] = useState(false);
  const [language, setLanguage] = useState<Language>("en");
  return (
    <section id="monitor">
      <header className="section-head">
        <h2>Which is slow?</h2>
        <div className="buttons">
          <select
            aria-label="language"
            value={language}
            onChange={({ target }) => setLanguage(target.value as Language)}
          >
            {LANGUAGES.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
          <button type="button" className="primary" onClick={() => setWatching(!watching)}>
            {watching ? "Stop watching" : "Watch this page"}
          </button>
        </div>
      </header>
      <p className="about">
        A monitor measures this page and says why it is slow, with its evidence, and what rises and
        what only fluctuates. The character below talks to a server on this machine; harm it for
        real, and see how long it takes until the cause is named.
      </p>
      {watching && (
        <WithRegistry>
          <Watched language={language} />
        </WithRegistry>
      )}
    </section>
  );
}
