import { useCallback, useEffect, useRef, useState } from "react";
import { type OpenSocket, SOCKETS, type SocketMaker } from "../../peers/sockets";
import { FaultyServer } from "../suites/faults";

interface LinkState {
  readonly open: boolean;
  readonly sinceMs: number;
  readonly opened: number;
  readonly dropped: number;
}

/** What happens to the server. */
type ServerState = "none" | "well" | "killed" | "silent";

interface Demo {
  readonly server: FaultyServer;
  readonly makers: readonly SocketMaker[];
  readonly sockets: readonly OpenSocket[];
}

const SERVER: Record<ServerState, string> = {
  none: "not connected",
  well: "the server is well",
  killed: "the server is dead: connections are reset and refused",
  silent: "the server is silent: its connections stand, and nothing comes through",
};
const REFRESH_MS = 100;
const MESSAGE_MS = 250;

const seconds = (sinceMs: number): string =>
  `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;

async function end({ server, makers, sockets }: Demo): Promise<void> {
  for (const socket of sockets) socket.close();
  for (const maker of makers) maker.close();
  await server.end();
}

/** Three sockets at a server that dies or falls silent when it is told to. */
export function Connection() {
  const [serverState, setServerState] = useState<ServerState>("none");
  const [links, setLinks] = useState<readonly LinkState[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [, setTime] = useState(0);
  const demo = useRef<Demo | null>(null);
  const connected = serverState !== "none";

  const disconnect = useCallback((): void => {
    const { current } = demo;
    demo.current = null;
    setServerState("none");
    setLinks([]);
    if (current) end(current).catch((cause: unknown) => setError(String(cause)));
  }, []);
  useEffect(() => disconnect, [disconnect]);

  // What is shown grows older, and something is sent to be lost.
  useEffect(() => {
    if (!connected) return;
    const refresh = setInterval(() => setTime(performance.now()), REFRESH_MS);
    const send = setInterval(() => {
      for (const socket of demo.current?.sockets ?? []) socket.send("message");
    }, MESSAGE_MS);
    return () => {
      clearInterval(refresh);
      clearInterval(send);
    };
  }, [connected]);

  const connect = async (): Promise<void> => {
    setError(null);
    const server = await FaultyServer.start();
    const makers = await Promise.all(SOCKETS.map((peer) => peer.load()));
    const start: LinkState = { open: false, sinceMs: performance.now(), opened: 0, dropped: 0 };
    setLinks(makers.map(() => start));
    const sockets = makers.map((maker, i) => {
      const change = (next: (link: LinkState) => Partial<LinkState>): void =>
        setLinks((all) => all.map((link, k) => (k === i ? { ...link, ...next(link) } : link)));
      return maker.open(server.url, {
        opened: () =>
          change(({ opened }) => ({
            open: true,
            sinceMs: performance.now(),
            opened: opened + 1,
          })),
        lost: () => change(() => ({ open: false, sinceMs: performance.now() })),
        dropped: () => change(({ dropped }) => ({ dropped: dropped + 1 })),
      });
    });
    demo.current = { server, makers, sockets };
    setServerState("well");
  };

  const tell = (next: ServerState, action: (server: FaultyServer) => Promise<void>) => () => {
    const { current } = demo;
    if (!current) return;
    setServerState(next);
    action(current.server).catch((cause: unknown) => setError(String(cause)));
  };
  const begin = (): void => void connect().catch((cause: unknown) => setError(String(cause)));

  return (
    <section id="connection">
      <header className="section-head">
        <h2>A server that dies</h2>
        <div className="buttons">
          <button
            type="button"
            disabled={serverState !== "well"}
            onClick={tell("killed", (server) => server.kill())}
          >
            Kill it
          </button>
          <button
            type="button"
            disabled={serverState !== "well"}
            onClick={tell("silent", (server) => server.halfOpen())}
          >
            Silence it
          </button>
          <button
            type="button"
            disabled={serverState !== "killed" && serverState !== "silent"}
            onClick={tell("well", async (server) => {
              await server.kill();
              await server.listen();
            })}
          >
            Bring it back
          </button>
          <button type="button" className="primary" onClick={connected ? disconnect : begin}>
            {connected ? "Disconnect" : "Connect"}
          </button>
        </div>
      </header>
      <p className="about">
        A real WebSocket server on this machine, and a message every {MESSAGE_MS} ms. Kill it, or
        let it fall silent without closing anything, and see who notices, who comes back when it
        does, and who says what may be lost. Now {SERVER[serverState]}.
      </p>
      {error && <p className="error">{error}</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">socket</th>
            <th scope="col">believes to be</th>
            <th scope="col" className="number">
              since
            </th>
            <th scope="col" className="number">
              opened
            </th>
            <th scope="col" className="number">
              told as perhaps lost
            </th>
          </tr>
        </thead>
        <tbody>
          {SOCKETS.map(({ name }, i) => {
            const link = links[i];
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{link ? (link.open ? "open" : "away") : "–"}</td>
                <td className="number">{link ? seconds(link.sinceMs) : "–"}</td>
                <td className="number">{link?.opened ?? "–"}</td>
                <td className="number">{link?.dropped ?? "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
