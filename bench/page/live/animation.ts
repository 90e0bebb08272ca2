/** A page that moves something in every frame. */

/** Until code is compiled in full, which at 60 calls a second takes a while. */
const WARM_UP_MS = 20_000;

function animate(): void {
  const mover = document.createElement("div");
  mover.style.cssText = "width: 50px; height: 50px; background: gray; will-change: transform";
  document.body.append(mover);
  let frames = 0;
  const move = (): void => {
    mover.style.transform = `translateX(${frames++ % 300}px)`;
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
}

/** Tells the headless runner when it may measure; such a page hears nothing. */
export async function animated(prepare: () => Promise<unknown>): Promise<void> {
  globalThis.live = { state: "loading", speechStarts: Number.NaN };
  try {
    await prepare();
    animate();
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
    globalThis.live.state = "listening";
  } catch (error) {
    globalThis.live.state = "failed";
    globalThis.live.error = String(error);
  }
}
