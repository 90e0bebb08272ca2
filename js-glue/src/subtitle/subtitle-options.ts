/** What a SubtitleBuffer can be told, and its way into vp_subtitle_config and vp_subtitle_style. */
import {
  type Pointer,
  VP_CUE_UNITS_MAX,
  VP_CUE_UNITS_MIN,
  VP_CUES_MAX,
  VP_CUES_MIN,
  VP_LINES_MAX,
  VP_TAG_EVENT,
  VP_TAG_HIDE,
  VP_TAG_SHOW,
  VP_TEXT_UNITS_MAX,
  VP_TEXT_UNITS_MIN,
  VP_VOLUMES_MAX,
  VP_WIDTHS_MAX,
  VP_WIDTHS_MIN,
  VP_WORDS_MAX,
  vp_subtitle_config,
  vp_subtitle_style,
} from "../abi.gen.js";
import { definedOnly } from "../defined-only.js";
import {
  optionError,
  requireBoolean,
  requireFunction,
  requireInteger,
  requireNumber,
} from "../errors.js";
import { type Heap, readField, writeStruct } from "../handle.js";

/** What becomes of tagged text. A tag that is shown keeps its marks, and is not spoken. */
export type TagMode = "hide" | "show" | "event" | "show+event";

/** What becomes of each kind of tag. */
export interface TagModes {
  /** `[joy]`. Default "event". */
  readonly bracket?: TagMode | undefined;
  /** `<think>…</think>`. Default "hide". */
  readonly think?: TagMode | undefined;
  /** `(smiles)` and `（微笑）`. Default "show". */
  readonly paren?: TagMode | undefined;
  /** `*waves*` and `**waves**`. Default "show". */
  readonly star?: TagMode | undefined;
}

/**
 * The width of a grapheme cluster in px, as it is drawn. What it throws is reported as an uncaught
 * error; then, and when it returns no width, the cluster counts as one em.
 */
export type MeasureCluster = (cluster: string, language: "text" | "translation") => number;

/** How much is kept. It decides the memory, all of which is taken at creation. */
export interface SubtitleCapacity {
  /**
   * UTF-16 units of all cues kept, and as many for translations: 1024 to 1048576, at least
   * 4 × `cueUnits`. The oldest cues make room. Default 16384.
   */
  readonly textUnits?: number | undefined;
  /** Cues kept, waiting and past: 16 to 4096. Default 256. */
  readonly cues?: number | undefined;
  /** UTF-16 units of the longest cue: 256 to 4096. Default 1024. */
  readonly cueUnits?: number | undefined;
  /** Slices of the longest clip's `volumes`: 0 to 65536. Default 3000, a minute of 20 ms. */
  readonly clipSlices?: number | undefined;
  /** Word times of the longest clip: 0 to 4096. Default 256. */
  readonly clipWords?: number | undefined;
  /** Widths of clusters that are remembered: a power of two, 16 to 65536. Default 4096. */
  readonly clusterWidths?: number | undefined;
}

/** How it looks. */
export interface SubtitleStyle {
  /** Of the box, 1 to 100000: no line is wider. `<Subtitle>` sets it. Default 640. */
  readonly widthPx?: number | undefined;
  /**
   * The font size, 1 to 10000: until a cluster is measured it counts as this when it is wide, and as
   * half of it otherwise. `<Subtitle>` sets it. Default 32.
   */
  readonly emPx?: number | undefined;
  /** The most lines on show, 1 to 8. Default 2. */
  readonly lines?: number | undefined;
  /** Lines of about the same width, instead of filling the first ones. Default true. */
  readonly balance?: boolean | undefined;
  /** Pages are shown at once, not as they are spoken. Default false. */
  readonly instant?: boolean | undefined;
  /** How fast text without sound is read: .1 to 10 times what the guidelines say. Default 1. */
  readonly readingSpeed?: number | undefined;
  /** A cue is shown at least this long, unless the next one starts. 0 to a day; default 833 ms. */
  readonly minMs?: number | undefined;
  /** A page without sound is shown no longer than this. `minMs` to a day; default 7000 ms. */
  readonly maxMs?: number | undefined;
  /** How long the last cue stays after its end. 0 to a day; default 1500 ms. */
  readonly lingerMs?: number | undefined;
  /** And how long it then fades. 0 to a day; default 250 ms. */
  readonly fadeMs?: number | undefined;
  readonly tags?: TagModes | undefined;
  /** `<Subtitle>` sets it; null for none, the default: widths are then guessed from `emPx`. */
  readonly measure?: MeasureCluster | null | undefined;
}

