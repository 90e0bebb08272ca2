/** The app of frontend-patch/app in a tab, by the handles that both shapes have, patched or not. */
import type { Locator, Page } from "playwright-core";

const WAIT_MS = 15_000;

declare global {
  interface Window {
    getLive2DManager?: () => {
      getModel(index: number): { _wavFileHandler: { getRms(): number } } | null;
    };
    /** All tracks that the page was ever given. */
    tracks: MediaStreamTrack[];
  }
}

export class TwinPage {
  readonly page: Page;
  /** What was thrown and not caught. */
  readonly errors: Error[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.errors.push(error));
  }

  by(testId: string): Locator {
    return this.page.locator(`[data-testid="${testId}"]`);
  }

  /** Connected, and the character is there. */
  async goto(url: string): Promise<void> {
    await this.page.addInitScript(() => {
      window.tracks = [];
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (constraints) => {
        const stream = await open(constraints);
        window.tracks.push(...stream.getTracks());
        return stream;
      };
    });
    await this.page.goto(url);
    await this.ready();
  }

  async ready(): Promise<void> {
    await this.see(this.by("connection").and(this.page.locator("[data-state=OPEN]")));
    await this.page.waitForFunction(() => window.getLive2DManager?.().getModel(0) != null);
    await this.state("idle");
  }

  async see(what: Locator): Promise<void> {
    await what.first().waitFor({ timeout: WAIT_MS });
  }

  state(state: string): Promise<void> {
    return this.see(this.page.locator(`[data-testid="ai-state"][data-state="${state}"]`));
  }

  async say(text: string): Promise<void> {
    await this.by("say").fill(text);
    await this.by("say").press("Enter");
  }

  bubbles(role: "human" | "ai"): Locator {
    return this.by("chat").locator(`[data-role="${role}"] .said`);
  }

  /** What is in the bubbles; words only, for sentences are joined one way or another. */
  async said(role: "human" | "ai"): Promise<string[]> {
    return (await this.bubbles(role).allTextContents()).map(wordsOf);
  }

  subtitle(text: string): Promise<void> {
    return this.see(this.by("subtitle").getByText(text));
  }

  field(name: string): Locator {
    return this.page.locator(`[name="${name}"]`);
  }

  async openSettings(): Promise<void> {
    await this.by("settings").click();
    await this.see(this.field("wsUrl"));
  }

  async closeSettings(): Promise<void> {
    await this.by("settings-close").click();
  }
}

export const wordsOf = (text: string): string => text.replace(/\s+/g, "");
