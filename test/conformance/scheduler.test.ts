/** The scheduler against Pacemaker's recorded decisions, case by case. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  caseNames,
  casesMissing,
  countBy,
  judgeCases,
  loadJudge,
  recordedSummary,
} from "./recorded-cases.ts";

/** Passes by stage. They only rise. */
const floors: Readonly<Record<string, number>> = { "1": 207, "2": 128, "3": 265, "4": 82 };

test("as many recorded cases pass as ever did", { skip: casesMissing }, async () => {
  const { cases } = await judgeCases(Math.floor(Date.now() / 1000));
  const stages = countBy(cases, "stage");
  for (const { of, passed, total } of stages) {
    console.log(`stage ${of}: ${passed} of ${total} cases pass`);
  }
  const failures = cases
    .filter(({ passed }) => !passed)
    .map(({ name, failed }) => `${name} fails by ${failed.join(", ")}`);
  for (const [stage, floor] of Object.entries(floors)) {
    const passed = stages.find(({ of }) => of === stage)?.passed ?? 0;
    const words = `stage ${stage}: ${passed} pass, ${floor} did`;
    assert.ok(passed >= floor, [words, ...failures].join("\n"));
  }
});

test("the comparer refuses what differs", { skip: casesMissing }, async () => {
  const judge = await loadJudge();
  const [one = "", other = ""] = caseNames();
  const { L1 } = judge.compareSummaries(recordedSummary(one), recordedSummary(other));
  assert.equal(L1, false);
});
