// A session told on a fake clock, and one real timer: the same words in every engine. Plain JavaScript
// for pages and Node.

/** A WebSocket that opens after 30 ms, is lost 700 ms later, and fails every third time. */
function fakeWebSocket(clock, log) {
  let made = 0;
  return class {
    readyState = 0;
    bufferedAmount = 0;
    constructor(url) {
      const fails = ++made % 3 === 0;
      log.push(`connect ${made} to ${url} at ${clock.now()}`);
      clock.setTimeout(() => (fails ? this.#lose() : this.#open()), 30);
    }
    send(data) {
      log.push(`sent ${data} at ${clock.now()}`);
    }
    close() {
      this.readyState = 3;
    }
    #open() {
      if (this.readyState !== 0) return;
      this.readyState = 1;
      this.onopen?.();
      clock.setTimeout(() => this.#lose(), 700);
    }
    #lose() {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.onclose?.();
    }
  };
}

export async function tellSession({ FakeClock, loadSession, Registry }) {
  const log = [];
  const session = await loadSession();
  const clock = new FakeClock(1000.25);
  let seed = 1;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const platform = { WebSocket: fakeWebSocket(clock, log), window: undefined, document: undefined };
  const registry = Registry.create(session, { clock, random, platform });
  const scope = registry.scope("session");
  const say = (what) => () => log.push(`${what} at ${clock.now()}`);
  scope.interval(say("interval"), 333);
  for (let i = 0; i < 20; i++) scope.timeout(say(`timeout ${i}`), 100 + i * 7, { slackMs: 50 });
  for (const name of ["first", "second", "third"]) scope.scope(name).defer(say(`end of ${name}`));
  const socket = scope.socket({ url: "ws://example.com/", minUptimeMs: 500 });
  socket.on("state", ({ state, reason, failures }) =>
    log.push(`${state}, ${reason}, ${failures} failures at ${clock.now()}`),
  );
  socket.send("hello");
  await clock.advanceAsync(20_000);
  const { closed, late, errors } = await scope.dispose();
  log.push(`${closed} closed, ${late.length} late, ${errors}`, JSON.stringify(registry.stats()));
  await registry.dispose();
  log.push(`${session.usedBytes} bytes left`, await realTimer(Registry.create(session)));
  return log;
}

async function realTimer(registry) {
  const start = performance.now();
  await new Promise((resolve) => registry.scope("real").timeout(resolve, 50));
  const ms = performance.now() - start;
  await registry.dispose();
  return ms >= 50 ? "not early" : `fired after ${ms} ms instead of 50`;
}
