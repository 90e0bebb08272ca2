import type { Injection } from "../injection.js";
import { backend } from "./backend.js";
import { background } from "./background.js";
import { collector } from "./collector.js";
import { machine } from "./machine.js";
import { model } from "./model.js";
import { reconnect } from "./reconnect.js";
import { rendering } from "./rendering.js";
import { script } from "./script.js";
import { tabs } from "./tabs.js";

export const INJECTIONS: readonly Injection[] = [
  collector,
  backend,
  model,
  rendering,
  reconnect,
  tabs,
  background,
  machine,
  script,
];
