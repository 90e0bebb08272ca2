import { useCallback, useEffect, useInsertionEffect, useRef, useState } from "react";
import { MicVAD } from "../vad-web/mic-vad.js";
import {
  getDefaultRealTimeVADOptions,
  type RealTimeVADCallbacks,
  type RealTimeVADOptions,
  wantsFrames,
} from "../vad-web/real-time-options.js";
import { frameSettings, type ReactRealTimeVADOptions, wrongSettings } from "./react-options.js";

export interface MicVADState {
  /** The microphone is open and heard. */
  listening: boolean;
  /** What went wrong last, or false. */
  errored: string | false;
  /** The files are being loaded or the microphone is being opened. */
  loading: boolean;
  /** The probability is above `userSpeakingThreshold`. */
  userSpeaking: boolean;
  /** Releases the microphone. */
  pause: () => Promise<void>;
  /** Opens it; may be tried again after an error, which also rejects. */
  start: () => Promise<void>;
  toggle: () => Promise<void>;
}

type Options = Partial<ReactRealTimeVADOptions>;
type Latest = { readonly current: Options };

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Callbacks that look up the render's own when they are called. */
function callbacks(latest: Latest): RealTimeVADCallbacks {
  const defaults = getDefaultRealTimeVADOptions("v6");
  const { onFrameProcessed = defaults.onFrameProcessed } = latest.current;
  return {
    onFrameProcessed: wantsFrames({ ...defaults, onFrameProcessed })
      ? (...frame) => latest.current.onFrameProcessed?.(...frame)
      : onFrameProcessed,
    onSpeechStart: () => latest.current.onSpeechStart?.(),
    onSpeechRealStart: () => latest.current.onSpeechRealStart?.(),
    onSpeechEnd: (audio) => latest.current.onSpeechEnd?.(audio),
    onVADMisfire: () => latest.current.onVADMisfire?.(),
  };
}

/** The same for streams: whichever functions this render brought. */
function streams(latest: Latest): Partial<RealTimeVADOptions> {
  const { getStream, pauseStream, resumeStream } = latest.current;
  return {
    ...(getStream && { getStream: () => (latest.current.getStream ?? getStream)() }),
    ...(pauseStream && {
      pauseStream: (stream) => (latest.current.pauseStream ?? pauseStream)(stream),
    }),
    ...(resumeStream && {
      resumeStream: (stream) => (latest.current.resumeStream ?? resumeStream)(stream),
    }),
  };
}

/**
 * A MicVAD that lives as long as the component.
 *
 * ```tsx
 * const { listening, userSpeaking, toggle } = useMicVAD({ onSpeechEnd: (audio) => send(audio) });
 * ```
 *
 * Callbacks are always those of the latest render. Thresholds and timings take effect when they
 * change. `model`, `precision`, `processorType`, `audioContext` and `streamKey` make a new VAD when they
 * change; all other options are read when one is made. A wrong threshold or timing is told by `errored`
 * and changes nothing. The component renders when one of the returned values changes, never per frame.
 */
