/**
 * What a character says, shown as it is said, and what of it was heard. When and how is decided by
 * vp_subtitle; here are strings, options, events and everything that is done once a cue and not once a
 * frame.
 */
import { type Pointer, VP_TAGS_MAX, vp_subtitle_config, vp_subtitle_style } from "../abi.gen.js";
import { Emitter } from "../emitter.js";
import {
  checkStatus,
  optionError,
  requireBoolean,
  requireInteger,
  requireNumber,
  VoicepathError,
} from "../errors.js";
import { Handle } from "../handle.js";
import type { SessionModule } from "../wasm.js";
import { toSRT, toWebVTT } from "./captions.js";
import { ClusterWidths } from "./cluster-widths.js";
import { RestoredPast } from "./restored-past.js";
import {
  type CheckedClip,
  checkedClip,
  findWords,
  mergedVolumes,
  type SubtitleClip,
} from "./subtitle-clip.js";
import { heardText, type SubtitleCue } from "./subtitle-cue.js";
import {
  checkedLook,
  checkedMeasure,
  checkedSize,
  type MeasureCluster,
  readLook,
  readSize,
  SHOW_ALL_TAGS,
  type SubtitleLook,
  type SubtitleOptions,
  type SubtitleSize,
  type SubtitleStyle,
  writeLook,
  writeSize,
} from "./subtitle-options.js";
import {
  checkedSnapshot,
  isPast,
  requireId,
  type SnapshotCue,
  type SubtitleSnapshot,
  takeSnapshot,
} from "./subtitle-snapshot.js";
import {
  type SubtitlePage,
  type SubtitlePhase,
  SubtitleView,
  type TagEvent,
} from "./subtitle-view.js";

export interface SubtitleEvents {
  /** What stands before a tag has been spoken; only for tags with "event" in their mode. */
  tag: TagEvent;
  /** What is on show changed; the new {@link SubtitleBuffer.revision}. */
  change: number;
  /** Text, sound or another style came in: who waits for {@link SubtitleBuffer.dueMs} looks again. */
  input: undefined;
}

export interface PushOptions {
  /** Its cues will have sound, and wait for it. Default false. */
  readonly clip?: boolean | undefined;
}

export interface AddOptions {
  /** A name for it, for captions and snapshots: one line without `-->`, of no other cue kept. */
  readonly id?: string | undefined;
  readonly translation?: string | undefined;
  /**
   * What is known of its sound; `true` when that is told later. The cue then waits for
   * {@link SubtitleBuffer.start}. Default false: it has no sound.
   */
  readonly clip?: boolean | SubtitleClip | undefined;
}

export interface StartOptions extends SubtitleClip {
  /**
   * When its sound starts, on the clock of the ticks; may lie ahead or back. What an AudioContext plays is
   * heard later by its `outputLatency`, which Bluetooth can make a quarter of a second.
   */
  readonly atMs: number;
}

/** What {@link SubtitleBuffer.interrupt} knows. */
export interface Interruption {
  /** What was heard of the turn, to the grapheme cluster: the text for the agent's memory. */
  readonly heard: string;
  /** The cues of the turn, as they are now. */
  readonly cues: readonly SubtitleCue[];
}

export interface CaptionOptions {
  /** Only the cues of this turn. Default: all that are kept. */
  readonly turn?: number | undefined;
}

export interface RestoreOptions extends SubtitleOptions {
  /** The time now, on the clock of the ticks to come. */
  readonly nowMs: number;
}

const CUE_MAX = 2 ** 31 - 1;

function requireText(option: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw optionError(option, value, "a string");
}

/** C says which times are none. */
function requireTime(option: string, value: unknown): number {
  if (typeof value === "number") return value;
  throw optionError(option, value, "a time in ms");
}

