/**
 * The figure's parts, put together from behind to the front: what does not move by itself belongs to the
 * body or to the head, and what does has a name.
 */
import { Color, type Geometry, Mesh, type OGLRenderingContext, Program, Transform } from "ogl";
import type { Look } from "./look";
import {
  ellipse,
  filled,
  mirrored,
  type Paint,
  type Point,
  smooth,
  stroke,
  symmetric,
} from "./outline";

const VERTEX = `#version 300 es
in vec2 position;
in vec4 colour;
uniform mat4 modelViewMatrix, projectionMatrix;
out vec4 ink;
void main() {
  ink = colour;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 ink;
uniform float strength;
out vec4 pixel;
void main() {
  float alpha = ink.a * strength;
  pixel = vec4(ink.rgb * alpha, alpha);
}`;

const WHITE = new Color("#ffffff");
const LIPS: Paint = { top: new Color("#7d1f33"), bottom: new Color("#a83247") };
const TONGUE: Paint = { top: new Color("#f08a92"), bottom: new Color("#ff9ea3") };

export interface Eye {
  /** Its white, iris and lights, about its middle. */
  readonly ball: Transform;
  readonly iris: Transform;
  readonly lash: Transform;
  /** Closed with joy. */
  readonly arc: Transform;
  readonly brow: Transform;
  /** -1 on the left, 1 on the right. */
  readonly side: number;
}

export interface Figure {
  readonly scene: Transform;
  readonly body: Transform;
  readonly head: Transform;
  readonly eyes: readonly Eye[];
  readonly blush: Part;
  readonly smile: Transform;
  readonly mouth: Transform;
  readonly backHair: Transform;
}

/** A shape with a strength of its own, 0 to 1. */
export class Part extends Mesh {
  strength = 1;

  constructor(gl: OGLRenderingContext, geometry: Geometry, program: Program) {
    super(gl, { geometry, program });
    this.onBeforeRender(() => {
      const { strength } = program.uniforms;
      if (strength) strength.value = this.strength;
    });
  }
}

const plain = ([top, bottom]: readonly [string, string]): Paint => ({
  top: new Color(top),
  bottom: new Color(bottom),
});
const flat = (colour: string, alpha = 1, rimAlpha = alpha): Paint => ({
  top: new Color(colour),
  bottom: new Color(colour),
  alpha,
  rimAlpha,
});

