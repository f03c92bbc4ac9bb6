/**
 * The scheduler against Pacemaker's recorded decisions: every case that is at hand, judged as its own comparer judges.
 * A case passes if it places the same, does the same and orders the same.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { datesOf, runCase } from "../../tools/scheduler-batch.ts";

const suite = path.resolve(import.meta.dirname, "../../../shared/conformance/scheduler");
const expected = path.join(suite, "data");

/** Passes by stage. They only rise. */
const floors: Readonly<Record<string, number>> = { "1": 207, "2": 128, "3": 265, "4": 36 };

type Judge = {
  compareGraphs(expected: string, candidate: string): { L3core: boolean };
  compareSummaries(expected: string, candidate: string): { L1: boolean; L2: boolean };
};

const missing = existsSync(suite)
  ? false
  : "the recorded cases (../shared/conformance) are not here";

test("as many recorded cases pass as ever did", { skip: missing }, async () => {
  const judge = (await import(pathToFileURL(path.join(suite, "compare.mjs")).href)) as Judge;
  const names = read("visible.txt").split("\n").filter(Boolean);
  const cases = JSON.parse(read("cases.json")) as { name: string; stage: number }[];
  const stages = new Map(cases.map(({ name, stage }) => [name, String(stage)]));
  const dates = datesOf(read("tests.json"));
  const now = Math.floor(Date.now() / 1000);
  const passes: Record<string, number> = {};
  const totals: Record<string, number> = {};
  for (const name of names) {
    const stage = stages.get(name) ?? "none";
    totals[stage] = (totals[stage] ?? 0) + 1;
    const texts = runCase(read(`data/xml/${name}.xml`), dates.get(name), now);
    const summary = judge.compareSummaries(read(`data/summary/${name}.summary`), texts.summary);
    const graph = judge.compareGraphs(read(`data/exp/${name}.exp`), texts.exp);
    const passed = summary.L1 && summary.L2 && graph.L3core;
    passes[stage] = (passes[stage] ?? 0) + (passed ? 1 : 0);
  }
  for (const stage of Object.keys(totals).sort()) {
    console.log(`stage ${stage}: ${passes[stage]} of ${totals[stage]} cases pass`);
  }
  for (const [stage, floor] of Object.entries(floors)) {
    assert.ok((passes[stage] ?? 0) >= floor, `stage ${stage}: ${passes[stage]} pass, ${floor} did`);
  }
});

test("the comparer refuses what differs", { skip: missing }, async () => {
  const judge = (await import(pathToFileURL(path.join(suite, "compare.mjs")).href)) as Judge;
  const [one, other] = read("visible.txt").split("\n") as [string, string];
  const summary = (name: string): string => read(`data/summary/${name}.summary`);
  assert.equal(judge.compareSummaries(summary(one), summary(other)).L1, false);
  assert.equal(existsSync(expected), true);
});

function read(file: string): string {
  return readFileSync(path.join(suite, file), "utf8");
}
