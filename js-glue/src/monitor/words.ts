/**
 * What the monitor finds, in words. A language is a table of {@link Phrases} which makes whole sentences:
 * no sentence is put together from parts anywhere else.
 */
import { optionError } from "../errors.js";
import type { BuiltInKind } from "../registry/sites.js";
import type { Cause, CauseName, Diagnosis, Evidence, Symptom } from "./diagnosis.js";
import { Quantities } from "./quantities.js";
import type { SectionName } from "./sections.js";
import type { SeriesStats, Signal } from "./series.js";
import type { Verdict } from "./verdict.js";
import { ENGLISH } from "./words-en.js";
import { CHINESE } from "./words-zh.js";

export type Language = "en" | "zh";

export type Label =
  | "monitor"
  | "starting"
  | "copyReport"
  | "copied"
  | "copyByHand"
  | "downloadJSON"
  | "series"
  | "last"
  | "p50"
  | "p95"
  | "verdict"
  | "turns"
  | "speechEnd"
  | "transcription"
  | "firstAudio"
  | "total"
  | "otherCauses"
  | "report"
  | "time"
  | "browser"
  | "visibility"
  | "period";

/** All numbers are written already. */
export interface Phrases {
  readonly locale: string;
  readonly labels: Readonly<Record<Label, string>>;
  readonly sections: Readonly<Record<SectionName, string>>;
  /** Of the collectors' series, by their names. */
  readonly series: Readonly<Record<string, string>>;
  /** Resources of the registry, by their kind. */
  readonly kinds: Readonly<Record<BuiltInKind, string>>;
  readonly causes: Readonly<Record<CauseName, string>>;
  readonly symptoms: Readonly<Record<Symptom, string>>;
  readonly signals: Readonly<Record<Signal, string>>;
  readonly pressures: readonly [string, string, string, string];
  readonly visibilities: Readonly<Record<"visible" | "hidden", string>>;
  yesOrNo(yes: boolean): string;
  nothingIsSlow: string;
  causeUnknown(symptoms: string): string;
  /** "Frames late; 86% sure" */
  certainty(symptoms: string, sure: string): string;
  /** What the value was before. */
  before(value: string): string;
  /** What the value is compared with. */
  limit(value: string): string;
  perSecond(amount: string): string;
  /** A sentence of a cause or a headline, and what shows it. */
  because(sentence: string, evidence: string): string;
  evidence(what: string, value: string, context: readonly string[]): string;
  against(evidence: string): string;
  rises(amount: string, per: "minute" | "value" | "turn"): string;
  steps(amount: string, time: string | null): string;
  level: string;
  tooFew(points: number): string;
  /** "p = 0.003, 40 points over 10 min"; without a window, values. */
  support(p: string, points: number, window: string | null): string;
  join(parts: readonly string[]): string;
  watchedFor(duration: string): string;
  perMinute(count: string): string;
  coreCount(cores: number): string;
  gigabytes(amount: string): string;
  isolated: string;
  ago(duration: string): string;
  neverChanged(values: string): string;
  /** A series with its value, in a list. */
  pair(name: string, value: string): string;
  /** How many series get worse. */
  worse(count: number): string;
  noValue(names: string): string;
  notShown(names: string): string;
  /** Begins as a sentence does. */
  sentence(words: string): string;
  /** What a chart shows, for those who do not see it. */
  chart(name: string, least: string, most: string): string;
  /** A value with what it is. */
  cell(label: string, value: string): string;
}

const PHRASES: Readonly<Record<Language, Phrases>> = { en: ENGLISH, zh: CHINESE };

/** The rules read them as so much a second. */
const SUMS: ReadonlySet<Signal> = new Set([
  "longScriptMs",
  "longOtherMs",
  "longRenderMs",
  "throttled",
  "collections",
  "collectionMs",
  "pauseMs",
] satisfies Signal[]);

export interface VerdictWords {
  readonly verdict: string;
  /** The numbers behind it; empty when there are none. */
  readonly support: string;
}

export interface EvidenceWords {
  readonly what: string;
  readonly value: string;
  /** What it was before, and what counts. */
  readonly context: readonly string[];
}

/** "heap-used" → "heap used" */
const plain = (name: string): string => name.replaceAll("-", " ");

export class Words {
  readonly phrases: Phrases;
  readonly quantities: Quantities;

  private constructor(phrases: Phrases) {
    this.phrases = phrases;
    this.quantities = new Quantities(phrases.locale);
  }

  /** @throws VoicepathError OPTION */
  static in(language: Language): Words {
    const phrases = Object.hasOwn(PHRASES, language) ? PHRASES[language] : undefined;
    if (!phrases) throw optionError("language", language, '"en" or "zh"');
    return new Words(phrases);
  }

  label(label: Label): string {
    return this.phrases.labels[label];
  }

