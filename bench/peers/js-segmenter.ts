/**
 * The segmenter of wasm/src/segment.c in plain JavaScript: what a careful author would write without
 * WebAssembly, with the same automata and the same trie, byte for byte. Everything is an integer in
 * a typed array; an automaton's next state and its action lie in one number, and the row of a class
 * is found without a multiplication.
 */

/** How wasm/unicode/generate.ts gives them to C. */
export interface AutomatonTables {
  /** By group. */
  readonly classOf: readonly number[];
  /** By class, and in that by state. */
  readonly next: readonly number[];
  readonly action: readonly number[];
  readonly states: number;
  /** The class of the end of the text. */
  readonly end: number;
}

export interface SegmentTables {
  /** By the high part of a code point. */
  readonly blockOf: readonly number[];
  /** By block, and in that by the low part of a code point, of 8 bits. */
  readonly groupOf: readonly number[];
  /** Grapheme, word, sentence, line. */
  readonly automata: readonly AutomatonTables[];
}

/** Bits of an action, as in segment_tables.gen.h; those below are flags as they are written. */
const DECIDED = 0x20;
const OLDER = 0x40;
const OLDER_YES = 0x80;
const FLAGS = DECIDED - 1;

const BLOCK_BITS = 8;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;

/** A cell is an action above a state. */
const ACTION_SHIFT = 8;
const STATE_MASK = (1 << ACTION_SHIFT) - 1;

/** Units whose flags are kept. */
const CAPACITY = 1 << 14;
const NONE = -1;

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;
const pair = (high: number, low: number): number =>
  0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);

class Automaton {
  /** By group: where the cells of its class begin. */
  readonly rows: Uint16Array;
  readonly cells: Uint16Array;
  readonly #endRow: number;

  constructor({ classOf, next, action, states, end }: AutomatonTables) {
    this.rows = Uint16Array.from(classOf, (own) => own * states);
    this.cells = Uint16Array.from(next, (to, i) => ((action[i] ?? 0) << ACTION_SHIFT) | to);
    this.#endRow = end * states;
  }

