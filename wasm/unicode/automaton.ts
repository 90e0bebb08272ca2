/**
 * From rules to a minimal automaton that reads each code point once.
 *
 * A position between two code points is decided by the first rule whose left side ends there and
 * whose right side begins there. The automaton's state is
 *   - how far every left side has come (the places of the graph that text up to here leads to), once
 *     for the text as it is and once for the text without attached marks; and
 *   - if an earlier position is undecided: the rules that may still apply to it, in order, each with
 *     how far its right side has come.
 * On a new code point, the undecided position is decided if all the rules left would decide alike,
 * and so is the position before the code point. There may be one undecided position at a time, which
 * is proved by building the automaton: it would throw.
 */
import {
  type Action,
  type Atom,
  Graph,
  namesIn,
  parseRules,
  parseSet,
  type Rule,
} from "./pattern.js";
import type { Kind } from "./rules.js";
import type { CodePoint } from "./ucd.js";

export interface Transition {
  readonly to: number;
  /** The position before the code point. */
  readonly now: Action | "undecided";
  /** The position that was undecided. */
  readonly older: "none" | "no" | "yes";
}

export interface Automaton {
  readonly name: string;
  /** [state][class]; the first state is the start of the text. */
  readonly transitions: readonly (readonly Transition[])[];
  /** By code point. */
  classOf(c: CodePoint): number;
  readonly classes: number;
  /** The class of the end of the text. Its transitions lead nowhere and only decide. */
  readonly end: number;
}

/** The ends of the text. Nothing leads back to its start, so that tables need no column for it. */
const SOT: Atom = -1;
const EOT: Atom = 0;

/** The code points that rules cannot tell apart. */
class Alphabet {
  readonly #byNames = new Map<string, Atom>();
  readonly #byName = new Map<string, Set<Atom>>();
  readonly #kind: Kind;
  readonly #used: ReadonlySet<string>;

  constructor(kind: Kind, codePoints: readonly CodePoint[]) {
    this.#kind = kind;
    const { to = "", marks = "", alone = "" } = kind.attach ?? {};
    this.#used = namesIn([kind.exact, kind.rules, to, marks, alone].join(" "));
    this.#byName
      .set("sot", new Set([SOT]))
      .set("eot", new Set([EOT]))
      .set("Any", new Set());
    for (const codePoint of codePoints) this.#add(codePoint);
  }

  /** How many atoms there are with EOT; they are numbered from it. */
  get size(): number {
    return this.#byNames.size + 1;
  }

  /** The atoms of code points, without the ends of the text. */
  get atoms(): readonly Atom[] {
    return [...this.#byNames.values()];
  }

  named = (name: string): ReadonlySet<Atom> | undefined => this.#byName.get(name);

  atomOf(c: CodePoint): Atom {
    return this.called(this.#namesOf(c));
  }

  /** What is called exactly this. */
  called(names: readonly string[]): Atom {
    const atom = this.#byNames.get(names.join(" "));
    if (atom === undefined) throw new Error(`nothing is called exactly "${names.join(" ")}"`);
    return atom;
  }

  #namesOf(c: CodePoint): readonly string[] {
    return this.#kind.names(c).filter((name) => this.#used.has(name));
  }

  #add(c: CodePoint): void {
    const names = this.#namesOf(c);
    const key = names.join(" ");
    if (this.#byNames.has(key)) return;
    const atom = this.size;
    this.#byNames.set(key, atom);
    for (const name of [...names, "Any"]) {
      const atoms = this.#byName.get(name) ?? new Set();
      this.#byName.set(name, atoms.add(atom));
    }
  }
}

/** A rule that may apply, and the places its right side has come to; none once it does apply. */
interface Candidate {
  readonly action: Action;
  readonly end: number;
  readonly places: readonly number[] | "applies";
}

interface State {
  readonly exactPlaces: readonly number[];
  readonly places: readonly number[];
  /** Whether a mark would belong to the last code point. */
  readonly attaches: boolean;
  readonly undecided: readonly Candidate[];
}

/** The rules of a kind, applied step by step. */
class Reader {
  readonly #graph = new Graph();
  readonly #exact: readonly Rule[];
  readonly #rules: readonly Rule[];
  readonly #attachable: ReadonlySet<Atom>;
  readonly #marks: ReadonlySet<Atom>;
  readonly #alone: Atom | undefined;
  readonly #name: string;

