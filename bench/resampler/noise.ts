/** White noise from -0.5 to 0.5, always the same: Marsaglia's xorshift32. */
export function whiteNoise(count: number, seed = 1): Float32Array {
  const noise = new Float32Array(count);
  let state = seed;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise[i] = state / 2 ** 32;
  }
  return noise;
}
