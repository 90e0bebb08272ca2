/** Of amplitudes. */
export const decibel = (amplitude: number): number => 20 * Math.log10(amplitude);

export const amplitudeOf = (db: number): number => 10 ** (db / 20);
