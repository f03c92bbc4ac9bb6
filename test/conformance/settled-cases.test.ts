/**
 * A cluster to which everything was done that its scheduler wanted has nothing left to do: every recorded case, done by the
 * controller's parts in a simulated world until it rests. Those that never do are listed with their reason. Given the CIBs
 * in between, Pacemaker 3.0 asks for the same again and again as well.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChange } from "../../src/core/cib/apply/apply-change.ts";
import { conditionChange, statusNode } from "../../src/core/controller/status-changes.ts";
import { planCluster, readCluster } from "../../src/core/scheduler/plan.ts";
import { parseDate } from "../../src/core/scheduler/values/date.ts";
import { doesNothing } from "../../src/decision/idle-graph.ts";
import { attribute, descendants, type XmlElement } from "../../src/formats/xml/xml-element.ts";
import { playTransition } from "../cluster/played-transition.ts";
import { withHistoriesOfToday } from "./histories-of-today.ts";
import { casesMissing, recordedCibs } from "./recorded-cases.ts";

/** The clock of the cases that don't bring their own, seconds since 1970. */
const clockS = 1_700_000_000;
/**
 * What a transition learns (probes) may change what the next one does. What recurs on a remote node is ordered again when
 * its connection has moved, which it may do itself in the second.
 */
const roundsMax = 3;

/** Why a cluster never rests: each reason is one of what it is asked for, none of how it is done. */
const restless: Readonly<Record<string, readonly string[]>> = {
  "the order goes in a circle: what is in it is never done": [
    "cloned-group-stop",
    "complex_enforce_colo",
  ],
  "what comes after a clone restarts because no instance of the clone can be where it is": [
    "clone-interleave-1",
    "clone-interleave-2",
  ],
  "lost nodes that cannot be fenced: the others are told of stops that never come": ["bug-cl-5212"],
  "nodes are to leave that run what the cluster may not stop: they are not let go": [
    "unmanaged-promoted",
  ],
};

test("every recorded cluster comes to rest when it is done to it as it was decided", {
  skip: casesMissing,
}, () => {
  const found = recordedCibs().filter((each) => !rests(each));
  assert.deepEqual(found.map(({ name }) => name).sort(), Object.values(restless).flat().sort());
});

function rests({ cib, date }: { readonly cib: XmlElement; readonly date: string | undefined }) {
  const nowS = Math.max(clockOf(cib, date), lastChangeS(cib) + 1);
  let at = cib;
  for (let round = 0; round <= roundsMax; round++) {
    const graph = planCluster(readCluster({ cib: at, now: nowS, sanitized: true }));
    if (doesNothing(graph)) return true;
    const played = playTransition(withHistoriesOfToday(at, graph), graph, nowS);
    at = played.left.reduce(withoutNode, played.cib);
  }
  return false;
}

function clockOf(cib: XmlElement, date: string | undefined): number {
  const given = date === undefined ? undefined : parseDate(date);
  return given ?? (Number(attribute(cib, "execution-date") ?? 0) || clockS);
}

/** What is done now is done after all that is recorded: with a clock that went back, old results would seem the newest. */
function lastChangeS(cib: XmlElement): number {
  const times = [...descendants(cib)].map((each) => Number(attribute(each, "last-rc-change") ?? 0));
  return Math.max(0, ...times.filter(Number.isSafeInteger));
}

/** A node that was told to leave has left. */
function withoutNode(cib: XmlElement, name: string): XmlElement {
  const change = conditionChange(cib, statusNode(cib, name), "down");
  const applied = change === undefined ? undefined : applyChange(cib, change);
  return applied?.ok === true ? applied.value.cib : cib;
}
