/** The one connection to the server. */
import i18n from "i18next";
import { Subject, type Subscription } from "rxjs";
import { toaster } from "@/components/ui/toaster";
import type { MessageEvent } from "./messages";

export type { Actions, AudioPayload, DisplayText, Message, MessageEvent } from "./messages";

type State = "CONNECTING" | "OPEN" | "CLOSING" | "CLOSED";

const TOAST_MS = 2000;

class WebSocketService {
  private ws: WebSocket | null = null;
  private currentState: State = "CLOSED";
  private readonly messages = new Subject<MessageEvent>();
  private readonly states = new Subject<State>();

  connect(url: string): void {
    this.disconnect();
    this.setState("CONNECTING");
    try {
      this.listen(new WebSocket(url));
    } catch (error) {
      console.error(`${url} is no address of a server:`, error);
      this.setState("CLOSED");
    }
  }

  sendMessage(message: object): void {
    if (this.ws?.readyState === WebSocket.OPEN) {
      this.ws.send(JSON.stringify(message));
      return;
    }
    // Defect: what is said while the connection is down is lost.
    console.warn("not connected, so this is dropped:", message);
    toaster.create({
      title: i18n.t("error.websocketNotOpen"),
      type: "error",
      duration: TOAST_MS,
    });
  }

  onMessage(callback: (message: MessageEvent) => void): Subscription {
    return this.messages.subscribe(callback);
  }

  onStateChange(callback: (state: State) => void): Subscription {
    return this.states.subscribe(callback);
  }

  disconnect(): void {
    // Defect: its handlers stay, and a late close of the old socket is shown as the new one's.
    this.ws?.close();
    this.ws = null;
  }

  getCurrentState(): State {
    return this.currentState;
  }

  private listen(ws: WebSocket): void {
    this.ws = ws;
    ws.onopen = () => {
      this.setState("OPEN");
      this.askForAll();
    };
    ws.onmessage = ({ data }) => this.parse(data);
    // Defect: nobody connects again, and no heartbeat notices a connection that is half open.
    ws.onclose = () => this.setState("CLOSED");
    ws.onerror = () => this.setState("CLOSED");
  }

  private askForAll(): void {
    this.sendMessage({ type: "fetch-backgrounds" });
    this.sendMessage({ type: "fetch-configs" });
    this.sendMessage({ type: "fetch-history-list" });
    // Defect: every connection begins another history.
    this.sendMessage({ type: "create-new-history" });
  }

  private parse(text: string): void {
    try {
      this.messages.next(JSON.parse(text));
    } catch (error) {
      console.error("a message is not JSON:", error);
      const title = `${i18n.t("error.failedParseWebSocket")}: ${error}`;
      toaster.create({ title, type: "error", duration: TOAST_MS });
    }
  }

  private setState(state: State): void {
    this.currentState = state;
    this.states.next(state);
  }
}

export const wsService = new WebSocketService();