/** For {@link SubtitleBuffer.create}. */
export interface SubtitleOptions extends SubtitleCapacity, SubtitleStyle {}

type Complete<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> };
/** How much is kept, with nothing left out. */
export type SubtitleSize = Complete<SubtitleCapacity>;
/** How it looks, with nothing left out. */
export type SubtitleLook = Complete<Omit<SubtitleStyle, "tags" | "measure">> & {
  readonly tags: Complete<TagModes>;
};

const DAY_MS = 86_400_000;

const CAPACITIES = {
  textUnits: { field: "text_units", min: VP_TEXT_UNITS_MIN, max: VP_TEXT_UNITS_MAX },
  cues: { field: "cues", min: VP_CUES_MIN, max: VP_CUES_MAX },
  cueUnits: { field: "cue_units", min: VP_CUE_UNITS_MIN, max: VP_CUE_UNITS_MAX },
  clipSlices: { field: "volumes", min: 0, max: VP_VOLUMES_MAX },
  clipWords: { field: "words", min: 0, max: VP_WORDS_MAX },
  clusterWidths: { field: "widths", min: VP_WIDTHS_MIN, max: VP_WIDTHS_MAX },
} as const satisfies Record<
  keyof SubtitleCapacity,
  { field: keyof typeof vp_subtitle_config.fields; min: number; max: number }
>;

type NumberOption = Exclude<keyof SubtitleStyle, "balance" | "instant" | "tags" | "measure">;

const NUMBERS = {
  widthPx: { field: "width_px", min: 1, max: 100_000 },
  emPx: { field: "em_px", min: 1, max: 10_000 },
  readingSpeed: { field: "reading_speed", min: 0.1, max: 10 },
  minMs: { field: "min_ms", min: 0, max: DAY_MS },
  maxMs: { field: "max_ms", min: 0, max: DAY_MS },
  lingerMs: { field: "linger_ms", min: 0, max: DAY_MS },
  fadeMs: { field: "fade_ms", min: 0, max: DAY_MS },
  lines: { field: "lines", min: 1, max: VP_LINES_MAX },
} as const satisfies Record<
  NumberOption,
  { field: keyof typeof vp_subtitle_style.fields; min: number; max: number }
>;

const CAPACITY_OPTIONS = Object.keys(CAPACITIES) as (keyof SubtitleCapacity)[];
const NUMBER_OPTIONS = Object.keys(NUMBERS) as NumberOption[];

const TAG_BITS = {
  hide: VP_TAG_HIDE,
  show: VP_TAG_SHOW,
  event: VP_TAG_EVENT,
  "show+event": VP_TAG_SHOW | VP_TAG_EVENT,
} as const satisfies Record<TagMode, number>;
const TAG_MODES = Object.keys(TAG_BITS) as TagMode[];

/** Text comes in as it is. */
export const SHOW_ALL_TAGS: Complete<TagModes> = {
  bracket: "show",
  think: "show",
  paren: "show",
  star: "show",
};

const CUES_OF_TEXT = 4;

/**
 * `given` over the defaults. A `textUnits` or `cueUnits` given alone is no mistake: the other follows.
 *
 * @throws VoicepathError OPTION
 */
export function checkedSize(defaults: SubtitleSize, given: SubtitleCapacity): SubtitleSize {
  const size: SubtitleSize = { ...defaults };
  const all: Record<keyof SubtitleCapacity, number> = { ...size };
  for (const option of CAPACITY_OPTIONS) {
    const { min, max } = CAPACITIES[option];
    if (given[option] !== undefined) all[option] = requireInteger(option, given[option], min, max);
  }
  if ((all.clusterWidths & (all.clusterWidths - 1)) !== 0)
    throw optionError("clusterWidths", all.clusterWidths, "a power of two, 16 to 65536");
  const most = Math.floor(all.textUnits / CUES_OF_TEXT);
  if (all.cueUnits <= most) return all;
  if (given.textUnits === undefined) return { ...all, textUnits: CUES_OF_TEXT * all.cueUnits };
  if (given.cueUnits === undefined) return { ...all, cueUnits: most };
  throw optionError("cueUnits", all.cueUnits, `at most a quarter of textUnits: ${most}`);
}

