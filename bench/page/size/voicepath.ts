/** A registry with a scope, and one thing owned. */
import { loadSession, Registry } from "voicepath";
import { reportReady } from "../cold/report";

void reportReady(async () => {
  const scope = Registry.create(await loadSession()).scope("page");
  scope.defer(() => {});
  await scope.dispose();
});