export function buildFigure(gl: OGLRenderingContext, look: Look): Figure {
  const program = new Program(gl, {
    vertex: VERTEX,
    fragment: FRAGMENT,
    uniforms: { strength: { value: 1 } },
    transparent: true,
    depthTest: false,
    cullFace: false,
  });
  program.setBlendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);

  const group = (parent: Transform, x = 0, y = 0): Transform => {
    const made = new Transform();
    made.position.set(x, y, 0);
    made.setParent(parent);
    return made;
  };
  const add = (parent: Transform, geometry: Geometry): Part => {
    const part = new Part(gl, geometry, program);
    part.setParent(parent);
    return part;
  };
  const fill = (parent: Transform, outline: readonly Point[], paint: Paint, centre?: Point): Part =>
    add(parent, filled(gl, outline, paint, centre));
  const line = (
    parent: Transform,
    curve: readonly [Point, Point, Point],
    width: number,
    paint: Paint,
  ): Part => add(parent, stroke(gl, curve, width, paint));

  const scene = new Transform();
  fill(scene, ellipse(0, 0.06, 1.02, 1.1), flat(look.glow, 0.55, 0));
  const backHair = group(scene);
  const body = group(scene);
  const head = group(scene);

  drawBackHair();
  drawBody();
  const face = drawFace();
  drawFringe();
  return { scene, body, head, backHair, ...face };

  function drawBackHair(): void {
    const paint = plain(look.backHair);
    if (look.isLongHaired) {
      const half: Point[] = [
        [0, 0.98],
        [0.5, 0.86],
        [0.76, 0.42],
        [0.8, -0.1],
        [0.88, -0.6],
        [0.74, -1.06],
        [0.5, -1.0],
        [0.22, -1.14],
        [0, -1.04],
      ];
      fill(backHair, symmetric(half), paint, [0, 0]);
      return;
    }
    for (const [angle, reach] of [
      [2.62, 0.93],
      [2.16, 1.0],
      [1.72, 1.04],
      [1.3, 1.05],
      [0.9, 1.0],
      [0.5, 0.93],
      [0.06, 0.84],
      [-0.36, 0.74],
      [3.08, 0.84],
      [3.5, 0.74],
    ] as const)
      fill(backHair, tuft(angle, reach), paint);
  }

  /** A leaf from the middle of the head outwards. */
  function tuft(angle: number, reach: number): Point[] {
    const at = (radius: number, turn: number): Point => [
      radius * Math.cos(angle + turn),
      0.12 + radius * Math.sin(angle + turn),
    ];
    return smooth([at(0.2, 0), at(0.62, -0.3), at(reach, 0.1), at(0.66, 0.3)]);
  }

  function drawBody(): void {
    const half: Point[] = [
      [0, -0.62],
      [0.2, -0.66],
      [0.5, -0.78],
      [0.78, -1.04],
      [0.9, -1.6],
      [0.96, -2.4],
      [0, -2.4],
    ];
    const cloth = plain(look.cloth);
    const neck: Point[] = [
      [0, -0.3],
      [0.15, -0.34],
      [0.15, -0.6],
      [0.2, -0.76],
      [0, -0.84],
    ];
    fill(body, symmetric(half), cloth);
    fill(body, symmetric(neck), { top: new Color(look.skin[1]), bottom: new Color(look.skin[0]) });
    // The chin's shadow.
    fill(body, ellipse(0, -0.5, 0.17, 0.11), flat(look.blush, 0.5, 0));
    const collar: readonly [Point, Point, Point] = [
      [0.21, -0.62],
      [0.2, -0.9],
      [0, -0.96],
    ];
    const edge = flat(look.hair[1]);
    line(body, collar, 0.05, edge);
    line(
      body,
      [
        [-0.21, -0.62],
        [-0.2, -0.9],
        [0, -0.96],
      ],
      0.05,
      edge,
    );
    fill(body, ellipse(0, -0.99, 0.05), flat(look.jewel));
  }

  function drawFace(): Pick<Figure, "eyes" | "blush" | "smile" | "mouth"> {
    const skin = plain(look.skin);
    for (const side of [-1, 1]) {
      fill(head, ellipse(0.585 * side, -0.02, 0.1, 0.14), skin);
      fill(head, ellipse(0.59 * side, -0.02, 0.05, 0.08), flat(look.blush, 0.45, 0));
    }
    const half: Point[] = [
      [0, 0.74],
      [0.38, 0.66],
      [0.57, 0.34],
      [0.585, 0.02],
      [0.5, -0.25],
      [0.27, -0.47],
      [0, -0.55],
    ];
    fill(head, symmetric(half), skin);
    // What the fringe keeps the light from.
    fill(head, ellipse(0, 0.42, 0.52, 0.26), flat(look.blush, 0.28, 0));
    const blush = group(head);
    const cheek = [...ellipse(0, 0, 0.13, 0.085)];
    const cheeks = fill(
      blush,
      cheek.map(([x, y]) => [x - 0.36, y - 0.17]),
      flat(look.blush, 0.75, 0),
    );
    const other = fill(
      blush,
      cheek.map(([x, y]) => [x + 0.36, y - 0.17]),
      flat(look.blush, 0.75, 0),
    );
    other.onBeforeRender(() => {
      other.strength = cheeks.strength;
    });
    const eyes = [drawEye(-1), drawEye(1)];
    fill(head, ellipse(0, -0.155, 0.022, 0.014), flat(look.blush, 0.9, 0.2));

    const smile = group(head, 0, -0.31);
    line(
      smile,
      [
        [-0.13, 0.03],
        [0, -0.07],
        [0.13, 0.03],
      ],
      0.032,
      flat(look.ink),
    );
    const mouth = group(head, 0, -0.285);
    const lips: Point[] = [
      [0, 0.01],
      [0.1, 0.02],
      [0.155, 0.0],
      [0.12, -0.12],
      [0, -0.19],
    ];
    fill(mouth, symmetric(lips), LIPS);
    fill(mouth, ellipse(0, -0.135, 0.085, 0.045), TONGUE);
    return { eyes, blush: cheeks, smile, mouth };
  }

  function drawEye(side: number): Eye {
    const [x, y] = [0.265 * side, 0.03];
    const ball = group(head, x, y);
    fill(ball, ellipse(0, 0, 0.145, 0.175), flat("#ffffff"));
    const iris = group(ball);
    fill(iris, ellipse(0, -0.005, 0.112, 0.155), plain(look.iris));
    fill(iris, ellipse(0, 0.005, 0.052, 0.078), flat(look.ink));
    fill(iris, ellipse(0, -0.095, 0.06, 0.04), flat(look.iris[1], 0.8, 0));
    fill(iris, ellipse(-0.042, 0.07, 0.036, 0.042), flat("#ffffff"));
    fill(iris, ellipse(0.045, -0.055, 0.017, 0.02), flat("#ffffff", 0.9));
    const lash = group(head, x, y);
    const outer = 0.175 * side;
    line(
      lash,
      [
        [-0.13 * side, 0.1],
        [0.02 * side, 0.27],
        [outer, 0.075],
      ],
      0.062,
      flat(look.ink),
    );
    line(
      lash,
      [
        [0.12 * side, 0.12],
        [0.19 * side, 0.11],
        [0.215 * side, 0.13],
      ],
      0.03,
      flat(look.ink),
    );
    const arc = group(head, x, y - 0.02);
    line(
      arc,
      [
        [-0.145, -0.03],
        [0, 0.14],
        [0.145, -0.03],
      ],
      0.052,
      flat(look.ink),
    );
    const brow = group(head, x, y + 0.275);
    line(
      brow,
      [
        [-0.12 * side, 0.0],
        [0.03 * side, 0.055],
        [0.14 * side, 0.0],
      ],
      0.036,
      flat(look.hair[1]),
    );
    return { ball, iris, lash, arc, brow, side };
  }

  function drawFringe(): void {
    const hair = plain(look.hair);
    const cap: Point[] = [
      [0, 0.9],
      [0.42, 0.8],
      [0.66, 0.44],
      [0.66, 0.16],
      [0.5, 0.25],
      [0.3, 0.42],
      [0, 0.52],
    ];
    fill(head, symmetric(cap), hair, [0, 0.7]);
    const locks: Point[][] = [
      [
        [0.02, 0.84],
        [0.24, 0.62],
        [0.2, 0.3],
        [0.02, 0.42],
      ],
      [
        [-0.04, 0.84],
        [0.04, 0.6],
        [-0.05, 0.24],
        [-0.2, 0.46],
      ],
      [
        [-0.2, 0.8],
        [-0.14, 0.56],
        [-0.3, 0.27],
        [-0.4, 0.5],
      ],
      [
        [0.2, 0.8],
        [0.46, 0.6],
        [0.46, 0.24],
        [0.26, 0.46],
      ],
    ];
    for (const lock of locks) fill(head, smooth(lock), hair);
    const long = look.isLongHaired;
    const side: Point[] = long
      ? [
          [0.5, 0.66],
          [0.68, 0.3],
          [0.7, -0.3],
          [0.58, -0.78],
          [0.55, -0.2],
          [0.53, 0.2],
        ]
      : [
          [0.46, 0.66],
          [0.68, 0.34],
          [0.66, 0.0],
          [0.57, -0.24],
          [0.54, 0.06],
          [0.5, 0.3],
        ];
    fill(head, smooth(side), hair);
    fill(head, smooth(mirrored(side)), hair);
    // Light on the crown.
    line(
      head,
      [
        [-0.42, 0.56],
        [-0.1, 0.82],
        [0.34, 0.64],
      ],
      0.05,
      { top: WHITE, bottom: WHITE, alpha: 0.2 },
    );
    drawJewel();
  }

  /** A moon, or a sun. */
  function drawJewel(): void {
    const jewel = group(head, 0.47, 0.58);
    if (look.isLongHaired) {
      line(
        jewel,
        [
          [0.06, 0.12],
          [-0.2, -0.02],
          [0.1, -0.12],
        ],
        0.085,
        flat(look.jewel),
      );
      fill(jewel, ellipse(0.06, 0.03, 0.02), flat(look.jewel));
      return;
    }
    for (let i = 0; i < 8; i++) {
      const angle = (Math.PI * i) / 4;
      const ray = ellipse(0.105 * Math.cos(angle), 0.105 * Math.sin(angle), 0.034);
      fill(jewel, ray, flat(look.jewel));
    }
    fill(jewel, ellipse(0, 0, 0.085), flat("#ffc94d"));
  }
}
