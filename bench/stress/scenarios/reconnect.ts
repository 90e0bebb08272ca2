/** The page's sockets are closed behind its back; it has to open as many again. */
import { settle, timed } from "../pace.js";
import type { Scenario, Setting } from "../scenario.js";
import { StressError } from "../stress-error.js";

/** Returns how many were open. @throws StressError when none was */
export async function cutSockets({ tab, blank }: Setting): Promise<number> {
  const count = await tab.evaluate<number>("voicepathProbe.cutSockets()");
  if (count > 0 || blank) return count;
  throw new StressError("the page has no open WebSocket to cut");
}

/** @throws StressError when the page opens no socket */
export async function connected({ tab, blank }: Setting): Promise<void> {
  if (!blank) await tab.until("voicepathProbe.openSockets() > 0", "opening a WebSocket");
}

export async function reconnect(setting: Setting): Promise<Scenario> {
  const { tab, settleMs } = setting;
  await connected(setting);
  return {
    way: "by cutting its sockets",
    hooked: false,
    clicked: false,
    oneDocument: true,
    async cycle() {
      const count = await cutSockets(setting);
      const tookMs = await timed(() =>
        tab.until(`voicepathProbe.openSockets() >= ${count}`, "reconnecting"),
      );
      await settle(settleMs);
      return tookMs;
    },
  };
}
