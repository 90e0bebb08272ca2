import type * as voicepath from "../../../dist/index.js";

export function tellSession(module: typeof voicepath): Promise<string[]>;
