import type * as voicepath from "../../../dist/index.js";
import type * as monitor from "../../../dist/monitor/index.js";

export function tellMonitor(module: typeof voicepath, of: typeof monitor): Promise<string[]>;
