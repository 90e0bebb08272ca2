import { anyPen, draw, EDGE, random, SHAPES } from "../../../wasm/ort/examples/drawings";
import { timeFrames } from "./frames";
import { otherModes, SQUEEZENETS } from "./ort-subjects";
import { interleave } from "./rounds";
import { ORT_WEB, type Suite } from "./suite";

const UNIT = "µs";
const SEED = 6;

/** One of each shape, as a canvas has it. */
function drawings(): Uint8ClampedArray[] {
  const next = random(SEED);
  const pixels = EDGE * EDGE;
  return Object.values(SHAPES).map((strokes) => {
    const planes = draw(strokes, anyPen(next), next);
    return Uint8ClampedArray.from({ length: 4 * pixels }, (_, at) =>
      at % 4 === 3 ? 255 : 255 * (planes[(at % 4) * pixels + (at >> 2)] ?? 0),
    );
  });
}

export const ortSqueezenetCall: Suite = {
  suite: "ort",
  case: "squeezenet-call",
  peer: ORT_WEB,
  title: "A picture through squeezenet.c",
  about:
    "32 × 32 pixels to the name of a shape, by the same small model: the example in C, and the same " +
    "steps in JavaScript over onnxruntime-web’s own interface.",
  async run(context) {
    const contenders = timeFrames(SQUEEZENETS, drawings(), {
      framesPerRound: 30,
      voicepathBatch: 1,
      untimed: 5,
    });
    const rounds = context.quick ? { rounds: 4, warmups: 2 } : { rounds: 30, warmups: 5 };
    const rows = await interleave(this, UNIT, contenders, rounds, context);
    return [...rows, ...otherModes(this, UNIT)];
  },
};
