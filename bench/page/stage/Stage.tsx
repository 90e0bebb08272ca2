import { useEffect, useState } from "react";
import { RegistryInspector, useRegistry } from "voicepath/react";
import { ConversationView } from "./ConversationView";
import type { Stagehand } from "./stagehand";

/** A small application: a conversation that can be opened and closed. */
export function Stage({ stagehand }: { readonly stagehand: Stagehand }) {
  const registry = useRegistry();
  const [open, setOpen] = useState(true);
  useEffect(() => stagehand.operate(setOpen), [stagehand]);
  return (
    <main className="theatre">
      <header className="section-head">
        <h1>The stage</h1>
        <button type="button" onClick={() => setOpen(!open)}>
          {open ? "Close" : "Open"}
        </button>
      </header>
      {open ? (
        <ConversationView stagehand={stagehand} />
      ) : (
        <p className="curtain">Nothing is open, and nothing runs.</p>
      )}
      <RegistryInspector registry={registry} />
    </main>
  );
}
