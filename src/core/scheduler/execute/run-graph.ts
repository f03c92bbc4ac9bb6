/** Runs through a transition: each action as soon as all that it waits for is done. */
import type { GraphAction, GraphActionId, TransitionGraph } from "../graph/transition-graph.ts";

export type RunOutcome = "complete" | "stuck";

/**
 * @param perform false = the action failed; then nothing more is begun but points in the order.
 * "stuck": actions are left that wait for each other.
 */
export function runGraph(
  graph: TransitionGraph,
  perform: (action: GraphAction, inputs: readonly GraphActionId[]) => boolean,
): RunOutcome {
  const done = new Set<number>();
  let waiting = [...graph.synapses];
  let aborted = false;
  for (let begun = true; begun; ) {
    begun = false;
    const left: typeof waiting = [];
    for (const synapse of waiting) {
      const { action, inputs } = synapse;
      const held = aborted && action.kind !== "pseudo";
      if (held || !inputs.every((input) => done.has(input.id))) {
        left.push(synapse);
        continue;
      }
      begun = true;
      if (perform(action, inputs)) done.add(action.id);
      else aborted = true;
    }
    waiting = left;
  }
  return waiting.length > 0 && !aborted ? "stuck" : "complete";
}
