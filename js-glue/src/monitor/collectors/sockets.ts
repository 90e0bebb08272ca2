/**
 * WebSockets, whoever opens them: how many in the last minute, how long each was open, and how long
 * heartbeats take. Those of voicepath's own sockets are heard; of others the application tells.
 */
import { requireNumber } from "../../errors.js";
import { type Call, Patches } from "../../instrument/patch.js";
import { enterWrapper, leaveWrapper } from "../../registry/call-stack.js";
import { owned } from "../../registry/ownership.js";
import type { Collector, CollectorContext } from "../collector.js";
import type { Series } from "../series.js";

const MINUTE_MS = 60_000;

export class Sockets implements Collector {
  readonly name = "sockets";
  #roundTrip: Series | undefined;
  #waiting: Series | undefined;

  start(context: CollectorContext): void {
    const { WebSocket } = globalThis as Partial<typeof globalThis>;
    if (!WebSocket && !context.scope.registry.platform.WebSocket) return;
    watchConnections(context);
    this.#watchHeartbeats(context);
  }

  /**
   * The heartbeat of a socket that is not voicepath's was answered.
   *
   * @throws VoicepathError OPTION
   */
  recordRoundTrip(roundTripMs: number): void {
    requireNumber("roundTripMs", roundTripMs, 0, Number.MAX_SAFE_INTEGER);
    this.#roundTrip?.record(roundTripMs);
    this.#waiting?.record(roundTripMs);
  }

  #watchHeartbeats({ scope, series, onPeriod }: CollectorContext): void {
    const { heartbeats } = scope.registry;
    this.#roundTrip = series("socket/round-trip", { unit: "ms", point: "each" });
    const waiting = series("socket/waiting", { unit: "ms", point: "max", signal: "roundTripMs" });
    this.#waiting = waiting;
    scope.defer(heartbeats.on("answer", (roundTripMs) => this.recordRoundTrip(roundTripMs)));
    onPeriod((nowMs) => {
      const waitingMs = heartbeats.waitingMs(nowMs);
      if (waitingMs > 0) waiting.record(waitingMs);
    });
    scope.defer(() => {
      this.#roundTrip = undefined;
      this.#waiting = undefined;
    });
  }
}

function watchConnections({ scope, series, onPeriod }: CollectorContext): void {
  const { clock, platform } = scope.registry;
  const opens = series("socket/opens", {
    unit: "perMinute",
    point: "last",
    signal: "socketOpens",
  });
  const uptime = series("socket/uptime", {
    unit: "ms",
    point: "each",
    signal: "socketUptimeMs",
  });
  /** When those of the last minute were opened. */
  const openedMs: number[] = [];
  onPeriod((nowMs) => {
    while (nowMs - (openedMs[0] ?? nowMs) > MINUTE_MS) openedMs.shift();
    opens.record(openedMs.length);
  });

  const open = (call: Call): unknown => {
    const outer = enterWrapper(call.wrapper);
    try {
      const socket = call.native();
      openedMs.push(clock.now());
      if (socket instanceof EventTarget) followSocket(socket);
      return socket;
    } finally {
      leaveWrapper(outer);
    }
  };
  /** One that never connected was up for no time. */
  const followSocket = (socket: EventTarget): void => {
    let connectedMs = Number.NaN;
    owned(() => {
      socket.addEventListener("open", () => {
        connectedMs = clock.now();
      });
      socket.addEventListener("close", () => {
        const upMs = clock.now() - connectedMs;
        if (!scope.disposed) uptime.record(Number.isNaN(upMs) ? 0 : upMs);
      });
    });
  };
  const patches = new Patches();
  patches.construction(globalThis, "WebSocket", open);
  // What voicepath's own sockets are made of.
  patches.construction(platform, "WebSocket", open);
  scope.defer(() => patches.restore());
}
