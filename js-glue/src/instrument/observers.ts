/**
 * Observers, each of which is open while it observes something. What it observes may go without
 * notice: an observer counts while any of it is in the document.
 */
import type { Standing, Unowned } from "./ledger.js";
import { isA, prototypeOf, type Watch } from "./watch.js";

const OBSERVERS = [
  "ResizeObserver",
  "MutationObserver",
  "IntersectionObserver",
  "PerformanceObserver",
];

interface Observed {
  readonly thing: Unowned;
  readonly nodes: Set<WeakRef<Node>>;
}

export function watchObservers(watch: Watch): void {
  const { patches, ledger } = watch;
  const observed = new WeakMap<object, Observed>();

  for (const name of OBSERVERS) {
    const prototype = prototypeOf(watch, name);
    patches.method(prototype, "observe", (call) => {
      const observer = call.self as object;
      const origin = ledger.origin("observer", call);
      const result = call.native();
      if (!origin) return result;
      const known = observed.get(observer);
      const nodes = known?.thing.disposed === false ? known.nodes : new Set<WeakRef<Node>>();
      if (nodes !== known?.nodes) {
        const standing = isA(watch, "PerformanceObserver", observer) ? undefined : stands(nodes);
        const traits = { label: name, ...(standing && { standing }) };
        const thing = ledger.openAs(observer, origin, traits, observer);
        observed.set(observer, { thing, nodes });
      }
      const [node] = call.args;
      if (isA(watch, "Node", node)) nodes.add(new WeakRef(node as Node));
      return result;
    });
    patches.method(prototype, "unobserve", (call) => {
      const result = call.native();
      const known = observed.get(call.self as object);
      if (!known) return result;
      for (const ref of known.nodes) if (ref.deref() === call.args[0]) known.nodes.delete(ref);
      if (known.nodes.size === 0) known.thing.close();
      return result;
    });
    patches.method(prototype, "disconnect", (call) => {
      const result = call.native();
      observed.get(call.self as object)?.thing.close();
      return result;
    });
  }
}

function stands(nodes: ReadonlySet<WeakRef<Node>>): () => Standing {
  return () => {
    let standing: Standing = "gone";
    for (const ref of nodes) {
      const node = ref.deref();
      if (node?.isConnected) return "counted";
      if (node) standing = "hidden";
    }
    return standing;
  };
}
