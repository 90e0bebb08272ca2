/** What the server says: one interface with every field that some message has. */
import type { BrowserViewData } from "@/context/browser-context";
import type { ConfigFile } from "@/context/character-config-context";
import type { ModelInfo } from "@/context/live2d-config-context";
import type { HistoryInfo } from "@/context/websocket-context";

export interface DisplayText {
  text: string;
  name: string;
  avatar: string;
}

export interface Actions {
  expressions?: string[] | number[];
  pictures?: string[];
  sounds?: string[];
}

export interface AudioPayload {
  type: "audio";
  audio?: string;
  volumes?: number[];
  slice_length?: number;
  display_text?: DisplayText;
  actions?: Actions;
}

/** A bubble of the chat. */
export interface Message {
  id: string;
  content: string;
  role: "ai" | "human";
  timestamp: string;
  name?: string;
  avatar?: string;
  type?: "text" | "tool_call_status";
  tool_id?: string;
  tool_name?: string;
  status?: "running" | "completed" | "error";
}

export interface MessageEvent {
  type: string;
  text?: string;
  message?: string;
  success?: boolean;
  audio?: string;
  volumes?: number[];
  slice_length?: number;
  display_text?: DisplayText;
  actions?: Actions;
  forwarded?: boolean;
  model_info?: ModelInfo;
  conf_name?: string;
  conf_uid?: string;
  client_uid?: string;
  configs?: ConfigFile[];
  files?: { name: string; url: string }[];
  histories?: HistoryInfo[];
  history_uid?: string;
  messages?: Message[];
  members?: string[];
  is_owner?: boolean;
  tool_id?: string;
  tool_name?: string;
  name?: string;
  status?: "running" | "completed" | "error";
  content?: string;
  timestamp?: string;
  browser_view?: BrowserViewData;
}
