/** Why it is slow: what `vp_diagnosis` says, with the names of series. */
import {
  VP_CAUSE_BACKEND,
  VP_CAUSE_BACKGROUND,
  VP_CAUSE_COLLECTOR,
  VP_CAUSE_MACHINE,
  VP_CAUSE_MODEL,
  VP_CAUSE_RECONNECT,
  VP_CAUSE_RENDERING,
  VP_CAUSE_SCRIPT,
  VP_CAUSE_TABS,
  VP_SYMPTOM_JANK,
  VP_SYMPTOM_LAG,
  VP_SYMPTOM_NETWORK,
  VP_SYMPTOM_WAITING,
  vp_diagnosis,
  vp_evidence,
  vp_finding,
} from "../abi.gen.js";
import { type Heap, readField } from "../handle.js";
import type { Series, Signal, Unit } from "./series.js";

const SYMPTOMS = {
  /** Frames come late. */
  jank: VP_SYMPTOM_JANK,
  /** Timers, and so input, come late. */
  lag: VP_SYMPTOM_LAG,
  /** Answers come late. */
  waiting: VP_SYMPTOM_WAITING,
  /** Heartbeats come late, or the connection breaks. */
  network: VP_SYMPTOM_NETWORK,
} as const;

/** What a person would notice. */
export type Symptom = keyof typeof SYMPTOMS;

const CAUSES = {
  [VP_CAUSE_COLLECTOR]: "collector",
  [VP_CAUSE_BACKEND]: "backend",
  [VP_CAUSE_MODEL]: "model",
  [VP_CAUSE_RENDERING]: "rendering",
  [VP_CAUSE_RECONNECT]: "reconnect",
  [VP_CAUSE_TABS]: "tabs",
  [VP_CAUSE_BACKGROUND]: "background",
  [VP_CAUSE_MACHINE]: "machine",
  [VP_CAUSE_SCRIPT]: "script",
} as const;

/**
 * `collector`: the browser collects garbage; `backend`: the backend, or the way to it, stalls; `model`:
 * the language model or the voice is slow; `rendering`: frame loops, draw calls or GL objects have piled
 * up; `reconnect`: sockets are opened again and again; `tabs`: many tabs of the application;
 * `background`: the browser slows a hidden page down; `machine`: other programs have the processor;
 * `script`: a script of the page.
 */
export type CauseName = (typeof CAUSES)[keyof typeof CAUSES];

/** One thing that was measured, and what it was compared with. */
export interface Evidence {
  readonly signal: Signal;
  /** The name of the series. */
  readonly series: string;
  readonly unit: Unit;
  readonly value: number;
  /** What it was before; null where only the limit counts. */
  readonly baseline: number | null;
  readonly limit: number;
  /** It speaks against the cause. */
  readonly against: boolean;
  /** Where the worst came from, as the name of a script; "" when that is not known. */
  readonly note: string;
}

export interface Cause {
  readonly cause: CauseName;
  /** 0 to 1: how sure. */
  readonly score: number;
  /** What weighs most comes first. */
  readonly evidence: readonly Evidence[];
}

export interface Diagnosis {
  readonly symptoms: readonly Symptom[];
  /** The surest first. */
  readonly causes: readonly Cause[];
  /** Something is slow, and the evidence does not decide why. */
  readonly unknown: boolean;
}

/** A series that the rules read. */
export interface SignalSeries {
  readonly signal: Signal;
  readonly series: Series;
}

type SignalLookup = (signal: number) => SignalSeries | undefined;

function readEvidence(heap: Heap, at: number, find: SignalLookup): Evidence | undefined {
  const read = (field: keyof typeof vp_evidence.fields): number =>
    readField(heap, at, vp_evidence, field);
  const found = find(read("signal"));
  if (!found) return undefined;
  const { signal, series } = found;
  const baseline = read("baseline");
  return {
    signal,
    series: series.name,
    unit: series.unit,
    value: read("value"),
    baseline: Number.isNaN(baseline) ? null : baseline,
    limit: read("limit"),
    against: read("against") !== 0,
    note: series.note,
  };
}

function readCause(heap: Heap, at: number, find: SignalLookup): Cause {
  const read = (field: keyof typeof vp_finding.fields): number =>
    readField(heap, at, vp_finding, field);
  const first = at + vp_finding.fields.evidence.offset;
  const evidence = Array.from({ length: read("evidence_count") }, (_, i) =>
    readEvidence(heap, first + i * vp_evidence.size, find),
  );
  return {
    cause: CAUSES[read("cause") as keyof typeof CAUSES],
    score: read("score"),
    evidence: evidence.filter((one) => one !== undefined),
  };
}

/** @internal Reads a vp_diagnosis. */
export function readDiagnosis(heap: Heap, at: number, find: SignalLookup): Diagnosis {
  const bits = readField(heap, at, vp_diagnosis, "symptoms");
  const count = readField(heap, at, vp_diagnosis, "finding_count");
  const first = at + vp_diagnosis.fields.findings.offset;
  const symptoms = (Object.keys(SYMPTOMS) as Symptom[]).filter((name) => bits & SYMPTOMS[name]);
  const causes = Array.from({ length: count }, (_, i) =>
    readCause(heap, first + i * vp_finding.size, find),
  );
  return { symptoms, causes, unknown: symptoms.length > 0 && causes.length === 0 };
}

/** @internal Symptoms and causes as one number: another one means that something has changed. */
export function diagnosisKey(heap: Heap, at: number): number {
  const count = readField(heap, at, vp_diagnosis, "finding_count");
  const first = at + vp_diagnosis.fields.findings.offset;
  let key = readField(heap, at, vp_diagnosis, "symptoms");
  // Ten digits for nine causes, of which 0 is none; nine of them fit in 2^53.
  for (let i = 0; i < count; i++)
    key = key * 10 + readField(heap, first + i * vp_finding.size, vp_finding, "cause") + 1;
  return key;
}
