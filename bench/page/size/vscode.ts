/** A DisposableStore of VS Code, and one thing owned. */
import { DisposableStore, toDisposable } from "vscode-lifecycle";
import { reportReady } from "../cold/report";

void reportReady(async () => {
  const store = new DisposableStore();
  store.add(toDisposable(() => {}));
  store.dispose();
});
