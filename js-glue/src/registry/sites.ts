/** Kinds of resources, and the places in the code that open them. */
import { VP_KINDS_MAX } from "../abi.gen.js";
import { VoicepathError } from "../errors.js";
import type { SlotTable } from "./slot-table.js";

/** What the registry itself opens; `acquire` and `adopt` take any other word too. */
export type BuiltInKind =
  | "scope"
  | "timeout"
  | "interval"
  | "timer"
  | "frame"
  | "listener"
  | "observer"
  | "task"
  | "resource"
  | "mediaStream"
  | "audioContext"
  | "worker"
  | "objectURL"
  | "socket"
  | "leadership"
  | "glContext"
  | "glBuffer"
  | "glFramebuffer"
  | "glProgram"
  | "glRenderbuffer"
  | "glShader"
  | "glTexture"
  | "glVertexArray";

export type Kind = BuiltInKind | (string & {});

/** One place that opens resources of one kind. */
export interface Site {
  readonly id: number;
  readonly kind: Kind;
  readonly name: string;
  /** Where in the code, in development. */
  readonly stack: string | undefined;
}

export class Sites {
  readonly #table: SlotTable;
  readonly #kinds: Kind[] = [];
  readonly #byKey = new Map<string, Site>();
  readonly #byId: Site[] = [];

  /** The first site is the root's. */
  constructor(table: SlotTable, rootName: string) {
    this.#table = table;
    this.#kinds.push("scope");
    this.#byId.push({ id: 0, kind: "scope", name: rootName, stack: undefined });
  }

  get root(): Site {
    return this.#byId[0] as Site;
  }

  /** A kind's number is its place here. */
  get kinds(): readonly Kind[] {
    return this.#kinds;
  }

  get all(): readonly Site[] {
    return this.#byId;
  }

  /**
   * The site of this kind and name; known ones are found again. When the table of sites is full, new
   * ones share one per kind.
   *
   * @param stack - kept with a new one
   * @throws VoicepathError VP_E_KIND when there are more than VP_KINDS_MAX kinds
   */
  find(kind: Kind, name: string, stack?: string): Site {
    const key = `${kind} ${name}`;
    return this.#byKey.get(key) ?? this.#add(key, kind, name, stack);
  }

  #add(key: string, kind: Kind, name: string, stack: string | undefined): Site {
    const id = this.#table.addSite(this.#kindId(kind));
    if (id === undefined) return this.#byId.find((site) => site.kind === kind) ?? this.root;
    const site: Site = { id, kind, name, stack };
    this.#byKey.set(key, site);
    this.#byId[id] = site;
    return site;
  }

  #kindId(kind: Kind): number {
    const known = this.#kinds.indexOf(kind);
    if (known >= 0) return known;
    const id = this.#kinds.length;
    if (id === VP_KINDS_MAX)
      throw new VoicepathError("VP_E_KIND", `"${kind}" would be one kind more than ${id}`, {
        option: "kind",
        value: kind,
        range: `at most ${VP_KINDS_MAX} different ones`,
      });
    this.#kinds.push(kind);
    return id;
  }
}
