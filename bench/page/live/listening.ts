declare global {
  /** What the headless runner waits for. */
  var live: { state: "loading" | "listening" | "failed"; speechStarts: number; error?: string };
}

/** Says when a contender has the microphone, and how often it heard speech begin. */
export async function listening(start: (heard: () => void) => Promise<unknown>): Promise<void> {
  globalThis.live = { state: "loading", speechStarts: 0 };
  try {
    await start(() => {
      globalThis.live.speechStarts += 1;
    });
    globalThis.live.state = "listening";
  } catch (error) {
    globalThis.live.state = "failed";
    globalThis.live.error = String(error);
  }
}
