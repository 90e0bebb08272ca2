import { useEffect, useRef, useState } from "react";
import type { Scope } from "voicepath";
import type { Diagnosis } from "voicepath/monitor";
import { MonitorPanel, useMonitor, useScope } from "voicepath/react";
import { CharacterView } from "../stage/CharacterView";
import { FaultyServer } from "../suites/faults";
import { Conversation } from "./conversation";
import { HARMS, type Harm, type Scene } from "./harms";

const LUNA = 0;
const HEARTBEAT_MS = 500;
/** It is to wait for the answer, not to come back. */
const HEARTBEAT_TIMEOUT_MS = 600_000;

interface Doing {
  readonly harm: Harm;
  readonly scope: Scope;
  readonly sinceMs: number;
  /** How long it took until the monitor named it; null until then. */
  readonly namedMs: number | null;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function What({ doing }: { readonly doing: Doing | null }) {
  if (!doing) return <p className="facts">All is well. Do it some harm.</p>;
  const { harm, namedMs } = doing;
  return (
    <p className="facts">
      {namedMs === null
        ? `“${harm.name}” is under way. It takes the monitor some seconds to be sure.`
        : `“${harm.name}” was named after ${seconds(namedMs)}.`}
    </p>
  );
}

/** A scene that is watched, what makes it slow, and what the monitor says. */
export function Watched({ language }: { readonly language: "en" | "zh" }) {
  const [doing, setDoing] = useState<Doing | null>(null);
  const [error, setError] = useState<string | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const scene = useRef<Omit<Scene, "scope" | "gl">>(null);
  const [ready, setReady] = useState(false);

  const named = ({ causes }: Diagnosis): void =>
    setDoing((now) =>
      now && now.namedMs === null && causes[0]?.cause === now.harm.cause
        ? { ...now, namedMs: performance.now() - now.sinceMs }
        : now,
    );
  const scope = useScope("watched");
  const { monitor, turns } = useMonitor({ parent: scope, onDiagnosis: named });

  useEffect(() => {
    const owner = scope.current;
    if (!owner) return;
    const failed = (cause: unknown): void => {
      if (!owner.disposed) setError(String(cause));
    };
    const open = async (): Promise<void> => {
      const server = await owner.acquire(
        "server",
        () => FaultyServer.start(),
        (started) => started.end(),
      );
      owner.socket({
        url: server.value.url,
        json: true,
        heartbeat: {
          everyMs: HEARTBEAT_MS,
          timeoutMs: HEARTBEAT_TIMEOUT_MS,
          message: { type: "heartbeat" },
          isReply: (message) => (message as { type?: string }).type === "heartbeat-ack",
        },
      });
      scene.current = { conversation: new Conversation(owner, turns), server: server.value };
      setReady(true);
    };
    open().catch(failed);
    return () => {
      scene.current = null;
      setReady(false);
      setDoing(null);
    };
  }, [scope, turns]);

  const stop = (): void => {
    void doing?.scope.dispose();
    setDoing(null);
  };
  const begin = (harm: Harm): void => {
    stop();
    const owner = scope.current;
    if (!owner || !scene.current) return;
    const harmed = owner.scope("harm");
    const gl = place.current?.querySelector("canvas")?.getContext("webgl2") ?? null;
    setDoing({ harm, scope: harmed, sinceMs: performance.now(), namedMs: null });
    const begun = harm.begin({ ...scene.current, gl, scope: harmed });
    begun?.catch((cause: unknown) => {
      if (!harmed.disposed) setError(String(cause));
    });
  };

  return (
    <>
      <div className="watched" ref={place}>
        <CharacterView
          parent={scope}
          character={LUNA}
          level={() => scene.current?.conversation.level() ?? 0}
          onDrawn={() => {}}
        />
        <div>
          <div className="buttons">
            {HARMS.map((harm) => (
              <button
                key={harm.name}
                type="button"
                disabled={!ready}
                aria-pressed={doing?.harm === harm}
                onClick={() => begin(harm)}
              >
                {harm.name}
              </button>
            ))}
            <button type="button" className="primary" disabled={!doing} onClick={stop}>
              Stop it
            </button>
          </div>
          <What doing={doing} />
          {error && <p className="error">{error}</p>}
        </div>
      </div>
      <MonitorPanel monitor={monitor} language={language} inline />
    </>
  );
}
