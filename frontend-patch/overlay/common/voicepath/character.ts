/**
 * The character on the canvas, as far as speech moves it: its mouth, its expression, its gestures.
 * The SDK asks its wave file handler for a loudness before every frame, so the mouth needs no frame
 * loop of its own: while somebody speaks, the handler answers for the sound at the playhead.
 */

/** The SDK's, whose names these are. */
export interface WaveFileHandler {
  update(deltaSeconds: number): boolean;
  getRms(): number;
  releasePcmData?(): void;
  _lastRms: number;
  _sampleOffset?: number;
  _userTimeSeconds?: number;
}

export interface CharacterModel {
  _wavFileHandler?: WaveFileHandler;
  startRandomMotion?(group: string, priority: number): unknown;
}

interface SdkWindow {
  getLive2DManager?: () => { getModel(index: number): CharacterModel | null } | null | undefined;
  getLAppAdapter?: () => unknown;
}

/** LAppDefine.PriorityNormal. */
const PRIORITY_NORMAL = 2;

function sdk(): SdkWindow {
  return window as unknown as SdkWindow;
}

/** Null while there is none, which is no reason not to speak. */
export function currentModel(): CharacterModel | null {
  try {
    return sdk().getLive2DManager?.()?.getModel(0) ?? null;
  } catch {
    return null;
  }
}

/** What sets expressions; null while there is none. */
export function currentAdapter(): unknown {
  return sdk().getLAppAdapter?.() ?? null;
}

/** A gesture of somebody who talks. */
export function gesture(model: CharacterModel | null): void {
  model?.startRandomMotion?.("Talk", PRIORITY_NORMAL);
}

/**
 * Opens the mouth as wide as `level` says, before every frame, until the function it returns is called.
 *
 * @param level - 0 to 1
 */
export function moveMouth(model: CharacterModel | null, level: () => number): () => void {
  const handler = model?._wavFileHandler;
  if (!handler) return () => {};
  const own = Object.getOwnPropertyDescriptor(handler, "update");
  const update = (): boolean => {
    handler._lastRms = level();
    return true;
  };
  handler.update = update;
  return () => {
    // Somebody else's by now?
    if (handler.update !== update) return;
    if (own) Object.defineProperty(handler, "update", own);
    else Reflect.deleteProperty(handler, "update");
    handler._lastRms = 0;
  };
}
