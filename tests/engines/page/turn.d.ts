import type * as voicepath from "../../../dist/index.js";

export function tellTurn(module: typeof voicepath): Promise<string[]>;
