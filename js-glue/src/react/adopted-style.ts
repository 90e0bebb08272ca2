/**
 * Rules that a component brings along, as a constructed sheet, for which no Content-Security-Policy needs
 * 'unsafe-inline'.
 */

interface Adopted {
  readonly sheet: CSSStyleSheet;
  users: number;
}

const adopted = new WeakMap<DocumentOrShadowRoot, Map<string, Adopted>>();

function adopt(css: string, root: DocumentOrShadowRoot, view: typeof globalThis): Adopted {
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  return { sheet, users: 0 };
}

/**
 * Adds the rules to a document or shadow root, once however many ask.
 *
 * @returns what takes them away when the last one calls it; null where there are no constructed sheets
 */
export function adoptStyle(
  css: string,
  root: DocumentOrShadowRoot,
  view: typeof globalThis,
): (() => void) | null {
  if (!("adoptedStyleSheets" in root)) return null;
  const styles = adopted.get(root) ?? new Map<string, Adopted>();
  adopted.set(root, styles);
  const style = styles.get(css) ?? adopt(css, root, view);
  styles.set(css, style);
  style.users++;
  return () => {
    if (--style.users > 0) return;
    styles.delete(css);
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== style.sheet);
  };
}
