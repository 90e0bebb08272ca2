/** The same page with a monitor, as applications have it. */
import { loadSession, Registry } from "voicepath";
import { Monitor } from "voicepath/monitor";
import { animated } from "./animation";

void animated(async () => Monitor.create(Registry.create(await loadSession())));
