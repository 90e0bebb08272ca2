/** What all connections share: the script, the voices, histories, groups, and the books. */
import { Books } from "./books.js";
import { CHARACTERS, type Character, LUNA } from "./characters.js";
import type { Connection } from "./connection.js";
import { Groups, type Outcome } from "./groups.js";
import { Histories } from "./histories.js";
import type { AudioFormat } from "./messages.js";
import { type Language, SCRIPTS, type Script } from "./script.js";
import { Tasks } from "./tasks.js";
import { spokenClips, type VoiceClip } from "./voice.js";

/** How long the parts of a turn take, in ms. */
export interface Pace {
  readonly transcriptionMs: number;
  /** Until the first sentence is written. */
  readonly thinkingMs: number;
  readonly toolMs: number;
  /** A sentence. */
  readonly synthesisMs: number;
}

const PACE: Pace = { transcriptionMs: 150, thinkingMs: 250, toolMs: 400, synthesisMs: 120 };

export interface BackendOptions {
  /** `"en"` by default; of the script that comes along. */
  readonly language?: Language | undefined;
  /** Another conversation. */
  readonly script?: Script | undefined;
  /** Whether a connection begins with `control start-mic`, as the backend's do; `true` by default. */
  readonly autoStartMic?: boolean | undefined;
  /** Whether what is said and typed is answered, not only entered in the books; `true` by default. */
  readonly answers?: boolean | undefined;
  /** Whether speech is also taken as 16-bit PCM in base64, and the client told so; `false` by default. */
  readonly pcm16?: boolean | undefined;
  readonly pace?: Partial<Pace> | undefined;
  /** Given a line whenever tasks change. */
  readonly log?: ((line: string) => void) | undefined;
}

export class Backend {
  readonly script: Script;
  readonly pace: Pace;
  readonly autoStartMic: boolean;
  readonly answers: boolean;
  readonly audioFormats: readonly AudioFormat[];
  readonly books = new Books();
  readonly tasks: Tasks;
  readonly groups = new Groups();
  readonly connections = new Map<string, Connection>();
  readonly #histories = new Map<Character, Histories>();
  readonly #clips = new Map<Character, Map<string, VoiceClip>>();

  constructor(options: BackendOptions) {
    const { language = "en", script = SCRIPTS[language], pace, log = () => {} } = options;
    this.script = script;
    this.pace = { ...PACE, ...pace };
    this.autoStartMic = options.autoStartMic ?? true;
    this.answers = options.answers ?? true;
    this.audioFormats = options.pcm16 ? ["float-list", "pcm16-base64"] : ["float-list"];
    this.tasks = new Tasks(log);
    // Spoken now, so that nobody waits for it in the first turn.
    this.#speak(LUNA);
  }

  /** Those of one character. */
  histories(character: Character): Histories {
    const known = this.#histories.get(character);
    if (known) return known;
    const histories = new Histories();
    this.#histories.set(character, histories);
    return histories;
  }

  get historiesMade(): number {
    return [...this.#histories.values()].reduce((sum, { made }) => sum + made, 0);
  }

  /** Undefined when there is nothing to speak in it. */
  clip(character: Character, text: string): VoiceClip | undefined {
    return (this.#clips.get(character) ?? this.#speak(character)).get(text);
  }

  character(file: string): Character | undefined {
    return CHARACTERS.find((character) => character.file === file);
  }

  /** Adds to the sender's group, or removes from it, and tells all whom it concerns. */
  regroup(by: string, target: string, change: "add" | "remove"): void {
    const { groups, connections } = this;
    const before = [...groups.members(by), ...groups.members(target)];
    const outcome = !connections.has(target)
      ? { success: false, message: `there is no client ${target}` }
      : change === "add"
        ? groups.add(by, target)
        : groups.remove(by, target);
    this.#tell(by, outcome);
    if (!outcome.success) return;
    for (const uid of new Set([target, ...before, ...groups.members(by)])) {
      connections.get(uid)?.sendGroup();
      if (uid !== by) this.#tell(uid, outcome);
    }
  }

  /** The connection has ended. */
  leave(uid: string): void {
    this.connections.delete(uid);
    for (const member of this.groups.leave(uid)) {
      this.connections.get(member)?.sendGroup();
      this.#tell(member, { success: true, message: `${uid} is gone` });
    }
  }

  #tell(uid: string, outcome: Outcome): void {
    this.connections.get(uid)?.send({ type: "group-operation-result", ...outcome });
  }

  #speak(character: Character): Map<string, VoiceClip> {
    const { language, turns, unasked } = this.script;
    const sentences = [...turns.flatMap(({ reply }) => reply), ...unasked];
    const clips = spokenClips(
      character.voices[language],
      sentences.map(({ text }) => text),
    );
    this.#clips.set(character, clips);
    return clips;
  }
}
