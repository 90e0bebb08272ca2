/** Pages that load one contender and nothing else, in an iframe with a process of its own. */
import { VAD_WEB, VAD_WEB_V6, VOICEPATH } from "./suite";

/** What a page in bench/page/cold/ posts to its parent. */
export interface ColdReport {
  readonly type: "cold-report";
  /** From the start of the navigation until the contender has done its first piece of work. */
  readonly readyMs: number;
  /** Encoded bodies of everything it loaded, without the HTML. */
  readonly bytes: number;
  readonly files: readonly string[];
}

/** What it posts when it fails. */
export interface ColdFailure {
  readonly type: "cold-failure";
  readonly message: string;
}

export const COLD_PAGES: readonly (readonly [string, string])[] = [
  [VOICEPATH, "/cold/voicepath.html"],
  [VAD_WEB, "/cold/vad-web.html?model=v5"],
  [VAD_WEB_V6, "/cold/vad-web.html?model=v6"],
];

const TIMEOUT_MS = 60_000;
let loads = 0;

/**
 * A host name that was never used: caches of files, compiled scripts and compiled WebAssembly are
 * kept by site or by process, so a new site finds them all empty. Every name under `localhost` is
 * this machine; on other hosts the page's own origin must do.
 */
function freshOrigin(): string {
  const { protocol, hostname, port, origin } = location;
  if (hostname !== "localhost") return origin;
  loads += 1;
  return `${protocol}//cold-${loads}-${Date.now()}.localhost:${port}`;
}

function isAnswer(data: unknown): data is ColdReport | ColdFailure {
  if (typeof data !== "object" || data === null || !("type" in data)) return false;
  return data.type === "cold-report" || data.type === "cold-failure";
}

export async function loadColdPage(path: string, signal: AbortSignal): Promise<ColdReport> {
  const frame = document.createElement("iframe");
  const listening = new AbortController();
  try {
    return await new Promise<ColdReport>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${path} was not ready in ${TIMEOUT_MS / 1000} s`)),
        TIMEOUT_MS,
      );
      listening.signal.addEventListener("abort", () => clearTimeout(timer));
      signal.addEventListener("abort", () => reject(signal.reason), { signal: listening.signal });
      const hear = ({ source, data }: MessageEvent<unknown>): void => {
        if (source !== frame.contentWindow || !isAnswer(data)) return;
        if (data.type === "cold-report") resolve(data);
        else reject(new Error(`${path}: ${data.message}`));
      };
      addEventListener("message", hear, { signal: listening.signal });
      frame.hidden = true;
      frame.src = freshOrigin() + path;
      document.body.append(frame);
    });
  } finally {
    listening.abort();
    frame.remove();
  }
}
