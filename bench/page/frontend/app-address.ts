/** Where the site has the frontend, in its shapes, before and after the patch. */

export const SHAPES = { contexts: "localStorage contexts", store: "one store" } as const;
export const STATES = { after: "after the patch", before: "as it was" } as const;
export const LANGUAGES = { en: "English", zh: "中文" } as const;

export type Language = keyof typeof LANGUAGES;

export interface Choice {
  readonly shape: keyof typeof SHAPES;
  readonly state: keyof typeof STATES;
  readonly lang: Language;
}

/** Of the server that speaks this language. */
export const SOCKET_PATHS: Readonly<Record<Language, string>> = {
  en: "/client-ws",
  zh: "/client-ws/zh",
};

/** The folder in the site. */
export const appFolder = ({ shape, state }: Pick<Choice, "shape" | "state">): string =>
  `app/${shape}-${state}`;

/**
 * The address of the app, which tells it where its server is. As it was it looks nowhere but in
 * localStorage, so there it is written, as its user would.
 */
export function openAddress(choice: Choice): string {
  const baseUrl = location.origin;
  const wsUrl = `${baseUrl.replace(/^http/, "ws")}${SOCKET_PATHS[choice.lang]}`;
  const path = `/${appFolder(choice)}/`;
  if (choice.state === "after") return `${path}?ws=${encodeURIComponent(wsUrl)}`;
  const config = { modelInfo: null, wsUrl, baseUrl, wsState: "CLOSED" };
  const stored =
    choice.shape === "contexts"
      ? { wsUrl, baseUrl }
      : { "app-store": { state: { config }, version: 0 } };
  for (const [key, value] of Object.entries(stored))
    localStorage.setItem(key, JSON.stringify(value));
  return path;
}
