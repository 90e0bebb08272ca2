/**
 * Open-LLM-VTuber's protocol: JSON text frames on /client-ws. One type for each message, in the order
 * of a session; a field that is optional here is left out by the backend too.
 */

export interface DisplayText {
  readonly text: string;
  readonly name: string;
  readonly avatar: string | null;
}

export interface Actions {
  readonly expressions?: readonly (string | number)[];
}

export interface ModelInfo {
  readonly name: string;
  readonly description: string;
  /** From the server's root. */
  readonly url: string;
  readonly kScale: number;
  readonly initialXshift: number;
  readonly initialYshift: number;
  readonly idleMotionGroupName: string;
  readonly emotionMap: Readonly<Record<string, number>>;
  readonly tapMotions: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface HistoryMessage {
  readonly role: "human" | "ai" | "system";
  readonly timestamp: string;
  readonly content: string;
  readonly name?: string;
  readonly avatar?: string;
}

export interface HistoryInfo {
  readonly uid: string;
  readonly latest_message: HistoryMessage | null;
  readonly timestamp: string | null;
}

/** How speech may be written in `mic-audio-data`; the backend knows only the first. */
export type AudioFormat = "float-list" | "pcm16-base64";

/** The fields of each message of the server, by its type. */
export interface ServerFields {
  "group-update": { readonly members: readonly string[]; readonly is_owner: boolean };
  "full-text": { readonly text: string };
  "set-model-and-conf": {
    readonly model_info: ModelInfo;
    readonly conf_name: string;
    readonly conf_uid: string;
    /** Not after `switch-config`. */
    readonly client_uid?: string;
    /** This server's own addition; absent unless it takes more than float lists. */
    readonly audio_formats?: readonly AudioFormat[];
  };
  control: { readonly text: string };
  "background-files": { readonly files: readonly string[] };
  "config-files": {
    readonly configs: readonly { readonly filename: string; readonly name: string }[];
  };
  "history-list": { readonly histories: readonly HistoryInfo[] };
  "new-history-created": { readonly history_uid: string };
  "history-data": { readonly messages: readonly HistoryMessage[] };
  "history-deleted": { readonly success: boolean; readonly history_uid: string };
  "config-switched": { readonly message: string };
  "user-input-transcription": { readonly text: string };
  tool_call_status: {
    readonly tool_id: string;
    readonly tool_name: string;
    readonly name: string;
    readonly status: "running" | "completed" | "error";
    readonly content: string;
    readonly timestamp: string;
  };
  audio: {
    /** A WAV file in base64; null when there is nothing to speak. */
    readonly audio: string | null;
    /** Loudness of each slice, 1 for the loudest. */
    readonly volumes: readonly number[];
    /** Of a slice, in ms. */
    readonly slice_length: number;
    readonly display_text: DisplayText;
    readonly actions: Actions | null;
    readonly forwarded: boolean;
  };
  "backend-synth-complete": object;
  "force-new-message": object;
  "interrupt-signal": { readonly text: string };
  "heartbeat-ack": object;
  error: { readonly message: string };
  "group-operation-result": { readonly success: boolean; readonly message: string };
}

export type ServerType = keyof ServerFields;
export type ServerMessage<T extends ServerType = ServerType> = {
  [K in T]: { readonly type: K } & ServerFields[K];
}[T];

interface Images {
  readonly images?: readonly unknown[] | null;
}

/** The fields of each message of the client, by its type. */
export interface ClientFields {
  "fetch-backgrounds": object;
  "fetch-configs": object;
  "fetch-history-list": object;
  "create-new-history": object;
  "fetch-and-set-history": { readonly history_uid: string };
  "delete-history": { readonly history_uid: string };
  "switch-config": { readonly file: string };
  /** 16 kHz. */
  "mic-audio-data": { readonly audio: readonly number[] | string };
  "mic-audio-end": Images;
  "text-input": { readonly text: string } & Images;
  "ai-speak-signal": { readonly idle_time?: number } & Images;
  "audio-play-start": { readonly display_text: DisplayText; readonly forwarded: true };
  "frontend-playback-complete": object;
  "interrupt-signal": { readonly text: string };
  heartbeat: object;
  "request-init-config": object;
  "request-group-info": object;
  "add-client-to-group": { readonly invitee_uid: string };
  "remove-client-from-group": { readonly target_uid: string };
}

export type ClientType = keyof ClientFields;
export type ClientMessage<T extends ClientType = ClientType> = {
  [K in T]: { readonly type: K } & ClientFields[K];
}[T];
