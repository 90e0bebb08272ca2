/**
 * Which server the page talks to, from what is pinned in its own address (?ws=…), what the server wrote
 * into it (<meta name="voicepath-server" content="/client-ws">), what the person chose, and where it
 * came from. What the person types now is pinned too: it is newer than all the rest.
 */
import { type EndpointAddresses, type Endpoints, resolveEndpoints } from "voicepath";

/** Addresses as a person writes them. */
export interface WrittenAddresses {
  readonly wsUrl: string;
  readonly baseUrl: string;
}

/** What is known of the page. */
export interface PageAddress {
  readonly href: string;
  /** What the server wrote into it. */
  readonly supplied: string | null;
  /** Written by somebody into its address. */
  readonly pinned: string | null;
}

export interface ServerAddress extends WrittenAddresses {
  /** Where the WebSocket is; null when there is none that this page may reach. */
  readonly target: string | null;
  /** Why there is none. */
  readonly problem: string | null;
}

function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What holds until somebody chooses an address. */
export function defaultAddresses({ href, supplied }: PageAddress): WrittenAddresses {
  const written = ({ webSocketURL, baseURL }: Endpoints): WrittenAddresses => ({
    wsUrl: webSocketURL,
    baseUrl: baseURL,
  });
  try {
    return written(resolveEndpoints(href, { serverSupplied: supplied }));
  } catch (error) {
    console.warn(`The server's own address cannot be used: ${problemOf(error)}`);
    return written(resolveEndpoints(href));
  }
}

/**
 * What of the settings is a choice, and not the default that stands for none. The files follow the
 * socket to another server, but a socket does not follow the files.
 */
function chosen(saved: WrittenAddresses, defaults: WrittenAddresses): EndpointAddresses {
  if (saved.baseUrl !== defaults.baseUrl)
    return { webSocketURL: saved.wsUrl, baseURL: saved.baseUrl };
  return { webSocketURL: saved.wsUrl === defaults.wsUrl ? undefined : saved.wsUrl };
}

/**
 * @param saved - what the settings say
 * @param typed - whether the person changed them since the page was loaded
 */
export function chooseServer(
  page: PageAddress,
  saved: WrittenAddresses,
  typed: boolean,
): ServerAddress {
  const choice = chosen(saved, defaultAddresses(page));
  try {
    const { webSocketURL, baseURL, source } = resolveEndpoints(page.href, {
      pinned: typed ? choice : page.pinned,
      serverSupplied: page.supplied,
      saved: choice,
    });
    // In a field it must stay as it was written, or nobody could go on typing.
    const used = source === "saved" || (source === "pinned" && typed);
    return {
      wsUrl: used ? (choice.webSocketURL ?? webSocketURL) : webSocketURL,
      baseUrl: used ? (choice.baseURL ?? baseURL) : baseURL,
      target: webSocketURL,
      problem: null,
    };
  } catch (error) {
    return { ...saved, target: null, problem: problemOf(error) };
  }
}
