/** What every node and processor of this package say to each other; the rest is in their own files. */

/** Ends the processor. */
export interface StopCommand {
  readonly type: "stop";
}

/** The processor was made; it is told once. */
export interface ReadyMessage {
  readonly type: "ready";
}

/** process() returns false from here on. */
export interface EndedMessage {
  readonly type: "ended";
}

/** The processor ended by an error, during its making or later. */
export interface FailedMessage {
  readonly type: "failed";
  readonly code: string;
  readonly message: string;
}