  constructor(kind: Kind, alphabet: Alphabet) {
    this.#name = kind.name;
    this.#exact = parseRules(kind.exact, this.#graph, alphabet.named);
    this.#rules = parseRules(kind.rules, this.#graph, alphabet.named);
    const { to, marks, alone } = kind.attach ?? {};
    this.#attachable = to === undefined ? new Set() : parseSet(to, alphabet.named);
    this.#marks = marks === undefined ? new Set() : parseSet(marks, alphabet.named);
    this.#alone = alone === undefined ? undefined : alphabet.called([alone]);
  }

  start(): State {
    return {
      exactPlaces: this.#lefts(this.#exact, [], SOT),
      places: this.#lefts(this.#rules, [], SOT),
      attaches: false,
      undecided: [],
    };
  }

  step(
    state: State,
    atom: Atom,
  ): { to: State; now: Transition["now"]; older: Transition["older"] } {
    const exactPlaces = this.#lefts(this.#exact, state.exactPlaces, atom);
    const exact = this.#decide(this.#candidates(this.#exact, state.exactPlaces, atom));
    if (exact === "undecided") throw new Error(`${this.#name}: an exact rule looks ahead`);
    if (state.attaches && this.#marks.has(atom))
      return { to: { ...state, exactPlaces }, now: exact ?? "no", older: "none" };

    const read = this.#marks.has(atom) ? (this.#alone ?? atom) : atom;
    const waiting = this.#advance(state.undecided, read);
    const older = this.#decide(waiting);
    const candidates = exact ? [] : this.#candidates(this.#rules, state.places, read);
    const now = exact ?? this.#decide(candidates);
    if (now === undefined) throw new Error(`${this.#name}: no rule applies`);
    if (older === "undecided" && now === "undecided")
      throw new Error(`${this.#name}: two undecided positions`);
    const to = {
      exactPlaces,
      places: this.#lefts(this.#rules, state.places, read),
      attaches: this.#attachable.has(read),
      undecided: now === "undecided" ? candidates : older === "undecided" ? waiting : [],
    };
    return { to, now, older: olderOf(older) };
  }

  end(state: State): Transition["older"] {
    const older = this.#decide(this.#advance(state.undecided, EOT));
    if (older === "undecided") throw new Error(`${this.#name}: undecided after the end`);
    return olderOf(older);
  }

  /** Left sides may begin anywhere. */
  #lefts(rules: readonly Rule[], places: readonly number[], atom: Atom): readonly number[] {
    const starts = this.#graph.closure(rules.map(({ left }) => left.start));
    return this.#graph.after([...places, ...starts], atom);
  }

  #candidates(rules: readonly Rule[], places: readonly number[], atom: Atom): readonly Candidate[] {
    const empty = this.#graph.closure(rules.map(({ left }) => left.start));
    const left = new Set([...places, ...empty]);
    const apply = rules.filter((rule) => left.has(rule.left.end));
    const begun = apply.map(({ action, right }): Candidate => {
      const start = this.#graph.closure([right.start]);
      return { action, end: right.end, places: start.includes(right.end) ? "applies" : start };
    });
    return this.#advance(begun, atom);
  }

  #advance(candidates: readonly Candidate[], atom: Atom): readonly Candidate[] {
    const possible: Candidate[] = [];
    for (const candidate of candidates) {
      if (candidate.places === "applies") return [...possible, candidate];
      const places = this.#graph.after(candidate.places, atom);
      if (places.includes(candidate.end)) return [...possible, { ...candidate, places: "applies" }];
      if (places.length > 0) possible.push({ ...candidate, places });
    }
    return possible;
  }

  /** The action all agree on. The last candidate applies, whatever follows, or none may. */
  #decide(candidates: readonly Candidate[]): Action | "undecided" | undefined {
    const actions = new Set(candidates.map(({ action }) => action));
    const [action] = actions;
    return actions.size > 1 ? "undecided" : action;
  }
}

function olderOf(action: Action | "undecided" | undefined): Transition["older"] {
  if (action === "must") throw new Error("a mandatory break that depends on what follows");
  return action === undefined || action === "undecided" ? "none" : action;
}

