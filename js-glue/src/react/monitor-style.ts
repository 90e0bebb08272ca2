/** The monitor panel's look, and the few rules that uPlot's charts need. */
export const MONITOR_CSS = `
.voicepath-monitor, .voicepath-monitor * { box-sizing: border-box; }
.voicepath-monitor {
  --ink: light-dark(#1b2126, #e7eaed);
  --soft: light-dark(#626c75, #97a2ac);
  --paper: light-dark(#ffffff, #171b1f);
  --raised: light-dark(#f5f7f8, #1f2429);
  --line: light-dark(#e1e6ea, #2e353c);
  --accent: light-dark(#2c6fbb, #71b0f5);
  --good: light-dark(#0f7a56, #3ecb97);
  --warm: light-dark(#945600, #f0b357);
  --bad: light-dark(#b9301f, #ff8a7d);
  --light: var(--soft);
  color-scheme: light dark;
  container: voicepath-monitor / inline-size;
  color: var(--ink);
  font: 13px/1.45 system-ui, sans-serif;
  text-align: start;
}
.voicepath-monitor:not([data-inline]) {
  position: fixed;
  inset: auto auto 12px 12px;
  z-index: 2147483000;
  width: 520px;
  max-width: calc(100vw - 24px);
  pointer-events: none;
}
.voicepath-monitor:not([data-inline]) > * { pointer-events: auto; }
.voicepath-monitor :is(p, h3, ul) { margin: 0; padding: 0; }
.voicepath-monitor ul { list-style: none; }
.voicepath-monitor small { color: var(--soft); font-size: 11.5px; }
.voicepath-monitor button {
  border: 1px solid var(--line);
  border-radius: 7px;
  padding: 3px 10px;
  background: var(--paper);
  color: inherit;
  font: inherit;
  font-size: 12px;
  white-space: nowrap;
  cursor: pointer;
}
.voicepath-monitor button:hover { border-color: var(--accent); color: var(--accent); }
.voicepath-monitor :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.voicepath-monitor [data-severity=none] { --light: var(--good); }
.voicepath-monitor [data-severity=unknown] { --light: var(--warm); }
.voicepath-monitor [data-severity=cause] { --light: var(--bad); }
.voicepath-monitor :is(.voicepath-monitor-toggle, [role=status] strong)::before {
  content: "";
  display: inline-block;
  width: 8px;
  height: 8px;
  margin-inline-end: 7px;
  border-radius: 50%;
  background: var(--light);
  box-shadow: 0 0 0 3px color-mix(in srgb, var(--light) 20%, transparent);
  vertical-align: .06em;
}
.voicepath-monitor .voicepath-monitor-toggle { display: block; margin-top: 8px; box-shadow: 0 1px 4px rgb(0 0 0 / .15); }
.voicepath-monitor > section {
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--paper);
  padding: 0 0 10px;
}
.voicepath-monitor:not([data-inline]) > section {
  max-height: min(76vh, 760px);
  overflow: auto;
  overscroll-behavior: contain;
  box-shadow: 0 10px 32px rgb(0 0 0 / .2);
}
.voicepath-monitor section > header {
  position: relative;
  border-bottom: 1px solid var(--line);
  border-radius: 12px 12px 0 0;
  padding: 12px 14px;
  background: var(--raised);
}
.voicepath-monitor-diagnosis > p:first-child { padding-inline-end: 150px; text-wrap: balance; }
.voicepath-monitor-diagnosis > p strong { font-size: 15px; font-weight: 650; line-height: 1.35; }
.voicepath-monitor-diagnosis > p + p { padding-inline-start: 15px; }
.voicepath-monitor-diagnosis ul { display: grid; gap: 3px; padding: 8px 0 0 15px; }
.voicepath-monitor-diagnosis li b { white-space: nowrap; font-variant-numeric: tabular-nums; }
.voicepath-monitor-diagnosis li small { display: inline-block; max-width: 100%; overflow-wrap: anywhere; }
.voicepath-monitor-diagnosis [data-against] { opacity: .75; }
.voicepath-monitor-diagnosis details { padding: 8px 0 0 15px; }
.voicepath-monitor-diagnosis details > div { padding-top: 6px; }
.voicepath-monitor-diagnosis details ul { padding-top: 2px; }
.voicepath-monitor summary { cursor: pointer; border-radius: 4px; }
.voicepath-monitor-diagnosis summary { color: var(--soft); font-size: 12px; }
.voicepath-monitor-actions { position: absolute; inset: 10px 12px auto auto; display: flex; gap: 6px; }
.voicepath-monitor-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.voicepath-monitor-text { display: block; padding-top: 10px; color: var(--soft); font-size: 12px; }
.voicepath-monitor-text textarea {
  display: block;
  width: 100%;
  margin-top: 4px;
  border: 1px solid var(--line);
  border-radius: 6px;
  padding: 6px 8px;
  background: var(--paper);
  color: var(--ink);
  font: 11px/1.5 ui-monospace, monospace;
}
.voicepath-monitor-series > div { min-width: 0; }
.voicepath-monitor-series { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 28px; padding: 0 14px; }
.voicepath-monitor-series > div > details { min-width: 0; padding-top: 12px; }
.voicepath-monitor-series > div > details > summary { display: flex; align-items: center; gap: 5px; width: fit-content; list-style: none; }
.voicepath-monitor-series > div > details > summary::-webkit-details-marker { display: none; }
.voicepath-monitor-series > div > details > summary::before { content: "▸"; width: 9px; color: var(--soft); font-size: 10px; }
.voicepath-monitor-series > div > details[open] > summary::before { content: "▾"; }
.voicepath-monitor :is(h3, caption) { color: var(--soft); font: 600 11px/1.6 system-ui, sans-serif; letter-spacing: .05em; text-transform: uppercase; }
.voicepath-monitor mark { margin-inline-start: 4px; border-radius: 8px; padding: 0 7px; background: color-mix(in srgb, var(--bad) 14%, transparent); color: var(--bad); font-size: 11px; font-weight: 600; }
.voicepath-monitor-series li {
  display: grid;
  grid-template-columns: minmax(0, 1fr) 104px 156px;
  align-items: center;
  column-gap: 10px;
  border-bottom: 1px solid var(--line);
  padding: 4px 0;
}
.voicepath-monitor-series li:last-child { border-bottom: 0; }
.voicepath-monitor :is(.voicepath-monitor-name, .voicepath-monitor-value) { display: grid; line-height: 1.35; }
.voicepath-monitor-name span { overflow-wrap: anywhere; text-wrap: balance; }
.voicepath-monitor-value { text-align: end; font-variant-numeric: tabular-nums; }
.voicepath-monitor-value b { white-space: nowrap; font-weight: 600; font-size: 14px; }
.voicepath-monitor-value small { font-size: 11px; white-space: nowrap; }
.voicepath-monitor-value span + span { margin-inline-start: 5px; }
.voicepath-monitor-value abbr { opacity: .7; }
.voicepath-monitor-support { grid-column: 1 / -1; }
.voicepath-monitor [data-verdict=rising] :is(.voicepath-monitor-name small, .voicepath-monitor-chart) { --tint: var(--bad); color: var(--bad); }
.voicepath-monitor [data-verdict=step] :is(.voicepath-monitor-name small, .voicepath-monitor-chart) { --tint: var(--warm); color: var(--warm); }
.voicepath-monitor-rest { padding: 4px 0 0; color: var(--soft); font-size: 11.5px; }
.voicepath-monitor section > .voicepath-monitor-rest { padding: 14px; }
.voicepath-monitor-chart {
  --tint: var(--accent);
  width: 104px;
  height: 34px;
  color: var(--tint);
  outline-color: color-mix(in srgb, var(--tint) 16%, transparent);
}
.voicepath-monitor .u-wrap { position: relative; user-select: none; }
.voicepath-monitor :is(.u-over, .u-under) { position: absolute; }
.voicepath-monitor .u-under { overflow: hidden; }
.voicepath-monitor .uplot canvas { display: block; position: relative; width: 100%; height: 100%; }
.voicepath-monitor :is(.u-cursor-x, .u-cursor-pt) { position: absolute; inset: 0 auto auto 0; pointer-events: none; will-change: transform; }
.voicepath-monitor .u-cursor-x { height: 100%; border-inline-start: 1px solid var(--soft); opacity: .5; }
.voicepath-monitor .u-cursor-pt { border-radius: 50%; }
.voicepath-monitor :is(.u-axis, .u-select, .u-cursor-y, .u-off) { display: none; }
.voicepath-monitor table { width: 100%; margin: 8px 0 4px; font-size: inherit; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.voicepath-monitor caption { padding-bottom: 2px; text-align: start; }
.voicepath-monitor caption small { margin-inline-start: 8px; font-weight: 400; letter-spacing: 0; text-transform: none; }
.voicepath-monitor :is(th, td) { border: solid var(--line); border-width: 0 0 1px; padding: 3px 0 3px 10px; vertical-align: middle; font-weight: 400; text-align: end; white-space: nowrap; }
.voicepath-monitor thead :is(th, td) { color: var(--soft); font-size: 11.5px; }
.voicepath-monitor tr > th:first-child { padding-inline-start: 0; text-align: start; }
.voicepath-monitor td:nth-child(2) { width: 100%; }
.voicepath-monitor td strong { font-weight: 600; }
.voicepath-monitor tbody tr:last-child > * { border: 0; }
.voicepath-monitor-bar { position: relative; min-width: 40px; height: 8px; overflow: hidden; border-radius: 4px; background: var(--raised); }
.voicepath-monitor-bar i { position: absolute; inset: 0 auto 0 0; border-radius: 4px; background: color-mix(in srgb, var(--accent) 28%, var(--raised)); }
.voicepath-monitor-bar [data-part=first-audio] { background: color-mix(in srgb, var(--accent) 60%, var(--raised)); }
.voicepath-monitor-bar [data-part=transcription] { background: var(--accent); }
@container voicepath-monitor (min-width: 820px) {
  .voicepath-monitor-series { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@container voicepath-monitor (max-width: 430px) {
  .voicepath-monitor-series li { grid-template-columns: minmax(0, 1fr) 104px; }
  .voicepath-monitor-series li .voicepath-monitor-chart { grid-row: 1 / span 2; grid-column: 2; }
  .voicepath-monitor-series .voicepath-monitor-value { display: block; grid-column: 1; text-align: start; }
  .voicepath-monitor-value b { font-size: 13px; margin-inline-end: 6px; }
  .voicepath-monitor-diagnosis > p:first-child { padding-inline-end: 0; }
  .voicepath-monitor-actions { position: static; padding-top: 10px; }
  .voicepath-monitor td:nth-child(2) { display: none; }
}
@media print { .voicepath-monitor:not([data-inline]) { display: none; } }
`;
