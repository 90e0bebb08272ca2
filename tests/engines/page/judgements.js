// Silero v5 as an ONNX file, through ONNX Runtime's C API, in each way that C can wait here: the bits of
// its probabilities. Plain JavaScript for pages and Node.

const FRAMES = 60;

/** Two seconds of a buzz that comes and goes, from integers, so that no engine's Math has a part in it. */
function buzz(frame) {
  return Float32Array.from({ length: 512 }, (_, i) => {
    const loudness = frame % 20 < 12 ? 0.4 : 0.002;
    return ((((frame * 512 + i) % 133) - 66) / 66) * loudness;
  });
}

async function judge(SileroOnnx, options) {
  const model = await SileroOnnx.load(options);
  const judged = new Float32Array(FRAMES);
  for (let frame = 0; frame < FRAMES; frame++) judged[frame] = await model.process(buzz(frame));
  const alive = Object.values(model.live).reduce((sum, count) => sum + count, 0);
  model.dispose();
  return `${alive > 0} ${[...new Uint32Array(judged.buffer)].join(" ")}`;
}

/**
 * @param options - of SileroOnnx.load, without the mode
 * @param hasJspi - whether this engine can suspend WebAssembly
 */
export async function tellJudgements({ SileroOnnx }, options, hasJspi) {
  const log = [];
  for (const mode of ["sync", "asyncify"])
    log.push(`${mode}: ${await judge(SileroOnnx, { ...options, mode })}`);
  // Not everywhere: what it says must be what is said without it.
  if (hasJspi) {
    const said = `sync: ${await judge(SileroOnnx, { ...options, mode: "jspi" })}`;
    if (said !== log[0]) log.push(`jspi differs: ${said}`);
  }
  return log;
}
