/** A model that lives: it breathes, blinks, looks about, makes faces, and moves its mouth as it speaks. */
import type { OGLRenderingContext, Transform } from "ogl";
import { EXPRESSIONS, NEUTRAL_EXPRESSION, towards } from "./expression";
import { buildFigure, type Figure } from "./figure";
import { PriorityIdle } from "./lappdefine";
import { LAppWavFileHandler } from "./lappwavfilehandler";
import { lookOf } from "./look";

const BLINK_S = 0.16;
/** How fast a mouth opens, and closes. */
const OPENING_PER_S = 30;
const CLOSING_PER_S = 14;
/** The loudness at which it is wide open. */
const WIDE_OPEN_RMS = 0.35;
const NOD_S = 0.7;

export class LAppModel {
  readonly _wavFileHandler = new LAppWavFileHandler();
  readonly expressionNames = Object.keys(EXPRESSIONS);
  readonly #figure: Figure;
  #aim = NEUTRAL_EXPRESSION;
  #face = NEUTRAL_EXPRESSION;
  #mouth = 0;
  #blinkS = 2;
  #nodS = NOD_S;
  #gaze = { x: 0, y: 0 };

  constructor(gl: OGLRenderingContext, name: string) {
    this.#figure = buildFigure(gl, lookOf(name));
  }

  get scene(): Transform {
    return this.#figure.scene;
  }

  setExpression(name: string): void {
    this.#aim = EXPRESSIONS[name] ?? this.#aim;
  }

  /** Any motion of any group is a nod. */
  startRandomMotion(_group: string, priority: number): void {
    if (priority > PriorityIdle) this.#nodS = 0;
  }

  /** @param pointer - from the middle of the figure, in shares of the window */
  update(timeS: number, deltaS: number, pointer: { x: number; y: number }): void {
    this.#listen(deltaS);
    this.#face = towards(this.#face, this.#aim, deltaS);
    const share = 1 - Math.exp(-5 * deltaS);
    this.#gaze.x += (pointer.x - this.#gaze.x) * share;
    this.#gaze.y += (pointer.y - this.#gaze.y) * share;
    this.#move(timeS, deltaS);
    this.#makeFace(this.#blink(deltaS));
  }

  #listen(deltaS: number): void {
    this._wavFileHandler.update(deltaS);
    const level = Math.min(1, this._wavFileHandler.getRms() / WIDE_OPEN_RMS);
    const pace = level > this.#mouth ? OPENING_PER_S : CLOSING_PER_S;
    this.#mouth += (level - this.#mouth) * (1 - Math.exp(-pace * deltaS));
  }

  #move(timeS: number, deltaS: number): void {
    const { body, head, backHair } = this.#figure;
    this.#nodS = Math.min(NOD_S, this.#nodS + deltaS);
    const nod = Math.sin((Math.PI * this.#nodS) / NOD_S);
    const breath = Math.sin(timeS * 1.7);
    body.position.y = 0.01 * breath;
    head.position.x = 0.05 * this.#gaze.x;
    head.position.y = 0.014 * breath - 0.035 * nod + 0.03 * this.#gaze.y;
    head.rotation.z = 0.018 * Math.sin(timeS * 0.8) - 0.05 * this.#gaze.x + 0.02 * nod;
    backHair.position.x = 0.6 * head.position.x;
    backHair.position.y = 0.6 * head.position.y;
    backHair.rotation.z = 0.5 * head.rotation.z;
  }

  /** @returns how far the eyes are open, 0 to 1 */
  #blink(deltaS: number): number {
    this.#blinkS -= deltaS;
    if (this.#blinkS < -BLINK_S) this.#blinkS = 2.2 + 3 * Math.random();
    return this.#blinkS > 0 ? 1 : Math.abs(1 + (2 * this.#blinkS) / BLINK_S);
  }

  #makeFace(open: number): void {
    const { eyes, blush, smile, mouth } = this.#figure;
    const face = this.#face;
    const laughs = face.laugh > 0.6;
    const opening = open * face.eyes * (1 - 0.85 * face.laugh);
    for (const { ball, iris, lash, arc, brow, side } of eyes) {
      ball.visible = !laughs;
      ball.scale.y = Math.max(0.04, opening);
      iris.position.set(0.045 * this.#gaze.x, 0.05 * this.#gaze.y, 0);
      lash.visible = !laughs;
      lash.scale.y = 0.35 + 0.65 * opening;
      lash.position.y = 0.03 - 0.12 * (1 - Math.min(1, opening));
      arc.visible = laughs;
      brow.position.y = 0.305 + face.browLift;
      brow.rotation.z = -side * face.browTilt;
    }
    blush.strength = face.blush;
    const isOpen = this.#mouth > 0.06;
    smile.visible = !isOpen;
    smile.scale.set(0.9 + 0.25 * Math.abs(face.smile), face.smile * 1.1, 1);
    mouth.visible = isOpen;
    mouth.scale.set(0.75 + 0.2 * face.smile - 0.12 * this.#mouth, 0.2 + 0.8 * this.#mouth, 1);
  }
}
