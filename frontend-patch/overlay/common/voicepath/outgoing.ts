/**
 * The way out for text that is a message already, so that speech is written as JSON once and never
 * parsed. The service that can do it registers itself; the frontend's original cannot.
 */
export type SendText = (text: string) => void;

let sendText: SendText | undefined;

export function setSendText(send: SendText): void {
  sendText = send;
}

/** Undefined where only objects can be sent. */
export function textSender(): SendText | undefined {
  return sendText;
}
