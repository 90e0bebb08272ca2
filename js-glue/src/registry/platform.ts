/** What the registry takes from its surroundings, so that tests can put something else there. */
export interface Platform {
  /** Tells of online, offline, pagehide and pageshow. */
  readonly window?: EventTarget | undefined;
  /** Tells of visibilitychange, freeze and resume. */
  readonly document?: (EventTarget & { readonly visibilityState: string }) | undefined;
  /** Decides which of many tabs leads. */
  readonly locks?: LockManager | undefined;
  readonly WebSocket?: typeof WebSocket | undefined;
  /** The page's address. */
  readonly location?: { readonly href: string } | undefined;
}

/** The browser's; in Node what there is of it. */
export function browserPlatform(): Platform {
  const here = globalThis as Partial<typeof globalThis>;
  return {
    // A Worker is no page, though it has some of the events.
    window: here.document ? here.window : undefined,
    document: here.document,
    locks: here.navigator?.locks,
    WebSocket: here.WebSocket,
    location: here.location,
  };
}
