/** GET /protocol/state: the books as JSON, without sounds and messages. */
import type { Backend } from "./backend.js";
import type { ConnectionRecord, TurnRecord, UtteranceRecord } from "./books.js";
import type { TaskCounts } from "./tasks.js";

export interface ProtocolState {
  readonly tasks: TaskCounts;
  /** Open now. */
  readonly connected: number;
  readonly connections: readonly ConnectionRecord[];
  readonly historiesMade: number;
  /** Messages of each type. */
  readonly received: Readonly<Record<string, number>>;
  readonly utterances: readonly Omit<UtteranceRecord, "samples">[];
  readonly turns: readonly TurnRecord[];
}

export function protocolState({
  books,
  tasks,
  connections,
  historiesMade,
}: Backend): ProtocolState {
  return {
    tasks: tasks.counts,
    connected: connections.size,
    connections: books.connections,
    historiesMade,
    received: books.receivedByType,
    utterances: books.utterances.map(({ samples: _, ...utterance }) => utterance),
    turns: books.turns,
  };
}
