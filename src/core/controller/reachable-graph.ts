/**
 * The part of a transition that can be done: nodes that are held (alive, but not to be ordered about) get no orders, and what
 * waits for such an order is left out, too. Left in, it would fail, and be asked for again at once.
 */
import { recipientOf } from "./graph-order.ts";
import type { Synapse, TransitionGraph } from "./types.ts";

/** @param held names of nodes. */
export function reachableGraph(graph: TransitionGraph, held: ReadonlySet<string>): TransitionGraph {
  if (held.size === 0) return graph;
  const cannot = (synapse: Synapse, left: ReadonlySet<number>): boolean =>
    isOrderFor(synapse, held) || synapse.inputs.some((input) => left.has(input.id));
  const left = new Set<number>();
  let synapses = graph.synapses;
  for (let isStable = false; !isStable; ) {
    const out = synapses.filter((synapse) => cannot(synapse, left));
    for (const { action } of out) left.add(action.id);
    synapses = synapses.filter((synapse) => !left.has(synapse.action.id));
    isStable = out.length === 0;
  }
  return { ...graph, synapses };
}

function isOrderFor({ action }: Synapse, held: ReadonlySet<string>): boolean {
  const told = recipientOf(action);
  return action.kind === "resource" && told !== undefined && held.has(told);
}
