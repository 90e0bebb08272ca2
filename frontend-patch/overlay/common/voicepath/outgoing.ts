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

let pcm16 = false;

/** What the server says it takes beside lists of numbers; ours does with `--pcm16`. */
export function setAudioFormats(formats: readonly string[]): void {
  pcm16 = formats.includes("pcm16-base64");
}

export function takesPCM16(): boolean {
  return pcm16;
}
