/** What is heard now, so that whoever interrupts can stop it: an audio element, or the page's voice. */
import type { CharacterModel } from "@/voicepath/character";

/** What can be told to be silent. */
export interface Sound {
  stop(): void;
}

function silence(audio: HTMLAudioElement): void {
  audio.pause();
  audio.src = "";
  audio.load();
}

/** The mouth follows a file by the SDK's own means: take it away. */
function closeMouth(model: CharacterModel | null | undefined): void {
  const handler = model?._wavFileHandler;
  if (!handler) return;
  handler.releasePcmData?.();
  handler._lastRms = 0;
  handler._sampleOffset = 0;
  handler._userTimeSeconds = 0;
}

class AudioManager {
  #audio: HTMLAudioElement | Sound | null = null;
  #model: CharacterModel | null | undefined;

  setCurrentAudio(audio: HTMLAudioElement | Sound, model?: CharacterModel | null): void {
    this.#audio = audio;
    this.#model = model;
  }

  stopCurrentAudioAndLipSync(): void {
    const audio = this.#audio;
    const model = this.#model;
    this.#audio = null;
    this.#model = null;
    if (!audio) return;
    if ("stop" in audio) {
      audio.stop();
      return;
    }
    silence(audio);
    closeMouth(model);
  }

  /** It has ended by itself. */
  clearCurrentAudio(audio: HTMLAudioElement | Sound): void {
    if (this.#audio !== audio) return;
    this.#audio = null;
    this.#model = null;
  }

  hasCurrentAudio(): boolean {
    return this.#audio !== null;
  }
}

export const audioManager = new AudioManager();
