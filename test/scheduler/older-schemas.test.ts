import assert from "node:assert/strict";
import { test } from "node:test";
import { simulateCib } from "../../src/daemon/simulate/simulate-cib.ts";
import {
  attribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../src/formats/xml/xml-element.ts";
import { simulationText } from "../../src/view/scheduler/simulation-text.ts";
import { cibOf, nowS, primitive } from "./small-cluster.ts";

/** A guest on n1 that would rather be on n2, in a cluster with an option of Pacemaker 1.0. */
const cluster = cibOf({
  options: { "default-resource-stickiness": "100" },
  resources: primitive("vm"),
  constraints: '<rsc_location id="l" rsc="vm" node="n2" score="50"/>',
  history: ["vm n1 start 0"],
});

test("what an older schema had among the options is a default of resources", () => {
  assert.doesNotMatch(
    decisionOf(withAttributes(cluster, { "validate-with": "pacemaker-1.2" })),
    /Move/,
  );
});

test("under today's schema an option of that name is none", () => {
  assert.match(
    decisionOf(withAttributes(cluster, { "validate-with": "pacemaker-3.9" })),
    /Move +vm/,
  );
});

test("on a node that only answered pings nothing is probed, and nothing runs", () => {
  const pinged = withTypeOfNode(cluster, "n2", "ping");
  const text = decisionOf(pinged);
  assert.match(text, /vm\t.*Started n1/);
  assert.doesNotMatch(text, /on n2/);
});

function withTypeOfNode(of: XmlElement, uname: string, type: string): XmlElement {
  if (of.name === "node" && attribute(of, "uname") === uname) return withAttributes(of, { type });
  return withChildren(
    of,
    of.children.map((each) => withTypeOfNode(each, uname, type)),
  );
}

function decisionOf(cib: XmlElement): string {
  return simulationText(simulateCib(cib, { now: nowS }).report);
}
