/** Brotli beside each file, as a good server has it; kept by content, since ORT takes a minute. */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);

/** Of brotli: the best, and one that takes a hundredth of the time, for a smoke run. */
export const BEST = constants.BROTLI_MAX_QUALITY;
export const QUICK = 4;

/** Writes `file.br` for each file, in parallel. */
export async function precompress(
  files: readonly string[],
  cache: string,
  quality: number,
  tell: (line: string) => void,
): Promise<void> {
  mkdirSync(cache, { recursive: true });
  await Promise.all(
    files.map(async (file) => {
      const content = readFileSync(file);
      const kept = join(
        cache,
        `${createHash("sha256").update(content).digest("hex")}.${quality}.br`,
      );
      if (!existsSync(kept)) {
        if (content.length > 5e6)
          tell(
            `brotli ${quality} of ${basename(file)}, ${(content.length / 1e6).toFixed(0)} MB, once`,
          );
        const packed = await compress(content, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: quality,
            [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
            [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
          },
        });
        const unfinished = `${kept}.${process.pid}`;
        writeFileSync(unfinished, packed);
        renameSync(unfinished, kept);
      }
      copyFileSync(kept, `${file}.br`);
    }),
  );
}
