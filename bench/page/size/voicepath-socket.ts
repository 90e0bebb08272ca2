/** A socket that has not been told to connect. */
import { loadSession, Registry } from "voicepath";
import { reportReady } from "../cold/report";

void reportReady(async () => {
  const scope = Registry.create(await loadSession()).scope("page");
  scope.socket({ url: "ws://localhost/", autoConnect: false });
  await scope.dispose();
});
