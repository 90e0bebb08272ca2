/** Pictures beside each other, with what they show, as one picture. */
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";

export interface Shot {
  readonly file: string;
  readonly caption: string;
}

const COLUMNS = 4;
const WIDTH = 480;

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function figure({ file, caption }: Shot): string {
  const data = readFileSync(file).toString("base64");
  return `<figure><img src="data:image/png;base64,${data}"><figcaption>${escaped(caption)}</figcaption></figure>`;
}

export async function contactSheet(
  browser: Browser,
  shots: readonly Shot[],
  path: string,
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: COLUMNS * (WIDTH + 16) + 16, height: 600 },
  });
  try {
    await page.setContent(`<!doctype html><style>
      body { margin: 16px; display: grid; grid-template-columns: repeat(${COLUMNS}, ${WIDTH}px); gap: 16px; font: 15px system-ui }
      figure { margin: 0 } img { width: 100%; border-radius: 8px } figcaption { padding: 4px 2px }
    </style>${shots.map(figure).join("")}`);
    await page.screenshot({ path, fullPage: true });
  } finally {
    await page.close();
  }
}
