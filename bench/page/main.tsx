import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "uplot/dist/uPlot.min.css";
import "./style.css";
import { Bench } from "./benchmark/bench";
import { Page } from "./Page";

declare global {
  /** The headless runner starts the suites here and watches them. */
  var bench: Bench;
}

globalThis.bench = new Bench();
const root = document.querySelector("#root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Page bench={globalThis.bench} />
  </StrictMode>,
);