  /** Of a collector's, what it measures; of the application's own, its name. */
  series(name: string): string {
    const { series, kinds } = this.phrases;
    if (Object.hasOwn(series, name)) return series[name] ?? name;
    const slash = name.indexOf("/");
    const what = name.slice(slash + 1);
    if (name.startsWith("registry/"))
      return Object.hasOwn(kinds, what) ? kinds[what as BuiltInKind] : what;
    return plain(name.startsWith("server/") ? what : name);
  }

  /** A value of a series. */
  value({ name, unit }: Pick<Verdict, "name" | "unit">, value: number | null): string {
    if (value === null || !Number.isFinite(value)) return this.quantities.of(unit, null);
    if (name === "page/hidden") return this.phrases.yesOrNo(value > 0);
    if (name === "machine/pressure") return this.#pressure(value);
    return this.#amount(unit, value);
  }

  /** "Sockets and Workers" */
  names(series: readonly { readonly name: string }[]): string {
    return this.quantities.list(series.map(({ name }) => this.series(name)));
  }

  /** "Sockets (1) and Workers (2)" */
  values(series: readonly SeriesStats[]): string {
    return this.quantities.list(
      series.map((one) => this.phrases.pair(this.series(one.name), this.value(one, one.last))),
    );
  }

  // ---- Verdicts ----

  /** @param dateOf - from the clock of `stepAtMs` to the calendar */
  verdict(verdict: Verdict, dateOf: (ms: number) => Date): VerdictWords {
    const { phrases, quantities } = this;
    const { name, unit, per, slope, rise, p, n, windowMs, stepAtMs } = verdict;
    const window = windowMs === null ? null : quantities.duration(windowMs);
    const support = phrases.support(quantities.probability(p), n, window);
    const step = per === "value" && name.startsWith("turn/") ? "turn" : per;
    switch (verdict.verdict) {
      case "insufficient":
        return { verdict: phrases.tooFew(n), support: "" };
      case "fluctuating":
        return { verdict: phrases.level, support };
      case "step": {
        const time = stepAtMs === null ? null : quantities.time(dateOf(stepAtMs));
        return { verdict: phrases.steps(quantities.of(unit, rise), time), support };
      }
      case "rising":
        return { verdict: phrases.rises(quantities.of(unit, slope), step), support };
    }
  }

  verdictSentence(verdict: Verdict, dateOf: (ms: number) => Date): string {
    const words = this.verdict(verdict, dateOf);
    return this.phrases.join([words.verdict, words.support].filter(Boolean));
  }

  // ---- Diagnoses ----

  cause({ cause }: Cause): string {
    return this.phrases.causes[cause];
  }

  /** In one short sentence. */
  headline({ symptoms, causes: [first], unknown }: Diagnosis): string {
    if (first) return this.cause(first);
    return unknown || symptoms.length > 0
      ? this.phrases.causeUnknown(this.symptoms(symptoms))
      : this.phrases.nothingIsSlow;
  }

  /** In one sentence, with what shows it most. */
  diagnosis(diagnosis: Diagnosis): string {
    const shown = diagnosis.causes[0]?.evidence.find(({ against }) => !against);
    const headline = this.headline(diagnosis);
    return shown ? this.phrases.because(headline, this.evidenceSentence(shown)) : headline;
  }

  symptoms(symptoms: readonly Symptom[]): string {
    return this.quantities.list(symptoms.map((symptom) => this.phrases.symptoms[symptom]));
  }

  certainty({ symptoms }: Diagnosis, { score }: Cause): string {
    const sure = this.quantities.of("share", Math.round(score * 100) / 100);
    return this.phrases.sentence(this.phrases.certainty(this.symptoms(symptoms), sure));
  }

  evidence({ signal, unit, value, baseline, limit, note }: Evidence): EvidenceWords {
    const { phrases } = this;
    const what = phrases.signals[signal];
    if (signal === "hidden") return { what, value: phrases.yesOrNo(value > 0), context: [] };
    const shown = (of: number): string => {
      if (signal === "pressure") return this.#pressure(of);
      const amount = this.#amount(unit, of);
      return SUMS.has(signal) ? phrases.perSecond(amount) : amount;
    };
    const context = [
      baseline === null ? "" : phrases.before(shown(baseline)),
      Number.isFinite(limit) ? phrases.limit(shown(limit)) : "",
      note,
    ];
    return { what, value: shown(value), context: context.filter(Boolean) };
  }

  evidenceSentence(evidence: Evidence): string {
    const { what, value, context } = this.evidence(evidence);
    const sentence = this.phrases.evidence(what, value, context);
    return evidence.against ? this.phrases.against(sentence) : sentence;
  }

  #amount(unit: Verdict["unit"], value: number): string {
    const amount = this.quantities.of(unit, value);
    return unit === "perMinute" ? this.phrases.perMinute(amount) : amount;
  }

  #pressure(value: number): string {
    const { pressures } = this.phrases;
    const level = Math.min(pressures.length - 1, Math.max(0, Math.round(value)));
    return pressures[level] ?? pressures[0];
  }
}
