/** For every resource and node there is an answer to why: over recorded clusters, and over random ones. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { WhyReport } from "../../src/api/cluster-why.ts";
import { wallTime } from "../../src/base/time.ts";
import { parseDate } from "../../src/core/scheduler/values/date.ts";
import { whyReport } from "../../src/daemon/cluster-methods/why-report.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { cibOf, clusterArbitrary } from "./random-cib.ts";
import { casesMissing, recordedCibs } from "./recorded-cases.ts";

const nowMs = 1_700_000_000_000;

test("every resource and node of the recorded clusters has its deciding reason", {
  skip: casesMissing,
}, () => {
  const gaps = recordedCibs().flatMap(({ name, cib, date }) => {
    const given = date === undefined ? undefined : parseDate(date);
    const report = ask(cib, given === undefined ? nowMs : given * 1000);
    return gapsIn(report).map((gap) => `${name}: ${gap}`);
  });
  assert.deepEqual(gaps, []);
});

test("every resource and node of random clusters has its deciding reason", () => {
  let down = 0;
  fc.assert(
    fc.property(clusterArbitrary(), (spec) => {
      const report = ask(cibOf(spec), nowMs);
      down += report.resources.filter((each) => each.down !== undefined).length;
      assert.deepEqual(gapsIn(report), []);
    }),
    { numRuns: 300, seed: 20261123 },
  );
  assert.ok(down > 100, "hardly anything was down");
});

function ask(cib: XmlElement, atMs: number): WhyReport {
  return whyReport(cib, wallTime(atMs), { resource: undefined, node: undefined });
}

/** What a reader would not be told. */
function gapsIn({ resources, nodes }: WhyReport): string[] {
  const ofNodes = nodes.filter(({ lines }) => lines.length === 0).map(({ node }) => node);
  const ofResources = resources.flatMap(({ resource, because, down, next, nodes: places }) => {
    const gaps: string[] = [];
    const isDown = down !== undefined;
    if (because.text === "") gaps.push("no reason");
    if (isDown && down.cause === "other") gaps.push(`only "${because.text}"`);
    const isChosen = places.some(({ verdict }) => verdict === "chosen");
    if (isDown === isChosen) gaps.push(`chosen ${isChosen}, down ${isDown}`);
    const starts = next.some(({ change, blocked }) => change === "start" && !blocked);
    if (isDown && starts) gaps.push("it starts and is down");
    for (const { node, verdict, lines } of places) {
      const needsLine = verdict === "banned" || verdict === "obstacle";
      if (needsLine && lines.length === 0) gaps.push(`${verdict} on ${node} without a rule`);
      if (down?.cause === "no-node" && verdict === "second") gaps.push(`could run on ${node}`);
    }
    return gaps.map((gap) => `${resource}: ${gap}`);
  });
  return [...ofNodes, ...ofResources];
}
