/** What is used of vs/base/common/lifecycle.ts of VS Code; site.ts says where it is. */
declare module "vscode-lifecycle" {
  export interface IDisposable {
    dispose(): void;
  }

  export class DisposableStore implements IDisposable {
    add<D extends IDisposable>(disposable: D): D;
    dispose(): void;
  }

  export function toDisposable(close: () => void): IDisposable;
}
