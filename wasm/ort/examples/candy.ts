/**
 * candy.onnx: a picture in sweet colours. What fns_candy's trained network does, by hand: convolutions
 * look at each pixel's surroundings, nonlinearities make flat colours and outlines of what they saw.
 *
 *   picture ─ blur ─┬─ brightness ─ steps ─ waves of colour ─┐
 *                   └─ its own colours, saturated ───────────┴─ mixed ─ gloss ─ outlines ─ picture
 */
import { Graph, tensor } from "./graph.js";

const SHAPE = [1, 3, "height", "width"];
const TURN = 2 * Math.PI;

/** How bright red, green and blue look (ITU-R BT.601). */
const BRIGHTNESS = [0.299, 0.587, 0.114];
/** Flat steps from black to white. */
const STEPS = 9;
/** A channel's wave over brightness: 0.5 + 0.5 cos(2 pi (rate x + phase)). Violet, mint, cream. */
const WAVE_RATE = [1.25, 1.5, 1.0];
const WAVE_PHASE = [0.75, 0.4, 0.9];
/** How far a colour is pushed away from grey. */
const SATURATION = 2.2;
const OWN_COLOUR = 0.55;
const GLOSS = 1.6;
const OUTLINE = [0.17, 0.05, 0.26];
/** Gradient where the outline starts, and how sharply. */
const OUTLINE_AT = 0.3;
const OUTLINE_SHARPNESS = 22;

/** Binomial, 5 by 5. */
function blurTaps(): number[] {
  const row = [1, 4, 6, 4, 1];
  return row.flatMap((a) => row.map((b) => (a * b) / 256));
}

const SOBEL_X = [-1, 0, 1, -2, 0, 2, -1, 0, 1].map((tap) => tap / 4);
const SOBEL_Y = [-1, -2, -1, 0, 0, 0, 1, 2, 1].map((tap) => tap / 4);
/** Light from the upper left. */
const RELIEF = [1, 1, 0, 1, 0, -1, 0, -1, -1].map((tap) => tap / 6);

export function candyModel(): Uint8Array {
  const graph = new Graph("candy");
  const add = (a: string, b: string): string => graph.node("Add", [a, b]);
  const times = (a: string, b: string): string => graph.node("Mul", [a, b]);
  const scaled = (a: string, factor: number): string => times(a, graph.number(factor));
  const channels = (values: readonly number[]): string =>
    graph.constant(tensor([1, values.length, 1, 1], values));
  const clipped = (a: string): string => graph.node("Clip", [a, graph.number(0), graph.number(1)]);
  /** The border repeats the last pixel, so that it is no edge. */
  const framed = (a: string, by: number): string =>
    graph.node("Pad", [a, graph.constant(tensor([8], [0, 0, by, by, 0, 0, by, by], "int64"))], {
      mode: "edge",
    });
  const picture = scaled(graph.input("inputImage", "float32", SHAPE), 1 / 255);
  const blur = blurTaps();
  const smooth = graph.convolution(framed(picture, 2), [3, 1, 5, 5], [...blur, ...blur, ...blur], {
    group: 3,
  });
  const brightness = graph.convolution(smooth, [1, 3, 1, 1], BRIGHTNESS);

  const stepped = scaled(graph.node("Floor", [scaled(brightness, STEPS)]), 1 / (STEPS - 1));
  const angle = add(times(stepped, channels(WAVE_RATE)), channels(WAVE_PHASE));
  const wave = add(scaled(graph.node("Cos", [scaled(angle, TURN)]), 0.5), graph.number(0.5));

  // x + s (x - brightness), as one matrix.
  const saturate = [0, 1, 2].flatMap((to) =>
    BRIGHTNESS.map((weight, from) => (to === from ? 1 + SATURATION : 0) - SATURATION * weight),
  );
  const own = clipped(graph.convolution(smooth, [3, 3, 1, 1], saturate));
  const ownSteps = scaled(graph.node("Floor", [scaled(own, 4.999)]), 0.25);
  const mixed = add(scaled(ownSteps, OWN_COLOUR), scaled(wave, 1 - OWN_COLOUR));

  const framedBrightness = framed(brightness, 1);
  const relief = graph.convolution(framedBrightness, [1, 1, 3, 3], RELIEF);
  const glossy = clipped(add(mixed, scaled(graph.node("Tanh", [scaled(relief, 2)]), GLOSS / 4)));

  const gradient = graph.convolution(framedBrightness, [2, 1, 3, 3], [...SOBEL_X, ...SOBEL_Y]);
  const steep = graph.node("Sqrt", [
    graph.node("ReduceSum", [times(gradient, gradient)], { axes: [1], keepdims: 1 }),
  ]);
  const ink = graph.node("Sigmoid", [
    scaled(add(steep, graph.number(-OUTLINE_AT / 2)), OUTLINE_SHARPNESS),
  ]);
  const inked = add(glossy, times(ink, graph.node("Sub", [channels(OUTLINE), glossy])));
  graph.node("Mul", [inked, graph.number(255)], {}, "outputImage");
  graph.output("outputImage", "float32", SHAPE);
  return graph.bytes();
}
