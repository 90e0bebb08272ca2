import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useChatHistory } from "@/context/chat-history-context";
import type { Message } from "@/services/websocket-service";

const LATEST = 200;

const time = (timestamp: string): string => {
  const date = new Date(timestamp);
  const isTime = !Number.isNaN(date.getTime());
  return isTime ? date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : "";
};

function Bubble({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { role, content, name, timestamp, type, tool_name, status } = message;
  if (type === "tool_call_status")
    return (
      <li className="tool" data-role="tool" data-status={status}>
        <b>{tool_name}</b> {content}
      </li>
    );
  return (
    <li className="bubble" data-role={role}>
      <span className="said">{content}</span>
      <span className="by">
        {role === "human" ? t("app.you") : name} {time(timestamp)}
      </span>
    </li>
  );
}

function ChatHistoryPanel() {
  const { t } = useTranslation();
  const { messages } = useChatHistory();
  const list = useRef<HTMLUListElement>(null);
  const end = messages.length + (messages.at(-1)?.content.length ?? 0);

  useEffect(() => {
    if (end > 0) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [end]);

  return (
    <ul className="chat" data-testid="chat" ref={list}>
      {messages.length === 0 && <li className="empty">{t("app.empty")}</li>}
      {messages.slice(-LATEST).map((message, i) => (
        <Bubble key={message.id ?? `${message.timestamp} ${i}`} message={message} />
      ))}
    </ul>
  );
}

export default ChatHistoryPanel;
