import { VoicepathError } from "../errors.js";

/** Decoded audio: one array per channel, all of one length; full scale is -1 to 1. */
export interface Clip {
  readonly rateHz: number;
  readonly channels: readonly Float32Array[];
}

/**
 * @param part - the field of the file that is wrong
 * @param value - what it says
 * @param range - what it may say
 */
export function clipError(part: string, value: unknown, range: string): VoicepathError {
  const said = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new VoicepathError("CLIP", `the clip's ${part} is ${said}; it must be ${range}`, {
    option: part,
    value,
    range,
  });
}
