/** How the panel writes the names of scopes and sites. */

/** The panel's own scope. */
export const INSPECTOR = "RegistryInspector";

interface Named {
  readonly name: string;
}

export interface NameParts {
  /** `page/poll` */
  readonly path: string;
  /** `tick (app.js:3:1)`, in development. */
  readonly place: string | undefined;
}

/** Takes `page/poll at tick (app.js:3:1)` apart, which is how names look in development. */
export function splitName({ name }: Named): NameParts {
  const at = name.indexOf(" at ");
  return at < 0
    ? { path: name, place: undefined }
    : { path: name.slice(0, at), place: name.slice(at + " at ".length) };
}

/** The part of a path that its owner's does not say already. */
export function shortName(named: Named, owner: Named): string {
  const { path } = splitName(named);
  const prefix = `${splitName(owner).path}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** Whether it is the panel's own. */
export function isOwn(named: Named): boolean {
  const { path } = splitName(named);
  return path === INSPECTOR || path.startsWith(`${INSPECTOR}/`);
}
