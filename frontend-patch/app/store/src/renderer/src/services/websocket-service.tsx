/** The one connection to the server, which is opened again when it is lost. */
import i18n from "i18next";
import { Subject, type Subscription } from "rxjs";
import { toaster } from "@/components/ui/toaster";
import type { MessageEvent } from "./messages";

export type { Actions, AudioPayload, DisplayText, Message, MessageEvent } from "./messages";

type State = "CONNECTING" | "OPEN" | "CLOSING" | "CLOSED";

const TOAST_MS = 2000;
const RECONNECT_MS = 3000;

class WebSocketService {
  private ws: WebSocket | null = null;
  private currentState: State = "CLOSED";
  private outbox: string[] = [];
  private readonly messages = new Subject<MessageEvent>();
  private readonly states = new Subject<State>();

  connect(url: string): void {
    this.disconnect();
    this.setState("CONNECTING");
    try {
      this.listen(new WebSocket(url), url);
    } catch (error) {
      console.error(`${url} is no address of a server:`, error);
      this.setState("CLOSED");
    }
  }

  sendMessage(message: object): void {
    const text = JSON.stringify(message);
    if (this.ws?.readyState === WebSocket.OPEN) this.ws.send(text);
    else this.outbox.push(text);
  }

  onMessage(callback: (message: MessageEvent) => void): Subscription {
    return this.messages.subscribe(callback);
  }

  onStateChange(callback: (state: State) => void): Subscription {
    return this.states.subscribe(callback);
  }

  disconnect(): void {
    this.ws?.close();
    this.ws = null;
  }

  getCurrentState(): State {
    return this.currentState;
  }

  private listen(ws: WebSocket, url: string): void {
    this.ws = ws;
    ws.onopen = () => {
      this.setState("OPEN");
      // Defect: what waited for the connection is thrown away when it is there.
      this.outbox = [];
      this.askForAll();
    };
    ws.onmessage = ({ data }) => this.parse(data);
    ws.onclose = () => {
      if (this.ws !== ws) return;
      this.setState("CLOSED");
      // Defect: for ever, at the same pace for everybody, and nobody can call it off.
      setTimeout(() => this.connect(url), RECONNECT_MS);
    };
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
