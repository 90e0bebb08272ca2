/** A report as the text of an issue: Markdown of at most 80 lines. */
import type { MonitorReport } from "./report.js";
import { getsWorse, hasNoValue, isConstant } from "./sections.js";
import { type Language, Words } from "./words.js";

/** Of the table; the other series are named in one line below it. */
const SERIES_SHOWN = 32;
const TURNS_SHOWN = 10;
const CAUSES_SHOWN = 3;
const EVIDENCE_SHOWN = 5;

/** The times of a report on the calendar. */
export function calendar({ timeISO, nowMs }: MonitorReport): (ms: number) => Date {
  const offsetMs = Date.parse(timeISO) - nowMs;
  return (ms) => new Date(ms + offsetMs);
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replace(/[|\\\r\n]/g, (mark) => (mark === "|" ? "\\|" : " "))).join(" | ")} |`;

/** Of numbers, but for the columns that are said to be words. */
function table(head: readonly string[], words: readonly number[], rows: readonly string[][]) {
  const rule = head.map((_, i) => (words.includes(i) ? "---" : "--:"));
  return [row(head), `|${rule.join("|")}|`, ...rows.map(row)];
}

function facts({ page, timeISO, durationMs, periodMs }: MonitorReport, words: Words): string[] {
  const { phrases, quantities } = words;
  const { userAgent, hardwareConcurrency: cores, deviceMemory: memory, visibility } = page;
  const shown = visibility === "visible" || visibility === "hidden" ? visibility : null;
  const machine = [
    cores === null ? "" : phrases.coreCount(cores),
    memory === null ? "" : phrases.gigabytes(quantities.number(memory)),
    shown ? phrases.cell(words.label("visibility"), phrases.visibilities[shown]) : "",
    page.crossOriginIsolated ? phrases.isolated : "",
  ];
  const watched = [
    phrases.watchedFor(quantities.duration(durationMs)),
    phrases.cell(words.label("period"), quantities.duration(periodMs)),
  ];
  return [
    phrases.cell(words.label("time"), phrases.join([timeISO, ...watched])),
    phrases.cell(
      words.label("browser"),
      phrases.join([userAgent ?? "–", ...machine].filter(Boolean)),
    ),
  ].map((line) => `- ${line}`);
}

function diagnosis({ diagnosis }: MonitorReport, words: Words): string[] {
  const { phrases } = words;
  const lines = [`**${words.headline(diagnosis)}**`, ""];
  for (const cause of diagnosis.causes.slice(0, CAUSES_SHOWN)) {
    lines.push(`- ${phrases.because(words.cause(cause), words.certainty(diagnosis, cause))}`);
    for (const evidence of cause.evidence.slice(0, EVIDENCE_SHOWN))
      lines.push(`  - ${words.evidenceSentence(evidence)}`);
  }
  return lines.at(-1) === "" ? lines : [...lines, ""];
}

/** What gets worse comes before the rest. */
function byWorst(a: MonitorReport["series"][number], b: MonitorReport["series"][number]): number {
  return Number(getsWorse(b)) - Number(getsWorse(a));
}

function seriesTable(report: MonitorReport, words: Words): string[] {
  const dateOf = calendar(report);
  const moving = report.series.filter((one) => !hasNoValue(one) && !isConstant(one));
  const first = [...moving].sort(byWorst).slice(0, SERIES_SHOWN);
  const head = (["series", "last", "p50", "p95", "verdict"] as const).map((name) =>
    words.label(name),
  );
  const rows = moving
    .filter((one) => first.includes(one))
    .map((one) => [
      `${words.series(one.name)} \`${one.name}\``,
      words.value(one, one.last),
      words.value(one, one.p50),
      words.value(one, one.p95),
      words.verdictSentence(one, dateOf),
    ]);
  const { phrases } = words;
  const left = moving.filter((one) => !first.includes(one));
  const constant = report.series.filter(isConstant);
  const none = report.series.filter(hasNoValue);
  const rest = [
    left.length > 0 ? phrases.notShown(words.names(left)) : "",
    constant.length > 0 ? phrases.neverChanged(words.values(constant)) : "",
    none.length > 0 ? phrases.noValue(words.names(none)) : "",
  ]
    .filter(Boolean)
    .map((line) => `- ${line}`);
  return rows.length === 0 ? rest : [...table(head, [0, 4], rows), "", ...rest];
}

function turnTable(report: MonitorReport, words: Words): string[] {
  const turns = report.turns.slice(-TURNS_SHOWN);
  if (turns.length === 0) return [];
  const dateOf = calendar(report);
  const { quantities } = words;
  const total = report.series.find(({ name }) => name === "turn/total");
  const head = (["turns", "transcription", "firstAudio", "total"] as const).map((name) =>
    words.label(name),
  );
  const rows = turns.map((turn) => [
    quantities.time(dateOf(turn.speechEndMs)),
    ...[turn.transcriptionMs, turn.firstAudioMs, turn.totalMs].map((ms) => quantities.of("ms", ms)),
  ]);
  const verdict = total
    ? [words.phrases.cell(words.label("total"), words.verdictSentence(total, dateOf))]
    : [];
  return ["", ...table(head, [0], rows), "", ...verdict];
}

/**
 * What a person pastes into an issue: the machine, why it is slow, every series with its verdict, and
 * the last ten turns.
 *
 * @throws VoicepathError OPTION for an unknown language
 */
export function reportText(report: MonitorReport, language: Language): string {
  const words = Words.in(language);
  return [
    `### ${words.label("report")}`,
    "",
    ...facts(report, words),
    "",
    ...diagnosis(report, words),
    ...seriesTable(report, words),
    ...turnTable(report, words),
    "",
  ].join("\n");
}
