/**
 * The AI's state as it is now. React tells of a change with the next render; messages and speech come
 * faster than that, and a sentence that follows its chain-start at once must not be taken for one of
 * the turn that was interrupted before.
 */
import { useLayoutEffect } from "react";
import { type AiState, useAiState } from "@/context/ai-state-context";

export interface AiNow {
  readonly state: AiState;
  set(next: AiState): void;
}

let now: AiState = "loading";
let rendered: AiState = "loading";
let setRendered: (next: AiState) => void = () => {};

const aiNow: AiNow = {
  get state() {
    return now;
  },
  set(next) {
    now = next;
    setRendered(next);
  },
};

/** The same object for everybody and for ever. */
export function useAiNow(): AiNow {
  const { aiState, setAiState } = useAiState();
  useLayoutEffect(() => {
    setRendered = setAiState;
    if (aiState === rendered) return;
    rendered = aiState;
    now = aiState;
  }, [aiState, setAiState]);
  return aiNow;
}