  /** Whether what is undecided is a boundary, when the text ends in this state. */
  boundaryAtEnd(state: number): boolean {
    return (((this.cells[this.#endRow + state] ?? 0) >> ACTION_SHIFT) & OLDER_YES) !== 0;
  }
}

class Trie {
  readonly blockOf: Uint8Array;
  readonly groupOf: Uint8Array;

  constructor({ blockOf, groupOf }: SegmentTables) {
    this.blockOf = Uint8Array.from(blockOf);
    this.groupOf = Uint8Array.from(groupOf);
  }
}

function automaton({ automata }: SegmentTables, kind: number): Automaton {
  const tables = automata[kind];
  if (!tables) throw new Error(`there are no tables of kind ${kind}`);
  return new Automaton(tables);
}

/** Grapheme clusters alone; none of their boundaries depends on what follows. */
export class JsClusters {
  readonly #trie: Trie;
  readonly #automaton: Automaton;
  readonly flags = new Uint8Array(CAPACITY);

  constructor(tables: SegmentTables) {
    this.#trie = new Trie(tables);
    this.#automaton = automaton(tables, 0);
  }

  /** Sets the flags of a whole text, of at most CAPACITY units. */
  segment(text: string): void {
    const { blockOf, groupOf } = this.#trie;
    const { rows, cells } = this.#automaton;
    const { flags } = this;
    const { length } = text;
    let state = 0;
    for (let i = 0; i < length; i++) {
      const at = i;
      let c = text.charCodeAt(i);
      if (isHigh(c) && i + 1 < length) {
        const low = text.charCodeAt(i + 1);
        if (isLow(low)) {
          c = pair(c, low);
          flags[++i] = 0;
        }
      }
      const block = blockOf[c >> BLOCK_BITS] ?? 0;
      const group = groupOf[(block << BLOCK_BITS) | (c & BLOCK_MASK)] ?? 0;
      const cell = cells[(rows[group] ?? 0) + state] ?? 0;
      state = cell & STATE_MASK;
      flags[at] = (cell >> ACTION_SHIFT) & FLAGS;
    }
  }
}

/** All four kinds, of a text that comes in pieces cut anywhere. */
export class JsSegmenter {
  readonly #trie: Trie;
  readonly #grapheme: Automaton;
  readonly #word: Automaton;
  readonly #sentence: Automaton;
  readonly #line: Automaton;
  /** Of the last units, by their place in what is kept. */
  readonly flags = new Uint8Array(CAPACITY);
  #units = 0;
  /** Of each kind. */
  readonly #states = new Uint8Array(4);
  readonly #pending = new Int32Array(4).fill(NONE);
  /** A high surrogate at the end that waits for its other half. */
  #high = 0;

  constructor(tables: SegmentTables) {
    this.#trie = new Trie(tables);
    this.#grapheme = automaton(tables, 0);
    this.#word = automaton(tables, 1);
    this.#sentence = automaton(tables, 2);
    this.#line = automaton(tables, 3);
  }

  reset(): void {
    this.#units = 0;
    this.#states.fill(0);
    this.#pending.fill(NONE);
    this.#high = 0;
  }

  /** The text goes on, by at most CAPACITY units. */
  push(text: string): void {
    if (this.#units + text.length > CAPACITY) this.#forget();
    const { blockOf, groupOf } = this.#trie;
    const { rows: graphemeRows, cells: graphemeCells } = this.#grapheme;
    const { rows: wordRows, cells: wordCells } = this.#word;
    const { rows: sentenceRows, cells: sentenceCells } = this.#sentence;
    const { rows: lineRows, cells: lineCells } = this.#line;
    const flags = this.flags;
    const first = this.#units;
    const { length } = text;
    let [grapheme = 0, word = 0, sentence = 0, line = 0] = this.#states;
    let high = this.#high;
    for (let i = 0; i < length; i++) {
      let c = text.charCodeAt(i);
      let at = first + i;
      if (high !== 0) {
        at--;
        if (isLow(c)) {
          flags[at + 1] = 0;
          c = pair(high, c);
        } else {
          // It stays alone, and this unit is read once more.
          i--;
          c = high;
        }
        high = 0;
      } else if (isHigh(c)) {
        high = c;
        continue;
      }
      const block = blockOf[c >> BLOCK_BITS] ?? 0;
      const group = groupOf[(block << BLOCK_BITS) | (c & BLOCK_MASK)] ?? 0;
      const graphemeCell = graphemeCells[(graphemeRows[group] ?? 0) + grapheme] ?? 0;
      const wordCell = wordCells[(wordRows[group] ?? 0) + word] ?? 0;
      const sentenceCell = sentenceCells[(sentenceRows[group] ?? 0) + sentence] ?? 0;
      const lineCell = lineCells[(lineRows[group] ?? 0) + line] ?? 0;
      grapheme = graphemeCell & STATE_MASK;
      word = wordCell & STATE_MASK;
      sentence = sentenceCell & STATE_MASK;
      line = lineCell & STATE_MASK;
      const some = (graphemeCell | wordCell | sentenceCell | lineCell) >> ACTION_SHIFT;
      const all = (graphemeCell & wordCell & sentenceCell & lineCell) >> ACTION_SHIFT;
      flags[at] = some & FLAGS;
      if ((all & DECIDED) === 0 || (some & OLDER) !== 0) {
        this.#lookBack(0, at, graphemeCell >> ACTION_SHIFT);
        this.#lookBack(1, at, wordCell >> ACTION_SHIFT);
        this.#lookBack(2, at, sentenceCell >> ACTION_SHIFT);
        this.#lookBack(3, at, lineCell >> ACTION_SHIFT);
      }
    }
    this.#states[0] = grapheme;
    this.#states[1] = word;
    this.#states[2] = sentence;
    this.#states[3] = line;
    this.#high = high;
    this.#units = first + length;
  }

  /** The text ends: decides what is undecided. Only {@link reset} may follow. */
  end(): void {
    if (this.#high !== 0) {
      // What is not a low surrogate makes the high one a code point of its own.
      const units = this.#units;
      const { flags } = this;
      const states = this.#stepAlone(this.#high, units - 1);
      this.#states.set(states);
      this.#high = 0;
      flags[units] = 0;
    }
    [this.#grapheme, this.#word, this.#sentence, this.#line].forEach((own, kind) => {
      this.#decide(kind, own.boundaryAtEnd(this.#states[kind] ?? 0));
    });
  }

  #stepAlone(c: number, at: number): number[] {
    const block = this.#trie.blockOf[c >> BLOCK_BITS] ?? 0;
    const group = this.#trie.groupOf[(block << BLOCK_BITS) | (c & BLOCK_MASK)] ?? 0;
    return [this.#grapheme, this.#word, this.#sentence, this.#line].map(({ rows, cells }, kind) => {
      const cell = cells[(rows[group] ?? 0) + (this.#states[kind] ?? 0)] ?? 0;
      this.flags[at] = (kind === 0 ? 0 : (this.flags[at] ?? 0)) | ((cell >> ACTION_SHIFT) & FLAGS);
      this.#lookBack(kind, at, cell >> ACTION_SHIFT);
      return cell & STATE_MASK;
    });
  }

  #lookBack(kind: number, at: number, action: number): void {
    if (action & OLDER) this.#decide(kind, (action & OLDER_YES) !== 0);
    if ((action & DECIDED) === 0) this.#pending[kind] = at;
  }

  #decide(kind: number, boundary: boolean): void {
    const at = this.#pending[kind] ?? NONE;
    if (at === NONE) return;
    if (boundary) this.flags[at] = (this.flags[at] ?? 0) | (1 << kind);
    this.#pending[kind] = NONE;
  }

  /** What lies too far back to be asked for. */
  #forget(): void {
    // A surrogate that waits stays in the last unit before the new ones.
    this.#units = this.#high === 0 ? 0 : 1;
    this.#pending.fill(NONE);
  }
}
