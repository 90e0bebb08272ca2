/** How far the conversation's turn has come: for the monitor, once somebody has asked for it. */
import type { TurnControls } from "voicepath/react";

let watching: TurnControls | undefined;

export function markTurn(mark: keyof TurnControls): void {
  watching?.[mark]();
}

/** From now on these are told; the newest. @returns what ends it */
export function watchTurns(controls: TurnControls): () => void {
  watching = controls;
  return () => {
    if (watching === controls) watching = undefined;
  };
}
