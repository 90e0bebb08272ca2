import { useEffect, useInsertionEffect, useMemo, useRef, useState } from "react";
import { requireFunction, VoicepathError } from "../errors.js";
import {
  type AddOptions,
  type Interruption,
  type PushOptions,
  type StartOptions,
  SubtitleBuffer,
} from "../subtitle/subtitle-buffer.js";
import type { SubtitleClip } from "../subtitle/subtitle-clip.js";
import type { SubtitleOptions, SubtitleStyle } from "../subtitle/subtitle-options.js";
import type { TagEvent } from "../subtitle/subtitle-view.js";
import { useRegistry } from "./registry-provider.js";
import { type UseScopeOptions, useScope } from "./use-scope.js";

/** The callbacks are always those of the latest render. */
export interface UseSubtitleOptions extends Omit<SubtitleOptions, "measure">, UseScopeOptions {
  /** Of its scope. Default "subtitle-buffer". */
  readonly name?: string;
  /** The clock of the times, in ms; the same as that of `<Subtitle>`. Default: `performance.now()`. */
  readonly now?: (() => number) | undefined;
  /** What stands before a tag has been spoken; for tags with "event" in their mode. */
  readonly onTag?: ((tag: TagEvent) => void) | undefined;
}

/**
 * What the component tells the buffer. The functions stay the same, may be called at any time, and do
 * nothing while there is no buffer. Those of a cue return false when there is no such cue any more: an
 * interruption may have dropped it before its sound begins.
 */
export interface SubtitleControls {
  /** {@link SubtitleBuffer.begin}; 0 without a buffer. */
  readonly begin: () => number;
  /** {@link SubtitleBuffer.push} */
  readonly push: (text: string, options?: PushOptions) => number;
  /** {@link SubtitleBuffer.flush} */
  readonly flush: () => number;
  /** {@link SubtitleBuffer.add}; 0, which the functions of a cue take, when it is ignored. */
  readonly add: (text: string, options?: AddOptions) => number;
  /** {@link SubtitleBuffer.translate} */
  readonly translate: (cue: number, translation: string) => boolean;
  /** {@link SubtitleBuffer.clip} */
  readonly clip: (cue: number, clip: SubtitleClip) => boolean;
  /** {@link SubtitleBuffer.start}; by default now. */
  readonly start: (cue: number, options?: Partial<StartOptions>) => boolean;
  /** {@link SubtitleBuffer.finish}; by default now. */
  readonly finish: (cue: number, atMs?: number) => boolean;
  /** {@link SubtitleBuffer.heard}, until now. */
  readonly heard: () => string;
  /** {@link SubtitleBuffer.interrupt}, now. */
  readonly interrupt: () => Interruption;
}

export interface SubtitleResult extends SubtitleControls {
  /** For `<Subtitle>` and everything else; null on a server, or before effects have run. */
  readonly buffer: SubtitleBuffer | null;
}

const STYLE_OPTIONS = [
  "widthPx",
  "emPx",
  "lines",
  "balance",
  "instant",
  "readingSpeed",
  "minMs",
  "maxMs",
  "lingerMs",
  "fadeMs",
  "tags",
] as const satisfies readonly (keyof SubtitleStyle)[];

function styleOf(options: UseSubtitleOptions): SubtitleStyle {
  return Object.fromEntries(STYLE_OPTIONS.map((option) => [option, options[option]]));
}

/** False for a cue that is gone, or never was. */
function happened(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof VoicepathError && error.code === "VP_E_CUE") return false;
    throw error;
  }
}

function controls(current: () => SubtitleBuffer | null, now: () => number): SubtitleControls {
  const ofCue = (action: (buffer: SubtitleBuffer) => void): boolean => {
    const buffer = current();
    return buffer !== null && happened(() => action(buffer));
  };
  return {
    begin: () => current()?.begin() ?? 0,
    push: (text, options) => current()?.push(text, options) ?? 0,
    flush: () => current()?.flush() ?? 0,
    add: (text, options) => current()?.add(text, options) ?? 0,
    translate: (cue, translation) => ofCue((buffer) => buffer.translate(cue, translation)),
    clip: (cue, clip) => ofCue((buffer) => buffer.clip(cue, clip)),
    start: (cue, options = {}) =>
      ofCue((buffer) => buffer.start(cue, { ...options, atMs: options.atMs ?? now() })),
    finish: (cue, atMs) => ofCue((buffer) => buffer.finish(cue, atMs ?? now())),
    heard: () => current()?.heard(now()) ?? "",
    interrupt: () => current()?.interrupt(now()) ?? { heard: "", cues: [] },
  };
}

/**
 * A {@link SubtitleBuffer} for as long as the component lives, in a scope of {@link useScope}, with its
 * rules.
 *
 * ```tsx
 * const { buffer, add, start, interrupt } = useSubtitle({ onTag: ({ text }) => setExpression(text) });
 * const play = ({ text, audio, volumes }: Sentence) => {
 *   const cue = add(text, { clip: { volumes, sliceMs: 20 } });
 *   audio.onplaying = () => start(cue);
 * };
 * return <Subtitle buffer={buffer} />;
 * ```
 *
 * Options of its look take effect when they change; those of its size are read when it is made.
 *
 * @throws VoicepathError OPTION without a `<RegistryProvider>`; when the buffer is made or changed, for
 *   wrong options
 */
export function useSubtitle(options: UseSubtitleOptions = {}): SubtitleResult {
  const { name = "subtitle-buffer", parent, now, onTag } = options;
  if (now !== undefined) requireFunction("now", now);
  if (onTag !== undefined) requireFunction("onTag", onTag);
  const { clock, session } = useRegistry();
  const latest = useRef(options);
  useInsertionEffect(() => {
    latest.current = options;
  });

  const scope = useScope(name, [], { parent });
  const held = useRef<SubtitleBuffer | null>(null);
  const [buffer, setBuffer] = useState<SubtitleBuffer | null>(null);
  useEffect(() => {
    const owner = scope.current;
    if (!owner) return;
    const { name: _name, parent: _parent, now: _now, onTag: _onTag, ...given } = latest.current;
    const made = owner.use(SubtitleBuffer.create(session, given));
    made.on("tag", (tag) => latest.current.onTag?.(tag));
    held.current = made;
    setBuffer(made);
    return () => {
      held.current = null;
      setBuffer(null);
    };
  }, [scope, session]);

  const { tags } = options;
  useEffect(() => {
    if (held.current?.disposed === false) held.current.restyle(styleOf(latest.current));
  }, [
    ...STYLE_OPTIONS.filter((option) => option !== "tags").map((option) => options[option]),
    tags?.bracket,
    tags?.think,
    tags?.paren,
    tags?.star,
  ]);

  const told = useMemo(() => {
    const current = (): SubtitleBuffer | null => (held.current?.disposed ? null : held.current);
    return controls(current, () => latest.current.now?.() ?? clock.now());
  }, [clock]);
  return { buffer, ...told };
}
