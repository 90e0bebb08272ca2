/** The notation of rules.ts: text → rules whose sides are paths through one graph (a
 * nondeterministic automaton after K. Thompson, "Regular expression search algorithm", 1968). */

/** A symbol of the automata's alphabet: what all code points are that have the same names. */
export type Atom = number;

export type Action = "no" | "yes" | "must";

export interface Rule {
  readonly name: string;
  readonly action: Action;
  readonly left: Path;
  readonly right: Path;
}

export interface Path {
  readonly start: number;
  readonly end: number;
}

interface Node {
  /** Where atoms lead; and where nothing at all leads. */
  readonly steps: { readonly on: ReadonlySet<Atom>; readonly to: number }[];
  readonly skips: number[];
}

const ACTIONS: Readonly<Record<string, Action>> = { "×": "no", "÷": "yes", "!": "must" };
const NAME = /^\w+$/;

export class Graph {
  readonly #nodes: Node[] = [];

  node(): number {
    return this.#nodes.push({ steps: [], skips: [] }) - 1;
  }

  step(from: number, on: ReadonlySet<Atom>, to: number): void {
    this.#nodes[from]?.steps.push({ on, to });
  }

  skip(from: number, to: number): void {
    this.#nodes[from]?.skips.push(to);
  }

  /** These places and all that nothing leads to from them, in order. */
  closure(places: Iterable<number>): readonly number[] {
    const reached = new Set(places);
    for (const place of reached) for (const to of this.#nodes[place]?.skips ?? []) reached.add(to);
    return [...reached].sort((a, b) => a - b);
  }

  /** Where an atom leads from these places. */
  after(places: readonly number[], atom: Atom): readonly number[] {
    const steps = places.flatMap((place) => this.#nodes[place]?.steps ?? []);
    return this.closure(steps.filter(({ on }) => on.has(atom)).map(({ to }) => to));
  }
}

/** What a name stands for; undefined for a name nobody has. */
export type Vocabulary = (name: string) => ReadonlySet<Atom> | undefined;

/** Recursive descent over one rule's tokens. */
class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(
    text: string,
    private readonly graph: Graph,
    private readonly vocabulary: Vocabulary,
  ) {
    this.#tokens = text.match(/\w+|\[\^|[^\s\w]/gu) ?? [];
  }

  rule(name: string): Rule {
    const left = this.alternatives();
    const action = ACTIONS[this.#take()];
    if (action === undefined) throw new Error(`${name}: no action`);
    const right = this.alternatives();
    if (this.#next !== undefined) throw new Error(`${name}: unexpected "${this.#next}"`);
    return { name, action, left, right };
  }

  alternatives(): Path {
    const path = { start: this.graph.node(), end: this.graph.node() };
    do {
      const { start, end } = this.#sequence();
      this.graph.skip(path.start, start);
      this.graph.skip(end, path.end);
    } while (this.#accept("|"));
    return path;
  }

  #sequence(): Path {
    const start = this.graph.node();
    let end = start;
    while (this.#next !== undefined && /^(\w+|\(|\[\^)$/.test(this.#next)) {
      const part = this.#repeated();
      this.graph.skip(end, part.start);
      end = part.end;
    }
    return { start, end };
  }

  #repeated(): Path {
    const inner = this.#single();
    const star = this.#accept("*");
    if (!star && !this.#accept("?")) return inner;
    const path = { start: this.graph.node(), end: this.graph.node() };
    this.graph.skip(path.start, inner.start);
    this.graph.skip(inner.end, path.end);
    this.graph.skip(path.start, path.end);
    if (star) this.graph.skip(inner.end, inner.start);
    return path;
  }

  #single(): Path {
    if (this.#accept("(")) {
      const path = this.alternatives();
      this.#expect(")");
      return path;
    }
    const path = { start: this.graph.node(), end: this.graph.node() };
    this.graph.step(path.start, this.#accept("[^") ? this.#complement() : this.#set(), path.end);
    return path;
  }

  #complement(): ReadonlySet<Atom> {
    const atoms = new Set(this.#named("Any"));
    while (!this.#accept("]")) for (const atom of this.#set()) atoms.delete(atom);
    return atoms;
  }

  #set(): ReadonlySet<Atom> {
    let atoms = [...this.#named(this.#take())];
    for (;;) {
      const keep = this.#accept("&");
      if (!keep && !this.#accept("-")) return new Set(atoms);
      const other = this.#named(this.#take());
      atoms = atoms.filter((atom) => other.has(atom) === keep);
    }
  }

  #named(name: string): ReadonlySet<Atom> {
    const atoms = this.vocabulary(name);
    if (atoms === undefined) throw new Error(`no code point is called "${name}"`);
    return atoms;
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(): string {
    const token = this.#next;
    if (token === undefined) throw new Error("unexpected end of a rule");
    this.#at++;
    return token;
  }

  #accept(token: string): boolean {
    if (this.#next !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (this.#take() !== token) throw new Error(`"${token}" expected`);
  }
}

/** Rules, each of which begins with its name ("LB15a") on a new line. */
export function parseRules(text: string, graph: Graph, vocabulary: Vocabulary): readonly Rule[] {
  const rules = text.split(/^\s*(?=[A-Z]{2}\d+[a-z]?\s)/m).filter((rule) => rule.trim() !== "");
  return rules.map((rule) => {
    const [name = ""] = rule.split(/\s/, 1);
    return new Parser(rule.slice(name.length), graph, vocabulary).rule(name);
  });
}

/** The atoms of an expression that is one set: `[^ A B]` or `(A | B)`. */
export function parseSet(text: string, vocabulary: Vocabulary): ReadonlySet<Atom> {
  const graph = new Graph();
  const { start, end } = new Parser(text, graph, vocabulary).alternatives();
  const from = graph.closure([start]);
  return new Set(
    [...(vocabulary("Any") ?? [])].filter((atom) => graph.after(from, atom).includes(end)),
  );
}

/** The names that rules use. */
export function namesIn(text: string): ReadonlySet<string> {
  const isName = (token: string): boolean => NAME.test(token) && !/^(GB|WB|SB|LB)\d/.test(token);
  return new Set((text.match(/\w+/g) ?? []).filter(isName));
}
