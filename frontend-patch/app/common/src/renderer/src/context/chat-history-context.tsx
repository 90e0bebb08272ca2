/** What was said in this conversation, the other conversations, and the answer that is being heard. */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Message } from "@/services/websocket-service";
import type { HistoryInfo } from "./websocket-context";

interface ChatHistoryState {
  messages: Message[];
  historyList: HistoryInfo[];
  currentHistoryUid: string | null;
  appendHumanMessage: (content: string) => void;
  appendAIMessage: (content: string, name?: string, avatar?: string) => void;
  appendOrUpdateToolCallMessage: (toolMessageData: Partial<Message>) => void;
  setMessages: (messages: Message[]) => void;
  setHistoryList: (value: HistoryInfo[] | ((prev: HistoryInfo[]) => HistoryInfo[])) => void;
  setCurrentHistoryUid: (uid: string | null) => void;
  updateHistoryList: (uid: string, latestMessage: Message | null) => void;
  /** The sentences heard in this turn. */
  fullResponse: string;
  setFullResponse: (text: string) => void;
  appendResponse: (text: string) => void;
  clearResponse: () => void;
  /** The next sentence begins a new bubble. */
  setForceNewMessage: (value: boolean) => void;
}

export const ChatHistoryContext = createContext<ChatHistoryState | null>(null);

let lastId = 0;

function textMessage(role: Message["role"], content: string): Message {
  lastId += 1;
  return { id: `said-${lastId}`, type: "text", role, content, timestamp: new Date().toISOString() };
}

/** Where its language writes spaces, there is one after a sentence. */
const joined = (before: string, sentence: string): string =>
  before + (/[.!?…]["'”’]?$/.test(before) ? " " : "") + sentence;

/** A sentence joins the bubble before it, if that is the character's. */
function withSentence(messages: Message[], sentence: Message): Message[] {
  const last = messages.at(-1);
  if (last?.role !== "ai" || last.type === "tool_call_status") return [...messages, sentence];
  const content = joined(last.content, sentence.content);
  return [...messages.slice(0, -1), { ...last, content, timestamp: sentence.timestamp }];
}

function withToolCall(messages: Message[], call: Message): Message[] {
  const isSame = (one: Message): boolean =>
    one.type === "tool_call_status" && one.tool_id === call.tool_id;
  if (!messages.some(isSame)) return [...messages, call];
  return messages.map((one) =>
    isSame(one)
      ? { ...one, ...call, name: call.name || one.name, content: call.content || one.content }
      : one,
  );
}

export function ChatHistoryProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<Message[]>([]);
  const [historyList, setHistoryList] = useState<HistoryInfo[]>([]);
  const [currentHistoryUid, setCurrentHistoryUid] = useState<string | null>(null);
  const [fullResponse, setFullResponse] = useState("");
  const beginsNew = useRef(false);

  const setForceNewMessage = useCallback((value: boolean) => {
    beginsNew.current = value;
  }, []);

  const appendHumanMessage = useCallback((content: string) => {
    setMessages((before) => [...before, textMessage("human", content)]);
  }, []);

  const appendAIMessage = useCallback((content: string, name?: string, avatar?: string) => {
    const sentence: Message = { ...textMessage("ai", content), name, avatar };
    const isNew = beginsNew.current;
    beginsNew.current = false;
    setMessages((before) => (isNew ? [...before, sentence] : withSentence(before, sentence)));
  }, []);

  const appendOrUpdateToolCallMessage = useCallback((data: Partial<Message>) => {
    const { tool_id, tool_name, status, timestamp } = data;
    if (!tool_id || !tool_name || !status || !timestamp) {
      console.error("a tool call lacks its id, name, status or time:", data);
      return;
    }
    const type = "tool_call_status";
    const content = data.content ?? "";
    const call: Message = { ...data, id: tool_id, role: "ai", type, content, timestamp };
    setMessages((before) => withToolCall(before, call));
  }, []);

  const updateHistoryList = useCallback((uid: string, latest: Message | null) => {
    setHistoryList((before) =>
      before.map((history) =>
        history.uid === uid
          ? {
              ...history,
              latest_message: latest,
              timestamp: latest?.timestamp ?? history.timestamp,
            }
          : history,
      ),
    );
  }, []);

  const appendResponse = useCallback((text: string) => {
    setFullResponse((before) => before + text);
  }, []);
  const clearResponse = useCallback(() => setFullResponse(""), []);

  const value = useMemo(
    () => ({
      messages,
      historyList,
      currentHistoryUid,
      appendHumanMessage,
      appendAIMessage,
      appendOrUpdateToolCallMessage,
      setMessages,
      setHistoryList,
      setCurrentHistoryUid,
      updateHistoryList,
      fullResponse,
      setFullResponse,
      appendResponse,
      clearResponse,
      setForceNewMessage,
    }),
    [
      messages,
      historyList,
      currentHistoryUid,
      appendHumanMessage,
      appendAIMessage,
      appendOrUpdateToolCallMessage,
      updateHistoryList,
      fullResponse,
      appendResponse,
      clearResponse,
      setForceNewMessage,
    ],
  );
  return <ChatHistoryContext.Provider value={value}>{children}</ChatHistoryContext.Provider>;
}

/** @throws Error outside of ChatHistoryProvider */
export function useChatHistory(): ChatHistoryState {
  const context = useContext(ChatHistoryContext);
  if (!context) throw new Error("useChatHistory: there is no ChatHistoryProvider");
  return context;
}
