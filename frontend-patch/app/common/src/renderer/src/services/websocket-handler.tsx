/** The connection's messages, each handed to the context that it concerns. */
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
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
import { defaultBaseUrl, defaultWsUrl, WebSocketContext } from "@/context/websocket-context";
import { useInterrupt } from "@/hooks/utils/use-interrupt";
import { useSetting } from "@/hooks/utils/use-setting";
import { type MessageEvent, wsService } from "@/services/websocket-service";
import { audioTaskQueue } from "@/utils/task-queue";

const TOAST_MS = 2000;

function WebSocketHandler({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [wsState, setWsState] = useState<string>("CLOSED");
  const [wsUrl, setWsUrl] = useSetting("wsUrl", defaultWsUrl);
  const [baseUrl, setBaseUrl] = useSetting("baseUrl", defaultBaseUrl);
  const { aiState, setAiState, setBackendSynthComplete } = useAiState();
  const { setModelInfo } = useLive2DConfig();
  const { setSubtitleText } = useSubtitle();
  const history = useChatHistory();
  const { setBackgroundFiles } = useBgUrl();
  const { setConfName, setConfUid, setConfigFiles } = useConfig();
  const { setSelfUid, setGroupMembers, setIsOwner } = useGroup();
  const { setBrowserViewData } = useBrowser();
  const { startMic, stopMic, autoStartMicOnConvEnd } = useVAD();
  const { addAudioTask } = useAudioTask();
  const { interrupt } = useInterrupt();

  const notify = (title: string | undefined, succeeded: boolean): void => {
    toaster.create({ title, type: succeeded ? "success" : "error", duration: TOAST_MS });
  };

  const endTurn = async (): Promise<void> => {
    setAiState((current) => (current === "thinking-speaking" ? "idle" : current));
    if (autoStartMicOnConvEnd) await startMic();
  };

  const control = (text: string): void => {
    switch (text) {
      case "start-mic":
        void startMic();
        break;
      case "stop-mic":
        stopMic();
        break;
      case "conversation-chain-start":
        setAiState("thinking-speaking");
        audioTaskQueue.clearQueue();
        history.clearResponse();
        break;
      case "conversation-chain-end":
        audioTaskQueue.addTask(endTurn);
        break;
      default:
        console.warn("unknown control:", text);
    }
  };

  const showModel = (info: ModelInfo | undefined): void => {
    if (!info?.url) return;
    setModelInfo(info.url.startsWith("http") ? info : { ...info, url: baseUrl + info.url });
  };

  const beginHistory = (uid: string): void => {
    setAiState("idle");
    setSubtitleText(t("notification.newConversation"));
    history.setCurrentHistoryUid(uid);
    history.setMessages([]);
    const timestamp = new Date().toISOString();
    history.setHistoryList((before) => [{ uid, latest_message: null, timestamp }, ...before]);
    notify(t("notification.newChatHistory"), true);
  };

  const handleMessage = (message: MessageEvent): void => {
    // Defect: the console keeps every message for as long as the page lives.
    console.log("received", message);
    switch (message.type) {
      case "control":
        if (message.text) control(message.text);
        break;
      case "set-model-and-conf":
        if (message.conf_name) setConfName(message.conf_name);
        if (message.conf_uid) setConfUid(message.conf_uid);
        if (message.client_uid) setSelfUid(message.client_uid);
        showModel(message.model_info);
        setAiState("idle");
        break;
      case "full-text":
        if (message.text) setSubtitleText(message.text);
        break;
      case "config-files":
        if (message.configs) setConfigFiles(message.configs);
        break;
      case "config-switched":
        setAiState("idle");
        setSubtitleText(t("notification.characterLoaded"));
        notify(t("notification.characterSwitched"), true);
        wsService.sendMessage({ type: "fetch-history-list" });
        wsService.sendMessage({ type: "create-new-history" });
        break;
      case "background-files":
        if (message.files) setBackgroundFiles(message.files);
        break;
      case "audio":
        if (aiState === "interrupted" || aiState === "listening") break;
        void addAudioTask({
          audioBase64: message.audio ?? "",
          volumes: message.volumes ?? [],
          sliceLength: message.slice_length ?? 0,
          displayText: message.display_text ?? null,
          expressions: message.actions?.expressions ?? null,
          forwarded: message.forwarded ?? false,
        });
        break;
      case "history-data":
        if (message.messages) history.setMessages(message.messages);
        notify(t("notification.historyLoaded"), true);
        break;
      case "new-history-created":
        if (message.history_uid) beginHistory(message.history_uid);
        break;
      case "history-deleted": {
        const key = message.success ? "historyDeleteSuccess" : "historyDeleteFail";
        notify(t(`notification.${key}`), message.success === true);
        break;
      }
      case "history-list":
        if (!message.histories) break;
        history.setHistoryList(message.histories);
        history.setCurrentHistoryUid(message.histories[0]?.uid ?? null);
        break;
      case "user-input-transcription":
        if (message.text) history.appendHumanMessage(message.text);
        break;
      case "error":
        notify(message.message, false);
        break;
      case "group-update":
        if (message.members) setGroupMembers(message.members);
        if (message.is_owner !== undefined) setIsOwner(message.is_owner);
        break;
      case "group-operation-result":
        notify(message.message, message.success === true);
        break;
      case "backend-synth-complete":
        setBackendSynthComplete(true);
        break;
      case "force-new-message":
        history.setForceNewMessage(true);
        break;
      case "interrupt-signal":
        // Somebody else of the group interrupted: the server knows.
        interrupt(false);
        break;
      case "tool_call_status":
        if (message.browser_view) setBrowserViewData(message.browser_view);
        history.appendOrUpdateToolCallMessage({
          tool_id: message.tool_id,
          tool_name: message.tool_name,
          name: message.name,
          status: message.status,
          content: message.content,
          timestamp: message.timestamp ?? new Date().toISOString(),
        });
        break;
      default:
        console.warn("unknown message:", message.type);
    }
  };

  const latest = useRef(handleMessage);
  latest.current = handleMessage;

  useEffect(() => {
    const states = wsService.onStateChange(setWsState);
    const messages = wsService.onMessage((message) => latest.current(message));
    return () => {
      states.unsubscribe();
      messages.unsubscribe();
    };
  }, []);

  useEffect(() => wsService.connect(wsUrl), [wsUrl]);

  const reconnect = useCallback(() => wsService.connect(wsUrl), [wsUrl]);
  const value = useMemo(
    () => ({
      sendMessage: wsService.sendMessage.bind(wsService),
      wsState,
      reconnect,
      wsUrl,
      setWsUrl,
      baseUrl,
      setBaseUrl,
    }),
    [wsState, reconnect, wsUrl, setWsUrl, baseUrl, setBaseUrl],
  );
  return <WebSocketContext.Provider value={value}>{children}</WebSocketContext.Provider>;
}

export default WebSocketHandler;
