/** What a report says of the machine and the page; null for what the browser does not tell. */
export interface PageFacts {
  readonly userAgent: string | null;
  readonly hardwareConcurrency: number | null;
  /** In GB, as coarse as the browser tells. */
  readonly deviceMemory: number | null;
  readonly visibility: string | null;
  readonly crossOriginIsolated: boolean | null;
}

export function pageFacts(): PageFacts {
  const { navigator, document, crossOriginIsolated } = globalThis as Partial<typeof globalThis>;
  const { deviceMemory } = (navigator ?? {}) as { readonly deviceMemory?: number };
  return {
    userAgent: navigator?.userAgent ?? null,
    hardwareConcurrency: navigator?.hardwareConcurrency ?? null,
    deviceMemory: deviceMemory ?? null,
    visibility: document?.visibilityState ?? null,
    crossOriginIsolated: crossOriginIsolated ?? null,
  };
}