/**
 * Text in, lines out, in step with the sound.
 *
 * ```ts
 * const subtitle = SubtitleBuffer.create(await loadSession(), { lines: 2, measure });
 * const cue = subtitle.add("Hello there.", { clip: { volumes, sliceMs: 20 } });
 * audio.onplay = () => subtitle.start(cue, { atMs: performance.now() });
 * requestAnimationFrame(function frame() {
 *   if (subtitle.tick(performance.now()) !== shown) draw(subtitle.page, subtitle.visible);
 *   requestAnimationFrame(frame);
 * });
 * const { heard } = subtitle.interrupt(performance.now());
 * ```
 *
 * Texts are UTF-16, as strings are; half of a surrogate pair becomes U+FFFD, and so does U+0000. All
 * times are of one clock of the caller's, in ms from 0 to 2^53; it may stand still, and going back
 * counts as that. Everything throws DISPOSED after {@link dispose}.
 */
export class SubtitleBuffer extends Emitter<SubtitleEvents> implements Disposable {
  readonly #session: SessionModule;
  readonly #handle: Handle<"vp_subtitle">;
  readonly #view: SubtitleView;
  /** Where styles are handed over. */
  readonly #input: Pointer<"vp_subtitle_style">;
  readonly #size: SubtitleSize;
  #look: SubtitleLook;
  readonly #widths: ClusterWidths;
  #revision = 0;
  #tagsTold = 0;
  /** By the serials of C; those of cues that are gone go with the next one. */
  readonly #ids = new Map<number, string>();
  #past = RestoredPast.none;

