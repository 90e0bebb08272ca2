/** How wide the subtitle is: the handles at its sides say so, and it stays so. */
import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useStoredValue } from "@/voicepath/use-stored-value";

/** In percent of the place that the page gives it. */
const MIN = 30;
const MAX = 160;
const STEP = 5;

/** Null while the page's CSS says how wide it is. */
type Width = number | null;

const LABELS: Readonly<Record<string, string>> = { en: "Width of the subtitle", zh: "字幕宽度" };

function clamped(percent: number): number {
  return Math.round(Math.min(MAX, Math.max(MIN, percent)));
}

/** What the pointer says, when the box is in the middle of its place. */
function pointed(box: HTMLElement, clientX: number): Width {
  const place = box.parentElement?.getBoundingClientRect();
  if (!place || place.width === 0) return null;
  const halfPx = Math.abs(clientX - (place.left + place.width / 2));
  return clamped((200 * halfPx) / place.width);
}

const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -STEP,
  ArrowDown: -STEP,
  ArrowRight: STEP,
  ArrowUp: STEP,
};

export function SubtitleWidth({ children }: { readonly children: ReactNode }): ReactElement {
  const { i18n } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [kept, keep] = useStoredValue<Width>("subtitleWidth", null);
  const [dragged, setDragged] = useState<Width>(null);
  const width = dragged ?? kept;
  const now = (): number => {
    const { offsetWidth = 0, parentElement = null } = box.current ?? {};
    return clamped((100 * offsetWidth) / (parentElement?.clientWidth || offsetWidth || 1));
  };

  const grab = (event: PointerEvent): void => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    if (box.current) setDragged(pointed(box.current, event.clientX));
  };
  const drag = (event: PointerEvent): void => {
    if (dragged !== null && box.current) setDragged(pointed(box.current, event.clientX));
  };
  const release = (): void => {
    if (dragged !== null) keep(dragged);
    setDragged(null);
  };
  const press = (event: KeyboardEvent): void => {
    const step = KEYS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    keep(clamped(now() + step));
  };

  const handle = {
    onPointerDown: grab,
    onPointerMove: drag,
    onPointerUp: release,
    onPointerCancel: release,
    onDoubleClick: () => keep(null),
  };
  const style: CSSProperties & Record<string, string> =
    width === null ? {} : { "--voicepath-subtitle-chosen": `${width}%` };
  return (
    <div ref={box} className="voicepath-subtitle-width" style={style}>
      {children}
      <div className="voicepath-subtitle-handle" data-side="start" {...handle} />
      <div
        className="voicepath-subtitle-handle"
        data-side="end"
        role="slider"
        tabIndex={0}
        aria-label={LABELS[i18n.language] ?? LABELS["en"]}
        aria-valuemin={MIN}
        aria-valuemax={MAX}
        aria-valuenow={width ?? 100}
        onKeyDown={press}
        {...handle}
      />
    </div>
  );
}
