// A monitor on a fake clock, fed the same numbers: the same points, verdicts and causes in every engine,
// to the bit; and the page's own collectors, which must find what they can and leave nothing. Plain
// JavaScript for pages and Node.

const bits = (numbers) => [...new Uint32Array(Float64Array.from(numbers).buffer)].join(" ");

function seeded(seed) {
  return () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
}

/** What a conversation might record: noise, rises, a step, an outlier now and then. */
function record(series, random, i) {
  series.noise.record(100 + random());
  series.rise.record(i / 8 + random());
  series.step.record((i < 60 ? 3 : 9) + random());
  series.leak.record(Math.floor(i / 10));
  series.gap.record(random() < 0.05 ? 400 * random() : 16 + random());
  if (i % 7 === 0) series.turn.record(900 + 50 * i * random());
}

export async function tellMonitor({ FakeClock, loadSession, Registry }, { Monitor }) {
  const session = await loadSession();
  const clock = new FakeClock(1000);
  const registry = Registry.create(session, { clock });
  const log = [];
  const monitor = Monitor.create(registry, { collectors: [] });
  monitor.on("diagnosis", (diagnosis) => log.push(JSON.stringify(diagnosis)));
  const series = {
    noise: monitor.series("test/noise", { unit: "ms", point: "mean" }),
    rise: monitor.series("test/rise", { unit: "ms", point: "max" }),
    step: monitor.series("test/step", { unit: "count", point: "last" }),
    leak: monitor.series("test/leak", { unit: "count", point: "last" }),
    gap: monitor.series("frames/gap", { unit: "ms", point: "max", signal: "frameGapMs" }),
    turn: monitor.series("test/turn", { unit: "ms", point: "each" }),
  };
  const random = seeded(7);
  for (let i = 0; i < 300; i++) {
    record(series, random, i);
    clock.advance(1000);
    if (i % 50 !== 49) continue;
    for (const { verdict, n, slope, rise, p, autocorrelation } of monitor.verdicts())
      log.push(`${verdict} ${n} ${bits([slope, rise, p, autocorrelation])}`);
  }
  for (const name of monitor.names) {
    const { p50, p95, ewma, mean } = monitor.stats(name);
    log.push(`${name} ${bits([p50, p95, ewma, mean])} ${bits(monitor.life(name))}`);
  }
  await registry.dispose();
  log.push(`${session.usedBytes} bytes left`);
  return [...log, await collectHere(Registry.create(session), Monitor)];
}

/** All default collectors at work for a moment, whatever this engine has of what they measure. */
async function collectHere(registry, Monitor) {
  const natives = () => [globalThis.requestAnimationFrame, globalThis.WebSocket];
  const before = natives();
  const monitor = Monitor.create(registry, { periodMs: 100 });
  await new Promise((resolve) => registry.scope("wait").timeout(resolve, 350));
  const { series } = monitor.report();
  const lag = series.find(({ name }) => name === "loop/lag");
  monitor.dispose();
  await registry.dispose();
  const back = natives().every((native, i) => native === before[i]);
  return `${lag?.count > 0 ? "measured" : `no lag among ${series.map(({ name }) => name)}`}, natives ${back ? "are back" : "are lost"}`;
}
