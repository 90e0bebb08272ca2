/** A turn as an application speaks it: all of it is text to come, and one clip follows the other. */
import type { SubtitleControls } from "voicepath/react";
import type { Piece, Turn } from "./turn";
import type { Voice } from "./voice";

/** A piece that is heard now. */
export interface Spoken {
  readonly piece: Piece;
  readonly cue: number;
  /** When its sound starts, as performance.now(). */
  readonly atMs: number;
}

/**
 * Speaks until the end of the turn, or of the voice.
 *
 * @param started - called before the subtitle is told
 */
export async function speak(
  { pieces }: Turn,
  voice: Voice,
  { begin, add, start }: SubtitleControls,
  started: (spoken: Spoken) => void,
): Promise<void> {
  begin();
  const cues = pieces.map(({ message, translation }) => {
    const { audio, volumes, slice_length: sliceMs, display_text } = message;
    return add(display_text.text, { translation, clip: audio !== null && { volumes, sliceMs } });
  });
  for (const [i, piece] of pieces.entries()) {
    const { audio } = piece.message;
    const cue = cues[i];
    if (audio === null || cue === undefined) continue;
    await voice.play(await voice.decode(audio), (atMs) => {
      started({ piece, cue, atMs });
      start(cue, { atMs });
    });
  }
}
