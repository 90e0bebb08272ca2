/** What each message of the server does to the application: one line of a table for each type. */
import {
  lazy,
  type ReactElement,
  type ReactNode,
  Suspense,
  useEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useAudioTask } from "@/components/canvas/live2d";
import { toaster } from "@/components/ui/toaster";
import { useAiState } from "@/context/ai-state-context";
import { useBgUrl } from "@/context/bgurl-context";
import { useBrowser } from "@/context/browser-context";
import { useConfig } from "@/context/character-config-context";
import { useChatHistory } from "@/context/chat-history-context";
import { useGroup } from "@/context/group-context";
import { type ModelInfo, useLive2DConfig } from "@/context/live2d-config-context";
import { useSubtitle } from "@/context/subtitle-context";
import { useVAD } from "@/context/vad-context";
import { type HistoryInfo, useWebSocket, WebSocketContext } from "@/context/websocket-context";
import { useInterrupt } from "@/hooks/utils/use-interrupt";
import { wsService } from "@/services/websocket-service";
import { audioTaskQueue } from "@/utils/task-queue";
import { useAiNow } from "@/voicepath/ai-now";
import { setAudioFormats } from "@/voicepath/outgoing";
import { useConnected, useServerAddress } from "@/voicepath/server-address";
import {
  type MessageOf,
  type MessageType,
  readMessage,
  type ServerMessage,
} from "@/voicepath/server-messages";
import { toast } from "@/voicepath/toasts";
import { markTurn } from "@/voicepath/turn-marks";
import { turns } from "@/voicepath/turns";

type Handlers = { readonly [Type in MessageType]: (message: MessageOf<Type>) => void };

const TOAST_MS = 2000;

/** The page works without it, also when its file cannot be fetched. */
const MonitorDrawer = lazy(() =>
  import("@/voicepath/monitor-drawer").then(
    (module) => ({ default: module.MonitorDrawer }),
    () => ({ default: () => null }),
  ),
);

const connect = wsService.connect.bind(wsService);

/** Types that came and that nobody here knows: named once. */
const unknownTypes = new Set<string>();
const UNKNOWN_NAMED = 20;

function nameUnknown(type: string): void {
  if (unknownTypes.has(type) || unknownTypes.size >= UNKNOWN_NAMED) return;
  unknownTypes.add(type);
  console.warn(`The server sends messages of a type unknown here: ${type.slice(0, 80)}`);
}

function WebSocketHandler({ children }: { children: ReactNode }): ReactElement {
  const connection = useWebSocket();
  const handlers = useHandlers(connection.baseUrl);
  const latest = useRef(handlers);
  latest.current = handlers;

  useConnected(useServerAddress(), connect);
  useEffect(() => {
    const messages = wsService.onMessage((arrived) => {
      const visitor = readMessage(arrived);
      if ("message" in visitor) dispatch(latest.current, visitor.message);
      else if ("wrong" in visitor)
        toast("message", `A malformed message of the server was dropped: ${visitor.wrong}`);
      else nameUnknown(visitor.unknownType);
    });
    // Whoever would be told that the answer was heard is gone with the connection.
    const states = wsService.onStateChange((state) => {
      if (state !== "OPEN") turns.abandon();
    });
    return () => {
      messages.unsubscribe();
      states.unsubscribe();
    };
  }, []);

  return (
    <WebSocketContext.Provider value={connection}>
      {children}
      <Suspense fallback={null}>
        <MonitorDrawer />
      </Suspense>
    </WebSocketContext.Provider>
  );
}

function dispatch(handlers: Handlers, message: ServerMessage): void {
  // The table pairs types and handlers; TypeScript cannot follow a pair through an index.
  const handle = handlers[message.type] as (message: ServerMessage) => void;
  handle(message);
}

/** What the frontend names a success or a failure. */
function tell(title: string, success = true): void {
  toaster.create({ title, type: success ? "success" : "error", duration: TOAST_MS });
}

