/** Players and clips, rendered to samples, for tests that run code in this page. */
import {
  createSpeechBuffer,
  loadAudio,
  PlayerNode,
  type PlayerNodeOptions,
  VoicepathError,
} from "voicepath";

/** Amplitude times sin(2π · hz · t). */
function tone(count: number, rateHz: number, hz: number, amplitude = 0.5): Float32Array {
  const step = (2 * Math.PI * hz) / rateHz;
  return Float32Array.from({ length: count }, (_, i) => amplitude * Math.sin(step * i));
}

/** What the pass band of "balanced" may add to a tone, or take away: 0.002 dB. */
const RIPPLE = 2e-4;

/**
 * The largest difference from the tone, from one sample to another. The tone may be louder or softer by
 * the filter's ripple; the rest, which is noise, images and clicks, may not hide in that.
 */
function toneError(
  samples: ArrayLike<number>,
  rateHz: number,
  hz: number,
  from: number,
  to: number,
): number {
  const ideal = tone(to, rateHz, hz);
  let both = 0;
  let square = 0;
  for (let i = from; i < to; i++) {
    both += (samples[i] ?? Number.NaN) * (ideal[i] ?? 0);
    square += (ideal[i] ?? 0) ** 2;
  }
  const gain = Math.max(1 - RIPPLE, Math.min(1 + RIPPLE, both / square));
  let worst = 0;
  for (let i = from; i < to; i++)
    worst = Math.max(worst, Math.abs((samples[i] ?? 0) - gain * (ideal[i] ?? 0)));
  // Math.max would lose it.
  return Number.isNaN(both) ? Number.NaN : worst;
}

/** The largest magnitude. */
function peak(samples: ArrayLike<number>, from: number, to: number): number {
  let worst = 0;
  for (let i = from; i < to; i++) worst = Math.max(worst, Math.abs(samples[i] ?? Number.NaN));
  return worst;
}

/**
 * Until the audio thread has read what was sent to it. An offline context reads nothing while it
 * renders, so that what is to be heard must be there before.
 */
const delivered = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 250));

interface Stage {
  readonly context: OfflineAudioContext;
  readonly player: PlayerNode;
  /** Type and clip time of every event. */
  readonly events: [type: string, clipSeconds: number, contextSeconds: number][];
  /** Runs `action` while rendering stands still at a time, which is on a quantum. */
  at(seconds: number, action: () => void | Promise<void>): void;
  /** Renders all and gives the channels, when the streams that were ended have said so. */
  render(): Promise<Float32Array[]>;
  /** Ends the stream. */
  end(): void;
}

/** A player in a context that renders as fast as it can. */
async function stage(rateHz: number, seconds: number, options: PlayerNodeOptions): Promise<Stage> {
  const { channels = 1 } = options;
  const context = new OfflineAudioContext(channels, Math.round(rateHz * seconds), rateHz);
  const player = await PlayerNode.create(context, options);
  player.node.connect(context.destination);
  const events: Stage["events"] = [];
  for (const type of ["playing", "underrun", "drained"] as const)
    player.on(type, ({ clipSeconds, contextSeconds }) =>
      events.push([type, clipSeconds, contextSeconds]),
    );
  const failures: unknown[] = [];
  const ends: Promise<boolean>[] = [];
  return {
    context,
    player,
    events,
    at(seconds, action) {
      void context.suspend(seconds).then(async () => {
        try {
          await action();
        } catch (error) {
          failures.push(error);
        }
        await delivered();
        await context.resume();
      });
    },
    end() {
      ends.push(player.end());
    },
    async render() {
      await delivered();
      const buffer = await context.startRendering();
      await Promise.all(ends);
      if (failures.length > 0) throw failures[0];
      return Array.from({ length: channels }, (_, c) => buffer.getChannelData(c));
    },
  };
}

/** What a promise, or a call, fails with. */
async function errorOf(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    return error instanceof VoicepathError ? error.code : String(error);
  }
  return "no error";
}

const playback = {
  createSpeechBuffer,
  errorOf,
  loadAudio,
  PlayerNode,
  peak,
  stage,
  tone,
  toneError,
};

declare global {
  interface Window {
    playback: typeof playback;
  }
}

window.playback = playback;
