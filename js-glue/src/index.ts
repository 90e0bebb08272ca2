/**
 * voicepath: real-time voice for the browser. Microphone audio to speech events, any sample rate to any
 * other, and subtitles in step with the voice, by C compiled to WebAssembly.
 *
 * @packageDocumentation
 */
import { audioWasmURL, sessionWasmURL } from "./assets.js";
import { AudioModule, compile, SessionModule, type WasmSource } from "./wasm.js";

export {
  audioWasmURL,
  type ModelPrecision,
  type ModelVersion,
  micProcessorURL,
  modelURL,
  playerProcessorURL,
  sessionWasmURL,
} from "./assets.js";
export type { AudioBlock } from "./audio-block.js";
export type { DetectorOptions, DetectorOwner, SpeechDetector } from "./detector.js";
export type { Emitter, ListenOptions } from "./emitter.js";
export { type ErrorCode, type ErrorDetails, VoicepathError } from "./errors.js";
export type { JudgedVad, JudgedVadOptions } from "./judged-vad.js";
export { Mic, type MicOptions } from "./mic.js";
export { type ModelOptions, VadModel } from "./model.js";
export type { Instant } from "./playback/playhead.js";
export {
  createSpeechBuffer,
  type RawClip,
  type SpeechBufferOptions,
} from "./playback/speech-buffer.js";
export type { PlayerState } from "./playback/stream-player.js";
export { type Clock, FakeClock, systemClock } from "./registry/clock.js";
export type { DisposalReport, DisposeOptions } from "./registry/disposal.js";
export type { FrameCallback, FrameLoop } from "./registry/frame-loop.js";
export type { GLContext, GLOptions, GLResources } from "./registry/gl.js";
export type { Lead, Leadership, TabCensus } from "./registry/leadership.js";
export type { StreamSource } from "./registry/media.js";
export type { Close, Open, Owned } from "./registry/owned.js";
export type { Platform } from "./registry/platform.js";
export {
  type FailureEvent,
  type Growth,
  type LateEvent,
  type Mark,
  Registry,
  type RegistryEvents,
  type RegistryNode,
  type RegistryOptions,
  type RegistryStats,
  type SiteReport,
  type ThresholdEvent,
  type Thresholds,
} from "./registry/registry.js";
export type { Resource, ResourceOptions } from "./registry/resource.js";
export type { AdoptOptions, Disposer, Scope, ScopeOptions } from "./registry/scope.js";
export type { BuiltInKind, Kind } from "./registry/sites.js";
export type { Counters } from "./registry/slot-table.js";
export type { TaskOptions, Work } from "./registry/task.js";
export type { Timer, TimerOptions } from "./registry/timer.js";
export { Resampler, type ResamplerMode, type ResamplerOptions } from "./resampler.js";
export {
  type EndpointAddresses,
  type EndpointSources,
  type Endpoints,
  resolveEndpoints,
} from "./socket/endpoints.js";
export type { DropReason, OutboxOptions, OutboxPolicy, SocketData } from "./socket/outbox.js";
export type { Socket, SocketEvents, SocketStats, StateEvent } from "./socket/socket.js";
export type {
  ConnectionReason,
  ConnectionState,
  HeartbeatOptions,
  SocketOptions,
} from "./socket/socket-options.js";
export {
  FRAME_MS,
  SPEECH_RATE_HZ,
  type SpeechEmitter,
  type SpeechEvents,
} from "./speech-events.js";
export type { SpeechModel } from "./speech-model.js";
export type { EndpointOptions, SpeechOptions } from "./speech-options.js";
export {
  type AddOptions,
  type CaptionOptions,
  type Interruption,
  type PushOptions,
  type RestoreOptions,
  type StartOptions,
  SubtitleBuffer,
  type SubtitleEvents,
} from "./subtitle/subtitle-buffer.js";
export type { SpokenWord, SubtitleClip } from "./subtitle/subtitle-clip.js";
export type { CueState, SubtitleCue } from "./subtitle/subtitle-cue.js";
export type {
  MeasureCluster,
  SubtitleCapacity,
  SubtitleLook,
  SubtitleOptions,
  SubtitleSize,
  SubtitleStyle,
  TagMode,
  TagModes,
} from "./subtitle/subtitle-options.js";
export type { SnapshotCue, SubtitleSnapshot } from "./subtitle/subtitle-snapshot.js";
export type {
  SubtitleLine,
  SubtitlePage,
  SubtitlePhase,
  TagEvent,
} from "./subtitle/subtitle-view.js";
export { Vad, type VadOptions } from "./vad.js";
export { AudioModule, type ByteSource, SessionModule, type WasmSource } from "./wasm.js";
export { Wire, type WireClip } from "./wire.js";
export { MicNode, type MicNodeOptions } from "./worklet/mic-node.js";
export { type PlayerEvents, PlayerNode, type PlayerNodeOptions } from "./worklet/player-node.js";

export interface LoadOptions {
  /** Where the wasm file is, when not beside the package. */
  readonly wasm?: WasmSource;
  readonly signal?: AbortSignal;
}

/**
 * Loads what hears and resamples: audio.wasm.
 *
 * @throws VoicepathError ASSET_MISSING, ASSET_HTML, WASM_INVALID, WASM_NO_SIMD, WASM_MISMATCH; the
 *   signal's reason when aborted
 */
export async function loadAudio({
  wasm = audioWasmURL(),
  signal,
}: LoadOptions = {}): Promise<AudioModule> {
  return new AudioModule(await compile(wasm, "audio.wasm", signal));
}

/**
 * Loads what keeps count of everything that is open, and subtitles: session.wasm.
 *
 * @throws VoicepathError ASSET_MISSING, ASSET_HTML, WASM_INVALID, WASM_NO_SIMD, WASM_MISMATCH; the
 *   signal's reason when aborted
 */
export async function loadSession({
  wasm = sessionWasmURL(),
  signal,
}: LoadOptions = {}): Promise<SessionModule> {
  return new SessionModule(await compile(wasm, "session.wasm", signal));
}