function useHandlers(baseUrl: string): Handlers {
  const { t } = useTranslation();
  const ai = useAiNow();
  const { setBackendSynthComplete } = useAiState();
  const { setSubtitleText } = useSubtitle();
  const chat = useChatHistory();
  const { addAudioTask } = useAudioTask();
  const { setBackgroundFiles } = useBgUrl();
  const { setConfName, setConfUid, setConfigFiles } = useConfig();
  const { setSelfUid, setGroupMembers, setIsOwner } = useGroup();
  const { interrupt } = useInterrupt();
  const { setBrowserViewData } = useBrowser();
  const control = useControl();
  const showModel = useModel(baseUrl);

  return {
    control: ({ text }) => control(text),
    "set-model-and-conf": ({ model_info, conf_name, conf_uid, client_uid, audio_formats }) => {
      setAudioFormats(audio_formats ?? []);
      if (conf_name) setConfName(conf_name);
      if (conf_uid) setConfUid(conf_uid);
      if (client_uid) setSelfUid(client_uid);
      showModel(model_info ?? undefined);
      ai.set("idle");
    },
    "full-text": ({ text }) => {
      if (text) setSubtitleText(text);
    },
    "config-files": ({ configs }) => setConfigFiles(configs),
    "config-switched": () => {
      ai.set("idle");
      setSubtitleText(t("notification.characterLoaded"));
      tell(t("notification.characterSwitched"));
      wsService.sendMessage({ type: "fetch-history-list" });
      wsService.sendMessage({ type: "create-new-history" });
    },
    "background-files": ({ files }) => setBackgroundFiles(files),
    audio: (message) => {
      // What is still under way of a turn that was interrupted.
      if (ai.state === "interrupted" || ai.state === "listening") return;
      void addAudioTask({
        audioBase64: message.audio ?? "",
        volumes: message.volumes ?? [],
        sliceLength: message.slice_length ?? 0,
        displayText: message.display_text ?? null,
        expressions: message.actions?.expressions ?? null,
        forwarded: message.forwarded ?? false,
      });
    },
    "history-data": ({ messages }) => {
      chat.setMessages(messages);
      tell(t("notification.historyLoaded"));
    },
    "new-history-created": ({ history_uid: uid }) => {
      ai.set("idle");
      setSubtitleText(t("notification.newConversation"));
      if (!uid) return;
      chat.setCurrentHistoryUid(uid);
      chat.setMessages([]);
      const created: HistoryInfo = {
        uid,
        latest_message: null,
        timestamp: new Date().toISOString(),
      };
      chat.setHistoryList((histories: HistoryInfo[]) => [created, ...histories]);
      tell(t("notification.newChatHistory"));
    },
    "history-deleted": ({ success }) =>
      success
        ? tell(t("notification.historyDeleteSuccess"))
        : tell(t("notification.historyDeleteFail"), false),
    "history-list": ({ histories }) => {
      chat.setHistoryList(histories);
      // After a reconnect the history that goes on is on the list, and need not be its first.
      const known = histories.some(({ uid }) => uid === chat.currentHistoryUid);
      if (!known && histories[0]) chat.setCurrentHistoryUid(histories[0].uid);
    },
    "user-input-transcription": ({ text }) => {
      markTurn("transcription");
      if (text) chat.appendHumanMessage(text);
    },
    error: ({ message }) => toast(`server: ${message}`, message),
    "group-update": ({ members, is_owner }) => {
      if (members) setGroupMembers(members);
      if (typeof is_owner === "boolean") setIsOwner(is_owner);
    },
    "group-operation-result": ({ success, message }) => tell(message, success === true),
    "backend-synth-complete": () => setBackendSynthComplete(true),
    "conversation-chain-end": () => {
      if (!audioTaskQueue.hasTask() && ai.state === "thinking-speaking") ai.set("idle");
    },
    "force-new-message": () => chat.setForceNewMessage(true),
    "interrupt-signal": () => interrupt(false),
    "heartbeat-ack": () => {},
    tool_call_status: (message) => {
      if (message.browser_view) setBrowserViewData(message.browser_view);
      chat.appendOrUpdateToolCallMessage({
        id: message.tool_id,
        type: "tool_call_status",
        role: "ai",
        tool_id: message.tool_id,
        tool_name: message.tool_name,
        name: message.name ?? "",
        status: message.status,
        content: message.content ?? "",
        timestamp: message.timestamp ?? new Date().toISOString(),
      });
    },
  };
}

/** What the server's control messages ask for. */
function useControl(): (text: string) => void {
  const ai = useAiNow();
  const { clearResponse } = useChatHistory();
  const { startMic, stopMic, autoStartMicOnConvEnd } = useVAD();
  const startsMicAtEnd = useRef(autoStartMicOnConvEnd);
  startsMicAtEnd.current = autoStartMicOnConvEnd;

  return (text) => {
    switch (text) {
      case "start-mic":
        void startMic();
        break;
      case "stop-mic":
        stopMic();
        break;
      case "conversation-chain-start":
        ai.set("thinking-speaking");
        audioTaskQueue.clearQueue();
        turns.begin();
        clearResponse();
        break;
      case "conversation-chain-end":
        // When what is still to be heard was heard.
        audioTaskQueue.addTask(async () => {
          if (ai.state !== "thinking-speaking") return;
          ai.set("idle");
          if (startsMicAtEnd.current) void startMic();
        });
        break;
      default:
        nameUnknown(`control ${text}`);
    }
  };
}

/** Shows a model once the character that it belongs to is known. */
function useModel(baseUrl: string): (model: ModelInfo | undefined) => void {
  const { confUid } = useConfig();
  const { modelInfo, setModelInfo } = useLive2DConfig();
  const [pending, setPending] = useState<ModelInfo>();
  const shown = useRef("");

  useEffect(() => {
    if (!pending || !confUid) return;
    setModelInfo(pending);
    setPending(undefined);
  }, [pending, confUid]);

  return (model) => {
    if (!model) return;
    const url = model.url.startsWith("http") ? model.url : baseUrl + model.url;
    const wanted = JSON.stringify({ ...model, url });
    // After a reconnect it is the one that is there: to load it again would only flicker.
    if (wanted === shown.current && modelInfo?.url === url) return;
    shown.current = wanted;
    setPending({ ...model, url });
  };
}

export default WebSocketHandler;
