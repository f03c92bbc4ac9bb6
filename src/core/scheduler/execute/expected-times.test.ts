import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cibOf,
  nowS,
  primitive,
  type SmallCluster,
} from "../../../../test/scheduler/small-cluster.ts";
import { wallTime } from "../../../base/time.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { schedule } from "../schedule.ts";
import { simulate } from "./simulate.ts";

const move: SmallCluster = {
  resources: primitive("vm"),
  nodes: { n1: "standby", n2: "online" },
  history: ["vm n1 start 0", "vm n1 monitor/10 0"],
};

test("an action begins when all before it has ended, by the times that were seen", () => {
  const cib = withTimes(cibOf(move), { start: "1200", stop: "300" });
  assert.deepEqual(timesOf(cib), [
    ["vm stop", { beginMs: 0, tookMs: undefined, isLeast: false }],
    ["vm start", { beginMs: 0, tookMs: 1200, isLeast: true }],
  ]);
  const known = withTimes(cibOf({ ...move, history: [...(move.history ?? []), "vm n2 stop 0"] }), {
    start: "1200",
    stop: "300",
  });
  assert.deepEqual(timesOf(known), [
    ["vm stop", { beginMs: 0, tookMs: 300, isLeast: false }],
    ["vm start", { beginMs: 300, tookMs: 1200, isLeast: false }],
  ]);
});

test("of several times the longest counts", () => {
  const cib = cibOf({ ...move, history: [...(move.history ?? []), "vm n2 start 1 error"] });
  const slower = withTimes(cib, { start: "5000" });
  assert.equal(timesOf(slower).find(([what]) => what === "vm start")?.[1]?.tookMs, 5000);
});

function timesOf(cib: XmlElement) {
  const { graph } = schedule(cib, wallTime(nowS * 1000));
  const { steps, times } = simulate({ cib, graph, now: nowS, isKnown: () => true });
  return steps.flatMap((step, i) =>
    step.kind === "resource" && step.task !== "monitor"
      ? [[`${step.resource} ${step.task}`, times[i]] as const]
      : [],
  );
}

/** Every recorded operation of that name took so long. */
function withTimes(cib: XmlElement, times: Readonly<Record<string, string>>): XmlElement {
  const took = times[cib.attributes["operation"] ?? ""];
  const children = cib.children.map((each) => withTimes(each, times));
  if (cib.name !== "lrm_rsc_op" || took === undefined) return { ...cib, children };
  return { ...cib, attributes: { ...cib.attributes, "exec-time": took }, children };
}
