/**
 * Designs the filters of wasm/src/fir.c and wasm/src/polyphase.c.
 *
 *   tsx wasm/filters/generate.ts --out <filters.gen.h>
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  BALANCED,
  BEST,
  BEST_INNER,
  designLowLatencyFir,
  designLowLatencyKernel,
  designSymmetric,
  KERNEL_PER_UNIT,
  ULTRA,
  ULTRA_INNER,
} from "./designs.js";
import { roundCausal, roundKernel, roundOuter, roundSymmetric } from "./rounding.js";

/** What Lagrange's polynomial through six points reaches beyond the first and the last of them. */
const KERNEL_MARGIN = 3;

const COMMENT = `\
/* Written by wasm/filters/generate.ts, which explains the designs.
 *
 * FIRs, at twice the lower of the two rates; even taps and odd taps sum to 1/2 each.
 *   balanced_fir      taps 2 * BALANCED_SIDE .. 0 of a symmetric filter, outermost first
 *   best, ultra       likewise, but for the inner taps: taps 2 * SIDE .. INNER are in outer,
 *                     outermost first, and taps 0 .. INNER - 1 in inner, the centre first
 *   low_latency_fir   all taps in order of time
 * The low latency kernel, in order of time: LOW_LATENCY_KERNEL_PER_UNIT points to a sample of the
 * lower rate, point LOW_LATENCY_KERNEL_FIRST at time 0. Its integral is 1. Between points, it is
 * Lagrange's polynomial through the six around; that is 0 before the first and after the last.
 */
`;

/** As many digits as tell all floats, or all doubles, apart. */
function literal(value: number, type: "float" | "double"): string {
  const digits = type === "float" ? value.toExponential(8) : value.toExponential(16);
  return type === "float" ? `${digits}f` : digits;
}

function array(name: string, length: string, values: Float32Array | Float64Array): string {
  const type = values instanceof Float32Array ? "float" : "double";
  const rows: string[] = [];
  for (let i = 0; i < values.length; i += 4)
    rows.push(`    ${Array.from(values.subarray(i, i + 4), (v) => literal(v, type)).join(", ")},`);
  return `\nstatic const ${type} ${name}[${length}] = {\n${rows.join("\n")}\n};\n`;
}

function header(): string {
  const balanced = roundSymmetric(designSymmetric("balanced", BALANCED).taps);
  const best = roundOuter(designSymmetric("best", BEST).taps, BEST_INNER);
  const ultra = roundOuter(designSymmetric("ultra", ULTRA).taps, ULTRA_INNER);
  const fir = roundCausal(designLowLatencyFir());
  const points = roundKernel(designLowLatencyKernel(), KERNEL_PER_UNIT);
  const kernel = new Float32Array(points.length + 2 * KERNEL_MARGIN);
  kernel.set(points, KERNEL_MARGIN);
  return [
    COMMENT,
    "#ifndef FILTERS_GEN_H\n#define FILTERS_GEN_H\n\n",
    "enum {\n",
    `    BALANCED_SIDE = ${BALANCED.side},\n    BEST_SIDE = ${BEST.side},\n`,
    `    ULTRA_SIDE = ${ULTRA.side},\n    BEST_INNER = ${BEST_INNER},\n`,
    `    ULTRA_INNER = ${ULTRA_INNER},\n`,
    `    LOW_LATENCY_FIR_TAPS = ${fir.length},\n`,
    `    LOW_LATENCY_KERNEL_PER_UNIT = ${KERNEL_PER_UNIT},\n`,
    `    LOW_LATENCY_KERNEL_POINTS = ${kernel.length},\n`,
    "    LOW_LATENCY_KERNEL_FIRST = 0,\n};\n",
    array("balanced_fir", "2 * BALANCED_SIDE + 1", balanced),
    array("best_outer", "2 * BEST_SIDE + 1 - BEST_INNER", best.outer),
    array("best_inner", "BEST_INNER", best.inner),
    array("ultra_outer", "2 * ULTRA_SIDE + 1 - ULTRA_INNER", ultra.outer),
    array("ultra_inner", "ULTRA_INNER", ultra.inner),
    array("low_latency_fir", "LOW_LATENCY_FIR_TAPS", fir),
    array("low_latency_kernel", "LOW_LATENCY_KERNEL_POINTS", kernel),
    "\n#endif\n",
  ].join("");
}

const { values: options } = parseArgs({ options: { out: { type: "string" } } });
if (options.out === undefined) throw new Error("usage: generate.ts --out <filters.gen.h>");
writeFileSync(options.out, header());
