/** The frontend in the site: both shapes, before and after the patch, and the servers it talks to. */
import { join } from "node:path";
import { buildTwin, SHAPES, type Shape } from "../../frontend-patch/app/compose.js";
import { LANGUAGES } from "../../tests/server/protocol/script.js";
import { ProtocolServer } from "../../tests/server/protocol/server.js";
import { appFolder, SOCKET_PATHS } from "../page/frontend/app-address.js";
import { SITE } from "../pages.js";
import type { Protocols } from "../server.js";
import { AFTER, BEFORE, type Twin, writeTwins } from "./twins.js";

/** Needs dist/. */
export async function buildApps(): Promise<void> {
  for (const shape of SHAPES) {
    const folders = await writeTwins(shape);
    for (const state of ["before", "after"] as const)
      await buildTwin(folders[state], { outDir: join(SITE, appFolder({ shape, state })) });
  }
}

/** Both of a shape, as {@link buildApps} has built them. */
export function siteTwins(shape: Shape): readonly Twin[] {
  return (["before", "after"] as const).map((state) => ({
    name: state === "before" ? BEFORE : AFTER,
    app: join(SITE, appFolder({ shape, state })),
  }));
}

/** One for each language. */
export function openProtocols(): Protocols {
  return Object.fromEntries(
    LANGUAGES.map((language) => [
      SOCKET_PATHS[language],
      ProtocolServer.create({ language, autoStartMic: false }),
    ]),
  );
}
