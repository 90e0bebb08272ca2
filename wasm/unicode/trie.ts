/**
 * A map from code points to bytes: the high part of a code point chooses a block, the low part a
 * byte of it; equal blocks are stored once. Measured on Unicode 17 with gzip -9: blocks of 32, in three
 * stages, 5.8 kB; of 64, 5.4 kB; of 128, 5.0 kB; of 256, 4.7 kB, where two stages are enough, since
 * there are fewer than 256 different blocks.
 */
export const BLOCK_BITS = 8;

export interface Trie {
  readonly index: Uint8Array;
  readonly blocks: Uint8Array;
}

export function buildTrie(values: Uint8Array): Trie {
  const size = 1 << BLOCK_BITS;
  const numbers = new Map<string, number>();
  const index = new Uint8Array(values.length / size);
  const blocks: Uint8Array[] = [];
  for (let i = 0; i < index.length; i++) {
    const block = values.subarray(i * size, (i + 1) * size);
    const key = block.join();
    const number = numbers.get(key) ?? blocks.push(block) - 1;
    if (number > 255) throw new Error("more blocks than a byte counts");
    numbers.set(key, number);
    index[i] = number;
  }
  return { index, blocks: Uint8Array.from(blocks.flatMap((block) => [...block])) };
}
