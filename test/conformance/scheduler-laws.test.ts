/** Laws of the scheduler, on random small clusters. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Prng } from "../../src/base/prng.ts";
import { wallTime } from "../../src/base/time.ts";
import { simulate } from "../../src/core/scheduler/execute/simulate.ts";
import { graphToXml } from "../../src/core/scheduler/graph/graph-xml.ts";
import type {
  GraphAction,
  Synapse,
  TransitionGraph,
} from "../../src/core/scheduler/graph/transition-graph.ts";
import type { Placement } from "../../src/core/scheduler/report/placements.ts";
import { schedule, type Transition } from "../../src/core/scheduler/schedule.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { mutateCib } from "../fuzz/scheduler/mutate-cib.ts";
import { anything, type ClusterSpec, cibOf, clusterArbitrary, type Scope } from "./random-cib.ts";

const now = wallTime(1_700_000_000_000);
const runs = { numRuns: 300, seed: 20261127 };

const plain: Scope = { ...anything, kinds: ["primitive", "group"] };
/** Without failures and nodes that leave: there the cluster can come to rest. */
const calm: Scope = {
  kinds: ["primitive", "group"],
  activities: fc.constantFrom("unknown", "probed", "running", "stopped"),
  nodeStates: fc.constantFrom("online", "online", "online", "lost", "down", "standby"),
};

test("the same CIB gives the same transition, to the byte", () => {
  fc.assert(
    fc.property(clusterArbitrary(), (spec) => {
      const cib = cibOf(spec);
      const again = parseXml(printXml(cib));
      assert.ok(again.ok);
      assert.equal(text(schedule(cib, now)), text(schedule(again.value, now)));
    }),
    runs,
  );
});

test("whatever else is configured and recorded, there is a decision, and it is the same again", () => {
  fc.assert(
    fc.property(clusterArbitrary(), fc.nat(), (spec, seed) => {
      const { cib } = mutateCib(cibOf(spec), new Prng(BigInt(seed)), 12);
      assert.equal(text(schedule(cib, now)), text(schedule(cib, now)));
    }),
    runs,
  );
});

test("executing a transition leads to the placement it predicted", () => {
  fc.assert(
    fc.property(clusterArbitrary(plain), (given) => {
      const spec = tame(given);
      const cib = cibOf(spec);
      const transition = schedule(cib, now);
      const next = schedule(execute(cib, transition), now);
      assert.deepEqual(onCleanNodes(next.before, spec), onCleanNodes(transition.after, spec));
    }),
    runs,
  );
});

test("no action of a transition waits for itself", () => {
  fc.assert(
    fc.property(clusterArbitrary(), (spec) => {
      const { graph } = schedule(cibOf(spec), now);
      for (const synapse of graph.synapses) {
        const before = everythingBefore(graph, synapse);
        assert.ok(!before.has(synapse.action), `${synapse.action.key} waits for itself`);
      }
    }),
    runs,
  );
});

test("a cluster comes to rest, and then there is nothing to do", () => {
  let rested = 0;
  fc.assert(
    fc.property(clusterArbitrary(calm), (spec) => {
      let cib = cibOf({ ...tame(spec), stickiness: 100 });
      let outcome = "complete";
      // What a transition learns (probes) may change what the next one does.
      for (let round = 0; round < 4 && outcome === "complete"; round++) {
        const { graph } = schedule(cib, now);
        ({ cib, outcome } = simulate({ cib, graph, now: 1_700_000_000, isKnown: () => true }));
      }
      // A few transitions cannot be finished (below): such a cluster does not rest.
      if (outcome === "stuck") return;
      rested++;
      const { graph } = schedule(cib, now);
      assert.deepEqual(keys(graph), []);
    }),
    runs,
  );
  assert.ok(rested > 0.95 * runs.numRuns, "too many transitions could not be finished");
});

