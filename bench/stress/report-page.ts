/** The report as one HTML file: verdicts, a plot for each counter that changes, where it grew. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CounterReport, StressReport } from "./report.js";
import { growthText, pText, slopeText, title, valueText } from "./wording.js";

const UPLOT = new URL("../../node_modules/uplot/dist/", import.meta.url);

const STYLE = `
:root { color-scheme: light dark; --text: #1c2126; --muted: #5d6872; --line: #dde2e6;
  --ground: #f4f6f7; --surface: #fff; --good: #0b7d61; --bad: #c22f3d; --fair: #b45f06; }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaed; --muted: #98a4ae; --line: #2d353c;
  --ground: #111518; --surface: #1a2025; --good: #35c79d; --bad: #f2707b; --fair: #f0924a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.125rem; margin: 0 0 .5rem; }
p { margin: .3rem 0; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem;
  padding: 1.25rem; margin-top: 1.25rem; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums; }
th, td { text-align: end; padding: .3rem .5rem; border-top: 1px solid var(--line); white-space: nowrap; }
thead th { border: 0; font-size: .75rem; font-weight: 500; color: var(--muted); }
th:first-child { text-align: start; padding-inline-start: 0; font-weight: 500; }
.about { color: var(--muted); font-size: .875rem; overflow-wrap: anywhere; }
.conclusion { font-size: 1.25rem; font-weight: 600; }
.rising { color: var(--bad); font-weight: 700; } .step { color: var(--fair); font-weight: 600; }
.fluctuating, .nothing { color: var(--good); } .insufficient { color: var(--muted); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); gap: 1rem; }
figure { margin: 0; min-width: 0; } figcaption { font-size: .875rem; }
pre { overflow-x: auto; font: .8125rem/1.5 ui-monospace, monospace; }
li { overflow-wrap: anywhere; margin-bottom: .4rem; } summary { cursor: pointer; }
`;

/** Runs in the page, with the report and uPlot at hand. */
const DRAW = `
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name);
const report = JSON.parse(document.getElementById("report").textContent);
const plots = [...document.querySelectorAll("[data-counter]")].map((place) => {
  const { values, verdict } = report.counters.find(({ name }) => name === place.dataset.counter);
  const axis = { stroke: () => colour("muted"), font: "11px system-ui",
    grid: { stroke: () => colour("line"), width: 1 }, ticks: { show: false } };
  const line = verdict === "rising" ? "bad" : verdict === "step" ? "fair" : "good";
  const options = { width: place.clientWidth, height: 150, legend: { show: false },
    cursor: { y: false }, scales: { x: { time: false } },
    axes: [{ ...axis, size: 24 }, { ...axis, size: 52 }],
    series: [{}, { stroke: () => colour(line), width: 1.5, points: { show: values.length < 60, size: 4 } }] };
  return [new uPlot(options, [report.readings, values], place), place];
});
addEventListener("resize", () => {
  for (const [plot, place] of plots) plot.setSize({ width: place.clientWidth, height: 150 });
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const [plot] of plots) plot.redraw();
});
`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", '"': "&quot;" };

/** What comes from a page, an address or a stack, as text and as an attribute. */
function escaped(text: string): string {
  return text.replace(/[&<"]/g, (mark) => ENTITIES[mark] ?? mark);
}

function row(counter: CounterReport): string {
  const { unit, first, last, slope, p, n, verdict } = counter;
  const cells = [valueText(first, unit), valueText(last, unit), slopeText(slope), pText(p), `${n}`];
  return `<tr><th scope="row">${escaped(title(counter))}</th>${cells
    .map((cell) => `<td>${cell}</td>`)
    .join("")}<td class="${verdict}">${verdict}</td></tr>`;
}

function plot(counter: CounterReport): string {
  return `<figure><figcaption class="${counter.verdict}">${escaped(title(counter))}</figcaption>
<div data-counter="${escaped(counter.name)}"></div></figure>`;
}

export function reportPage(report: StressReport): string {
  const { scenario, cycles, url, way, engine, timeISO, counters, rising, growth, notes } = report;
  const changing = counters.filter(({ constant }) => !constant);
  const same = counters.filter(({ constant }) => constant);
  const uplot = (file: string): string => readFileSync(fileURLToPath(new URL(file, UPLOT)), "utf8");
  const json = JSON.stringify(report).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${scenario}: ${rising.length === 0 ? "nothing rises" : `${rising.length} rise`}</title>
<style>${uplot("uPlot.min.css")}${STYLE}</style>
</head>
<body><main>
<h1>${scenario}, ${cycles} times</h1>
<p class="about">${escaped(url)} ${escaped(way)} · ${engine} · ${timeISO} ·
${(report.durationMs / 1000).toFixed(0)} s, ${report.warmUpCycles} cycles before · a blank page’s heap:
${slopeText(report.blankSlope)} kB a cycle</p>
<p class="conclusion ${rising.length === 0 ? "nothing" : "rising"}">${
    rising.length === 0 ? "Nothing rises." : `Rising: ${rising.join(", ")}.`
  }</p>
${notes.map((note) => `<p class="about">${escaped(note)}.</p>`).join("")}
${
  growth.length === 0
    ? ""
    : `<section><h2>Where it grew</h2><ul>${growth
        .map(
          (place) =>
            `<li>${escaped(growthText(place))}<details><summary>stack</summary><pre>${escaped(place.stack)}</pre></details></li>`,
        )
        .join("")}</ul></section>`
}
<section><h2>Verdicts</h2><table>
<thead><tr><th scope="col">counter</th><th>first</th><th>last</th><th>a cycle</th><th>p</th><th>n</th><th>verdict</th></tr></thead>
<tbody>${changing.map(row).join("\n")}</tbody></table>
<p class="about">Constant: ${same.map(({ name, unit, first }) => `${name} ${valueText(first, unit)}`).join(", ")}.</p>
</section>
<section><h2>By cycle</h2><div class="plots">${changing.map(plot).join("\n")}</div></section>
</main>
<script type="application/json" id="report">${json}</script>
<script>${uplot("uPlot.iife.min.js")}</script>
<script>${DRAW}</script>
</body></html>
`;
}
