/**
 * Pacemaker's recorded decisions (../shared/conformance beside the repository, never in it) and their own comparer. A case
 * passes if the scheduler places the same, does the same and orders the same.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { type CaseTexts, datesOf, runCase } from "./case-texts.ts";

const suite = path.resolve(import.meta.dirname, "../../../shared/conformance/scheduler");
const comparer = path.join(suite, "compare.mjs");

/** A sentence if the cases are not here. */
export const casesMissing: string | false = existsSync(suite)
  ? false
  : "the recorded cases (../shared/conformance) are not here";
/** A sentence if the comparer is not here. */
export const judgeMissing: string | false = existsSync(comparer)
  ? false
  : "the comparer (../shared/conformance) is not here";

/** What a case is judged by, in the order in which a failure is looked into. */
export const levels = [
  "status",
  "actions",
  "placement",
  "graph",
  "reasons",
  "parameters",
  "scores",
] as const;
export type Level = (typeof levels)[number];
const needed: readonly Level[] = ["actions", "placement", "graph"];

export type JudgedCase = {
  readonly name: string;
  readonly stage: string;
  readonly category: string;
  readonly passed: boolean;
  readonly failed: readonly Level[];
  /** What differs, from the comparer. */
  readonly notes: readonly string[];
};

export type Judge = {
  compareGraphs(
    expected: string,
    candidate: string,
  ): { readonly L3core: boolean; readonly L3: boolean; readonly notes: string[] };
  compareSummaries(
    expected: string,
    candidate: string,
  ): {
    readonly L0: boolean;
    readonly L1: boolean;
    readonly L2: boolean;
    readonly L2r: boolean;
    readonly L2x: boolean;
    readonly notes: string[];
  };
  compareScores(
    expected: string,
    candidate: string,
  ): { readonly LsAll: boolean; readonly notes: string[] };
};

export type JudgedSuite = {
  readonly cases: readonly JudgedCase[];
  /** To read, schedule, simulate and print; without the judging. */
  readonly cpuMs: number;
};

export async function loadJudge(): Promise<Judge> {
  return (await import(pathToFileURL(comparer).href)) as Judge;
}

/** @param nowS the clock of the cases that don't bring their own, seconds since 1970. */
export async function judgeCases(nowS: number): Promise<JudgedSuite> {
  const judge = await loadJudge();
  const known = JSON.parse(read("cases.json")) as CaseInfo[];
  const infos = new Map(known.map((info) => [info.name, info]));
  const dates = datesOf(read("tests.json"));
  let cpuMs = 0;
  const cases = caseNames().map((name) => {
    const xml = read(`data/xml/${name}.xml`);
    const before = process.cpuUsage();
    const texts = runCase(xml, dates.get(name), nowS);
    const { user, system } = process.cpuUsage(before);
    cpuMs += (user + system) / 1000;
    const { stage = 0, category = "" } = infos.get(name) ?? {};
    return { name, stage: String(stage), category, ...verdict(judge, name, texts) };
  });
  return { cases, cpuMs };
}

/** Whether what Holdfast says of these inputs is what Pacemaker 3.0 was recorded to say, reasons included. */
export async function recordedAsOurs(nowS: number): Promise<(name: string) => boolean> {
  const judge = await loadJudge();
  const dates = datesOf(read("tests.json"));
  return (name) => {
    const { summary } = runCase(read(`data/xml/${name}.xml`), dates.get(name), nowS);
    const equal = judge.compareSummaries(recordedSummary(name), summary);
    return equal.L0 && equal.L1 && equal.L2r && equal.L2x;
  };
}

/** The texts of the inputs, with what -t of crm_simulate gives for them. */
export function recordedTexts(): readonly {
  readonly xml: string;
  readonly date: string | undefined;
}[] {
  const dates = datesOf(read("tests.json"));
  return caseNames().map((name) => ({ xml: read(`data/xml/${name}.xml`), date: dates.get(name) }));
}

/** The recorded summary of a case. */
export function recordedSummary(name: string): string {
  return read(`data/summary/${name}.summary`);
}

/** The inputs, with what -t of crm_simulate gives for them. */
export function recordedCibs(): readonly {
  readonly name: string;
  readonly cib: XmlElement;
  readonly date: string | undefined;
}[] {
  const dates = datesOf(read("tests.json"));
  return caseNames().map((name) => {
    const parsed = parseXml(read(`data/xml/${name}.xml`));
    if (!parsed.ok) throw new Error(`${name}: ${parsed.error.message}`);
    return { name, cib: parsed.value, date: dates.get(name) };
  });
}

export function caseNames(): readonly string[] {
  return read("visible.txt").split("\n").filter(Boolean);
}

/** @returns how many pass, and of how many, by a key of the cases. */
export function countBy(
  cases: readonly JudgedCase[],
  key: "stage" | "category",
): readonly { readonly of: string; readonly passed: number; readonly total: number }[] {
  const keys = [...new Set(cases.map((each) => each[key]))].sort();
  return keys.map((of) => {
    const members = cases.filter((each) => each[key] === of);
    return { of, passed: members.filter(({ passed }) => passed).length, total: members.length };
  });
}

type CaseInfo = { readonly name: string; readonly stage: number; readonly category: string };

function verdict(
  judge: Judge,
  name: string,
  texts: CaseTexts,
): Pick<JudgedCase, "passed" | "failed" | "notes"> {
  const summary = judge.compareSummaries(recordedSummary(name), texts.summary);
  const graph = judge.compareGraphs(read(`data/exp/${name}.exp`), texts.exp);
  const scores = judge.compareScores(read(`data/scores/${name}.scores`), texts.scores);
  const equal: Readonly<Record<Level, boolean>> = {
    status: summary.L0,
    actions: summary.L2,
    placement: summary.L1,
    graph: graph.L3core,
    reasons: summary.L2r,
    parameters: graph.L3,
    scores: scores.LsAll,
  };
  return {
    passed: needed.every((level) => equal[level]),
    failed: levels.filter((level) => !equal[level]),
    notes: [...summary.notes, ...graph.notes, ...scores.notes],
  };
}

function read(file: string): string {
  return readFileSync(path.join(suite, file), "utf8");
}
