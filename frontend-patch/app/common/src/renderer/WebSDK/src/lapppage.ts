/** What the SDK leaves on the page for whoever has no import of it. */
import type { LAppAdapter } from "./lappadapter";
import type { LAppLive2DManager } from "./lapplive2dmanager";

interface OnPage {
  initializeLive2D?: () => void;
  getLive2DManager?: () => LAppLive2DManager;
  getLAppAdapter?: () => LAppAdapter;
  LAppLive2DManager?: typeof LAppLive2DManager;
}

export const onPage: OnPage = window as Window & OnPage;
