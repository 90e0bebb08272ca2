import {
  type CSSProperties,
  type ReactElement,
  useEffect,
  useInsertionEffect,
  useRef,
} from "react";
import { requireBoolean, requireFunction } from "../errors.js";
import type { SubtitleBuffer } from "../subtitle/subtitle-buffer.js";
import { useRegistry } from "./registry-provider.js";
import { SubtitleScreen } from "./subtitle-screen.js";
import { type UseScopeOptions, useScope } from "./use-scope.js";

export interface SubtitleProps extends UseScopeOptions {
  /** What is shown; null for nothing yet. A buffer is shown in one place at a time. */
  readonly buffer: SubtitleBuffer | null;
  /** Of the box, as CSS takes it; numbers are px. Default 60%. */
  readonly width?: string | number | undefined;
  /** The most lines on show, 1 to 8. Default: the buffer's. */
  readonly lines?: number | undefined;
  /** The language of the text, as BCP 47 names it: it decides about fonts and voices. */
  readonly lang?: string | undefined;
  readonly translationLang?: string | undefined;
  /** The person may draw the box wider. Default false. */
  readonly resizable?: boolean | undefined;
  /** Screen readers are told each cue's whole text once, when it begins. Default true. */
  readonly announce?: boolean | undefined;
  /**
   * The clock of the buffer's times, in ms: for sound of an AudioContext
   * `() => context.currentTime * 1000`. Default: `performance.now()`.
   */
  readonly now?: (() => number) | undefined;
  readonly className?: string | undefined;
  readonly style?: CSSProperties | undefined;
}

/**
 * A box with what a {@link SubtitleBuffer} shows, and its translation below.
 *
 * ```tsx
 * const { buffer, add, start } = useSubtitle();
 * return <Subtitle buffer={buffer} width="70%" lines={2} lang="ja" translationLang="en" />;
 * ```
 *
 * The text of a page is laid out as a whole and shown up to what has been spoken, so nothing on show
 * moves. Lines are broken by the box's width and the font that is in effect, and anew when either
 * changes. The component does not render while text is shown. With `prefers-reduced-motion` pages are
 * shown at once, and do not fade.
 *
 * It looks as the page's CSS says: classes `voicepath-subtitle`, `-box`, `-text` and `-translation`,
 * attributes `data-phase` (empty, showing, lingering, fading) and `data-growing` on the first of them,
 * and the variables `--voicepath-subtitle-color`, `-background`, `-font`, `-radius`, `-padding`,
 * `-align`, `-translation-color` and `-translation-size`. What is not spoken yet is the highlight
 * `::highlight(voicepath-unspoken)`.
 *
 * @throws VoicepathError OPTION without a `<RegistryProvider>`, or for wrong props
 */
export function Subtitle({
  buffer,
  width,
  lines,
  lang,
  translationLang,
  resizable = false,
  announce = true,
  now,
  className,
  style,
  parent,
}: SubtitleProps): ReactElement {
  requireBoolean("announce", announce);
  if (now !== undefined) requireFunction("now", now);
  const { clock } = useRegistry();
  const options = useRef({ now: now ?? (() => clock.now()), announce });
  useInsertionEffect(() => {
    options.current = { now: now ?? (() => clock.now()), announce };
  });

  const root = useRef<HTMLDivElement>(null);
  const ruler = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const translation = useRef<HTMLDivElement>(null);
  const live = useRef<HTMLDivElement>(null);
  const screen = useRef<SubtitleScreen | null>(null);
  const scope = useScope("subtitle", [buffer], { parent });

  useEffect(() => {
    if (buffer && !buffer.disposed && lines !== undefined) buffer.restyle({ lines });
  }, [buffer, lines]);
  useEffect(() => {
    const owner = scope.current;
    const elements = {
      root: root.current,
      ruler: ruler.current,
      text: text.current,
      translation: translation.current,
      live: live.current,
    };
    if (!owner || !buffer || buffer.disposed || !isComplete(elements)) return;
    screen.current = new SubtitleScreen(owner, buffer, elements, options);
    return () => {
      screen.current = null;
    };
  }, [scope, buffer]);
  // Another class, style or language may be another font.
  useEffect(() => screen.current?.fit(), [className, style, lang, translationLang]);

  const box = width === undefined ? style : { ...style, width };
  return (
    <div
      ref={root}
      className={className ? `voicepath-subtitle ${className}` : "voicepath-subtitle"}
      style={box}
      data-phase="empty"
      data-resizable={resizable ? "" : undefined}
    >
      <div className="voicepath-subtitle-box" aria-hidden="true">
        <div ref={ruler} className="voicepath-subtitle-ruler" />
        <div ref={text} className="voicepath-subtitle-text" lang={lang} dir="auto" />
        <div
          ref={translation}
          className="voicepath-subtitle-translation"
          lang={translationLang}
          dir="auto"
        />
      </div>
      <div
        ref={live}
        className="voicepath-subtitle-live"
        aria-live="polite"
        lang={lang}
        dir="auto"
      />
    </div>
  );
}

function isComplete<Elements extends object>(
  elements: Elements,
): elements is { [Name in keyof Elements]: NonNullable<Elements[Name]> } & Elements {
  return Object.values(elements).every((element) => element !== null);
}
