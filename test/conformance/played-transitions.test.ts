/**
 * The controller runs what the scheduler plans: every transition of the recorded cases, with all its kinds of actions, is
 * run by the controller's parts and real executors in a simulated world, and leads to the state that was predicted.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { simulateCib } from "../../src/daemon/simulate/simulate-cib.ts";
import { doesNothing } from "../../src/decision/idle-graph.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { playTransition } from "../cluster/played-transition.ts";
import { differences, playedState, predictedState, withShortNames } from "./predicted-state.ts";
import { casesMissing, recordedCibs } from "./recorded-cases.ts";

/** The clock of the cases that don't bring their own, seconds since 1970. */
const nowS = 1_700_000_000;

test("every recorded transition runs to its end, and to the predicted state", {
  skip: casesMissing,
}, () => {
  const kinds = new Set<string>();
  const cases = recordedCibs().map(({ name, cib, date }) => ({ name, ...play(cib, date) }));
  for (const each of cases) for (const kind of each.kinds) kinds.add(kind);
  assert.deepEqual(
    cases
      .filter(({ wrong }) => wrong.length > 0)
      .map(({ name, wrong }) => [name, ...wrong].join("\n  ")),
    [],
  );
  // What the cases are there for: none of these kinds goes untried.
  const resource = ["start", "stop", "monitor", "promote", "demote", "notify", "delete", "cancel"];
  const rare = ["migrate_to", "migrate_from", "reload-agent"];
  const cluster = ["stonith", "clear_failcount", "lrm_delete", "do_shutdown"];
  const wanted = [
    ...[...resource, ...rare].map((operation) => `resource ${operation}`),
    ...["start", "promote", "notify", "stop"].map((operation) => `resource ${operation}, routed`),
    ...cluster.map((operation) => `cluster ${operation}`),
  ];
  assert.deepEqual(
    wanted.filter((kind) => !kinds.has(kind)),
    [],
  );
});

function play(
  given: XmlElement,
  date: string | undefined,
): { readonly kinds: readonly string[]; readonly wrong: readonly string[] } {
  const { graph, input, cib } = simulateCib(given, { date, now: nowS });
  const played = playTransition(withShortNames(input, graph), graph, nowS);
  const { state, counts } = played.transition;
  // Of points in the order alone nothing is run.
  const all = doesNothing(graph) ? 0 : graph.synapses.length;
  const kinds = graph.synapses.map(({ action: { kind, operation, routerNode } }) =>
    routerNode === undefined ? `${kind} ${operation}` : `${kind} ${operation}, routed`,
  );
  // An empty transition is over before it begins.
  const isWhole = counts.done === all && state === "done";
  if (!isWhole) return { kinds, wrong: [`${state}, ${counts.done} of ${all}`] };
  const wrong = differences(predictedState(cib, graph), playedState(played.cib, graph));
  return { kinds, wrong };
}