type Table = readonly (readonly Transition[])[];

/** All states that texts lead to. The column of an atom is the atom; that of EOT tells the end. */
function explore(reader: Reader, alphabet: Alphabet): Table {
  const start = reader.start();
  const numbers = new Map([[JSON.stringify(start), 0]]);
  const states = [start];
  const number = (state: State): number => {
    const key = JSON.stringify(state);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, states.length);
    return states.push(state) - 1;
  };
  const table: Transition[][] = [];
  for (let from = 0; from < states.length; from++) {
    const state = states[from] ?? start;
    const row: Transition[] = [];
    for (const atom of alphabet.atoms) {
      const { to, now, older } = reader.step(state, atom);
      row[atom] = { to: number(to), now, older };
    }
    row[EOT] = { to: from, now: "no", older: reader.end(state) };
    table.push(row);
  }
  return table;
}

/** E. F. Moore, "Gedanken-experiments on sequential machines", 1956: states stay together while
 * nothing tells them apart. */
function mergeStates(table: Table): Table {
  let blocks = table.map(() => 0);
  for (let count = 1; ; ) {
    const signatures = new Map<string, number>();
    blocks = table.map((row) => {
      const signature = row.map(({ to, now, older }) => [blocks[to], now, older].join()).join(" ");
      const block = signatures.get(signature) ?? signatures.size;
      signatures.set(signature, block);
      return block;
    });
    if (signatures.size === count) break;
    count = signatures.size;
  }
  const merged = table.filter((_, state) => blocks.indexOf(blocks[state] ?? 0) === state);
  return merged.map((row) => row.map((t) => ({ ...t, to: blocks[t.to] ?? 0 })));
}

/** An order that begins with the first, in which everyone is followed by the one most like it. */
function likeAfterLike(vectors: readonly (readonly unknown[])[]): readonly number[] {
  const [first = 0, ...rest] = vectors.keys();
  const order = [first];
  const left = new Set(rest);
  const difference = (a: number, b: number): number =>
    (vectors[a] ?? []).filter((value, i) => value !== vectors[b]?.[i]).length;
  for (let last = first; left.size > 0; order.push(last)) {
    const from = last;
    const distances = [...left].map((next) => [difference(from, next), next] as const);
    [, last] = distances.reduce((nearest, next) => (next[0] < nearest[0] ? next : nearest));
    left.delete(last);
  }
  return order;
}

/** The same automaton with similar states and classes side by side: a third less, compressed. */
function arrange(table: Table): { transitions: Table; places: readonly number[] } {
  const vector = (cells: readonly Transition[]): unknown[] =>
    cells.flatMap(({ to, now, older }) => [to, `${now} ${older}`]);
  const states = likeAfterLike(table.map(vector));
  const classes = likeAfterLike(
    (table[0] ?? []).map((_, c) => vector(table.flatMap((row) => row[c] ?? []))),
  );
  const renumber = (t: Transition): Transition => ({ ...t, to: states.indexOf(t.to) });
  const transitions = states.map((state) =>
    classes.flatMap((c) => table[state]?.[c] ?? []).map(renumber),
  );
  return { transitions, places: classes.map((_, c) => classes.indexOf(c)) };
}

function column(table: Table, atom: Atom): string {
  return JSON.stringify(table.map((row) => row[atom]));
}

export function buildAutomaton(kind: Kind, codePoints: readonly CodePoint[]): Automaton {
  const alphabet = new Alphabet(kind, codePoints);
  const table = mergeStates(explore(new Reader(kind, alphabet), alphabet));
  const ofAtoms = Array.from({ length: alphabet.size }, (_, atom) => column(table, atom));
  const columns = [...new Set(ofAtoms)];
  const classes = ofAtoms.map((own) => columns.indexOf(own));
  const representatives = columns.map((_, c) => classes.indexOf(c));
  const merged = table.map((row) => representatives.flatMap((atom) => row[atom] ?? []));
  const { transitions, places } = arrange(merged);
  return {
    name: kind.name,
    transitions,
    classOf: (c) => places[classes[alphabet.atomOf(c)] ?? 0] ?? 0,
    classes: columns.length,
    end: places[classes[EOT] ?? 0] ?? 0,
  };
}