test("with fencing, what may run on a lost node starts elsewhere only after the node is fenced", () => {
  const scope: Scope = { ...plain, nodeStates: fc.constantFrom("online", "online", "lost") };
  let starts = 0;
  fc.assert(
    fc.property(clusterArbitrary(scope), (given) => {
      const spec = { ...given, fencing: true };
      const transition = schedule(cibOf(spec), now);
      const lost = new Set(
        spec.nodes.filter(({ state }) => state === "lost").map(({ name }) => name),
      );
      for (const { resource, nodes } of transition.before) {
        const doubtful = nodes.filter((node) => lost.has(node));
        for (const start of startsOf(transition.graph, resource)) {
          const before = everythingBefore(transition.graph, start);
          for (const node of doubtful) {
            starts++;
            assert.ok(
              keysOf(before).has(`stonith-${node}-reboot`),
              `${resource} starts before ${node} is off`,
            );
          }
        }
      }
    }),
    { ...runs, numRuns: 300 },
  );
  assert.ok(starts > 20, "the law was hardly ever put to the test");
});

test("when nothing is done although something is down, each has its cause", () => {
  let idle = 0;
  fc.assert(
    fc.property(clusterArbitrary(), (spec) => {
      const { graph, reasons } = schedule(cibOf(spec), now);
      if (graph.synapses.length > 0) return assert.deepEqual(reasons.idle, []);
      idle += reasons.idle.length;
      for (const id of reasons.idle) {
        const reason = reasons.resources.find(({ resource }) => resource === id);
        assert.ok(reason?.down !== undefined && reason.down.kind !== "other", `${id} has no cause`);
      }
    }),
    { ...runs, numRuns: 300 },
  );
  assert.ok(idle > 0, "no cluster was idle");
});

/**
 * A configuration that can be had: of others (groups managed or wanted only in part, orderings after what may not start)
 * Pacemaker makes transitions that cannot be finished ("An invalid transition was produced"), and so does this
 * scheduler, which follows it there too.
 */
function tame(spec: ClusterSpec): ClusterSpec {
  const resources = spec.resources.map((resource) => ({
    ...resource,
    members: resource.members.map((member) => ({
      ...member,
      managed: true,
      disabled: false,
      onFail: undefined,
    })),
  }));
  const constraints = spec.constraints.filter(({ orderKind }) => orderKind !== "Serialize");
  return { ...spec, resources, constraints, quorum: true, device: true };
}

function text(transition: Transition): string {
  const { graph, changes, before, after, scores, reasons, issues } = transition;
  const xml = printXml(graphToXml(graph, 1));
  return xml + JSON.stringify({ changes, before, after, scores, reasons, issues });
}

function execute(cib: XmlElement, { graph }: Transition): XmlElement {
  return simulate({ cib, graph, now: 1_700_000_000, isKnown: () => true }).cib;
}

/** On a node that is lost and not fenced nobody knows what is the case; nodes that leave stay in a simulation. */
function onCleanNodes(placements: readonly Placement[], spec: ClusterSpec): unknown[] {
  const lost = new Set(spec.nodes.filter(({ state }) => state === "lost").map(({ name }) => name));
  return placements.map(({ resource, nodes }) => ({
    resource,
    nodes: nodes.filter((node) => !lost.has(node)).sort(),
  }));
}

function keys(graph: TransitionGraph): string[] {
  return graph.synapses.map(({ action }) => `${action.key} ${action.node?.name ?? ""}`);
}

function startsOf(graph: TransitionGraph, resource: string): Synapse[] {
  return graph.synapses.filter(({ action }) => action.key === `${resource}_start_0`);
}

function everythingBefore(graph: TransitionGraph, of: Synapse): Set<GraphAction> {
  const byId = new Map(graph.synapses.map((synapse) => [synapse.action.id, synapse]));
  const found = new Set<GraphAction>();
  const visit = (synapse: Synapse): void => {
    for (const { id } of synapse.inputs) {
      const first = byId.get(id);
      if (first === undefined || found.has(first.action)) continue;
      found.add(first.action);
      visit(first);
    }
  };
  visit(of);
  return found;
}

function keysOf(actions: ReadonlySet<GraphAction>): Set<string> {
  return new Set([...actions].map((action) => action.key));
}
