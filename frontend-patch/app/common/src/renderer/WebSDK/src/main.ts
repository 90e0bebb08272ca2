/** Begins to show the model that lappdefine names. */
import { LAppAdapter } from "./lappadapter";
import { LAppDelegate } from "./lappdelegate";
import { LAppLive2DManager } from "./lapplive2dmanager";
import { onPage } from "./lapppage";

export function initializeLive2D(): void {
  LAppLive2DManager.releaseInstance();
  const delegate = LAppDelegate.getInstance();
  if (!delegate.initialize()) {
    console.error("there is no canvas for the character");
    return;
  }
  delegate.run();
}

onPage.initializeLive2D = initializeLive2D;
onPage.getLive2DManager = () => LAppLive2DManager.getInstance();
onPage.getLAppAdapter = () => LAppAdapter.getInstance();
onPage.LAppLive2DManager = LAppLive2DManager;

window.addEventListener("beforeunload", () => LAppDelegate.releaseInstance(), { passive: true });