export function useMicVAD(options: Options = {}): MicVADState {
  const [listening, setListening] = useState(false);
  const [loading, setLoading] = useState(true);
  const [userSpeaking, setUserSpeaking] = useState(false);
  const [failure, setFailure] = useState<string | false>(false);
  // A VAD is made as soon as the settings are right for the first time.
  const wrong = wrongSettings(options);
  const [usable, setUsable] = useState(wrong === false);
  if (!usable && wrong === false) setUsable(true);

  const latest = useRef(options);
  useInsertionEffect(() => {
    latest.current = options;
  });
  /** Null when there is none: not loaded, or unmounted. */
  const opening = useRef<Promise<MicVAD | null>>(Promise.resolve(null));
  const current = useRef<MicVAD | null>(null);

  const { model, precision, processorType, audioContext, streamKey } = options;
  // The dependencies are the documented reasons for a new VAD; the rest is read through `latest`.
  useEffect(() => {
    if (!usable) return;
    const given = latest.current;
    const life = new AbortController();
    const { signal } = life;
    const abort = (): void => {
      setListening(false);
      setLoading(false);
      life.abort(given.signal?.reason);
    };
    given.signal?.addEventListener("abort", abort, { signal });
    /** Tells React, as long as this is the VAD that it shows. */
    const show = (change: () => void): void => {
      if (!signal.aborted) change();
    };
    const fail = (error: unknown): void => show(() => setFailure(text(error)));

    const create = async (): Promise<MicVAD> => {
      const { redemptionFrames: _r, preSpeechPadFrames: _p, minSpeechFrames: _m, ...rest } = given;
      return MicVAD.new({
        ...rest,
        ...frameSettings(given),
        ...callbacks(latest),
        ...streams(latest),
        ...(given.onSpeechPart && {
          onSpeechPart: (audio) => latest.current.onSpeechPart?.(audio),
        }),
        startOnLoad: false,
        signal,
        onVoiceChange: (active) => {
          show(() => setUserSpeaking(active));
          latest.current.onVoiceChange?.(active);
        },
        onError: (error) => {
          fail(error);
          show(() => setListening(false));
          latest.current.onError?.(error);
        },
      });
    };
    const open = async (): Promise<void> => {
      const creating = create();
      let starting = Promise.resolve();
      opening.current = creating.then(
        (vad) => {
          if (signal.aborted) return null;
          current.current = vad;
          // Before any start or pause that waits for this VAD.
          if (given.startOnLoad ?? true) starting = vad.start();
          return vad;
        },
        () => null,
      );
      try {
        const vad = await creating;
        await opening.current;
        await starting;
        show(() => setListening(vad.listening));
      } catch (error) {
        fail(error);
      }
      show(() => setLoading(false));
    };
    setLoading(true);
    setFailure(false);
    setListening(false);
    setUserSpeaking(false);
    if (given.signal?.aborted) abort();
    else void open();

    return () => {
      life.abort();
      current.current = null;
      opening.current = Promise.resolve(null);
    };
  }, [usable, model, precision, processorType, audioContext, streamKey]);

  const settings = [
    options.positiveSpeechThreshold,
    options.negativeSpeechThreshold,
    options.redemptionMs,
    options.preSpeechPadMs,
    options.minSpeechMs,
    options.submitUserSpeechOnPause,
    options.redemptionFrames,
    options.preSpeechPadFrames,
    options.minSpeechFrames,
    options.frameSamples,
    options.userSpeakingThreshold,
    options.voiceThreshold,
    options.partMs,
    options.onFrameProcessed === undefined,
  ];
  // Also when a VAD was loaded: what changed meanwhile is not in it.
  useEffect(() => {
    if (wrong !== false) return;
    current.current?.setOptions({ ...frameSettings(latest.current), ...callbacks(latest) });
  }, [loading, wrong, ...settings]);

  const run = useCallback(async (action: (vad: MicVAD) => Promise<void>): Promise<void> => {
    const vad = await opening.current;
    if (!vad) return;
    const show = (change: () => void): void => {
      if (current.current === vad) change();
    };
    try {
      await action(vad);
      show(() => setFailure(vad.errored ?? false));
    } catch (error) {
      show(() => setFailure(text(error)));
      throw error;
    } finally {
      show(() => setListening(vad.listening));
    }
  }, []);
  const start = useCallback(() => run((vad) => vad.start()), [run]);
  const pause = useCallback(() => run((vad) => vad.pause()), [run]);
  const toggle = useCallback(
    () => run((vad) => (vad.listening ? vad.pause() : vad.start())),
    [run],
  );

  return {
    listening,
    errored: wrong || failure,
    loading: loading && usable,
    userSpeaking,
    pause,
    start,
    toggle,
  };
}
