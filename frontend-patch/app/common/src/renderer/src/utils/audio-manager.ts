/** The clip that is heard now, and the character whose mouth follows it. */
import type { LAppModel } from "@cubismsdksamples/lappmodel";

class AudioManager {
  private playing: { audio: HTMLAudioElement; model: LAppModel } | null = null;

  setCurrentAudio(audio: HTMLAudioElement, model: LAppModel): void {
    this.playing = { audio, model };
  }

  stopCurrentAudioAndLipSync(): void {
    if (!this.playing) return;
    const { audio, model } = this.playing;
    this.playing = null;
    audio.pause();
    audio.src = "";
    audio.load();
    const mouth = model._wavFileHandler;
    mouth.releasePcmData();
    mouth._lastRms = 0;
    mouth._sampleOffset = 0;
    mouth._userTimeSeconds = 0;
  }

  clearCurrentAudio(audio: HTMLAudioElement): void {
    if (this.playing?.audio === audio) this.playing = null;
  }

  hasCurrentAudio(): boolean {
    return this.playing !== null;
  }
}

export const audioManager = new AudioManager();
