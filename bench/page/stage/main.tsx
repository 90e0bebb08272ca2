import { createRoot } from "react-dom/client";
import { loadSession, Registry } from "voicepath";
import { RegistryProvider } from "voicepath/react";
import "../style.css";
import "./style.css";
import { Stage } from "./Stage";
import { Stagehand } from "./stagehand";

const root = document.querySelector("#root");
if (!root) throw new Error("index.html has no #root");
const registry = Registry.create(await loadSession());
const stagehand = new Stagehand(registry);
// Without StrictMode, which would mount everything twice: what is counted is what an application does.
createRoot(root).render(
  <RegistryProvider registry={registry}>
    <Stage stagehand={stagehand} />
  </RegistryProvider>,
);
globalThis.voicepathStress = stagehand.hooks;
