/**
 * Lists of small objects, each held for a while: old enough to be moved and marked one object after the
 * other, and garbage soon after. What the script itself does is little beside it.
 */

export interface ChurnOptions {
  /** How many lists there are at a time. */
  readonly lists: number;
  readonly objectsPerList: number;
}

interface Item {
  readonly next: Item | undefined;
  readonly value: { readonly index: number };
}

function makeList(length: number): Item | undefined {
  let list: Item | undefined;
  for (let index = 0; index < length; index++) list = { next: list, value: { index } };
  return list;
}

export function churn({ lists, objectsPerList }: ChurnOptions): void {
  const held: (Item | undefined)[] = [];
  setInterval(() => {
    held.push(makeList(objectsPerList));
    if (held.length > lists) held.shift();
  }, 16);
}
