/**
 * React bindings; a drop-in for `@ricky0123/vad-react` 0.0.37.
 *
 * @packageDocumentation
 */
export type { VoicepathError } from "../errors.js";
export { utils } from "../vad-web/index.js";
export { MonitorPanel, type MonitorPanelProps } from "./monitor-panel.js";
export type { ScopeRef } from "./mounted-scope.js";
export {
  getDefaultReactRealTimeVADOptions,
  type ReactOptions,
  type ReactRealTimeVADOptions,
} from "./react-options.js";
export { RegistryInspector, type RegistryInspectorProps } from "./registry-inspector.js";
export { RegistryProvider, type RegistryProviderProps, useRegistry } from "./registry-provider.js";
export { Subtitle, type SubtitleProps } from "./subtitle.js";
export {
  type ConnectionResult,
  type UseConnectionOptions,
  useConnection,
} from "./use-connection.js";
export { type MicVADState, useMicVAD } from "./use-mic-vad.js";
export {
  type MonitorResult,
  type TurnControls,
  type UseMonitorOptions,
  useMonitor,
} from "./use-monitor.js";
export { type UseScopeOptions, useScope } from "./use-scope.js";
export {
  type SubtitleControls,
  type SubtitleResult,
  type UseSubtitleOptions,
  useSubtitle,
} from "./use-subtitle.js";
