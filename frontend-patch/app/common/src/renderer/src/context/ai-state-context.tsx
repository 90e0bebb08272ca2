/** What the character does, and whether the server has said all of its answer. */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";

export enum AiStateEnum {
  IDLE = "idle",
  THINKING_SPEAKING = "thinking-speaking",
  INTERRUPTED = "interrupted",
  LOADING = "loading",
  LISTENING = "listening",
  /** Somebody types; idle again a little later. */
  WAITING = "waiting",
}

export type AiState = `${AiStateEnum}`;

const WAITING_MS = 2000;

interface AiStateContextType {
  aiState: AiState;
  setAiState: {
    (state: AiState): void;
    (updater: (currentState: AiState) => AiState): void;
  };
  backendSynthComplete: boolean;
  setBackendSynthComplete: (complete: boolean) => void;
  isIdle: boolean;
  isThinkingSpeaking: boolean;
  isInterrupted: boolean;
  isLoading: boolean;
  isListening: boolean;
  isWaiting: boolean;
  resetState: () => void;
}

export const AiStateContext = createContext<AiStateContextType | null>(null);

export function AiStateProvider({ children }: { children: ReactNode }) {
  const [aiState, setState] = useState<AiState>(AiStateEnum.LOADING);
  const [backendSynthComplete, setBackendSynthComplete] = useState(false);

  const setAiState = useCallback((next: AiState | ((currentState: AiState) => AiState)) => {
    setState((current) => {
      const state = typeof next === "function" ? next(current) : next;
      const speaks = current === AiStateEnum.THINKING_SPEAKING;
      return state === AiStateEnum.WAITING && speaks ? current : state;
    });
  }, []);

  useEffect(() => {
    if (aiState !== AiStateEnum.WAITING) return;
    const timer = setTimeout(() => setState(AiStateEnum.IDLE), WAITING_MS);
    return () => clearTimeout(timer);
  }, [aiState]);

  const value = useMemo(
    () => ({
      aiState,
      setAiState,
      backendSynthComplete,
      setBackendSynthComplete,
      isIdle: aiState === AiStateEnum.IDLE,
      isThinkingSpeaking: aiState === AiStateEnum.THINKING_SPEAKING,
      isInterrupted: aiState === AiStateEnum.INTERRUPTED,
      isLoading: aiState === AiStateEnum.LOADING,
      isListening: aiState === AiStateEnum.LISTENING,
      isWaiting: aiState === AiStateEnum.WAITING,
      resetState: () => setState(AiStateEnum.IDLE),
    }),
    [aiState, setAiState, backendSynthComplete],
  );
  return <AiStateContext.Provider value={value}>{children}</AiStateContext.Provider>;
}

/** @throws Error outside of AiStateProvider */
export function useAiState(): AiStateContextType {
  const context = useContext(AiStateContext);
  if (!context) throw new Error("useAiState: there is no AiStateProvider");
  return context;
}
