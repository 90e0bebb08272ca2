/** Faces that the figure can make. */

export interface Expression {
  /** Of the corners of the mouth, -1 to 1. */
  readonly smile: number;
  /** 1 as usual, 0 closed, more is staring. */
  readonly eyes: number;
  /** Eyes closed to arcs, 0 to 1. */
  readonly laugh: number;
  readonly browLift: number;
  /** Positive is worried, negative is angry. In radians. */
  readonly browTilt: number;
  readonly blush: number;
}

const NEUTRAL: Expression = {
  smile: 0.45,
  eyes: 1,
  laugh: 0,
  browLift: 0,
  browTilt: 0,
  blush: 0.45,
};

/** In the order of their numbers. */
export const EXPRESSIONS: Readonly<Record<string, Expression>> = {
  neutral: NEUTRAL,
  sadness: { ...NEUTRAL, smile: -0.7, eyes: 0.78, browLift: 0.02, browTilt: 0.3, blush: 0.2 },
  surprise: { ...NEUTRAL, smile: 0.1, eyes: 1.16, browLift: 0.09, blush: 0.5 },
  joy: { ...NEUTRAL, smile: 1, laugh: 1, browLift: 0.04, blush: 1 },
  anger: { ...NEUTRAL, smile: -0.5, eyes: 0.85, browLift: -0.05, browTilt: -0.32, blush: 0.7 },
};

const APPROACH_PER_S = 9;

/** A step of the way from one face to another. */
export function towards(from: Expression, to: Expression, deltaS: number): Expression {
  const share = 1 - Math.exp(-APPROACH_PER_S * deltaS);
  const step = (key: keyof Expression): number => from[key] + (to[key] - from[key]) * share;
  return {
    smile: step("smile"),
    eyes: step("eyes"),
    laugh: step("laugh"),
    browLift: step("browLift"),
    browTilt: step("browTilt"),
    blush: step("blush"),
  };
}

export const NEUTRAL_EXPRESSION = NEUTRAL;
