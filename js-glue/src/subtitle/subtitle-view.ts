/** What C shows of a vp_subtitle, read where it lies. Nothing here changes anything. */
import {
  VP_SUBTITLE_EMPTY,
  VP_SUBTITLE_FADING,
  VP_SUBTITLE_LINGERING,
  VP_SUBTITLE_SHOWING,
  VP_TAG_BRACKET,
  VP_TAG_PAREN,
  VP_TAG_STAR,
  VP_TAG_THINK,
  VP_TAGS_MAX,
  vp_cue,
  vp_line,
  vp_miss,
  vp_page,
  vp_subtitle_view,
  vp_tag,
} from "../abi.gen.js";
import { type Handle, type Heap, readField } from "../handle.js";
import type { FoundWord } from "./subtitle-clip.js";
import { CUE_STATES, type SubtitleCue } from "./subtitle-cue.js";
import type { MeasureCluster } from "./subtitle-options.js";
import { readUnits, writeUnits } from "./utf16.js";

/** `lingering`: its end has come, the next cue has not. */
export type SubtitlePhase = "empty" | "showing" | "lingering" | "fading";

const PHASES: Readonly<Record<number, SubtitlePhase>> = {
  [VP_SUBTITLE_EMPTY]: "empty",
  [VP_SUBTITLE_SHOWING]: "showing",
  [VP_SUBTITLE_LINGERING]: "lingering",
  [VP_SUBTITLE_FADING]: "fading",
};

export interface SubtitleLine {
  readonly text: string;
  /** UTF-16 units of the page before it. */
  readonly from: number;
}

/** What is on show of one language; another object for every change of it. */
export interface SubtitlePage {
  readonly serial: number;
  readonly lines: readonly SubtitleLine[];
  /** More may be added at its end. */
  readonly growing: boolean;
}

export interface TagEvent {
  readonly kind: keyof typeof TAG_KINDS;
  /** Without its marks; at most 64 UTF-16 units. */
  readonly text: string;
  /** The cue that it stands in. */
  readonly cue: number;
  /** UTF-16 units of that cue's text before it. */
  readonly at: number;
}

const TAG_KINDS = {
  bracket: VP_TAG_BRACKET,
  think: VP_TAG_THINK,
  paren: VP_TAG_PAREN,
  star: VP_TAG_STAR,
} as const;
const TAG_NAMES = Object.keys(TAG_KINDS) as TagEvent["kind"][];

type Field = keyof typeof vp_subtitle_view.fields;
type Language = "page" | "translation";

const known = (ms: number): number | null => (ms < 0 ? null : ms);

export class SubtitleView {
  readonly #heap: Heap;
  readonly #handle: Handle<"vp_subtitle">;
  readonly #pages: Record<Language, SubtitlePage | null> = { page: null, translation: null };

  constructor(heap: Heap, handle: Handle<"vp_subtitle">) {
    this.#heap = heap;
    this.#handle = handle;
  }

  // ---- Numbers ----

