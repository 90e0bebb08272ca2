/** What can go wrong in a page. Each lasts as long as the page. */
import type { Scope } from "voicepath";
import type { Doll } from "../doll.js";
import { type ChurnOptions, churn } from "./churn.js";
import { type HastyClientOptions, hastyClient } from "./hasty-client.js";
import { type HeavyScriptOptions, heavyScript } from "./heavy-script.js";
import { type ModelSwitchesOptions, modelSwitches } from "./model-switches.js";

/** Of the page. */
export interface Parts {
  readonly doll: Doll;
  readonly scope: Scope;
  /** The backend's. */
  readonly url: string;
}

export interface FaultOptions {
  readonly hastyClient: HastyClientOptions;
  readonly heavyScript: HeavyScriptOptions;
  readonly churn: ChurnOptions;
  readonly modelSwitches: ModelSwitchesOptions;
}

export type FaultName = keyof FaultOptions;

type Faults = {
  readonly [Name in FaultName]: (options: FaultOptions[Name], parts: Parts) => void;
};

export const FAULTS: Faults = { hastyClient, heavyScript, churn, modelSwitches };
