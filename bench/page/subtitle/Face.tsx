import type { Ref } from "react";

const MOUTH_OPEN = 16;
const MOUTH_CLOSED = 2;

/** @param level - 0 to 1 */
export function openMouth(mouth: SVGEllipseElement, level: number): void {
  mouth.ry.baseVal.value = MOUTH_CLOSED + (MOUTH_OPEN - MOUTH_CLOSED) * level;
}

interface FaceProps {
  readonly mood: string | null;
  readonly mouth: Ref<SVGEllipseElement>;
}

/** Who speaks: no more than a mood and a mouth. */
export function Face({ mood, mouth }: FaceProps) {
  return (
    <svg className="face" viewBox="0 0 120 120" role="img" aria-label={mood ?? "calm"}>
      <circle className="head" cx="60" cy="60" r="56" />
      {mood === "joy" ? (
        <path className="eyes" d="M30 52 q10 -14 20 0 M70 52 q10 -14 20 0" />
      ) : (
        <path className="eyes" d="M40 44 v8 M80 44 v8" />
      )}
      <ellipse ref={mouth} className="mouth" cx="60" cy="82" rx="16" ry={MOUTH_CLOSED} />
    </svg>
  );
}
