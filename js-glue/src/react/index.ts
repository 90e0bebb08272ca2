/**
 * React bindings; a drop-in for `@ricky0123/vad-react` 0.0.37.
 *
 * @packageDocumentation
 */
export type { VoicepathError } from "../errors.js";
export { utils } from "../vad-web/index.js";
export {
  getDefaultReactRealTimeVADOptions,
  type ReactOptions,
  type ReactRealTimeVADOptions,
} from "./react-options.js";
export { type MicVADState, useMicVAD } from "./use-mic-vad.js";
