/** The page's side of a GuardedProcessor: loading its module, making its node, and the node's end. */
import { awaitProcessor } from "../closing-context.js";
import { type ErrorCode, VoicepathError } from "../errors.js";
import type { EndedMessage, FailedMessage, ReadyMessage } from "./protocol.js";

/** Each context registers a processor once, from whichever address came first. */
const registered = new WeakMap<BaseAudioContext, Map<string, Promise<void>>>();

/**
 * @param name - what the module registers
 * @throws VoicepathError WORKLET_FAILED
 */
export function loadProcessor(
  context: BaseAudioContext,
  name: string,
  worklet: URL | string,
): Promise<void> {
  const processors = registered.get(context) ?? new Map<string, Promise<void>>();
  registered.set(context, processors);
  const known = processors.get(name);
  if (known) return known;
  const added = context.audioWorklet.addModule(worklet).catch((cause: unknown) => {
    processors.delete(name);
    throw new VoicepathError("WORKLET_FAILED", `cannot load the worklet ${worklet}`, { cause });
  });
  processors.set(name, added);
  return added;
}

/** @throws VoicepathError CONTEXT_UNUSABLE */
export function requireContext(context: BaseAudioContext): void {
  // Absent outside https and localhost, whatever the types say.
  if (!(context.audioWorklet as AudioWorklet | undefined))
    throw new VoicepathError(
      "CONTEXT_UNUSABLE",
      "this page has no AudioWorklet; it needs https or localhost",
    );
  if (context.state === "closed")
    throw new VoicepathError("CONTEXT_UNUSABLE", "the AudioContext is closed");
}

/**
 * A node whose processor has said that it is ready.
 *
 * @throws VoicepathError CONTEXT_UNUSABLE, WORKLET_FAILED and what the processor failed with
 */
export async function openNode(
  context: BaseAudioContext,
  name: string,
  options: AudioWorkletNodeOptions,
): Promise<AudioWorkletNode> {
  requireContext(context);
  const node = new AudioWorkletNode(context, name, options);
  try {
    await ready(node);
    return node;
  } catch (error) {
    closeNode(node);
    throw error;
  }
}

/** Hears nothing but the end of the processor any more, which must have been stopped. */
export function closeNode(node: AudioWorkletNode): void {
  const { context, port } = node;
  port.onmessage = null;
  node.onprocessorerror = null;
  node.disconnect();
  if (context.state === "closed") port.close();
  else awaitProcessor(context, ended(port));
}

function ended(port: MessagePort): Promise<void> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }: MessageEvent<EndedMessage | { readonly type: string }>) => {
      if (data.type !== "ended") return;
      port.onmessage = null;
      port.close();
      resolve();
    };
  });
}

export function failure({ code, message }: FailedMessage): VoicepathError {
  return new VoicepathError(code as ErrorCode, `on the audio thread: ${message}`);
}

/** Resolves when the processor says so. A context closed meanwhile would leave it waiting for ever. */
function ready(node: AudioWorkletNode): Promise<void> {
  const { context } = node;
  const settled = new AbortController();
  return new Promise<void>((resolve, reject) => {
    node.port.onmessage = ({ data }: MessageEvent<ReadyMessage | FailedMessage>) => {
      if (data.type === "ready") resolve();
      else if (data.type === "failed") reject(failure(data));
    };
    node.onprocessorerror = () =>
      reject(new VoicepathError("WORKLET_FAILED", "the processor could not be made"));
    const closed = (): void => {
      if (context.state === "closed")
        reject(new VoicepathError("CONTEXT_UNUSABLE", "the AudioContext was closed"));
    };
    context.addEventListener("statechange", closed, { signal: settled.signal });
  }).finally(() => settled.abort());
}
