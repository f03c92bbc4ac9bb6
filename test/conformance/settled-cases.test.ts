/**
 * A cluster to which everything was done that its scheduler wanted has nothing left to do: every recorded case, simulated
 * until it rests. What a simulation as crm_simulate's leaves undone (deletions, cancelled monitors, forgotten failures,
 * changed parameters, nodes that leave) is done by the controller's parts in a simulated world.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChange } from "../../src/core/cib/apply/apply-change.ts";
import { conditionChange, statusNode } from "../../src/core/controller/status-changes.ts";
import { parseDate } from "../../src/core/scheduler/values/date.ts";
import { type SimulatedCib, simulateCib } from "../../src/daemon/simulate/simulate-cib.ts";
import { doesNothing } from "../../src/decision/idle-graph.ts";
import { attribute, type XmlElement } from "../../src/formats/xml/xml-element.ts";
import { playTransition } from "../cluster/played-transition.ts";
import { withShortNames } from "./predicted-state.ts";
import { casesMissing, recordedCibs } from "./recorded-cases.ts";

/** The clock of the cases that don't bring their own, seconds since 1970. */
const clockS = 1_700_000_000;
/** What a transition learns (probes) may change what the next one does. */
const roundsMax = 2;
/**
 * Restless in both ways: transitions that cannot be finished, or that ask for the same again and again (Pacemaker's, too;
 * the controller does neither twice), failures that stand in the case and are found again in every round, and operation
 * ids of Heartbeat 2, beside which a controller of today writes its own.
 */
const restlessMax = 30;

type Case = { readonly cib: XmlElement; readonly date: string | undefined };
type Next = (at: Case, simulated: SimulatedCib) => XmlElement;

test("every recorded cluster comes to rest when it is done to it as it was decided", {
  skip: casesMissing,
}, () => {
  const cases = recordedCibs();
  const restless = cases.filter(
    (each) => !rests(each, (_, { cib }) => cib) && !rests(asOfToday(each), played),
  );
  const names = restless.map(({ name }) => name).join(" ");
  assert.ok(restless.length <= restlessMax, `${restless.length} do not rest: ${names}`);
});

function rests({ cib, date }: Case, next: Next): boolean {
  let at: Case = { cib, date };
  for (let round = 0; round <= roundsMax; round++) {
    const simulated = simulateCib(at.cib, { date, now: clockS });
    if (doesNothing(simulated.graph)) return true;
    at = { cib: next(at, simulated), date };
  }
  return false;
}

function played({ cib, date }: Case, { graph }: SimulatedCib): XmlElement {
  const recordedS = Number(attribute(cib, "execution-date") ?? 0) || clockS;
  const nowS = (date === undefined ? undefined : parseDate(date)) ?? recordedS;
  const result = playTransition(withShortNames(cib, graph), graph, nowS);
  return result.left.reduce(withoutNode, result.cib);
}

/** A node that was told to leave has left. */
function withoutNode(cib: XmlElement, name: string): XmlElement {
  const change = conditionChange(cib, statusNode(cib, name), "down");
  const applied = change === undefined ? undefined : applyChange(cib, change);
  return applied?.ok === true ? applied.value.cib : cib;
}

/** Histories with the ids that a controller of today gives them, and finds them by. */
function asOfToday({ cib, date }: Case): Case {
  const renamed = (each: XmlElement, node: string | undefined): XmlElement => {
    const nodeId = each.name === "node_state" ? attribute(each, "id") : node;
    const { id: _, ...others } = each.attributes;
    const attributes =
      each.name === "lrm_resources"
        ? others
        : each.name === "lrm" && nodeId !== undefined
          ? { ...others, id: nodeId }
          : each.attributes;
    return { ...each, attributes, children: each.children.map((one) => renamed(one, nodeId)) };
  };
  return { cib: renamed(cib, undefined), date };
}