  /** @throws VoicepathError DISPOSED, as everything here does */
  read(field: Field): number {
    return readField(this.#heap, this.#handle.pointer, vp_subtitle_view, field);
  }

  /** The address of what a field says where to find. */
  array(field: Field): number {
    return this.#handle.pointer + this.read(field);
  }

  get phase(): SubtitlePhase {
    return PHASES[this.read("phase")] ?? "empty";
  }

  /** Units of the page that are visible. */
  visible(language: Language): number {
    return this.#pageField(language, "visible");
  }

  #pageField(language: Language, field: keyof typeof vp_page.fields): number {
    const at = this.#handle.pointer + vp_subtitle_view.fields[language].offset;
    return readField(this.#heap, at, vp_page, field);
  }

  // ---- Pages ----

  /** The same object as long as the page is the same; null when nothing is shown. */
  page(language: Language): SubtitlePage | null {
    const serial = this.#pageField(language, "serial");
    const growing = this.#pageField(language, "growing") !== 0;
    const last = this.#pages[language];
    if (serial === 0) this.#pages[language] = null;
    else if (last?.serial !== serial || last.growing !== growing)
      this.#pages[language] = { serial, lines: this.#lines(language), growing };
    return this.#pages[language];
  }

  #lines(language: Language): SubtitleLine[] {
    const texts = language === "page" ? "text" : "translations";
    const start = this.#pageField(language, "start");
    const { offset } = vp_page.fields.lines;
    const first = this.#handle.pointer + vp_subtitle_view.fields[language].offset + offset;
    return Array.from({ length: this.#pageField(language, "line_count") }, (_, i) => {
      const at = first + i * vp_line.size;
      const from = readField(this.#heap, at, vp_line, "start");
      const to = readField(this.#heap, at, vp_line, "end");
      return { text: this.#text(texts, from, to - from), from: from - start };
    });
  }

  #text(array: "text" | "translations", from: number, units: number): string {
    return readUnits(this.#heap.u16, (this.array(array) >> 1) + from, units);
  }

  // ---- Cues ----

  /** Where the cue is in the array of those kept; -1 when it is not. */
  indexOf(cue: number): number {
    const index = cue - this.read("first_cue");
    return index >= 0 && index < this.read("cue_count") ? index : -1;
  }

  cueField(index: number, field: keyof typeof vp_cue.fields): number {
    return readField(this.#heap, this.array("cues") + index * vp_cue.size, vp_cue, field);
  }

  cueText(index: number): string {
    return this.#text("text", this.cueField(index, "text"), this.cueField(index, "units"));
  }

  cue(index: number): Omit<SubtitleCue, "id"> {
    const field = (name: keyof typeof vp_cue.fields): number => this.cueField(index, name);
    const units = field("translation_units");
    return {
      cue: this.read("first_cue") + index,
      turn: field("turn"),
      state: CUE_STATES[field("state")] ?? "ended",
      text: this.cueText(index),
      translation: units === 0 ? "" : this.#text("translations", field("translation"), units),
      heardUnits: field("heard"),
      spaceBefore: field("gap") !== 0,
      clip: field("clip") !== 0,
      startMs: known(field("start_ms")),
      endMs: known(field("end_ms")),
      durationMs: field("duration_ms"),
    };
  }

  // ---- Tags ----

  /** Tag `n`, counted from the first ever; only the last VP_TAGS_MAX are kept. */
  tag(n: number): TagEvent {
    const at = this.array("tags") + (n % VP_TAGS_MAX) * vp_tag.size;
    const field = (name: keyof typeof vp_tag.fields): number =>
      readField(this.#heap, at, vp_tag, name);
    const kind = field("kind");
    return {
      kind: TAG_NAMES.find((name) => TAG_KINDS[name] === kind) ?? "bracket",
      text: readUnits(this.#heap.u16, (at + vp_tag.fields.text.offset) >> 1, field("units")),
      cue: field("cue"),
      at: field("at"),
    };
  }

  // ---- What C waits for ----

  /** Puts text[from..to) into the inbox, after `before` units that are there. */
  fillInbox(text: string, from: number, to: number, before = 0): void {
    writeUnits(this.#heap.u16, (this.array("inbox") >> 1) + before, text, from, to);
  }

  /** What is known of a clip, where vp_subtitle_clip() looks for it. */
  fillClip(volumes: ArrayLike<number>, words: readonly FoundWord[]): void {
    const { u32, f32 } = this.#heap;
    f32.set(volumes, this.array("volumes") >> 2);
    const units = this.array("word_units") >> 2;
    const times = this.array("word_ms") >> 2;
    words.forEach(({ unit, atMs }, i) => {
      u32[units + i] = unit;
      f32[times + i] = atMs;
    });
  }

  /** Fills the widths of `count` clusters in. */
  fillMisses(count: number, measure: MeasureCluster): void {
    for (let i = 0; i < count; i++) {
      const at = this.array("misses") + i * vp_miss.size;
      const field = (name: keyof typeof vp_miss.fields): number =>
        readField(this.#heap, at, vp_miss, name);
      const language = field("language") === 0 ? "text" : "translation";
      const texts = language === "text" ? "text" : "translations";
      const cluster = this.#text(texts, field("text"), field("units"));
      const width = measure(cluster, language);
      this.#heap.f32[(at + vp_miss.fields.width_px.offset) >> 2] = width;
    }
  }
}
