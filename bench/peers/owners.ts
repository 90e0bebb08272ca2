/** The ways to own many things and end them together, each used the way its users do. */

import { Subscription } from "rxjs";
import { loadSession } from "voicepath";
import { DisposableStore, toDisposable } from "vscode-lifecycle";
import { SlotTable } from "../../dist/registry/slot-table.js";
import { openRegistry } from "./voicepath";

/** Counts what was ended, to see that all was. */
export interface Tally {
  ended: number;
}

export interface OpenOwner {
  /** Owns so many things with a closer each; what it returns ends them all. */
  fill(size: number, tally: Tally): () => unknown;
  close?(): void;
}

const array: OpenOwner = {
  fill(size, tally) {
    const closers: (() => void)[] = [];
    for (let i = 0; i < size; i++)
      closers.push(() => {
        tally.ended++;
      });
    return () => {
      for (let close = closers.pop(); close; close = closers.pop()) close();
    };
  },
};

const disposableStore: OpenOwner = {
  fill(size, tally) {
    const store = new DisposableStore();
    for (let i = 0; i < size; i++)
      store.add(
        toDisposable(() => {
          tally.ended++;
        }),
      );
    return () => store.dispose();
  },
};

const subscription: OpenOwner = {
  fill(size, tally) {
    const owner = new Subscription();
    for (let i = 0; i < size; i++)
      owner.add(() => {
        tally.ended++;
      });
    return () => owner.unsubscribe();
  },
};

const disposableStack: OpenOwner = {
  fill(size, tally) {
    const stack = new DisposableStack();
    for (let i = 0; i < size; i++)
      stack.defer(() => {
        tally.ended++;
      });
    return () => stack.dispose();
  },
};

async function scope(): Promise<OpenOwner> {
  const registry = await openRegistry();
  return {
    fill(size, tally) {
      const page = registry.scope("page");
      for (let i = 0; i < size; i++)
        page.defer(() => {
          tally.ended++;
        });
      return () => page.dispose();
    },
    close: () => registry[Symbol.dispose](),
  };
}

/** A scope that stays, and resources that are ended one by one. */
async function resources(): Promise<OpenOwner> {
  const registry = await openRegistry();
  const page = registry.scope("page");
  return {
    fill(size, tally) {
      const owned: { dispose(): void }[] = [];
      for (let i = 0; i < size; i++)
        owned.push(
          page.defer(() => {
            tally.ended++;
          }),
        );
      return () => {
        for (let resource = owned.pop(); resource; resource = owned.pop()) resource.dispose();
      };
    },
    close: () => registry[Symbol.dispose](),
  };
}

/** The registry's C by batch, with indices for handles: what the objects around them add is the rest. */
async function slots(): Promise<OpenOwner> {
  const table = new SlotTable(await loadSession(), { slots: 1024, sites: 4 }, () =>
    performance.now(),
  );
  const site = table.addSite(0) ?? 0;
  const closers: (() => void)[] = [];
  return {
    fill(size, tally) {
      const indices = new Uint32Array(size);
      const generations = new Uint32Array(size);
      for (let i = 0; i < size; i++) {
        const index = table.open(ROOT.index, ROOT.generation, site);
        indices[i] = index;
        generations[i] = table.generation(index);
        closers[index] = () => {
          tally.ended++;
        };
      }
      return () => {
        for (let i = size - 1; i >= 0; i--) {
          const index = indices[i] ?? 0;
          closers[index]?.();
          table.close(index, generations[i] ?? 0, site);
        }
        table.flush();
      };
    },
    close: () => table.free(),
  };
}

const ROOT = { index: 0, generation: 1 };

export interface Owner {
  readonly name: string;
  open(): Promise<OpenOwner>;
}

export const SCOPE: Owner = { name: "voicepath scope.defer()", open: scope };
export const RESOURCES: Owner = { name: "voicepath resource.dispose()", open: resources };
export const SLOTS: Owner = { name: "voicepath vp_registry, no objects", open: slots };
export const DISPOSABLE_STORE: Owner = {
  name: "DisposableStore (VS Code)",
  open: async () => disposableStore,
};
export const SUBSCRIPTION: Owner = { name: "rxjs Subscription", open: async () => subscription };
export const ARRAY: Owner = { name: "array of closures", open: async () => array };
/** Of the engine itself, where it has one. */
export const DISPOSABLE_STACK: Owner = {
  name: "DisposableStack",
  open: async () => disposableStack,
};
