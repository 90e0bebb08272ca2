/** Pictures of the page: each section, some of them dark and as a phone shows them. */
import { join } from "node:path";
import type { Page } from "playwright-core";

const DESKTOP = { width: 1100, height: 900 };
/** Taller than a phone, to show more of it. */
const PHONE = { width: 390, height: 1500 };
const MID_SENTENCE_MS = 2700;
/** The monitor has to see how the page usually is. */
const USUAL_MS = 12_000;
const CHART_MS = 1500;

/** Waits until the character is in the middle of a sentence that begins so. */
async function midSentence(page: Page, start: string): Promise<void> {
  await page.locator("#subtitles .sentence").getByText(start).waitFor();
  await page.waitForTimeout(MID_SENTENCE_MS);
}

/** The monitor, while the page is harmed. */
async function takeMonitor(page: Page, path: (name: string) => string): Promise<void> {
  const monitor = page.locator("#monitor");
  await monitor.getByRole("button", { name: "Watch this page" }).click();
  await monitor.getByText("Watched for").waitFor();
  await page.waitForTimeout(USUAL_MS);
  await monitor.getByRole("button", { name: "Pile up loops" }).click();
  await monitor.getByText("was named after").waitFor();
  await page.waitForTimeout(USUAL_MS);
  await monitor.screenshot({ path: path("monitor") });
  await page.emulateMedia({ colorScheme: "dark" });
  await monitor.getByLabel("language").selectOption("zh");
  // Charts are drawn once a period.
  await page.waitForTimeout(CHART_MS);
  await monitor.screenshot({ path: path("monitor-dark") });
  await page.emulateMedia({ colorScheme: "light" });
  await monitor.getByRole("button", { name: "Stop watching" }).click();
}

/**
 * Returns the paths. The page must have run its suites already.
 *
 * @param quick - without the monitor's, which has to watch for long
 */
export async function takeScreenshots(
  page: Page,
  folder: string,
  quick: boolean,
): Promise<string[]> {
  const paths: string[] = [];
  const path = (name: string): string => {
    const file = join(folder, `${name}.png`);
    paths.push(file);
    return file;
  };
  await page.setViewportSize(DESKTOP);
  await page.getByLabel("vad-web over it").check();
  await page.getByText("from vad-web’s v6").waitFor();
  await page.locator("#demo").screenshot({ path: path("demo") });
  await page.locator("#benchmark").screenshot({ path: path("benchmark") });
  const openClose = page.locator("#open-close");
  await openClose.getByRole("button", { name: "10 times" }).click();
  await openClose.getByText("stayed without a scope").waitFor();
  await openClose.screenshot({ path: path("open-close") });
  await openClose.getByRole("button", { name: "Open one and look" }).click();
  await openClose.getByText("advertisement").first().waitFor();
  await openClose.screenshot({ path: path("open-close-inspector") });
  await page.emulateMedia({ colorScheme: "dark" });
  await openClose.screenshot({ path: path("open-close-dark") });
  await page.emulateMedia({ colorScheme: "light" });
  await openClose.getByRole("button", { name: "Close it" }).click();
  if (!quick) await takeMonitor(page, path);
  const connection = page.locator("#connection");
  await connection.getByRole("button", { name: "Connect", exact: true }).click();
  const ours = connection.getByRole("row", { name: "voicepath" });
  await ours.getByText("open").waitFor();
  await connection.getByRole("button", { name: "Silence it" }).click();
  await ours.getByText("away").waitFor();
  await connection.screenshot({ path: path("connection") });
  await connection.getByRole("button", { name: "Disconnect" }).click();
  const frontend = page.locator("#frontend");
  await frontend.getByRole("button", { name: "Open it" }).click();
  const app = page.frameLocator("#frontend iframe");
  await app.locator("[data-testid=connection][data-state=OPEN]").waitFor();
  await app.getByTestId("say").fill("Can you tell me a story about the moon?");
  await app.getByTestId("say").press("Enter");
  await app.getByTestId("subtitle").getByText("Of course").first().waitFor();
  await page.waitForTimeout(MID_SENTENCE_MS);
  await frontend.screenshot({ path: path("frontend") });
  await frontend.getByRole("button", { name: "Close it" }).click();
  const subtitles = page.locator("#subtitles");
  await subtitles.getByRole("button", { name: "Play" }).click();
  await midSentence(page, "So let's go");
  await subtitles.screenshot({ path: path("subtitles") });
  await page.emulateMedia({ colorScheme: "dark" });
  await subtitles.getByRole("button", { name: "Next turn" }).click();
  await midSentence(page, "我昨天");
  await subtitles.screenshot({ path: path("subtitles-dark") });
  await page.emulateMedia({ colorScheme: "light" });
  await subtitles.getByRole("button", { name: "Interrupt" }).click();
  const resampler = page.locator("#resampler");
  await resampler.scrollIntoViewIfNeeded();
  await resampler.getByRole("button", { name: "Measure both" }).click();
  await resampler.locator("canvas").nth(1).waitFor();
  await resampler.getByRole("cell", { name: "same bits" }).nth(1).waitFor();
  await resampler.getByRole("button", { name: "Speak" }).click();
  await resampler.getByText("playing").waitFor();
  await page.waitForTimeout(MID_SENTENCE_MS);
  // Noise hardly compresses: a pixel of the picture for one of the page.
  await resampler.screenshot({ path: path("resampler"), scale: "css" });
  await page.emulateMedia({ colorScheme: "dark" });
  await resampler.screenshot({ path: path("resampler-dark") });
  await page.emulateMedia({ colorScheme: "light" });
  await resampler.getByRole("button", { name: "Interrupt it" }).click();
  await resampler.getByText("Interrupted after").waitFor();
  const ort = page.locator("#ort");
  await ort.scrollIntoViewIfNeeded();
  await ort.getByLabel("shape").selectOption("star");
  await ort.getByRole("button", { name: "Draw one for me" }).click();
  await ort.getByText("It is a star").waitFor();
  await ort.getByText("pixels in").waitFor();
  await ort.getByText("The same network twice").scrollIntoViewIfNeeded();
  await ort.getByText("millionths apart").waitFor();
  await ort.getByRole("button", { name: "Make it" }).click();
  await ort.getByText("ORT_INVALID_ARGUMENT").waitFor();
  await ort.screenshot({ path: path("ort"), scale: "css" });
  await page.emulateMedia({ colorScheme: "dark" });
  await ort.screenshot({ path: path("ort-dark") });
  await page.emulateMedia({ colorScheme: "light" });
  const microphone = page.locator("#microphone");
  await microphone.getByRole("button", { name: "Listen" }).click();
  await microphone.getByText("speech end").waitFor({ timeout: 20_000 });
  await microphone.screenshot({ path: path("microphone") });
  await microphone.getByRole("button", { name: "Stop" }).click();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: path("page-dark") });
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(PHONE);
  await page.screenshot({ path: path("phone") });
  await page.locator("#benchmark").evaluate((section) => section.scrollIntoView());
  await page.screenshot({ path: path("phone-benchmark") });
  await subtitles.getByRole("button", { name: "Next turn" }).click();
  await midSentence(page, "今日は");
  await subtitles.screenshot({ path: path("phone-subtitles") });
  await resampler.screenshot({ path: path("phone-resampler") });
  await ort.screenshot({ path: path("phone-ort") });
  return paths;
}