  private constructor(session: SessionModule, options: SubtitleOptions) {
    super();
    const { exports, heap } = session;
    const input = heap.allocate<"vp_subtitle_style">(vp_subtitle_style.size);
    const config = heap.allocate<"vp_subtitle_config">(vp_subtitle_config.size);
    let pointer: Pointer<"vp_subtitle"> | undefined;
    let measure: MeasureCluster | null;
    try {
      exports.vp_subtitle_config_init(config);
      exports.vp_subtitle_style_init(input);
      this.#size = checkedSize(readSize(heap, config), options);
      this.#look = checkedLook(readLook(heap, input), options);
      measure = checkedMeasure(options.measure ?? null);
      writeSize(heap, config, this.#size);
      writeLook(heap, input, this.#look);
      const bytes = checkStatus(exports.vp_subtitle_size(config));
      pointer = heap.allocate<"vp_subtitle">(bytes);
      checkStatus(exports.vp_subtitle_init(pointer, bytes, config, input));
    } catch (error) {
      if (pointer !== undefined) heap.free(pointer);
      heap.free(input);
      throw error;
    } finally {
      heap.free(config);
    }
    this.#session = session;
    this.#input = input;
    this.#handle = new Handle(heap, "SubtitleBuffer", pointer, [input]);
    this.#view = new SubtitleView(heap, this.#handle);
    const next = (): number => checkStatus(exports.vp_subtitle_misses(this.#handle.pointer));
    this.#widths = new ClusterWidths(this.#view, next, measure);
    this.#revision = this.#view.read("revision");
  }

  /** @throws VoicepathError OPTION, VP_E_MEMORY */
  static create(session: SessionModule, options: SubtitleOptions = {}): SubtitleBuffer {
    return new SubtitleBuffer(session, options);
  }

  /**
   * One that goes on where the snapshot was taken: with its history, and with the cues that waited. They
   * are numbered anew from 1, in the snapshot's order, and keep their ids. Sound is not in a snapshot:
   * cues with `clip` wait until they are told theirs. What was playing then is past.
   *
   * @param snapshot - of {@link snapshot}, also after JSON; every field is checked
   * @throws VoicepathError OPTION, naming the field: `snapshot.cues[3].text`; VP_E_MEMORY
   */
  static restore(
    session: SessionModule,
    snapshot: unknown,
    options: RestoreOptions,
  ): SubtitleBuffer {
    const checked = checkedSnapshot(snapshot);
    const nowMs = requireNumber("nowMs", options.nowMs, 0, Number.MAX_SAFE_INTEGER);
    const buffer = new SubtitleBuffer(session, options);
    try {
      buffer.#restore(checked, nowMs);
    } catch (error) {
      buffer.dispose();
      throw error;
    }
    return buffer;
  }

  // ---- What is in effect ----

  /** Defaults included. */
  get size(): SubtitleSize {
    return this.#size;
  }

  /** Defaults included. */
  get style(): SubtitleLook {
    return this.#look;
  }

  /** @internal */
  get measure(): MeasureCluster | null {
    return this.#widths.measure;
  }

  get disposed(): boolean {
    return this.#handle.disposed;
  }

  /**
   * Changes what is given and keeps the rest. The page on show is laid out anew from its start; what is
   * visible stays visible. Another `measure` measures everything anew; so does the same one, given again
   * because the font changed.
   *
   * @throws VoicepathError OPTION, DISPOSED; then nothing has changed
   */
  restyle(changes: SubtitleStyle): void {
    const look = checkedLook(this.#look, changes);
    const measure = changes.measure === undefined ? undefined : checkedMeasure(changes.measure);
    this.#writeLook(look);
    this.#look = look;
    if (measure !== undefined) {
      this.#widths.measure = measure;
      checkStatus(this.#session.exports.vp_subtitle_forget_widths(this.#handle.pointer));
    }
    this.#took();
  }

  #writeLook(look: SubtitleLook): void {
    const { exports, heap } = this.#session;
    const subtitle = this.#handle.pointer;
    writeLook(heap, this.#input, look);
    checkStatus(exports.vp_subtitle_restyle(subtitle, this.#input));
  }

  // ---- Text ----

  /**
   * A new turn: what still waits of the one before is dropped, what is on show stays until the first cue
   * of this turn. The first text begins one by itself, and none after it does.
   *
   * @returns its number, from 1
   * @throws VoicepathError DISPOSED
   */
  begin(): number {
    const turn = checkStatus(this.#session.exports.vp_subtitle_begin(this.#handle.pointer));
    this.#took();
    return this.#past.turns + turn;
  }

  /**
   * The stream goes on, cut anywhere. Cues are cut out of it where a sentence ends, or where it is as
   * long as a cue can be.
   *
   * @returns the cues that became complete; 0 when the turn was interrupted, which takes no text
   * @throws VoicepathError OPTION; VP_E_CAPACITY when cues that still wait leave no room, after what fits
   *   of a long text; DISPOSED
   */
  push(text: string, { clip = false }: PushOptions = {}): number {
    requireText("text", text);
    requireBoolean("clip", clip);
    const subtitle = this.#handle.pointer;
    const { exports } = this.#session;
    const room = 2 * this.#size.cueUnits;
    let cues = 0;
    for (let from = 0; from < text.length; from += room) {
      const to = Math.min(from + room, text.length);
      this.#view.fillInbox(text, from, to);
      cues += checkStatus(exports.vp_subtitle_push(subtitle, to - from, Number(clip)));
      this.#widths.fill(this.#look.emPx);
    }
    this.#took();
    return cues;
  }

  /**
   * The stream ends: its last cue is complete.
   *
   * @returns as {@link push} does
   * @throws VoicepathError DISPOSED
   */
  flush(): number {
    const cues = checkStatus(this.#session.exports.vp_subtitle_flush(this.#handle.pointer));
    this.#took();
    return cues;
  }

  /**
   * A whole cue. It ends a stream first. Nothing but marks is joined to the cue before, and so are
   * closing quotes at its start.
   *
   * @returns its serial; 0 when the turn was interrupted, which takes no text
   * @throws VoicepathError OPTION for a text or translation longer than `cueUnits`, for an id that
   *   another cue has, and for a wrong clip; VP_E_CAPACITY when cues that still wait leave no room;
   *   DISPOSED; then nothing has changed
   */
  add(text: string, { id, translation = "", clip = false }: AddOptions = {}): number {
    this.#requireCueText("text", text);
    this.#requireCueText("translation", translation);
    const sound = typeof clip === "boolean" ? null : checkedClip(clip);
    if (id !== undefined) this.#requireFreeId(id);
    const subtitle = this.#handle.pointer;
    this.#view.fillInbox(text, 0, text.length);
    this.#view.fillInbox(translation, 0, translation.length, text.length);
    const { exports } = this.#session;
    const cue = checkStatus(
      exports.vp_subtitle_add(subtitle, text.length, translation.length, clip === false ? 0 : 1),
    );
    if (cue > 0 && id !== undefined) this.#remember(cue, id);
    if (cue > 0 && sound) this.#tellClip(cue, sound);
    this.#took();
    return this.#serial(cue);
  }

  /**
   * The translation of a cue that has not ended comes later, or another one.
   *
   * @throws VoicepathError OPTION, VP_E_CUE for a cue that is not kept or past, VP_E_CAPACITY, DISPOSED
   */
  translate(cue: number, translation: string): void {
    const own = this.#ownSerial(cue);
    this.#requireCueText("translation", translation);
    const subtitle = this.#handle.pointer;
    this.#view.fillInbox(translation, 0, translation.length);
    const { exports } = this.#session;
    checkStatus(exports.vp_subtitle_translate(subtitle, own, translation.length));
    this.#took();
  }

  // ---- Sound ----

  /**
   * What is known of a cue's sound; more may be told later, as long as it has not ended.
   *
   * @throws VoicepathError OPTION; VP_E_DURATION when the volumes take more than a day; VP_E_CUE for a
   *   cue that is not kept or past; DISPOSED
   */
  clip(cue: number, clip: SubtitleClip): void {
    this.#tellClip(this.#ownSerial(cue), checkedClip(clip));
    this.#took();
  }

  /**
   * Its sound starts, and with it the cue; those before it are over. Said again while it plays it moves,
   * and what is visible stays so.
   *
   * @throws VoicepathError OPTION, VP_E_DURATION, VP_E_TIME; VP_E_CUE for a cue that is not kept, or when
   *   a later one has started; DISPOSED
   */
  start(cue: number, { atMs, ...clip }: StartOptions): void {
    const own = this.#ownSerial(cue);
    requireTime("atMs", atMs);
    const sound = checkedClip(clip);
    const { durationMs, volumes, words } = sound;
    if (durationMs > 0 || volumes.length > 0 || words.length > 0) this.#tellClip(own, sound);
    checkStatus(this.#session.exports.vp_subtitle_start(this.#handle.pointer, own, atMs));
    this.#took();
  }

  /**
   * Its sound is over, and all of it was heard.
   *
   * @throws VoicepathError OPTION, VP_E_TIME, VP_E_CUE for one that does not play, DISPOSED
   */
  finish(cue: number, atMs: number): void {
    const own = this.#ownSerial(cue);
    requireTime("atMs", atMs);
    checkStatus(this.#session.exports.vp_subtitle_finish(this.#handle.pointer, own, atMs));
    this.#took();
  }

  #tellClip(cue: number, { durationMs, volumes, sliceMs, words }: CheckedClip): void {
    const { exports } = this.#session;
    const subtitle = this.#handle.pointer;
    const { clipSlices, clipWords } = this.#size;
    const index = this.#view.indexOf(cue);
    const found = index < 0 ? [] : findWords(this.#view.cueText(index), words, clipWords);
    const slices = mergedVolumes(volumes, clipSlices);
    this.#view.fillClip(slices, found);
    // Without room for its volumes their duration is still known.
    const soundMs = durationMs > 0 ? durationMs : volumes.length * sliceMs;
    const each = slices.length === 0 ? 1 : Math.ceil(volumes.length / slices.length);
    checkStatus(
      exports.vp_subtitle_clip(subtitle, cue, soundMs, each * sliceMs, slices.length, found.length),
    );
  }

  // ---- Time ----

  /**
   * Brings everything up to date. To be called before a frame is drawn, from {@link dueMs} on; when
   * nothing changed it costs one call into wasm. A time that is none changes nothing.
   *
   * @returns the revision: what is on show is as it was while this number stays the same
   * @throws VoicepathError DISPOSED
   */
  tick(nowMs: number): number {
    const revision = this.#session.exports.vp_subtitle_tick(this.#handle.pointer, nowMs) >>> 0;
    if (revision !== this.#revision) this.#changed(revision);
    return revision;
  }

  /** When {@link tick} can next change anything; Infinity for never. */
  get dueMs(): number {
    return this.#view.read("due_ms");
  }

  /** Of the last tick. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * What was heard of this turn until now.
   *
   * @throws VoicepathError OPTION, VP_E_TIME, DISPOSED
   */
  heard(nowMs: number): string {
    this.#updateHeard(nowMs);
    return heardText(this.#cuesOfTurn(this.turn));
  }

  /**
   * The person speaks, the character stops: nothing is on show any more, what plays or waits is
   * dropped, and text is ignored until {@link begin}.
   *
   * @throws VoicepathError OPTION, VP_E_TIME, DISPOSED
   */
  interrupt(nowMs: number): Interruption {
    requireTime("nowMs", nowMs);
    const { exports } = this.#session;
    checkStatus(exports.vp_subtitle_interrupt(this.#handle.pointer, nowMs));
    const cues = this.#cuesOfTurn(this.turn);
    this.#took();
    return { heard: heardText(cues), cues };
  }

  // ---- What is on show ----

  get phase(): SubtitlePhase {
    return this.#view.phase;
  }

  /** The number of the turn; 0 before the first. */
  get turn(): number {
    return this.#past.turns + this.#view.read("turn");
  }

  /** Whether text is taken: not after an interruption, until {@link begin}. */
  get accepting(): boolean {
    return this.#view.read("turn") === 0 || this.#view.read("accepting") !== 0;
  }

  /** Serial of the cue on show; 0 for none. */
  get cue(): number {
    return this.#serial(this.#view.read("cue"));
  }

  /** The same object as long as the page is the same; null when nothing is shown. */
  get page(): SubtitlePage | null {
    return this.#view.page("page");
  }

  get translationPage(): SubtitlePage | null {
    return this.#view.page("translation");
  }

  /** UTF-16 units of the page that are visible, always to the end of a grapheme cluster. */
  get visible(): number {
    return this.#view.visible("page");
  }

  get translationVisible(): number {
    return this.#view.visible("translation");
  }

  // ---- History ----

  /** A cue that is kept; null when it is gone, or never was. @throws VoicepathError OPTION, DISPOSED */
  get(cue: number): SubtitleCue | null {
    const own = this.#ownSerial(cue);
    const index = this.#view.indexOf(own);
    if (index >= 0) return this.#cueAt(index);
    return own > 0 ? null : (this.cues().find((other) => other.cue === cue) ?? null);
  }

  #cueAt(index: number): SubtitleCue {
    const cue = this.#view.cue(index);
    return {
      ...cue,
      cue: this.#serial(cue.cue),
      id: this.#ids.get(cue.cue) ?? null,
      turn: this.#past.turns + cue.turn,
      spaceBefore: cue.spaceBefore || (cue.cue === 1 && this.#past.spaceAfter),
    };
  }

  /** The cues kept, oldest first: those that are past, and those that wait. */
  cues(): SubtitleCue[] {
    const count = this.#view.read("cue_count");
    // None are older than those that were restored.
    const gone = this.#view.read("first_cue") > 1;
    const kept = gone ? [] : this.#past.beside(count, this.#size);
    for (let i = 0; i < count; i++) kept.push(this.#cueAt(i));
    return kept;
  }

  /**
   * The cues that have a start and an end as a WebVTT file, with translations as second lines, counted
   * from the start of the first.
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  toWebVTT(options: CaptionOptions = {}): string {
    return toWebVTT(this.#captioned(options));
  }

  /** The same as a SubRip file. @throws VoicepathError OPTION, DISPOSED */
  toSRT(options: CaptionOptions = {}): string {
    return toSRT(this.#captioned(options));
  }

  /**
   * What it knows, as plain JSON: for {@link restore}, after a reload for example. Without the beginning
   * of a tag that is not closed yet, and without sound.
   *
   * @throws VoicepathError OPTION, VP_E_TIME, DISPOSED
   */
  snapshot(nowMs: number): SubtitleSnapshot {
    this.#updateHeard(nowMs);
    return takeSnapshot(this.turn, this.accepting, nowMs, this.cues());
  }

  /** Gives the memory back. Harmless when repeated. */
  dispose(): void {
    this.#handle.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  // ---- Inside ----

  /** After everything that is told: measures what is new, and lets others know. */
  #took(): void {
    this.#widths.fill(this.#look.emPx);
    const revision = this.#view.read("revision");
    if (revision !== this.#revision) this.#changed(revision);
    if (!this.disposed && this.has("input")) this.emit("input", undefined);
  }

  #changed(revision: number): void {
    this.#revision = revision;
    this.#tellTags();
    if (!this.disposed && this.has("change")) this.emit("change", revision);
  }

  /** Listeners may do anything, and so tell tags themselves, or dispose of this. */
  #tellTags(): void {
    const told = this.#view.read("tags_told");
    this.#tagsTold = Math.max(this.#tagsTold, told - VP_TAGS_MAX);
    while (!this.disposed && this.#tagsTold < told) {
      const tag = this.#view.tag(this.#tagsTold++);
      this.emit("tag", { ...tag, cue: this.#serial(tag.cue) });
    }
  }

  #requireCueText(option: string, text: unknown): void {
    const { length } = requireText(option, text);
    const { cueUnits } = this.#size;
    if (length > cueUnits)
      throw optionError(`${option}.length`, length, `at most ${cueUnits}: cueUnits`);
  }

  // ---- Serials ----

  /** The serial of a cue of C's for the outside: those restored come before. 0 stays 0. */
  #serial(own: number): number {
    return own === 0 ? 0 : this.#past.length + own;
  }

  /** C's serial; 0, which is nobody's, for restored cues that are past. */
  #ownSerial(cue: number): number {
    requireInteger("cue", cue, 0, CUE_MAX);
    return Math.max(0, cue - this.#past.length);
  }

  #requireFreeId(id: string): void {
    requireId("id", id);
    const owner = this.cues().find((cue) => cue.id === id);
    if (owner) throw optionError("id", id, `another one: cue ${owner.cue} has it`);
  }

  /** And forgets those that are gone: serials ascend, and a Map keeps its order. */
  #remember(own: number, id: string): void {
    this.#ids.set(own, id);
    const first = this.#view.read("first_cue");
    for (const cue of this.#ids.keys()) {
      if (cue >= first) break;
      this.#ids.delete(cue);
    }
  }

  #updateHeard(nowMs: number): void {
    requireTime("nowMs", nowMs);
    checkStatus(this.#session.exports.vp_subtitle_heard(this.#handle.pointer, nowMs));
  }

  #cuesOfTurn(turn: number): SubtitleCue[] {
    return this.cues().filter((cue) => cue.turn === turn);
  }

  #captioned({ turn }: CaptionOptions): SubtitleCue[] {
    if (turn === undefined) return this.cues();
    return this.#cuesOfTurn(requireInteger("turn", turn, 0, CUE_MAX));
  }

  // ---- Restoring ----

  #restore(snapshot: SubtitleSnapshot, nowMs: number): void {
    this.#past = RestoredPast.of(snapshot, this.#size, nowMs);
    if (snapshot.turn === 0) return;
    // What the tags of these texts were is decided.
    this.#writeLook({ ...this.#look, tags: SHOW_ALL_TAGS });
    this.begin();
    snapshot.cues.forEach((cue, i) => {
      if (!isPast(cue)) this.#restoreCue(cue, `snapshot.cues[${i}]`);
    });
    if (!snapshot.accepting)
      checkStatus(this.#session.exports.vp_subtitle_interrupt(this.#handle.pointer, 0));
    this.#writeLook(this.#look);
    this.#took();
  }

  #restoreCue(cue: SnapshotCue, path: string): void {
    const { state, text, translation, clip, durationMs, id } = cue;
    if (state === "growing") {
      this.push(text, { clip });
      return;
    }
    try {
      this.add(text, { translation, clip: clip && { durationMs }, id: id ?? undefined });
    } catch (error) {
      if (!(error instanceof VoicepathError) || error.option === undefined) throw error;
      throw optionError(`${path}.${error.option}`, error.value, error.range ?? "");
    }
  }
}
