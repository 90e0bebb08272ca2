/** How a cause is made, for real. */
import type { Page } from "puppeteer-core";
import type { CauseName } from "voicepath/monitor";
import type { Random } from "../../tools/random.js";
import type { Backend } from "./backend.js";
import type { AppOptions } from "./page/app-options.js";
import type { FaultName, FaultOptions } from "./page/faults/index.js";

/** What an injection may lay hands on. */
export interface Subject {
  /** The page that is watched. */
  readonly page: Page;
  readonly backend: Backend;
  /** Injections are not all alike. */
  readonly random: Random;
  /** Another tab of the same application. */
  openTab(options?: Partial<AppOptions>): Promise<Page>;
  breakPage<Name extends FaultName>(name: Name, options: FaultOptions[Name]): Promise<void>;
}

export interface Injection {
  readonly cause: CauseName;
  /**
   * Begins it; it lasts until what this returns is called, or else as long as the page and the backend
   * do.
   */
  begin(subject: Subject): Promise<(() => void) | undefined>;
}
