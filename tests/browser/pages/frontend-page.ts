/** What the pages of the overlay give to their tests. */

export interface CharacterCounts {
  /** Callbacks of frames, ever. */
  readonly frames: number;
  /** GL objects that were made and not deleted, by kind. */
  readonly objects: Readonly<Record<string, number>>;
  /** Whether GL had anything to complain about. */
  readonly glError: number;
  /** What the middle of the canvas shows. */
  readonly pixel: readonly number[];
}

export type Clip = { volumes: number[]; sliceMs: number } | { durationMs: number };

export interface View {
  /** By what was rendered. */
  readonly renders: Record<string, number>;
  show(scene: string): void;
  /** How many different setters the first counter has had. */
  setters(): number;
  storageListeners(): number;
  /** What is open in the registry. */
  active(): Promise<number>;
  hasSubtitles(): boolean;
  say(text: string): void;
  subtitleText(): string | undefined;
  showSubtitle(show: boolean): void;
  speak(text: string, clip: Clip): void;
  started(): void;
  finished(): void;
  interrupt(): string | undefined;
  begin(): void;
  /** Of the voice: what is not hidden by its highlight. */
  visibleText(): string;
  setBackground(url: string): void;
  resetBackground(): void;
  isDefaultBackground(): boolean | undefined;
  startCharacter(guarded: boolean): void;
  character(): CharacterCounts;
}

export interface StoreView {
  /** By what was rendered. */
  readonly renders: Record<string, number>;
  show(scene: string): void;
  /** Calls an action of the store. */
  act(action: string, changes: unknown): void;
  /** Writes into the state itself; what was thrown. */
  mutate(path: readonly string[], value: unknown): string | null;
  /** As JSON. */
  state(): StoreState;
  /** What localStorage has. */
  kept(): { state: Record<string, Record<string, unknown>>; version: number } | null;
  /** What is open in the registry. */
  active(): Promise<number>;
  /** Timers of the registry that run. */
  timers(): Promise<number>;
}

/** What the tests look at. */
export interface StoreState {
  readonly vad: { micOn: boolean; settings: { positiveSpeechThreshold: number } };
  readonly media: { advertisements: { index: number } };
  readonly config: { wsUrl: string; wsState: string };
}
