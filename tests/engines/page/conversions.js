// Every mode of the resampler at usual rates, live and whole: one number for all its bits, the same in
// every engine. Plain JavaScript for pages and Node.

const RATES = [
  [48000, 16000],
  [44100, 16000],
  [24000, 48000],
  [22050, 48000],
];
const MODES = ["balanced", "best", "ultra", "lowlatency", "offline"];
const SAMPLES = 30_000;

/** FNV-1a over the samples' bits. */
function hash(samples) {
  let value = 0x811c9dc5;
  for (const word of new Uint32Array(samples.slice().buffer))
    value = Math.imul(value ^ word, 0x01000193);
  return value >>> 0;
}

export async function tellConversions({ loadAudio, Resampler }) {
  const log = [];
  const audio = await loadAudio();
  // Integers, so that no engine's Math.sin has a part in it.
  let state = 1;
  const noise = Float32Array.from({ length: SAMPLES }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  for (const mode of MODES)
    for (const [inputRateHz, outputRateHz] of RATES)
      for (const adjustable of mode === "offline" ? [false] : [false, true]) {
        const resampler = Resampler.create(audio, { inputRateHz, outputRateHz, mode, adjustable });
        if (adjustable) resampler.trim(0.0003);
        const given = resampler.convert(noise);
        const trimmed = adjustable ? ", trimmed" : "";
        log.push(
          `${mode} ${inputRateHz} to ${outputRateHz}${trimmed}: ${given.length}, ${hash(given)}`,
        );
        resampler.dispose();
      }
  log.push(`${audio.usedBytes} bytes left`);
  return log;
}