function checkedTags(tags: Complete<TagModes>, given: unknown): Complete<TagModes> {
  if (given === undefined) return tags;
  if (typeof given !== "object" || given === null)
    throw optionError("tags", given, "an object with bracket, think, paren and star");
  const all: Complete<TagModes> = { ...tags, ...definedOnly(given as TagModes) };
  for (const kind of Object.keys(tags) as (keyof TagModes)[])
    if (!TAG_MODES.includes(all[kind]))
      throw optionError(`tags.${kind}`, all[kind], `one of ${TAG_MODES.join(", ")}`);
  return all;
}

/**
 * `given` over `look`. A `minMs` or `maxMs` given alone is no mistake: the other follows.
 *
 * @throws VoicepathError OPTION
 */
export function checkedLook(look: SubtitleLook, given: SubtitleStyle): SubtitleLook {
  const numbers: Partial<Record<NumberOption, number>> = {};
  for (const option of NUMBER_OPTIONS) {
    const { min, max } = NUMBERS[option];
    const check = option === "lines" ? requireInteger : requireNumber;
    if (given[option] !== undefined) numbers[option] = check(option, given[option], min, max);
  }
  const all: SubtitleLook = {
    ...look,
    ...numbers,
    balance: requireBoolean("balance", given.balance ?? look.balance),
    instant: requireBoolean("instant", given.instant ?? look.instant),
    tags: checkedTags(look.tags, given.tags),
  };
  if (all.minMs <= all.maxMs) return all;
  if (given.maxMs === undefined) return { ...all, maxMs: all.minMs };
  if (given.minMs === undefined) return { ...all, minMs: all.maxMs };
  throw optionError("minMs", all.minMs, `0 to maxMs, which is ${all.maxMs}`);
}

/** @throws VoicepathError OPTION */
export function checkedMeasure(measure: unknown): MeasureCluster | null {
  return measure === null ? null : requireFunction("measure", measure as MeasureCluster);
}

// ---- The C side ----

export function readSize(heap: Heap, at: Pointer<"vp_subtitle_config">): SubtitleSize {
  const read = (option: keyof SubtitleCapacity): number =>
    readField(heap, at, vp_subtitle_config, CAPACITIES[option].field);
  return {
    textUnits: read("textUnits"),
    cues: read("cues"),
    cueUnits: read("cueUnits"),
    clipSlices: read("clipSlices"),
    clipWords: read("clipWords"),
    clusterWidths: read("clusterWidths"),
  };
}

export function writeSize(heap: Heap, at: Pointer<"vp_subtitle_config">, size: SubtitleSize): void {
  writeStruct(heap, at, vp_subtitle_config, {
    text_units: size.textUnits,
    cues: size.cues,
    cue_units: size.cueUnits,
    volumes: size.clipSlices,
    words: size.clipWords,
    widths: size.clusterWidths,
  });
}

export function readLook(heap: Heap, at: Pointer<"vp_subtitle_style">): SubtitleLook {
  const read = (field: keyof typeof vp_subtitle_style.fields): number =>
    readField(heap, at, vp_subtitle_style, field);
  const tag = (field: keyof typeof vp_subtitle_style.fields): TagMode =>
    TAG_MODES.find((mode) => TAG_BITS[mode] === read(field)) ?? "hide";
  return {
    widthPx: read("width_px"),
    emPx: read("em_px"),
    readingSpeed: read("reading_speed"),
    minMs: read("min_ms"),
    maxMs: read("max_ms"),
    lingerMs: read("linger_ms"),
    fadeMs: read("fade_ms"),
    lines: read("lines"),
    balance: read("balance") !== 0,
    instant: read("instant") !== 0,
    tags: {
      bracket: tag("tag_bracket"),
      think: tag("tag_think"),
      paren: tag("tag_paren"),
      star: tag("tag_star"),
    },
  };
}

export function writeLook(heap: Heap, at: Pointer<"vp_subtitle_style">, look: SubtitleLook): void {
  const { tags } = look;
  writeStruct(heap, at, vp_subtitle_style, {
    width_px: look.widthPx,
    em_px: look.emPx,
    reading_speed: look.readingSpeed,
    min_ms: look.minMs,
    max_ms: look.maxMs,
    linger_ms: look.lingerMs,
    fade_ms: look.fadeMs,
    lines: look.lines,
    balance: look.balance,
    instant: look.instant,
    tag_bracket: TAG_BITS[tags.bracket],
    tag_think: TAG_BITS[tags.think],
    tag_paren: TAG_BITS[tags.paren],
    tag_star: TAG_BITS[tags.star],
  });
}
