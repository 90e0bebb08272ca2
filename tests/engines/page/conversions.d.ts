import type * as voicepath from "../../../dist/index.js";

export function tellConversions(module: typeof voicepath): Promise<string[]>;
